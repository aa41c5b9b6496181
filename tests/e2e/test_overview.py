"""One schuldenoverzicht over real TLS: seven creditors are asked, each answers in its own way, and none can tell that there were others.

Every answer that a creditor gets, and every question that it opens, is kept and searched for the others' OINs and names, for what binds the
questions together and for how many there were. The controls: the municipality's own answers do hold all of that, and the search finds it.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
import pytest
from joserfc import jwe
from joserfc.jwk import OctKey

from adapters.client.connection import Answer, Connection
from adapters.client.receipts import NotGenuine, verify_receipt
from gateway.app.house import open_house
from gateway.core import ids
from gateway.core.chain import Trace
from gateway.core.clock import dutch_day
from gateway.overviews import terms
from gateway.partners.register import Deelnemer
from gateway.sandbox.parties import GEMEENTEN
from gateway.sandbox.sandbox import Sandbox
from gateway.store.embedded import EmbeddedPostgres
from schemas.schuldenoverzicht import Antwoordbewijs
from tests.gateways import CLOCK, enrol, running, seconds_until

TODAY = dutch_day(CLOCK.now())
TOWN = GEMEENTEN[1].oin  # the gateway keeps its key
OVERVIEWS, QUESTIONS = "/gemeente/v1/schuldenoverzichten", "/schuldeiser/v1/saldoverzoeken"
NAMES = {
    "betaler": "Energie Roerdomp", "weigeraar": "Zorg Zilverreiger", "vreemde": "Water Wulp", "overdrager": "Telecom Tureluur",
    "herhaler": "Post Putter", "houder": "Incasso IJsvogel", "zwijger": "Bank Bonte Kraai",
}  # fmt: skip
ALONE = "eenling"  # as long as "betaler": what it gets has the same lengths
OINS = {role: f"00000099{61 + nr:09}000" for nr, role in enumerate((*NAMES, ALONE))}
RANDOM = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|T[0-9:.]+Z")
TOKEN = re.compile(r"[A-Za-z0-9_+/=.-]{60,}|[0-9a-f]{64}|(?<=\":\")[A-Za-z0-9_-]{43}")
KENMERK, ZAAK = "SO-e2e-geheim", "ZAAK-e2e-geheim"
AMOUNTS = {"hoofdsomCent": 40_000, "renteCent": 1_200, "kostenCent": 4_000, "betaaldCent": 5_200, "saldoCent": 40_000}


def claims(*given: dict[str, Any]) -> dict[str, Any]:
    return {"soort": "vorderingen", "peildatum": TODAY.isoformat(), "vorderingen": list(given)}


OPEN = claims({"soort": "openstaand", "kenmerk": "F-1", **AMOUNTS})
AWAY = claims({"soort": "overgedragen", "kenmerk": "F-2", "overgedragenAan": {"naam": NAMES["houder"], "oin": OINS["houder"]}})
GIVEN = {
    "betaler": OPEN, "weigeraar": {"soort": "geen_medewerking", "reden": "finale_kwijting"}, "vreemde": {"soort": "klant_onbekend"},
    "overdrager": AWAY, "herhaler": OPEN, "houder": OPEN, ALONE: OPEN,
}  # fmt: skip
STATES = dict.fromkeys(OINS, "beantwoord") | {"weigeraar": "geen_medewerking", "vreemde": "klant_onbekend"}


class Party:
    """Somebody on a connection of its own, who keeps every answer it gets and everything it opens."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.seen: list[Any] = []
        self.raw: list[str] = []
        self.bodies: list[str] = []

    def ask(self, method: str, path: str, value: object = None) -> Answer:
        answer = self._connection.request(method, path, None if value is None else json.dumps(value).encode())
        self.raw.append(f"{answer.headers} {answer.body.decode()}")
        self.bodies.append(answer.body.decode())
        self.seen += [answer.json()] if answer.body else []
        return answer

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path)
        assert answer.status == 200
        return answer.json()

    def open(self, sealed: Any, id: str, group: str) -> Any:
        key = OctKey.import_key({"kty": "oct", "k": sealed["sleutels"]["groepssleutels"][group]})
        opened = jwe.decrypt_compact(sealed["inhoud"], key, algorithms=["dir", "A256GCM"])
        assert opened.protected["kid"] == f"{id}.{group}"
        self.seen.append(json.loads(opened.plaintext or b""))
        self.raw.append((opened.plaintext or b"").decode())
        self.bodies.append(self.raw[-1])
        return self.seen[-1]


