"""BSNs in every place of every channel: JSON, files, lists, settings, questions, answers, paths, queries and headers, over TLS and SFTP.

Each try has a number of its own (999 9xx xxx, given to nobody), alone or behind what stood there. Afterwards every table, and every file
that gateway, SFTP edge and database left in their folder (log, spool, WAL), is searched for all of them; no answer may repeat one either.
The one way in is the variant with BSN, to a creditor that is registered for it: there that creditor opens it, and nobody else can.
"""

import asyncio
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, suppress
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import asyncssh
import msgspec
import psycopg
import pytest
from stdnum.nl import bsn

from adapters.client import xml
from adapters.client.connection import Answer
from adapters.formats import writing
from gateway.api import creditor, examples_overzichten, municipality
from gateway.api.operation import Api, Operation
from gateway.demo import files
from gateway.onboarding import registration
from gateway.partners.register import Bsnregistratie, Deelnemer
from gateway.sandbox import postbus as mailbox
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from gateway.sandbox.sandbox import Sandbox
from gateway.store.embedded import EmbeddedPostgres
from tests.canaries import blocks, lawful
from tests.e2e import belongings
from tests.e2e.belongings import CREDITOR, DOOR, TODAY, TOWN, Things
from tests.e2e.test_overview import Party
from tests.e2e.test_strangers import KINDS
from tests.gateways import CLOCK, enrol, office, running, seconds_until

NUMBERS = (str(n) for n in range(999_900_000, 1_000_000_000) if bsn.is_valid(str(n)))
SHAPE = re.compile(rb"(?<![0-9])9999[0-9]{5}(?![0-9])")
HEX = re.compile(r"\\x((?:[0-9a-f]{2})+)")
TAX = "00000099000000079000"
Place = tuple[str | int, ...]


