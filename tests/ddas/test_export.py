"""A generated quarter goes out as DDAS v1.2: it fits the model, passes every check, and holds nobody's name."""

import json
from datetime import date, timedelta

import msgspec
import psycopg
import pytest

from gateway.cases import casework
from gateway.core.chain import Sender
from gateway.core.errors import Conflict, Forbidden, Invalid, Misconfigured, Unavailable
from gateway.ddas import export, setting
from gateway.ddas.export import Period, last_quarter
from gateway.policy.register import PurposeRegister
from schemas.ddas import Gegevens, GegevensVraag, StatistiekInstelling, encode
from schemas.ddas_checks import check
from schemas.ddas_schema import violations
from schemas.zaken import Contactpoging, Resultaat
from tests.ddas.outgoing import ON, ORGANISATION, Outgoing
from tests.faults.logfaults import LOG_FAULTS
from tests.flows.world import CLERK, HAARLEM, TRACE, UTRECHT

CBS = Sender("00000099000000009000", "00000099000000009000")


def period(out: Outgoing) -> Period:
    return Period(out.today - timedelta(days=90), out.today)


def ask(out: Outgoing, **more: object) -> Gegevens:
    van, tot = period(out)
    vraag = GegevensVraag(aanleverperiode_startdatum=van, aanleverperiode_einddatum=tot, **more)  # type: ignore[arg-type]
    return export.answer(CBS, TRACE, vraag, out.statistics)