class Story:
    """A gateway with one municipality and seven creditors that know nothing of each other."""

    def __init__(self, gateway: Sandbox, stack: ExitStack) -> None:
        self.gateway = gateway
        self._stack = stack
        self.town = self.party(TOWN)
        for role, oin in OINS.items():
            enrol(gateway, Deelnemer(oin, NAMES.get(role, "Alleen Alk"), frozenset({"schuldeiser"}), "actief"))
        self.creditors = {role: self.party(oin) for role, oin in OINS.items()}
        last = self.creditors[ALONE]
        assert seconds_until(200, lambda: last.ask("GET", QUESTIONS).status) < 10
        self.keys = last.get("/schuldeiser/v1/sleutels")

    def party(self, oin: str) -> Party:
        """Somebody on a connection of its own."""
        return Party(self._stack.enter_context(closing(self.gateway.connect(oin))))

    def ask(self, *roles: str, kenmerk: str = KENMERK, zaaknummer: str = ZAAK) -> Any:
        client = {
            "personen": [{"rol": "client", "voorletters": "K.", "achternaam": "Kanariepiet", "geboortedatum": "1985-03-07"}],
            "adres": {"postcode": "3511AB", "huisnummer": 12, "woonplaats": "Utrecht"},
        }
        named = [{"oin": OINS[role], "klantnummer": f"K-{role}"} for role in roles]
        body = {"kenmerk": kenmerk, "zaaknummer": zaaknummer, "grond": "plan_van_aanpak", "client": client, "schuldeisers": named}
        answer = self.town.ask("POST", OVERVIEWS, body)
        assert answer.status == 201
        return answer.json()

    def read(self, role: str) -> str:
        """A creditor looks and opens its one open question; returns its id."""
        creditor = self.creditors[role]
        (line,) = creditor.get(QUESTIONS)["saldoverzoeken"]
        path = f"{QUESTIONS}/{line['id']}"
        assert creditor.ask("HEAD", path).status == 200
        asked = creditor.open(creditor.get(path)["vraag"], line["id"], "vraag")
        assert (asked["klantnummer"], asked["personen"][0]["achternaam"]) == (f"K-{role}", "Kanariepiet")
        return str(line["id"])

    def answer(self, role: str) -> str:
        """A creditor reads, answers and looks again; returns the id of its question."""
        creditor, id = self.creditors[role], self.read(role)
        path = f"{QUESTIONS}/{id}"
        assert creditor.ask("POST", f"{path}/antwoord", GIVEN[role]).status == 201
        assert creditor.get(QUESTIONS)["saldoverzoeken"] == []
        shown = creditor.get(f"{QUESTIONS}?staat={STATES[role]}")["saldoverzoeken"]
        assert shown[-1]["id"] == id
        assert "vraag" not in creditor.get(path)
        return id

    def end(self, id: str) -> None:
        """The last day of an overview is past: the clock's job runs on a second node."""
        with psycopg.connect(EmbeddedPostgres(self.gateway.state).start()) as owner:
            owner.execute("UPDATE schuldenoverzicht SET uiterlijk = %s WHERE id = %s", (TODAY - timedelta(days=1), UUID(id)))
        with open_house(self.gateway.settings.model_copy(update={"file_workers": 0}), CLOCK) as node:
            assert terms.run(node.overviews, TOWN, lambda: Trace("1" * 32, "1" * 16)).expired == 1


