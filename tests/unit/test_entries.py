"""Log entries: canonical bytes, closed lists of fields, commitments instead of persons."""

from datetime import date

import msgspec
import pytest

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.privacylog import entries
from gateway.privacylog.entries import Entry, Event, Frame, decode, encode, name_of
from schemas.keyed import Keyed
from tests.records import AT, CREDITOR, HAARLEM

ONE = Keyed(b"1")

FRAME = Frame(Sender(CREDITOR, CREDITOR), Trace("4b" * 16, "a7" * 8), AT, "urn:test:activiteit")
PLACE = {"gemeente": HAARLEM, "bericht": ids.new()}
GROUND = {**PLACE, "doel": "WGS-3-1-b", "rij": "WGS-3-1-b/huur/2021", "registerversie": "v1"}
CLAIM = {"claim": ids.new(), "veldgroepen": ("identiteit",), "indeling": "enkelvoudig"}
MEMBERS: dict[type[Entry], dict[str, object]] = {
    entries.SignaalBezorgd: {**GROUND, "betrokkene": "x" * 43, "inhoud": "y" * 43},
    entries.SignaalGeweigerd: {"regels": ("VS-05",)},
    entries.SignaalInQuarantaine: {"regels": ("POSTCODE_ONBEKEND",)},
    entries.SignaalEerderOntvangen: PLACE,
    entries.SignaalIngetrokken: {**PLACE, "resultaat": "betaald"},
    entries.StandVerwerkt: {"resultaat": "deels"},
    entries.AanleveringGevalideerd: {"resultaat": "deels"},
    entries.BerichtGeclaimd: {**GROUND, **CLAIM, "wijze": "bemand"},
    entries.BerichtGelezen: {**GROUND, **CLAIM, "betrokkene": "x" * 43},
    entries.BerichtBevestigd: {**PLACE, "resultaat": "verwerkt"},
    entries.BerichtAfgewezen: PLACE,
    entries.ClaimVerlengd: {"gemeente": HAARLEM, "claim": ids.new()},
    entries.ClaimVrijgegeven: {"gemeente": HAARLEM, "claim": ids.new()},
    entries.OpvolgingGeclaimd: {**GROUND, **CLAIM, "artikel": "Wgs art. 3a", "wijze": "bemand", "betrokkene": "x" * 43},
    entries.OpvolgingBeeindigd: {"gemeente": HAARLEM, "claim": ids.new(), "resultaat": "afgerond"},
    entries.BerichtGedeeld: {**GROUND, "ontvanger": CREDITOR, "veldgroepen": ("contact",)},
    entries.MijlpaalVastgelegd: {**PLACE, "mijlpalen": ("bedreigend",)},
    entries.BerichtVerlopen: PLACE,
    entries.OnopgehaaldGemeld: {"gemeente": HAARLEM, "werkdagen": 5, "aantal": 3},
    entries.InstellingGewijzigd: {"gemeente": HAARLEM, "onderdeel": "werkbakken", "registerversie": "3"},
    entries.ZaakGeopend: {**PLACE, "zaak": ids.new()},
    entries.ContactpogingVastgelegd: {"gemeente": HAARLEM, "zaak": ids.new()},
    entries.ZaakAfgesloten: {"gemeente": HAARLEM, "zaak": ids.new()},
    entries.ContactgegevensVastgelegd: {"gemeente": HAARLEM, "zaak": ids.new()},
    entries.ContactgegevensGelezen: {"gemeente": HAARLEM, "zaak": ids.new()},
    entries.TerugkoppelingVastgelegd: {**GROUND, "resultaat": "geen_inwoner"},
    entries.TerugkoppelingOnthouden: {**PLACE, "regels": ("GEEN_TERUGKOPPELING",)},
    entries.TerugkoppelkeuzeGewijzigd: {"gemeente": HAARLEM, "code": "hulp_geaccepteerd", "resultaat": "aan"},
    entries.BerichtDoorgezonden: {**PLACE, "naar_gemeente": "0344", "naar_bericht": ids.new()},
    entries.BrievenGemaakt: {**GROUND, **CLAIM, "kanaal": "sms", "betrokkene": "x" * 43},
    entries.TekstenGewijzigd: {"gemeente": HAARLEM},
    entries.StatistiekGeleverd: {
        "gemeente": HAARLEM,
        "doel": "WGS-9-statistiek",
        "rij": "WGS-9-statistiek/levering/2026",
        "registerversie": "a" * 64,
        "van": date(2026, 7, 1),
        "tot": date(2026, 9, 30),
        "aantal": 12,
    },
    entries.StatistiekAanvaard: {"gemeente": HAARLEM, "tot": date(2026, 9, 30), "aantal": 12},
    entries.StatistiekIngesteld: {"gemeente": HAARLEM, "resultaat": "gateway"},
    entries.VerzoekGeweigerd: {"bewerking": "claimBerichten", "regels": ("DOEL_NIET_TOEGESTAAN",)},
    entries.RegisterGewijzigd: {"onderdeel": "deelnemer", "registerversie": "7"},
}
ALLOWED = {
    "versie", "id", "tijd", "gebeurtenis", "activiteit", "traceId", "spanId", "partij", "principaal", "gemeente", "bericht", "doel", "rij",
    "registerversie", "resultaat", "regels", "betrokkene", "inhoud", "claim", "veldgroepen", "indeling", "wijze", "bewerking", "onderdeel",
    "zaak", "code", "artikel", "ontvanger", "mijlpalen", "werkdagen", "aantal",
    "naarGemeente", "naarBericht", "kanaal", "van", "tot",
}  # fmt: skip