def quarter(out: Outgoing, n: int = 60) -> None:
    """Signals, of which a part in cases with attempts and results."""
    out.deliver_statistics()
    out.delivered(*out.signals(n))
    claimed = [bericht.id for bericht in out.claim(maximum=n // 4 * 2).berichten]
    pairs = list(zip(claimed[::2], claimed[1::2], strict=True))
    for nr, pair in enumerate(pairs):
        zaak = out.case(f"Z-{nr}", *pair)
        poging = Contactpoging(kenmerk=f"BEL-{nr}", soort="telefoon", bereikt=nr % 2 == 0, datum=out.today, dagdeel="avond")
        casework.attempt(CLERK, HAARLEM, TRACE, zaak.id, poging, out.cases)
        if nr % 3 == 0:
            result = "herhaalde_melding" if nr % 2 else "vervolghulp"
            casework.finish(CLERK, HAARLEM, TRACE, zaak.id, Resultaat(resultaat=result, datum=out.today), out.cases)  # type: ignore[arg-type]


def test_generated_quarter_fits_the_model_and_passes_every_check(out: Outgoing) -> None:
    quarter(out)
    made = export.export(CLERK, TRACE, HAARLEM, period(out), out.statistics)
    document = json.loads(encode(made.model))
    assert made.findings == []
    assert violations(document) == []
    assert check(document) == []
    (delivery,) = document["leveringen"]
    assert (len(delivery["vroegsignalen"]), len(delivery["vroegsignaalzaken"]), made.without) == (60, 15, 0)
    assert {s["status"] for s in delivery["vroegsignalen"]} == {"Opgepakt", "Nog niet opgepakt", "Niet opgepakt: herhaalde melding"}


def test_export_names_nobody_and_no_creditor(out: Outgoing) -> None:
    out.deliver_statistics()
    signal = out.signal()
    (id,) = out.delivered(signal)
    text = encode(export.export(CLERK, TRACE, HAARLEM, period(out), out.statistics).model).decode()
    hidden = [signal["personen"][0]["achternaam"], signal["kenmerk"], signal["handelsnaam"], str(id), id.hex, signal["klantnummer"]]
    assert [value for value in hidden if value in text] == []
    assert signal["adres"]["postcode"] in text  # control: what must travel does


def test_nothing_is_kept_unless_the_municipality_lets_the_gateway_deliver(out: Outgoing) -> None:
    out.delivered(out.signal())
    assert out.count("ddas_residu") == 0
    out.deliver_statistics()
    out.delivered(out.signal(), *out.signals(1, gemeente=UTRECHT))
    assert out.count("ddas_residu") == 1
    setting.change(CLERK, HAARLEM, TRACE, StatistiekInstelling(levering="zaaksysteem"), out.statistics)
    out.delivered(out.signal())
    assert out.count("ddas_residu") == 1


def test_residue_is_no_clear_text(out: Outgoing) -> None:
    out.deliver_statistics()
    signal = out.signal()
    out.delivered(signal)
    ((content,),) = out.rows("SELECT content FROM ddas_residu")
    assert signal["adres"]["postcode"].encode() not in bytes(content)


def test_pages_hold_whole_records_and_every_record_once(out: Outgoing) -> None:
    quarter(out, 40)
    first = ask(out, page_size=7)
    total = first.paginering.total_pages
    pages = [ask(out, page_size=7, page=nr) for nr in range(1, total + 1)]
    found = [s.id for page in pages for delivery in page.gegevens.leveringen or () for s in delivery.vroegsignalen]
    assert (len(found), len(set(found))) == (40, 40)
    assert first.paginering.total_records == 30  # 10 cases of two signals, 20 signals alone
    assert all(check(json.loads(encode(page.gegevens))) == [] for page in pages)
    assert ask(out, page_size=7, page=total + 1).paginering.current_page == 1


def test_period_without_data_has_no_deliveries(out: Outgoing) -> None:
    out.deliver_statistics()
    vraag = GegevensVraag(aanleverperiode_startdatum=date(2022, 1, 1), aanleverperiode_einddatum=date(2022, 3, 31))
    found = export.answer(CBS, TRACE, vraag, out.statistics)
    assert found.gegevens.leveringen is None
    assert violations(json.loads(encode(found.gegevens))) == []


def test_another_organisation_gives_nothing_of_this_one(out: Outgoing) -> None:
    quarter(out, 4)
    assert ask(out, aanleverende_organisatie="Gemeente Elders").gegevens.leveringen is None
    assert ask(out, aanleverende_organisatie="34369366").gegevens.leveringen is not None


def test_each_municipality_that_goes_out_is_on_record_as_a_whole(out: Outgoing) -> None:
    quarter(out, 10)
    ask(out)
    (entry,) = out.entries("statistiek.geleverd")
    assert (entry.gemeente, entry.aantal, entry.rij, entry.partij) == (HAARLEM, 10, "WGS-9-statistiek/levering/2026", CBS.party)


def test_file_that_fails_a_check_does_not_go_out(out: Outgoing) -> None:
    quarter(out, 4)
    wrong = out.statistics._replace(known_code=lambda _code, _day: False)
    van, tot = period(out)
    with pytest.raises(Conflict):
        export.answer(CBS, TRACE, GegevensVraag(aanleverperiode_startdatum=van, aanleverperiode_einddatum=tot), wrong)
    made = export.export(CLERK, TRACE, HAARLEM, period(out), wrong)
    assert {finding.check for finding in made.findings} == {"DDAS-13"}
    assert out.entries("statistiek.geleverd") == []


def test_without_a_purpose_row_nothing_goes_out(out: Outgoing) -> None:
    out.deliver_statistics()
    with pytest.raises(Forbidden):
        export.answer(CBS, TRACE, GegevensVraag(), out.statistics._replace(purposes=PurposeRegister([])))


def test_municipality_that_does_not_deliver_here_has_no_export(out: Outgoing) -> None:
    with pytest.raises(Conflict):
        export.export(CLERK, TRACE, HAARLEM, period(out), out.statistics)


def test_accepted_period_destroys_its_residues(out: Outgoing) -> None:
    quarter(out, 6)
    assert setting.accept(CLERK, HAARLEM, TRACE, out.today - timedelta(days=120), out.statistics) == 0
    assert setting.accept(CLERK, HAARLEM, TRACE, out.today, out.statistics) == 6
    assert out.count("ddas_residu") == 0
    assert [entry.aantal for entry in out.entries("statistiek.aanvaard")] == [0, 6]


def test_setting_without_organisation_is_refused(out: Outgoing) -> None:
    with pytest.raises(Invalid):
        setting.change(CLERK, HAARLEM, TRACE, StatistiekInstelling(levering="gateway"), out.statistics)
    assert setting.read(HAARLEM, out.statistics).levering == "zaaksysteem"


def test_half_a_period_is_refused(out: Outgoing) -> None:
    with pytest.raises(Invalid):
        export.answer(CBS, TRACE, GegevensVraag(aanleverperiode_startdatum=out.today), out.statistics)
    van, tot = out.today, out.today - timedelta(days=1)
    with pytest.raises(Invalid):
        export.answer(CBS, TRACE, GegevensVraag(aanleverperiode_startdatum=van, aanleverperiode_einddatum=tot), out.statistics)


@pytest.mark.parametrize(
    ("day", "van", "tot"),
    [
        (date(2026, 11, 20), date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 1, 1), date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 4, 1), date(2026, 1, 1), date(2026, 3, 31)),
    ],
)
def test_without_a_period_it_is_the_last_whole_quarter(day: date, van: date, tot: date) -> None:
    assert last_quarter(day) == (van, tot)


