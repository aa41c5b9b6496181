"""The synthetic month: lawful by articles checked here on their own, the same for one seed, and its faults are what they claim."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import pytest
from stdnum.nl import bsn

from adapters.synthetic.canary import canary, token_source
from adapters.synthetic.defects import AMBIGUOUS, BSN_LIKE, KINDS, defects
from adapters.synthetic.generator import Creditor, Generator, Place
from gateway.core.chain import Fresh, Inbound, Sender, Stopped, Trace
from gateway.partners.register import Deelnemer, Register
from gateway.routing.municipalities import Ambiguous, Found, Municipalities, Unknown
from gateway.rules.rulebook import Rulebook
from gateway.signals.parsing import parse
from schemas.signaal import Signaal
from schemas.strict import Refused, convert

SCHEMA_CODES = {"VORM_ONJUIST", "TE_LAAG", "VELD_NIET_TOEGESTAAN"}
TODAY = date(2026, 11, 22)
PLACES = [Place("2011", "Haarlem", "0392"), Place("3511", "Utrecht", "0344"), Place("9711", "Groningen", "0014")]
CREDITORS = [
    Creditor("00000099000000001000", "huur", "Woningstichting Voorbeeld"),
    Creditor("00000099000000002000", "drinkwater", "Waterbedrijf Voorbeeld"),
    Creditor("00000099000000003000", "zorgverzekering", "Zorgverzekeraar Voorbeeld"),
]


SECTORS = ("huur", "elektriciteit", "gas", "warmte", "drinkwater", "zorgverzekering")
ALL_SECTORS = [Creditor(f"0000009900000000{nr}000", sector, f"Voorbeeld {sector}") for nr, sector in enumerate(SECTORS, 1)]


def a_generator(seed: int = 7) -> Generator:
    return Generator(seed, PLACES, TODAY, CREDITORS)


def unlawful(signal: dict[str, Any]) -> Iterator[str]:
    """Bgs art. 2 and the covenant's bands, read from the text and not from the product."""
    effort, signaldate = signal["inspanning"], signal["signaaldatum"]
    since = signal["achterstand"]["ontstaansdatum"]
    days = (date.fromisoformat(signaldate) - date.fromisoformat(since)).days
    contacts = [m["datum"] for m in effort["contacten"] if m["initiatief"] == "schuldeiser" and m["kanaal"] != "brief"]
    dates = [*contacts, *effort["herinneringen"], effort["gewezenOpSchuldhulp"], effort["gegevensdelingAangeboden"]["datum"]]
    if not contacts:
        yield "no effort for personal contact"
    if not effort["herinneringen"]:
        yield "no written reminder"
    if effort["gegevensdelingAangeboden"]["datum"] not in effort["herinneringen"]:
        yield "no offer with a reminder"
    if effort["gegevensdelingAangeboden"]["reactie"] == "afwijzend":
        yield "customer objected"
    if not all(since <= day <= signaldate for day in dates):
        yield "evidence outside the period"
    if not 30 <= days <= 100:
        yield "outside the day band"
    if signaldate > TODAY.isoformat() or signal["achterstand"]["bedragCent"] <= 0 or not effort["klantrelatieActief"]:
        yield "future, nothing owed, or an ex-customer"


def test_signals_are_well_formed_and_lawful() -> None:
    for signal in a_generator().signals(3000):
        assert isinstance(convert(json.loads(json.dumps(signal)), Signaal), Signaal)
        assert list(unlawful(signal)) == []


@pytest.mark.parametrize("kind", ["geen_herinnering", "klant_maakt_bezwaar", "datum_in_toekomst", "bedrag_nul", "oud_klant"])
def test_lawfulness_check_can_fail(kind: str) -> None:
    assert list(unlawful(defects(next(a_generator().signals(1)), kind)))


def test_same_seed_gives_same_signals_and_another_seed_others() -> None:
    assert list(a_generator(7).signals(500)) == list(a_generator(7).signals(500))
    assert list(a_generator(7).signals(500)) != list(a_generator(8).signals(500))
    assert list(a_generator(7).with_defects(500, 0.3)) == list(a_generator(7).with_defects(500, 0.3))


def test_kenmerk_never_repeats_and_holds_no_long_number() -> None:
    kenmerken = [s["kenmerk"] for s in a_generator(987_654_321).signals(3000)]
    assert len(set(kenmerken)) == 3000
    runs = [run for k in kenmerken for run in re.findall(r"[0-9]+", k.replace("-", ""))]
    assert max(map(len, runs)) < 8


def test_some_addresses_are_hit_by_several_creditors() -> None:
    senders = defaultdict(set)
    for signal in a_generator().signals(2000):
        senders[json.dumps(signal["adres"], sort_keys=True)].add(signal["sector"])
    shared = sum(len(s) > 1 for s in senders.values())
    assert 0.05 < shared / len(senders) < 0.30


def test_one_creditor_never_hits_one_address_twice_by_sharing() -> None:
    alone = Generator(7, PLACES[:1], TODAY, CREDITORS[:1])
    assert len({id(s["adres"]) for s in list(alone.signals(500))}) == 500


def test_generator_without_places_is_refused() -> None:
    with pytest.raises(ValueError, match="place"):
        Generator(1, [], TODAY, CREDITORS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)
def test_defect_changes_one_thing_and_leaves_the_original(kind: Any) -> None:
    signal = next(a_generator().signals(1))
    before = json.dumps(signal)
    changed = defects(signal, kind.name)
    assert json.dumps(signal) == before
    assert (changed == signal) == (kind.name == "tweemaal")
    assert sum(changed.get(k) != signal.get(k) for k in changed) <= 1


