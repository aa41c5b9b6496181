"""Stored script in every free text that a partner can fill: on the pages of the others it stands as text, and every such text is tried.

Which texts those are is asked of the types (`hostile`): a new member is spoiled by itself, and must be shown here or named as not shown.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from adapters.synthetic.aanmelddienst import Persoon
from gateway.api import openapi
from gateway.console.gemeente import table as gemeente
from gateway.inboxes import settings
from gateway.onboarding import registration
from gateway.oversight import queue
from gateway.overviews import asking
from schemas.beheer import AanmeldVerzoek, OvereenkomstenVerzoek, StukAanvraag
from schemas.inbox import ClaimAanvraag
from schemas.instellingen import Opvolgpartners, Werkbakken
from schemas.schuldenoverzicht import Incasso, Overdracht, Overzichtsaanvraag, Schuldvordering, Vorderingen
from schemas.signaal import Signaal
from schemas.toezicht import EigenAdres
from schemas.zaken import ZaakAanvraag
from tests.console import creditor
from tests.console.balie import INA, OLGA, Balie
from tests.console.hostile import Marks, members, owned, strange
from tests.console.offices import ANNE, BRAM, CLERKLY, HENK, Browser, Offices, works
from tests.console.test_gemeente import HOME, opened
from tests.flows.world import CLERK, HAARLEM, LANDLORD, TRACE
from tests.onboarding.world import LANDLORD as STARTER
from tests.onboarding.world import ROWS, TODAY
from tests.oversight.bureau import OFFICER
from tests.overviews.hall import CARRIER, WATER, claim, claims

KID = ".opvolgpartners.sleutel.kid"
COLLECTOR = ".vorderingen.uitHandenGegevenAan.dossiernummer"
PERSON = ("voorletters", "voorvoegsel", "achternaam")
NEW = "00000099000000072000"


def wire(value: Any) -> Any:
    """As it travels."""
    return msgspec.json.decode(msgspec.json.encode(value))


def expected(kind: Any, name: str, *unseen: str) -> set[str]:
    """The free members of a type, without those that no page shows."""
    found = {f"{name}{path}" for path in members(kind)}
    assert {f"{name}{path}" for path in unseen} <= found
    return found - {f"{name}{path}" for path in unseen}


def require(marks: Marks, pages: list[str], seen: set[str]) -> None:
    """Nothing of it is more than text, and all that must be seen stands there."""
    assert [strange(page) for page in pages if strange(page)] == []
    assert marks.shown(pages) >= seen, seen - marks.shown(pages)


def call(offices: Offices, oin: str, marks: Marks) -> str:
    """A creditor is called so, and does business under such a name."""
    party, name = offices.register.deelnemers[oin], marks.mark("Signaal.handelsnaam")
    named = msgspec.structs.replace(party, naam=name, handelsnamen=frozenset({name}))
    offices.register.deelnemers[oin] = named  # type: ignore[index]  # a mapping to all others
    return name


def test_signal_of_a_creditor_with_a_clerk_and_an_officer(offices: Offices) -> None:
    marks = Marks()
    call(offices, LANDLORD.principal, marks)
    offices.delivered(marks.spoil(offices.of(), Signaal, "Signaal"))
    clerk = offices.browser().login(CLERKLY, HOME)
    bericht, zaak = opened(clerk)
    pages = [clerk.get(f"/gemeente/zaken/{zaak}").text, *every(clerk, gemeente.PAGES), clerk.get(f"/gemeente/berichten/{bericht}").text]
    anne, bram = offices.browser().login(ANNE), offices.browser().login(BRAM)
    asked = anne.submit("/toezicht/ontzegelen", bericht=str(bericht), reden="klacht", kenmerk="KL-1").headers["location"].partition("?")[0]
    bram.submit(f"{asked}/besluit", besluit="goedgekeurd")
    name = anne.submit(f"{asked}/open").text
    pages += [name, anne.get("/toezicht").text, anne.submit("/toezicht/zoeken", gebeurtenis="signaal.bezorgd").text]
    require(marks, pages, expected(Signaal, "Signaal", ".contractkenmerk"))
    assert {path for path in marks.shown([name]) if ".personen." in path} == {f"Signaal.personen.{one}" for one in PERSON}


def every(browser: Browser, rows: tuple[Any, ...]) -> Iterator[str]:
    """The pages of a role that need no id."""
    return (browser.get(page.path).text for page in rows if page.method == "GET" and "{" not in page.path)


def test_question_of_a_municipality_with_a_creditor_and_his_answer_with_the_clerk(offices: Offices) -> None:
    marks = Marks()
    call(offices, WATER.principal, marks)  # an earlier address travels to a water company only
    full = wire(offices.request(WATER))
    full["schuldeisers"] = [{**one, "klantnummer": "K-1", "factuurnummers": ["F-1"]} for one in full["schuldeisers"]]
    full["client"]["eerdereAdressen"] = [dict(full["client"]["adres"])]
    asked = msgspec.convert(marks.spoil(full, Overzichtsaanvraag, "Vraag"), Overzichtsaanvraag)
    made = asking.ask(CLERK, HAARLEM, TRACE, asked, offices.overviews)[0]
    wies = Persoon("wies", "Wies Water", works(WATER.principal, None, "schuldeiser"))
    offices.service.personen = (*offices.service.personen, wies)
    worker, clerk = offices.browser().login(wies, creditor.HOME), offices.browser().login(CLERKLY, HOME)
    question = worker.get(f"{creditor.HOME}/vragen/{offices.mine(WATER, 'open')[0].id}").text
    require(marks, [question, *(worker.get(path).text for path in (creditor.HOME, f"{creditor.HOME}/vragen"))],
            expected(Overzichtsaanvraag, "Vraag", ".zaaknummer"))  # fmt: skip
    collector = Incasso(naam="Incasso", soort="incassobureau", dossiernummer="D-1")
    sold = Schuldvordering(soort="overgedragen", kenmerk="F-2", overgedragen_aan=Overdracht(naam="Koper"))
    full = wire(claims(offices.today, claim(soort="uit_handen_gegeven", uit_handen_gegeven_aan=collector), sold))
    answer = marks.spoil({**full, "contact": {"naam": "Wies"}}, Vorderingen, "Antwoord")
    answer["vorderingen"][1]["kenmerk"] = "F-2"  # the mark of the first stays the only one
    offices.answer(WATER, given=msgspec.convert(answer, Vorderingen))
    pages = [clerk.get(f"/gemeente/overzichten/{made.id}{end}").text for end in ("", "/blad")]
    require(marks, [*pages, clerk.get("/gemeente/overzichten").text], expected(Vorderingen, "Antwoord", COLLECTOR))


def test_what_a_case_system_and_a_municipality_call_things(offices: Offices) -> None:
    marks = Marks()
    (bericht,) = offices.delivered(offices.of())
    offices.take(marks.mark("ClaimAanvraag.medewerker"))
    number = marks.mark("ZaakAanvraag.zaaknummer")
    offices.open_case(bericht, zaaknummer=number)
    baskets = {"werkbakken": [{"code": "noord", "naam": "Noord", "kanaal": "brief", "voorwaarden": {}}],
               "standaard": {"code": "rest", "naam": "Rest", "kanaal": "brief"}}  # fmt: skip
    partner = {"oin": CARRIER.party, "naam": "Kredietbank", "veldgroepen": ["identiteit"]}
    for value, kind in ((baskets, Werkbakken), ({"opvolgpartners": [partner]}, Opvolgpartners)):
        change(offices, marks.spoil(value, kind, kind.__name__), kind)
    lives = {"medewerker": "m.jansen", "adres": {"postcode": "2011AB", "huisnummer": 12}}
    said = msgspec.convert(marks.spoil(lives, EigenAdres, "EigenAdres"), EigenAdres)
    queue.lives(OFFICER, HAARLEM, TRACE, said, offices.oversight)
    clerk, anne = offices.browser().login(CLERKLY, HOME), offices.browser().login(ANNE)
    pages = [*every(clerk, gemeente.PAGES), anne.get("/toezicht").text]
    for asked in ({"bericht": str(bericht)}, {"gebeurtenis": "toezicht.eigen_adres"}):
        pages.append(anne.submit("/toezicht/zoeken", **asked).text)
    kinds: dict[Any, tuple[str, ...]] = {Werkbakken: (), ClaimAanvraag: (), ZaakAanvraag: (), Opvolgpartners: (KID,),
                                           EigenAdres: (".adres.toevoeging",)}  # fmt: skip
    require(marks, pages, {path for kind, unseen in kinds.items() for path in expected(kind, kind.__name__, *unseen)})


def change(offices: Offices, value: dict[str, Any], kind: type[Any]) -> None:
    place = offices.gemeente.place(HAARLEM)
    settings.change(CLERK, place, TRACE, msgspec.convert(value, kind), offices.desk)


def test_participant_at_the_counter(balie: Balie) -> None:
    marks = Marks()
    trade = frozenset({marks.mark("Deelnemer.handelsnamen")})
    registration.save(balie.office, msgspec.structs.replace(ROWS[STARTER], naam=marks.mark("Deelnemer.naam"), handelsnamen=trade))
    ina, olga = balie.window(INA), balie.window(OLGA)
    paper = marks.spoil({"soort": "dpia", "kenmerk": "D-1", "versie": "1", "geldigVan": str(TODAY)}, StukAanvraag, "StukAanvraag")
    assert ina.submit("/aansluiten/papier", oin=STARTER, **paper).status_code == 303
    new = marks.spoil({"naam": "Nieuw", "machtiging": "M-1", "handelsnamen": ["Nieuw"]}, AanmeldVerzoek, "AanmeldVerzoek")
    request = ina.asks("/aanmelden", oin=NEW, signaalpartner="ja", **{**new, "handelsnamen": new["handelsnamen"][0]})
    listed = marks.spoil({"lijst": ""}, OvereenkomstenVerzoek, "OvereenkomstenVerzoek")
    refused = [ina.submit(f"/aansluiten/overeenkomsten{end}", **listed).text for end in ("", "/overnemen")]  # only codes and days get in
    one = f"/deelnemer?oin={STARTER}"
    pages = [who.get(f"{who.base}{path}").text for who in (olga, ina) for path in ("", "/deelnemers", one, "/verzoeken", request)]
    seen = expected(AanmeldVerzoek, "AanmeldVerzoek") | expected(StukAanvraag, "StukAanvraag")
    require(marks, [*pages, *refused], seen | {"Deelnemer.naam"})


def test_name_of_an_account_and_of_a_file(offices: Offices) -> None:
    marks = Marks()
    account = Persoon("kwaad", marks.mark("account"), HENK.claims)
    offices.service.personen = (*offices.service.personen, account)
    name = marks.mark("bestand")
    worker, colleague = offices.browser().login(account, creditor.HOME), creditor.enter(offices)
    page = creditor.where(creditor.bring(worker, b"{}\n", name=f"{name}.csv"))
    offices.filed.work()
    require(marks, [colleague.get(path).text for path in (creditor.HOME, creditor.FILES, page)], {"bestand"})
    require(marks, [worker.get(creditor.HOME).text], {"account"})


@pytest.mark.parametrize("page", [
    "<p>\"'><x1></p>", '<a href="\"\'><x1>">', "<script>1</script>", '<p onclick="x">', '<a href="javascript:x">', '<a href="//x.example">',
])  # fmt: skip
def test_page_that_lets_something_through_is_seen(page: str) -> None:
    """The control."""
    assert strange(page)
    assert strange("<p title=\"&#34;&#39;&gt;&lt;x1&gt;\">&lt;x1&gt;</p><a href='/gemeente'>") == []


def test_new_member_is_found_and_spoiled_by_itself() -> None:
    """The control: of a type that has one member more, one place more is asked for, and filled."""
    more = msgspec.defstruct("More", [("naam", str), ("code", int), ("dieper", list[Signaal] | None, None)])
    assert {".naam", ".dieper.personen.achternaam"} <= set(members(more))
    assert Marks().spoil({"code": 1}, more, "M") == {"code": 1, "naam": "\"'><x0>"}


TRIED = (Signaal, Overzichtsaanvraag, Vorderingen, Werkbakken, Opvolgpartners, ClaimAanvraag, ZaakAanvraag, AanmeldVerzoek, StukAanvraag,
         EigenAdres)  # fmt: skip
NO_PAGE = {
    "as that of the signals in it": "AanleveringAanvraag.handelsnaam StandAanvraag.handelsnaam",
    "as that of a claim": "OpvolgClaimAanvraag.medewerker",
    "arrangements have no page": "AfkoelingsperiodeAanvraag.zaaknummer Akkoord.klantnummer Benaderde.factuurnummers Benaderde.klantnummer "
    "BenaderdeMetGrondslag.factuurnummers BenaderdeMetGrondslag.klantnummer BenaderdeMetVoorstel.factuurnummers "
    "BenaderdeMetVoorstel.klantnummer BetaalvoorstelAanvraag.zaaknummer Bevestigd.factuurnummers Bevestigd.klantnummer "
    "KennisgevingAanvraag.zaaknummer Voorstelvordering.kenmerk",
    "kept as a commitment or a pseudonym": "BezwaarAanvraag.toevoeging BezwaarPersoon.achternaam "
    "HistorieSignaal.contractkenmerk HistorieSignaal.toevoeging Persoonsvraag.achternaam WoonPersoon.achternaam Woonadres.toevoeging",
    "shown to the second person as text (tests/console/test_beheer_verzoeken.py)": "ProfielVerzoek.profiel",
    "shown to who asks it, or refused": "OvereenkomstenVerzoek.lijst GegevensVraag.aanleverendeOrganisatie LogVraag.medewerker "
    "LogVraag.stroom ProefAanvraag.profiel ProefAanvraag.voorbeeld LijstAanvraag.lijst",
    "goes into a file, never into a page": "Contactpersoon.functietitel Contactpersoon.naam Contactpersoon.telefoonnummer Organisatie.naam "
    "Tekst.onderwerp Tekst.tekst",
    "read and judged, never shown": "CertificaatAanvraag.aanvraag CertificaatAanvraag.certificaat Doorzending.kid ProfielAanvraag.profiel "
    "Scenario.toelichting Terugkoppelgrond.kenmerk Toetsuitslag.handtekening",
}
"""Free members that come to no page of another role, by what becomes of them."""


def test_every_free_text_of_every_request_is_tried_or_comes_to_no_page() -> None:
    asked = {place for api in openapi.APIS for one in api.operations if one.request is not None for place in owned(one.request)}
    tried = {place for kind in TRIED for place in owned(kind)}
    assert asked - tried == {place for places in NO_PAGE.values() for place in places.split()}
