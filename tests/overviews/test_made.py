"""The overview made at the gateway and at the municipality, on a real database: one disclosure on record, equal totals, nothing kept."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import ECKey

from adapters.client import overview
from adapters.client.opening import NotOpened, Opener
from gateway.app.overzichtsblad import OverzichtsbladDoor
from gateway.core import ids
from gateway.core.errors import Conflict, NotFound, TooMany, Unavailable
from gateway.overviews import assembled
from gateway.partners.register import Register
from gateway.partners.sealkeys import Gemeentesleutel
from gateway.store.prepare import Dsns
from schemas import overzichtspagina, paper
from schemas.overzicht import Overzicht
from schemas.schuldenoverzicht import Incasso, Overdracht, Schuldenoverzicht
from tests.overviews.hall import CLERK, HAARLEM, LANDLORD, MORE, OTHER, REFUSED, TRACE, UNKNOWN, UTRECHT, WATER, Hall, claim, claims

PEM = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class OwnKeyHall(Hall):
    """A hall in which Haarlem has a key of its own; `managed` is the register without it."""

    managed: Register

    def _register(self) -> Register:
        self.managed, found = super()._register(), super()._register()
        public = {**ECKey.import_key(PEM).as_dict(private=False), "kid": "eigen-1"}
        found._sleutels[HAARLEM] = Gemeentesleutel(HAARLEM, "eigen-1", "eigen", public)
        return found


@pytest.fixture
def own(dsns: Dsns, tmp_path: Path) -> Iterator[OwnKeyHall]:
    made = OwnKeyHall(dsns, tmp_path)
    yield made
    made.close()


def filled(hall: Hall, **more: Any) -> Schuldenoverzicht:
    """An overview with every kind of answer, and one creditor that is silent."""
    asked = hall.ask(LANDLORD, OTHER, WATER, *MORE[:3], **more)
    incasso = Incasso(naam="Bureau <Voorbeeld>", soort="incassobureau", dossiernummer="D-7")
    third = claim(kenmerk="F-3", soort="uit_handen_gegeven", uit_handen_gegeven_aan=incasso)
    hall.answer(LANDLORD, given=claims(hall.today, claim(), claim(kenmerk="F-2", hoofdsom_cent=7_654_321, saldo_cent=7_654_321), third))
    gone = dict.fromkeys(("hoofdsom_cent", "rente_cent", "kosten_cent", "betaald_cent", "saldo_cent"))
    sold = claim(soort="overgedragen", overgedragen_aan=Overdracht(naam="Koper"), **gone)
    hall.answer(OTHER, given=claims(hall.today, sold, claim(kenmerk="F-9")))
    hall.answer(WATER, given=REFUSED)
    hall.answer(MORE[0], given=UNKNOWN)
    hall.answer(MORE[1])
    return asked


def made(hall: Hall, id: UUID, gemeente: str = HAARLEM, *, disclose: bool = True) -> Overzicht:
    return assembled.overview(CLERK, gemeente, TRACE, id, hall.overviews, disclose=disclose)


def test_gateway_and_municipality_make_equal_overviews(hall: Hall) -> None:
    asked = filled(hall)
    here, there = made(hall, asked.id), overview.assembled(hall.see(asked.id), Opener())
    assert msgspec.json.encode(here) == msgspec.json.encode(there)
    assert here.totaal is not None
    assert (here.totaal.vorderingen, here.totaal.saldo_cent) == (5, 4 * 40_000 + 7_654_321)
    assert [gap.reden for gap in here.ontbreekt] == ["uit_handen_gegeven", "overgedragen", "geen_medewerking", "klant_onbekend", "open"]
    assert here.staat == "deels"


def test_overviews_have_a_ceiling_per_day_and_what_opens_nothing_has_none(hall: Hall) -> None:
    asked = filled(hall)
    hall.overviews = hall.overviews._replace(openings=1)
    made(hall, asked.id)
    with pytest.raises(TooMany, match="OMKERINGEN_OP"):
        made(hall, asked.id)
    assert len(hall.entries("schuldenoverzicht.samengesteld")) == 1
    made(hall, asked.id, disclose=False)
    hall.see(asked.id)  # sealed, as the municipality opens it itself
    hall.overviews = hall.overviews._replace(openings=2)
    made(hall, asked.id)  # the control


def test_own_key_gives_the_same_amounts_and_the_gateway_cannot(own: OwnKeyHall) -> None:
    asked = filled(own)
    with pytest.raises(Conflict, match="EIGEN_SLEUTEL"):
        made(own, asked.id)
    assert own.entries("schuldenoverzicht.samengesteld") == []
    there = overview.assembled(own.see(asked.id), Opener(PEM))
    with pytest.raises(NotOpened):
        overview.assembled(own.see(asked.id), Opener())
    own.register = own.managed
    assert bare(there) == bare(made(own, filled(own, kenmerk="SO-2").id))
    assert bare(there) != bare(msgspec.structs.replace(there, ontbreekt=there.ontbreekt[1:]))  # the control


def test_answer_that_was_sealed_for_an_own_key_stays_closed_after_the_key_changed(own: OwnKeyHall) -> None:
    asked = filled(own)
    own.register = own.managed
    with pytest.raises(Conflict, match="EIGEN_SLEUTEL"):
        made(own, asked.id)
    assert own.entries("schuldenoverzicht.samengesteld") == []


def test_one_entry_for_all_answers_with_purpose_and_case(hall: Hall) -> None:
    asked = filled(hall)
    made(hall, asked.id, disclose=False)
    assert hall.entries("schuldenoverzicht.samengesteld") == []
    woken = hall.woken
    made(hall, asked.id)
    (entry,) = hall.entries("schuldenoverzicht.samengesteld")
    assert (entry.overzicht, entry.doel, entry.rij) == (asked.id, "WGS-3-1-a-plan", "WGS-3-1-a-plan/antwoord/2021")
    assert set(entry.vragen) == {v.id for v in asked.vragen[:3]} | {asked.vragen[4].id}
    assert hall.woken == woken + 1
    made(hall, hall.ask(LANDLORD, kenmerk="SO-2", zaaknummer="ZAAK-2").id)
    assert len(hall.entries("schuldenoverzicht.samengesteld")) == 1  # nothing was answered, so nothing was opened
    hall.number()
    assert hall.verify().ok


def test_case_in_the_log_is_a_commitment_that_differs_per_case(hall: Hall) -> None:
    for nr, number in enumerate(("1", "1", "2")):
        asked = hall.ask(LANDLORD, kenmerk=f"SO-{number}-{nr}", zaaknummer=f"ZAAK-{number}")
        hall.answer(LANDLORD)
        made(hall, asked.id)
    first, again, other = (entry.dossier for entry in hall.entries("schuldenoverzicht.samengesteld"))
    assert first == again != other


def test_nothing_is_opened_while_the_log_is_behind_and_nothing_of_another(hall: Hall) -> None:
    asked = filled(hall)
    for id, gemeente in ((asked.id, UTRECHT), (ids.new(), HAARLEM)):
        with pytest.raises(NotFound):
            made(hall, id, gemeente)
    hall.run("UPDATE log_queue SET created = created - interval '5 minutes'")
    with pytest.raises(Unavailable, match="LOG_LOOPT_ACHTER"):
        made(hall, asked.id)


def test_no_sum_and_no_amount_is_stored_or_logged(hall: Hall) -> None:
    asked = filled(hall)
    whole = made(hall, asked.id)
    assert whole.totaal is not None
    kept = hall.rows("SELECT o::text, s::text FROM schuldenoverzicht o JOIN saldoverzoek s ON s.overzicht = o.id")
    logged = hall.rows("SELECT convert_from(body, 'UTF8') FROM log_entry")
    text = repr((kept, logged))
    for canary in (whole.totaal.saldo_cent, whole.totaal.hoofdsom_cent, 7_654_321):
        assert str(canary) not in text
    assert "schuldenoverzicht.samengesteld" in text  # the control: this is where it would be


def test_withdrawn_consent_leaves_no_amount(hall: Hall) -> None:
    asked = filled(hall)
    hall.withdraw(asked.id)
    whole = made(hall, asked.id)
    assert whole.totaal is None
    reasons = [gap.reden for gap in whole.ontbreekt]
    assert reasons == ["vernietigd", "vernietigd", "geen_medewerking", "klant_onbekend", "vernietigd", "ingetrokken"]
    assert "<td class=n>€" not in overzichtspagina.page(whole, {}, hall.today)


def test_page_prints_without_style_and_runs_nothing(hall: Hall) -> None:
    asked = filled(hall)
    door = OverzichtsbladDoor(hall.overviews)
    whole = door.assembled(CLERK, HAARLEM, TRACE, asked.id, disclose=True)
    text = overzichtspagina.page(whole, door.names(), hall.today)
    assert text == overview.printed(whole, door.names(), hall.today)
    assert "Bureau &lt;Voorbeeld&gt;" in text
    assert "Waterbedrijf" in text
    assert "€ 78.143,21" in text
    assert text.count("<caption>") == text.count("<table>") == 7
    assert text.count("<section class=deel>") == 1 + 3  # the kinds, and each creditor that has claims: none is cut over two sheets
    assert "@page{size:A4;" in text
    assert re.findall(r"<(script|link|img|iframe|form)|(?:src|href|style|\bon[a-z]+)=", text) == []
    assert re.findall(r"<(th)(?! scope)[ >]", text) == []
    assert "default-src 'none'" in paper.POLICY
    assert "script-src" not in paper.POLICY


def test_page_says_on_its_own_line_why_a_creditor_has_no_amount(hall: Hall) -> None:
    asked = filled(hall)
    text = overzichtspagina.page(made(hall, asked.id), {WATER.principal: "Waterbedrijf"}, hall.today)
    (line,) = re.findall(r"<tr><th scope=row>Waterbedrijf</th><td colspan=6>.*?</tr>", text)
    assert "De schuldeiser werkt niet mee: " in line
    assert len(re.findall("<td colspan=6>", text)) == 3  # who refuses, who does not know the client, who is silent
    assert re.findall(r"<td class=n>([0-9-]{10})</td><td class=n>€ 400,00", text) == [f"{hall.today:%d-%m-%Y}"] * 2  # its day


def bare(whole: Overzicht) -> Any:
    """All of it in JSON, without what differs between two overviews of the same answers."""

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: strip(part) for name, part in value.items() if name not in ("id", "vraag", "gesteldOp", "beantwoordOp")}
        return [strip(part) for part in value] if isinstance(value, list) else value

    return strip(msgspec.json.decode(msgspec.json.encode(msgspec.structs.replace(whole, kenmerk="SO"))))