class Told(NamedTuple):
    """What happened: the overview, its question per role, and everything a creditor got on its way to an answer, alone and with others."""

    story: Story
    id: str
    questions: dict[str, str]
    alone: list[str]
    together: list[str]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """One creditor is asked alone; then seven are, and six answer."""
    with running(tmp_path_factory.mktemp("overzicht"), SEINHUIS_FILE_WORKERS="0") as gateway, ExitStack() as stack:
        story = Story(gateway, stack)
        story.ask(ALONE, kenmerk="SO-alleen", zaaknummer="ZAAK-alleen")
        id = story.ask(*NAMES)["id"]
        marks = {role: len(story.creditors[role].bodies) for role in (ALONE, "betaler")}
        questions = {role: story.answer(role) for role in reversed(GIVEN)}
        silent = story.read("zwijger")
        alone, together = (masked(role, story.creditors[role].bodies[mark:]) for role, mark in marks.items())
        yield Told(story, id, {**questions, "zwijger": silent}, alone, together)


def problem(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json()["code"]


def masked(role: str, bodies: Sequence[str]) -> list[str]:
    """Bodies without what is random in them, but with the length of it, nor the role and its OIN."""
    own = [body.replace(role, "<rol>").replace(OINS[role], "<oin>") for body in bodies]
    return [TOKEN.sub(lambda match: f"<{len(match[0])}>", RANDOM.sub("<id>", body)) for body in own]


def counts(value: Any) -> set[int]:
    """Every whole number in a JSON value, and how many members each list and object in it has."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        lists = {len(value)} if isinstance(value, list) else set()
        return lists.union(*map(counts, inner))
    return {value} if isinstance(value, int) and not isinstance(value, bool) else set()


def test_overview_shows_every_answer_as_it_was_given_and_who_is_silent(told: Told) -> None:
    town = told.story.town
    shown = town.get(f"{OVERVIEWS}/{told.id}")
    assert shown["staat"] == "deels"
    by_oin = {vraag["schuldeiser"]: vraag for vraag in shown["vragen"]}
    found = {role: by_oin[OINS[role]] for role in NAMES}
    assert len(shown["vragen"]) == len(NAMES)
    assert {role: vraag["staat"] for role, vraag in found.items()} == {role: STATES[role] for role in NAMES} | {"zwijger": "open"}
    assert [role for role, vraag in found.items() if "antwoord" not in vraag] == ["vreemde", "zwijger"]
    opened = {role: town.open(vraag["antwoord"], vraag["id"], "antwoord") for role, vraag in found.items() if "antwoord" in vraag}
    assert opened == {role: GIVEN[role] for role in opened}
    assert {role: vraag["id"] for role, vraag in found.items()} == {role: told.questions[role] for role in NAMES}


def test_second_answer_is_the_same_receipt_or_refused(told: Told) -> None:
    creditor, path = told.story.creditors["herhaler"], f"{QUESTIONS}/{told.questions['herhaler']}/antwoord"
    first, second = creditor.ask("POST", path, OPEN), creditor.ask("POST", path, OPEN)
    assert (first.status, second.status, first.body) == (200, 200, second.body)
    verify_receipt(msgspec.json.decode(first.body, type=Antwoordbewijs), told.story.keys)
    changed = msgspec.json.decode(first.body.replace(b'"beantwoord"', b'"klant_onbekend"'), type=Antwoordbewijs)
    with pytest.raises(NotGenuine):  # the control: of another state it is not the gateway's
        verify_receipt(changed, told.story.keys)
    assert problem(creditor.ask("POST", path, AWAY)) == (409, "AL_BEANTWOORD")


def test_question_of_another_does_not_exist(told: Told) -> None:
    creditor, unknown = told.story.creditors["weigeraar"], str(ids.new())
    for id in (told.questions["betaler"], told.questions["zwijger"]):
        for method, tail, body in (("GET", "", None), ("HEAD", "", None), ("POST", "/antwoord", OPEN)):
            theirs, nobody = (creditor.ask(method, f"{QUESTIONS}/{one}{tail}", body) for one in (id, unknown))
            assert (theirs.status, theirs.body) == (nobody.status, nobody.body)
            assert theirs.status == 404
    other = told.story.party(GEMEENTEN[2].oin)
    assert other.ask("GET", f"{OVERVIEWS}/{told.id}").status == 404
    assert other.get(OVERVIEWS)["schuldenoverzichten"] == []


def test_who_does_not_know_the_client_keeps_id_state_and_day(told: Told) -> None:
    creditor, id = told.story.creditors["vreemde"], told.questions["vreemde"]
    left = {"id": id, "staat": "klant_onbekend", "gesteldOp": TODAY.isoformat()}
    assert creditor.get(f"{QUESTIONS}/{id}") == left
    assert creditor.get(f"{QUESTIONS}?staat=klant_onbekend")["saldoverzoeken"] == [left]


def test_silence_ends_the_overview_and_an_answer_comes_too_late(told: Told) -> None:
    story = told.story
    story.end(told.id)
    late = story.creditors["zwijger"].ask("POST", f"{QUESTIONS}/{told.questions['zwijger']}/antwoord", OPEN)
    assert problem(late) == (409, "TERMIJN_VERSTREKEN")
    (ended,) = story.town.get(f"{OVERVIEWS}?staat=verlopen")["schuldenoverzichten"]
    assert (ended["id"], [vraag["staat"] for vraag in ended["vragen"]].count("verlopen")) == (told.id, 1)


def test_withdrawal_reaches_everybody_that_was_asked(told: Told) -> None:
    story = told.story
    asked = story.ask("betaler", "zwijger", "vreemde", kenmerk="SO-3")
    story.answer("betaler")
    story.answer("vreemde")
    withdrawn = story.town.ask("POST", f"{OVERVIEWS}/{asked['id']}/intrekking", {"reden": "toestemming_ingetrokken"})
    assert (withdrawn.status, withdrawn.json()["staat"]) == (200, "ingetrokken")
    assert all("antwoord" not in vraag for vraag in story.town.get(f"{OVERVIEWS}/{asked['id']}")["vragen"])
    for role, state in (("betaler", "beantwoord"), ("zwijger", "ingetrokken")):
        (line,) = [one for one in story.creditors[role].get(QUESTIONS)["saldoverzoeken"] if "ingetrokkenOp" in one]
        assert (line["staat"], line["ingetrokkenOp"], "toestemming" in str(line)) == (state, TODAY.isoformat(), False)
        path = f"{QUESTIONS}/{line['id']}"
        assert "vraag" not in story.creditors[role].get(path)
        late = story.creditors[role].ask("POST", f"{path}/antwoord", {"soort": "klant_onbekend"})
        assert problem(late) == (409, "SALDOVERZOEK_INGETROKKEN" if role == "zwijger" else "AL_BEANTWOORD")
    assert story.creditors["vreemde"].get(QUESTIONS)["saldoverzoeken"] == []  # nothing is left to tell it of


def test_no_creditor_ever_sees_another_nor_how_many_were_asked(told: Told) -> None:
    """It runs after all of the above, over everything that every creditor got in it."""
    story = told.story
    for role in NAMES:
        creditor = story.creditors[role]
        assert len(creditor.raw) > 3
        binding = [text for other in NAMES if other != role for text in (OINS[other], NAMES[other], f"K-{other}", told.questions[other])]
        seen = "\n".join(creditor.raw)
        assert [text for text in [*binding, told.id, KENMERK, ZAAK] if text in seen] == []
        assert f"K-{role}" in seen
        assert len(NAMES) not in set().union(*map(counts, creditor.seen))
    everything = "\n".join(story.town.raw)  # the controls: the same search over what the municipality got
    named = [text for role in NAMES for text in (OINS[role], told.questions[role])]
    assert [text for text in [*named, NAMES["houder"], told.id, KENMERK, ZAAK] if text not in everything] == []
    assert len(NAMES) in set().union(*map(counts, story.town.seen))


def test_creditor_asked_with_others_gets_what_it_would_get_alone(told: Told) -> None:
    assert told.together == told.alone
    assert all(any(text in body for body in told.alone) for text in ("<id>", "<rol>", "Kanariepiet", '"inhoud":"<'))  # the control