def make(kind: type[Entry]) -> Entry:
    return kind(**FRAME.fields(), **MEMBERS[kind])  # type: ignore[arg-type]


def test_every_declared_event_is_tried_here() -> None:
    assert set(Event.__args__) == set(MEMBERS)


@pytest.mark.parametrize("kind", MEMBERS)
def test_an_event_reads_back_and_has_no_field_outside_the_list(kind: type[Entry]) -> None:
    entry = make(kind)
    body = encode(entry)
    assert decode(body) == entry
    fields = msgspec.json.decode(body, type=dict[str, object])
    assert set(fields) <= ALLOWED
    assert fields["gebeurtenis"] == name_of(entry)
    assert (fields["versie"], fields["tijd"]) == (1, "2026-11-20T09:30:00Z")


@pytest.mark.parametrize("kind", MEMBERS)
def test_bytes_are_canonical(kind: type[Entry]) -> None:
    body = encode(make(kind))
    assert list(msgspec.json.decode(body)) == sorted(msgspec.json.decode(body))
    assert b": " not in body
    assert b"null" not in body


def test_an_event_refuses_a_field_that_it_does_not_declare() -> None:
    with pytest.raises(TypeError):
        entries.BerichtAfgewezen(**FRAME.fields(), gemeente=HAARLEM, bericht=ids.new(), reden="geen_inwoner")  # type: ignore[call-arg]
    fields = msgspec.json.decode(encode(make(entries.BerichtAfgewezen)), type=dict[str, object])
    with pytest.raises(msgspec.ValidationError):
        decode(msgspec.json.encode({**fields, "naam": "Testpersoon"}))
    with pytest.raises(msgspec.ValidationError):
        decode(msgspec.json.encode({**fields, "gebeurtenis": "bericht.gelekt"}))


def test_each_entry_of_a_request_has_an_id_of_its_own() -> None:
    assert FRAME.fields()["id"] != FRAME.fields()["id"]


def test_commitments_depend_on_key_value_and_kind() -> None:
    made = {entries.subject(b"a", ONE), entries.subject(b"b", ONE), entries.subject(b"a", Keyed(b"2")), entries.content(b"a", ONE)}
    assert len(made) == 4
    assert {len(value) for value in made} == {43}
    assert entries.subject(b"a", ONE) in made
