"""Log entries: canonical bytes, closed lists of fields, commitments instead of persons."""

from datetime import date

import msgspec
import pytest

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.privacylog import afterwards, arrangements, beheer, console, destroying, messages, oversight, overviews, settings
from gateway.privacylog.entries import Event, decode
from gateway.privacylog.entry import Entry, Frame, content, encode, name_of, subject
from schemas.keyed import Keyed
from tests.records import AT, CREDITOR, HAARLEM

ONE = Keyed(b"1")

FRAME = Frame(Sender(CREDITOR, CREDITOR), Trace("4b" * 16, "a7" * 8), AT, "urn:test:activiteit")
PLACE = {"gemeente": HAARLEM, "bericht": ids.new()}
GROUND = {**PLACE, "doel": "WGS-3-1-b", "rij": "WGS-3-1-b/huur/2021", "registerversie": "v1"}
CLAIM = {"claim": ids.new(), "veldgroepen": ("identiteit",), "indeling": "enkelvoudig"}
WHOLE = {"gemeente": HAARLEM, "overzicht": ids.new()}
ASKED = {**WHOLE, "saldoverzoek": ids.new()}
PAUSE = {"gemeente": HAARLEM, "soort": "kennisgeving", "regeling": ids.new()}
TOLD = {**PAUSE, "regelingbericht": ids.new()}
ROW = {"doel": "WGS-3-1-a-plan", "rij": "WGS-3-1-a-plan/antwoord/2021", "registerversie": "v1"}
RESIDENT = {"gemeente": HAARLEM, "inzageverzoek": ids.new()}
SEALED = {**PLACE, "ontzegeling": ids.new()}
MEMBERS: dict[type[Entry], dict[str, object]] = {
    messages.SignaalBezorgd: {**GROUND, "betrokkene": "x" * 43, "inhoud": "y" * 43},
    messages.SignaalGeweigerd: {"regels": ("VS-05",)},
    messages.SignaalInQuarantaine: {"regels": ("POSTCODE_ONBEKEND",)},
    messages.SignaalEerderOntvangen: PLACE,
    messages.SignaalIngetrokken: {**PLACE, "resultaat": "betaald"},
    messages.StandVerwerkt: {"resultaat": "deels"},
    messages.BestandAangeboden: {"bestand": ids.new()},
    messages.BestandOntvangen: {"bestand": ids.new(), "aantal": 3},
    messages.BestandVerwerkt: {"bestand": ids.new(), "resultaat": "deels"},
    messages.BestandGeweigerd: {"bestand": ids.new(), "regels": ("XML_ONGELDIG",)},
    messages.AanleveringGevalideerd: {"resultaat": "deels"},
    messages.SchaduwBeproefd: {"aantal": 3, "resultaat": "deels"},
    messages.BerichtGeclaimd: {**GROUND, **CLAIM, "wijze": "bemand", "persoon": "p" * 43, "medewerker": "z" * 43},
    messages.BerichtGelezen: {**GROUND, **CLAIM, "betrokkene": "x" * 43},
    messages.BerichtUitgelaten: {
        **GROUND, **CLAIM, "loket": CREDITOR, "bestand": ids.new(), "profiel": "verzonnen-loket/1", "sleutel": "loket-2026-1",
    },
    messages.BerichtIntrekkingGemeld: {**PLACE, "loket": CREDITOR, "bestand": ids.new()},
    messages.BerichtBevestigd: {**PLACE, "resultaat": "verwerkt"},
    messages.BerichtAfgewezen: PLACE,
    messages.ClaimVerlengd: {"gemeente": HAARLEM, "claim": ids.new()},
    messages.ClaimVrijgegeven: {"gemeente": HAARLEM, "claim": ids.new()},
    afterwards.OpvolgingGeclaimd: {**GROUND, **CLAIM, "artikel": "Wgs art. 3a", "wijze": "bemand", "betrokkene": "x" * 43},
    afterwards.OpvolgingBeeindigd: {"gemeente": HAARLEM, "claim": ids.new(), "resultaat": "afgerond"},
    afterwards.BerichtGedeeld: {**GROUND, "ontvanger": CREDITOR, "veldgroepen": ("contact",)},
    afterwards.MijlpaalVastgelegd: {**PLACE, "mijlpalen": ("bedreigend",)},
    messages.BerichtVerlopen: PLACE,
    messages.OnopgehaaldGemeld: {"gemeente": HAARLEM, "werkdagen": 5, "aantal": 3},
    settings.InstellingGewijzigd: {"gemeente": HAARLEM, "onderdeel": "werkbakken", "registerversie": "3"},
    afterwards.ZaakGeopend: {**PLACE, "zaak": ids.new()},
    afterwards.ContactpogingVastgelegd: {"gemeente": HAARLEM, "zaak": ids.new()},
    afterwards.ZaakAfgesloten: {"gemeente": HAARLEM, "zaak": ids.new()},
    afterwards.ContactgegevensVastgelegd: {"gemeente": HAARLEM, "zaak": ids.new()},
    afterwards.ContactgegevensGelezen: {"gemeente": HAARLEM, "zaak": ids.new()},
    afterwards.TerugkoppelingVastgelegd: {**GROUND, "resultaat": "geen_inwoner"},
    afterwards.TerugkoppelingOnthouden: {**PLACE, "regels": ("GEEN_TERUGKOPPELING",)},
    settings.DeelnemerOvergegaan: {"deelnemer": CREDITOR, "oud": "schaduw", "nieuw": "actief", "proef": True},
    settings.LogVernietigd: {"van": 0, "tot": 9, "aantal": 9, "verklaring": "seinhuis.example/log/vernietigd\n0\n/wE=\n"},
    settings.LogtermijnGewijzigd: {"gemeente": "0392", "maanden": 84},
    settings.TerugkoppelkeuzeGewijzigd: {"gemeente": HAARLEM, "code": "hulp_geaccepteerd", "resultaat": "aan"},
    afterwards.BerichtDoorgezonden: {**PLACE, "naar_gemeente": "0344", "naar_bericht": ids.new()},
    afterwards.BrievenGemaakt: {**GROUND, **CLAIM, "kanaal": "sms", "betrokkene": "x" * 43},
    settings.TekstenGewijzigd: {"gemeente": HAARLEM},
    afterwards.StatistiekGeleverd: {
        "gemeente": HAARLEM,
        "doel": "WGS-9-statistiek",
        "rij": "WGS-9-statistiek/levering/2026",
        "registerversie": "a" * 64,
        "van": date(2026, 7, 1),
        "tot": date(2026, 9, 30),
        "aantal": 12,
    },
    afterwards.StatistiekAanvaard: {"gemeente": HAARLEM, "tot": date(2026, 9, 30), "aantal": 12},
    settings.StatistiekIngesteld: {"gemeente": HAARLEM, "resultaat": "gateway"},
    settings.RitmeGewijzigd: {"gemeente": HAARLEM},
    settings.HistorieGeladen: {"gemeente": HAARLEM, "aantal": 40, "betrokkene": "x" * 43},
    settings.BezwaarVastgelegd: {"gemeente": HAARLEM, "betrokkene": "x" * 43},
    settings.BezwaarBeeindigd: {"gemeente": HAARLEM, "betrokkene": "x" * 43},
    overviews.SchuldenoverzichtGevraagd: {**WHOLE, **ROW, "inhoud": "y" * 43, "machtiging": "x" * 43, "aantal": 14},
    overviews.SchuldenoverzichtBijgewerkt: {**WHOLE, "resultaat": "deels"},
    overviews.SchuldenoverzichtIngetrokken: {**WHOLE, "resultaat": "toestemming_ingetrokken"},
    overviews.SchuldenoverzichtGelezen: {**WHOLE, **ROW, "vragen": (ids.new(),)},
    overviews.UittrekselVerstrekt: {**WHOLE, "aantal": 5},
    overviews.SchuldenoverzichtSamengesteld: {**WHOLE, **ROW, "dossier": "z" * 43, "vragen": (ids.new(),)},
    overviews.SaldoverzoekGesteld: {**ASKED, "ontvanger": CREDITOR, "wijze": "met_bsn"},
    overviews.SaldoverzoekGelezen: {**ASKED, **ROW},
    overviews.SaldoverzoekHerinnerd: {**ASKED, "werkdagen": 5},
    overviews.SaldoverzoekBeantwoord: {**ASKED, "resultaat": "klant_onbekend"},
    overviews.SaldoverzoekVerlopen: ASKED,
    overviews.SaldoverzoekIngetrokken: ASKED,
    arrangements.RegelingVerstuurd: {**PAUSE, **ROW, "inhoud": "y" * 43, "machtiging": "x" * 43, "aantal": 14},
    arrangements.RegelingBijgewerkt: {**PAUSE, "resultaat": "geeindigd"},
    arrangements.RegelingIngetrokken: {**PAUSE, "resultaat": "onterecht"},
    arrangements.RegelingGelezen: {**PAUSE, **ROW, "vragen": (ids.new(),)},
    arrangements.RegelingberichtBezorgd: {**TOLD, "ontvanger": CREDITOR, "grondslag": "convenant", "afspraak": "convenant-1"},
    arrangements.RegelingberichtGelezen: {**TOLD, **ROW},
    arrangements.RegelingberichtKlaargezet: {**TOLD, **ROW, "grondslag": "convenant", "afspraak": "convenant-1"},
    arrangements.RegelingberichtHerinnerd: {**TOLD, "werkdagen": 5},
    arrangements.RegelingberichtBeantwoord: {**TOLD, "resultaat": "akkoord_vooraf", "afspraak": "schuldregelen-1"},
    arrangements.RegelingberichtGeeindigd: {**TOLD, "resultaat": "geen_reactie"},
    arrangements.RegelingberichtIngetrokken: {**TOLD, "resultaat": "bevestigd"},
    oversight.LogGezocht: {"gemeente": HAARLEM, "aantal": 3, "gezocht": ("adres:" + "x" * 43,)},
    oversight.LogregelGelezen: {"gemeente": HAARLEM, "regel": ids.new()},
    oversight.InzageVerzocht: {**RESIDENT, "gezocht": ("persoon:" + "x" * 43,), "aantal": 2},
    oversight.InzageBevestigd: {**RESIDENT, "aantal": 2},
    oversight.InzageVerstrekt: {**RESIDENT, "aantal": 9},
    oversight.LekOnderzocht: {"gemeente": HAARLEM, "aantal": 3, "onderwerp": "deelnemer", "deelnemer": CREDITOR},
    oversight.WachtrijGelezen: {"gemeente": HAARLEM, "aantal": 3},
    oversight.ToegangBeoordeeld: {"gemeente": HAARLEM, "regel": ids.new(), "resultaat": "in_orde"},
    oversight.EigenAdresVastgelegd: {"gemeente": HAARLEM, "medewerker": "z" * 43, "betrokkene": "x" * 43},
    oversight.OntzegelingGevraagd: {**SEALED, "reden": "klacht"},
    oversight.OntzegelingBesloten: {**SEALED, "resultaat": "goedgekeurd"},
    oversight.NaamOntzegeld: {**SEALED, "doel": "WGS-3-1-b", "rij": "WGS-3-1-b/gemeente/2021", "veldgroepen": ("identiteit",)},
    oversight.DagbeeldGelezen: {"gemeente": HAARLEM, "aantal": 7},
    beheer.ToelatingGevraagd: {"onderwerp": ids.new(), "soort": "activering"},
    beheer.ToelatingBesloten: {"onderwerp": ids.new(), "soort": "activering", "resultaat": "goedgekeurd"},
    console.ConsoleAangemeld: {"rol": "toezichthouder", "gemeente": HAARLEM},
    console.ConsoleAfgemeld: {"rol": "toezichthouder"},
    console.ConsoleBeeindigd: {"medewerker": "z" * 43, "gemeente": HAARLEM},
    messages.VerzoekGeweigerd: {"bewerking": "claimBerichten", "regels": ("DOEL_NIET_TOEGESTAAN",)},
    settings.NummerveldAangehouden: {"onderdeel": "klantnummer"},
    settings.NummerveldVrijgegeven: {"deelnemer": CREDITOR, "onderdeel": "kenmerk"},
    destroying.BewaartermijnToegepast: {"onderdeel": "inhoud", "aantal": 12},
    destroying.SleutelVernietigd: {"soort": "opslag", "periode": "2026-W46", "gemeente": HAARLEM},
    destroying.HoofdsleutelVervangen: {"oud": "0" * 16, "nieuw": "1" * 16, "aantal": 40},
    destroying.PseudoniemversieGewijzigd: {"gemeente": HAARLEM, "periode": "2", "resultaat": "begonnen"},
    settings.RegisterGewijzigd: {"onderdeel": "deelnemer", "registerversie": "7"},
}
ALLOWED = {
    "versie", "id", "tijd", "gebeurtenis", "activiteit", "traceId", "spanId", "partij", "principaal", "gemeente", "bericht", "doel", "rij",
    "registerversie", "resultaat", "regels", "betrokkene", "inhoud", "claim", "veldgroepen", "indeling", "wijze", "bewerking", "onderdeel",
    "zaak", "code", "artikel", "ontvanger", "mijlpalen", "werkdagen", "aantal", "maanden",
    "naarGemeente", "naarBericht", "kanaal", "van", "tot", "bestand", "overzicht", "saldoverzoek", "vragen", "machtiging",
    "dossier", "deelnemer", "persoon", "medewerker", "gezocht", "regel", "inzageverzoek", "ontzegeling", "onderwerp", "reden",
    "soort", "regeling", "regelingbericht", "grondslag", "afspraak", "verklaring",
    "periode", "oud", "nieuw", "proef", "rol", "gebruiker", "loket", "profiel", "sleutel",
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
        messages.BerichtAfgewezen(**FRAME.fields(), gemeente=HAARLEM, bericht=ids.new(), reden="geen_inwoner")  # type: ignore[call-arg]
    fields = msgspec.json.decode(encode(make(messages.BerichtAfgewezen)), type=dict[str, object])
    with pytest.raises(msgspec.ValidationError):
        decode(msgspec.json.encode({**fields, "naam": "Testpersoon"}))
    with pytest.raises(msgspec.ValidationError):
        decode(msgspec.json.encode({**fields, "gebeurtenis": "bericht.gelekt"}))


def test_each_entry_of_a_request_has_an_id_of_its_own() -> None:
    assert FRAME.fields()["id"] != FRAME.fields()["id"]


def test_commitments_depend_on_key_value_and_kind() -> None:
    made = {subject(b"a", ONE), subject(b"b", ONE), subject(b"a", Keyed(b"2")), content(b"a", ONE)}
    assert len(made) == 4
    assert {len(value) for value in made} == {43}
    assert subject(b"a", ONE) in made