def test_answer_is_the_same_bytes_for_the_same_content(out: Outgoing) -> None:
    quarter(out, 4)
    assert encode(ask(out)) == encode(ask(out))
    assert msgspec.json.decode(encode(ask(out)))["paginering"]["totalPages"] == 1


FORGERIES = {
    "levering": "UPDATE statistiek_instelling SET levering = 'gateway'",
    "organisatie": "UPDATE statistiek_instelling SET organisatie = replace(encode(organisatie, 'escape'), 'A.', 'B.')::bytea",
    "zegel": "UPDATE statistiek_instelling SET zegel = NULL",
    "gemeente": f"UPDATE statistiek_instelling SET gemeente = '{UTRECHT}'",
}


@pytest.mark.parametrize("forged", FORGERIES)
def test_setting_past_the_gateway_keeps_nothing_and_sends_nothing(out: Outgoing, forged: str) -> None:
    out.deliver_statistics()
    out.delivered(out.signal())
    assert (out.count("ddas_residu"), ask(out).paginering.total_records) == (1, 1)  # the control
    if forged == "levering":
        setting.change(CLERK, HAARLEM, TRACE, StatistiekInstelling(levering="zaaksysteem", organisatie=ORGANISATION), out.statistics)
    out.run(FORGERIES[forged])
    place = UTRECHT if forged == "gemeente" else HAARLEM
    with pytest.raises(Misconfigured):
        setting.read(place, out.statistics)
    assert ask(out).gegevens.leveringen is None
    with pytest.raises(Conflict):
        export.export(CLERK, TRACE, place, period(out), out.statistics)
    out.delivered(*out.signals(1, gemeente=place))
    assert out.count("ddas_residu") == 1
    setting.change(CLERK, place, TRACE, ON, out.statistics)  # the municipality puts its own back
    assert setting.read(place, out.statistics) == ON


def test_municipality_whose_data_fail_a_check_is_named_and_holds_up_no_other(out: Outgoing) -> None:
    """An attempt of before its case was opened is a fault of one municipality."""
    for gemeente in (HAARLEM, UTRECHT):
        out.deliver_statistics(gemeente)
        out.delivered(*out.signals(1, gemeente=gemeente))
    zaak = out.case("Z-1", out.claim().berichten[0].id)
    early = Contactpoging(kenmerk="BEL-1", soort="telefoon", bereikt=False, datum=out.today - timedelta(days=1))
    casework.attempt(CLERK, HAARLEM, TRACE, zaak.id, early, out.cases)
    with pytest.raises(Conflict) as refused:
        ask(out)
    assert (HAARLEM in refused.value.detail, UTRECHT in refused.value.detail) == (True, False)
    assert ask(out, aanleverende_organisatie=UTRECHT).paginering.total_records == 1


@pytest.mark.parametrize("fault", LOG_FAULTS)
def test_nothing_goes_out_while_the_log_cannot_be_written(out: Outgoing, fault: str) -> None:
    quarter(out, 8)
    assert ask(out).gegevens.leveringen  # the control
    out.run(LOG_FAULTS[fault][0])
    for release in (lambda: ask(out), lambda: export.export(CLERK, TRACE, HAARLEM, period(out), out.statistics)):
        with pytest.raises((psycopg.Error, Unavailable)):
            release()