@pytest.mark.parametrize("kind", [k for k in KINDS if k.code in SCHEMA_CODES], ids=lambda k: k.name)
def test_malformed_defect_is_refused_by_the_schema_with_its_code(kind: Any) -> None:
    with pytest.raises(Refused) as refused:
        convert(defects(next(a_generator().signals(1)), kind.name), Signaal)
    assert [f.code for f in refused.value.fouten] == [kind.code]


@pytest.mark.parametrize("kind", [k for k in KINDS if k.code not in SCHEMA_CODES], ids=lambda k: k.name)
def test_other_defects_stay_well_formed(kind: Any) -> None:
    convert(defects(next(a_generator().signals(1)), kind.name), Signaal)


def test_bsn_like_number_passes_the_eleven_test() -> None:
    assert bsn.is_valid(BSN_LIKE)
    assert BSN_LIKE.startswith("9999")
    assert AMBIGUOUS["postcode"][:4] not in {p.postcode4 for p in PLACES}


def test_with_defects_has_about_the_share_and_every_kind() -> None:
    records = list(a_generator().with_defects(6000, 0.2))
    codes = {code for _, code in records}
    assert len(records) == 6000
    assert codes == {k.code for k in KINDS}
    assert 0.12 < sum(code is not None for _, code in records) / 6000 < 0.20
    assert all(code is None for _, code in a_generator().with_defects(500, 0.0))


def test_repeating_defects_repeat_a_record_that_was_taken() -> None:
    seen: dict[str, dict[str, Any]] = {}
    repeats = 0
    for signal, code in a_generator().with_defects(3000, 0.3):
        earlier = seen.get(signal["kenmerk"])
        if earlier is not None:
            repeats += 1
            assert (earlier == signal) == (code is None)
        elif code is None:
            seen[signal["kenmerk"]] = signal
    assert repeats > 50


def test_canary_marks_every_person_field_and_stays_well_formed() -> None:
    source = token_source("run-1")
    for signal in a_generator().signals(200):
        marked, tokens = canary(signal, source)
        assert isinstance(convert(marked, Signaal), Signaal)
        text = json.dumps(marked)
        assert all(token in text for token in tokens)
        for person, original in zip(marked["personen"], signal["personen"], strict=True):
            assert all(person[f] in tokens for f in ("voorletters", "voorvoegsel", "achternaam") if f in original)
        assert {marked["adres"]["toevoeging"], marked["klantnummer"], marked["contractkenmerk"]} <= set(tokens)
        assert all(any(t in v for t in tokens) for group in marked["contact"].values() for v in group)
        assert not any(token in json.dumps(signal) for token in tokens)


def test_canary_tokens_are_unique_per_source() -> None:
    first = list(islice(iter(token_source("a"), ""), 2000))
    assert len(set(first)) == 2000
    assert not set(first) & set(islice(iter(token_source("b"), ""), 2000))
    assert all(len(t) == 10 and t.isalnum() for t in first)


class Gateway:
    """The pure steps that refuse (parse, intake rules, route) and a dict of what was taken: enough to know a record's fate."""

    def __init__(self) -> None:
        sets = [(c, frozenset({c.sector}), frozenset({c.handelsnaam})) for c in ALL_SECTORS]
        self.register = Register(1, (Deelnemer(c.oin, c.handelsnaam, frozenset(), "actief", sectors, names) for c, sectors, names in sets))
        self.rules = Rulebook.load(lambda _: False)
        self.municipalities = Municipalities.load()
        self.taken: dict[str, bytes] = {}

    def codes(self, signal: dict[str, Any]) -> tuple[bool, list[str]]:
        """Whether the record is taken, and the codes of its findings."""
        oin = next(c.oin for c in ALL_SECTORS if c.sector == signal["sector"])
        noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
        parsed = parse(Inbound(0, Sender(oin, oin), Trace("0" * 32, "0" * 16), noon, "", signal))
        if isinstance(parsed, Stopped):
            return False, [f.code for f in parsed.outcome.findings]
        known = self.taken.get(signal["kenmerk"])
        if known is not None:
            return known == parsed.canonical, [] if known == parsed.canonical else ["KENMERK_IN_GEBRUIK"]
        judged = self.rules.judge(Fresh(parsed, b"", b"", None), self.register)
        if isinstance(judged, Stopped):
            return False, [f.code for f in judged.outcome.findings]
        adres = parsed.signaal.adres
        match self.municipalities.route(adres.postcode, adres.woonplaats, adres.gemeentecode, adres.huisnummer, TODAY):
            case Found():
                self.taken[signal["kenmerk"]] = parsed.canonical
                return True, [f.code for f in judged.findings]
            case Ambiguous():
                return False, ["POSTCODE_MEERDUIDIG"]
            case Unknown():
                return False, ["POSTCODE_ONBEKEND"]


def test_product_takes_every_lawful_signal_without_a_warning() -> None:
    gateway = Gateway()
    assert {gateway.codes(s)[0] for s in Generator(3, PLACES, TODAY, ALL_SECTORS).signals(2000)} == {True}
    assert [s for s in Generator(4, PLACES, TODAY, ALL_SECTORS).signals(2000) if gateway.codes(s)[1]] == []


def test_product_answers_every_defect_with_its_code() -> None:
    gateway = Gateway()
    for signal, expected in Generator(3, PLACES, TODAY, ALL_SECTORS).with_defects(3000, 0.4):
        taken, codes = gateway.codes(signal)
        assert taken == (expected is None)
        assert expected is None or expected in codes