class Town:
    """A running gateway with a mailbox, things of everybody, and every number that was tried, with where."""

    def __init__(self, gateway: Sandbox, postbus: mailbox.Postbus, folder: Path, stack: ExitStack) -> None:
        self.gateway, self.postbus, self.folder = gateway, postbus, folder
        self.tried: dict[str, str] = {}
        self.said: list[bytes] = []
        self.speak = cache(lambda oin: stack.enter_context(closing(gateway.connect(oin))))
        made = [s for s in lawful(folder, 60, seed=505) if s["handelsnaam"] == SCHULDEISERS[0].naam]
        here, there = ([s for s in made if int(s["adres"]["postcode"][:4]) in gemeente.postcodes] for gemeente in GEMEENTEN[:2])
        self.things: Things = belongings.things(gateway, self.speak, here, there[0])
        self.signal = next(s for s in reversed(here) if "contact" in s and len(s["personen"]) == 1)

    def number(self, where: str) -> str:
        """A number that was not tried before."""
        found = next(NUMBERS)
        self.tried[found] = where
        return found

    def send(self, oin: str, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> Answer:
        """One request; what is said is kept."""
        answer = belongings.send(self.speak(oin), method, path, body, headers)
        self.said.append(repr(answer.headers).encode() + answer.body)
        return answer

    def variants(self, where: str, body: Any) -> Iterator[Any]:
        """The body with a number in each of its texts, one at a time: alone, and behind what stood there."""
        for place in places(body):
            for form in ("{}", "{old}x{}", "{old} {}"):
                yield put(body, place, lambda old, form=form, at=place: form.format(self.number(f"{where} {at}"), old=old))

    def traces(self) -> set[str]:
        """Where something that was tried is found."""
        tried = {number.encode() for number in self.tried}
        with psycopg.connect(EmbeddedPostgres(self.gateway.state).start()) as owner:
            names = owner.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
            rows = {str(n): owner.execute(f"SELECT t::text FROM {n} t").fetchall() for (n,) in names.fetchall()}
        texts: dict[str, Iterable[bytes]] = {f"tabel {name}": [plain(str(row)) for (row,) in found] for name, found in rows.items()}
        texts |= {f"bestand {path}": still_there(path) for path in self.gateway.state.rglob("*") if path.is_file()}
        hits = {(where, found) for where, parts in texts.items() for part in parts for found in SHAPE.findall(part) if found in tried}
        return {f"{where}: {self.tried[found.decode()]}" for where, found in hits}


def still_there(path: Path) -> Iterator[bytes]:
    """A file in blocks; nothing when the running database took it away meanwhile."""
    with suppress(FileNotFoundError):
        yield from blocks(path)


def plain(row: str) -> bytes:
    """A row as text, with its bytes beside it."""
    return row.encode() + b" ".join(bytes.fromhex(found) for found in HEX.findall(row))


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Where texts stand in a JSON value."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*at, key))
    elif isinstance(value, str):
        yield at


def put(value: Any, place: Place, change: Any) -> Any:
    """A copy with one text changed."""
    made = deepcopy(value)
    inner = made
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = change(inner[place[-1]])
    return made


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("bsn")
    with ExitStack() as stack:
        gateway = stack.enter_context(running(folder, SEINHUIS_SFTP_PORT="0"))
        postbus = stack.enter_context(mailbox.open_postbus(gateway, CLOCK))
        yield Town(gateway, postbus, folder, stack)


def test_signals_with_a_bsn_in_any_place_are_refused(town: Town) -> None:
    made = list(town.variants("signaal", town.signal))
    statuses = {town.send(CREDITOR, "POST", "/schuldeiser/v1/signalen", one).status for one in made}
    assert statuses == {400}
    tried = list(town.variants("aanlevering", town.signal))
    answer = town.send(CREDITOR, "POST", "/schuldeiser/v1/aanleveringen", {"kenmerk": "BSN-1", "signalen": tried})
    assert (answer.json()["aantallen"]["geweigerd"], answer.json()["aantallen"]["bezorgd"]) == (len(tried), 0)
    answer = town.send(CREDITOR, "POST", "/schuldeiser/v1/aanleveringen/_valideer", {"kenmerk": "BSN-2", "signalen": tried})
    assert (answer.status, [line["status"] for line in answer.json()["regels"]]) == (200, ["geweigerd"] * len(tried))
    stand = {"sector": "huur", "handelsnaam": SCHULDEISERS[0].naam, "signalen": tried}
    answer = town.send(CREDITOR, "PUT", f"/schuldeiser/v1/standen/{TODAY}", stand)
    assert (answer.status, answer.json()["aantallen"]["geweigerd"]) == (200, len(tried))


def test_files_with_a_bsn_in_any_place_are_refused_record_by_record(town: Town) -> None:
    records = list(town.variants("xml", town.signal))
    columns, row = ([str(cell or "") for cell in cells] for cells in (files._COLUMNS, files._cells(town.signal, "2")))
    lines = [[*row[:nr], form.format(town.number(f"csv {columns[nr]}"), old=row[nr]), *row[nr + 1 :]]
             for nr in range(len(row)) for form in ("{}", "{old} {}")]  # fmt: skip
    sent = {
        "bsn.xml": b"".join(xml.write({}, (("signaal", record) for record in records))),
        "bsn.csv": "".join(writing.lines([columns, *lines])).encode(),
    }
    came = asyncio.run(files._exchange(town.postbus, sent))
    for name, wanted in (("bsn.xml", len(records)), ("bsn.csv", len(lines))):
        report = came[f"{name}.verslag.xml"].decode()
        assert report.count("<regel ") == wanted
        assert report.count(" id=") == 0  # nothing was delivered
    town.said += came.values()


def test_file_is_not_named_after_a_citizen(town: Town) -> None:
    with pytest.raises(asyncssh.SFTPError):
        asyncio.run(files._exchange(town.postbus, {f"{town.number('bestandsnaam')}.xml": b"<x/>"}))


def operations() -> list[tuple[Api[Any], Operation[Any]]]:
    return [(api, operation) for api in (creditor.API, municipality.API) for operation in api.operations if operation.request]


@pytest.mark.parametrize(("api", "operation"), operations(), ids=[operation.id for _, operation in operations()])
def test_every_body_of_every_operation(town: Town, api: Api[Any], operation: Operation[Any]) -> None:
    oin = CREDITOR if api is creditor.API else TOWN
    kind = next((kind for part, kind in KINDS.items() if operation.path.startswith(f"/{part}/{{id}}")), "")
    path = api.base + operation.path.replace("{id}", getattr(town.things, kind, "")).replace("{peildatum}", TODAY.isoformat())
    body = belongings.lawful(operation, town.speak(TOWN), town.things.claim)
    for one in town.variants(operation.id, json.loads(msgspec.json.encode(body))):
        town.send(oin, operation.method, path, one)


def test_paths_queries_and_headers(town: Town) -> None:
    for api, oin in ((creditor.API, CREDITOR), (municipality.API, TOWN)):
        for operation in api.operations:
            base = api.base + operation.path.replace("{peildatum}", "{id}")
            found = town.number(f"pad en vraag van {operation.id}")
            town.send(oin, operation.method, base.replace("{id}", found) + f"?cursor={found}&staat={found}&{found}=1")
            town.send(oin, "GET", f"{base.replace('{id}', found)}/{found}")
    for header in ("Namens", "traceparent", "Fsc-Transaction-Id", "User-Agent", "Accept", "Idempotency-Key", "X-Bsn", "Content-Type"):
        town.send(CREDITOR, "GET", "/schuldeiser/v1/aanleveringen", None, {header: town.number(f"kop {header}")})


def test_questions_and_answers_take_a_bsn_nowhere_but_in_the_registered_variant(town: Town) -> None:
    enrol(town.gateway, Deelnemer(TAX, "Belastingen Alk", frozenset({"schuldeiser"}), "actief"))
    asked = json.loads(msgspec.json.encode(examples_overzichten.AANVRAAG))
    asked |= {"kenmerk": "SO-BSN-1", "schuldeisers": [{**asked["schuldeisers"][0], "oin": oin} for oin in (TAX, CREDITOR)]}
    for one in town.variants("vraag", asked):
        assert town.send(TOWN, "POST", f"{DOOR}/schuldenoverzichten", one).status in {400, 409}
    with_bsn = {**asked, "client": {**asked["client"], "bsn": town.number("variant met BSN")}}
    marked = {**with_bsn, "schuldeisers": [{**asked["schuldeisers"][0], "metBsn": True}, asked["schuldeisers"][1]]}
    assert seconds_until(400, lambda: town.send(TOWN, "POST", f"{DOOR}/schuldenoverzichten", marked).status) < 10
    for one in (with_bsn, marked):  # to nobody in particular, and to who is not registered
        answer = town.send(TOWN, "POST", f"{DOOR}/schuldenoverzichten", one)
        assert (answer.status, answer.json()["code"]) == (400, "BSN_NIET_TOEGESTAAN")
    with office(town.gateway) as register:
        registration.save(register, Bsnregistratie(TAX, "Invorderingswet 1990", TODAY))
    assert seconds_until(201, lambda: town.send(TOWN, "POST", f"{DOOR}/schuldenoverzichten", marked).status) < 10
    for oin, wanted in ((TAX, with_bsn["client"]["bsn"]), (CREDITOR, None)):
        party = Party(town.speak(oin))
        line = party.get("/schuldeiser/v1/saldoverzoeken")["saldoverzoeken"][-1]
        path = f"/schuldeiser/v1/saldoverzoeken/{line['id']}"
        assert party.open(party.get(path)["vraag"], line["id"], "vraag").get("bsn") == wanted  # it did travel: to one only
        for one in town.variants("antwoord", json.loads(msgspec.json.encode(examples_overzichten.ANTWOORD))):
            assert town.send(oin, "POST", f"{path}/antwoord", one).status in {400, 404}
        assert party.get(path)["staat"] == "open"


def test_no_number_is_left_anywhere(town: Town) -> None:
    """It runs last: everything that was tried above, in everything that is left."""
    assert len(town.tried) > 500
    said = {found for part in town.said for found in SHAPE.findall(part) if b"/problem+json" not in part}  # a problem repeats its own path
    repeated, left = sorted(town.tried[found.decode()] for found in said if found.decode() in town.tried), sorted(town.traces())
    assert (repeated, left) == ([], [])


def test_control_search_finds_what_was_stored_or_logged(town: Town) -> None:
    stored, sealed, logged = (town.number(f"controle {where}") for where in ("tekst", "bytes", "log"))
    with psycopg.connect(EmbeddedPostgres(town.gateway.state).start()) as owner:
        owner.execute("INSERT INTO nummer_aangehouden VALUES (%s, 'kenmerk', now())", (stored,))
        owner.execute("UPDATE bericht SET payload = %s WHERE id = %s", (f"..{sealed}..".encode(), town.things.bericht))
    with town.gateway.log.open("a") as log:
        log.write(f'{{"event": "{logged}"}}\n')
    found = town.traces()
    assert {"tabel nummer_aangehouden: controle tekst", f"bestand {town.gateway.log}: controle log"} <= found
    assert any(re.match(r"tabel bericht_\w+: controle bytes", one) for one in found)
