"""The pages of a municipality: every row, and nothing else. Authority: `gateway.console.pages`; contract, `/gemeente/v1`."""

from typing import Any

from gateway.console.gemeente import baskets, cases, export, figures, inbox, message, overviews, residents, settings
from gateway.console.pages import Handler, Page
from gateway.privacylog.afterwards import BrievenGemaakt, ContactpogingVastgelegd, TerugkoppelingVastgelegd, ZaakAfgesloten, ZaakGeopend
from gateway.privacylog.entry import Entry
from gateway.privacylog.messages import BerichtAfgewezen, BerichtBevestigd, BerichtGeclaimd, BerichtGelezen, ClaimVrijgegeven
from gateway.privacylog.oversight import InzageBevestigd
from gateway.privacylog.overviews import SchuldenoverzichtGevraagd, SchuldenoverzichtIngetrokken, SchuldenoverzichtSamengesteld
from gateway.privacylog.settings import BezwaarBeeindigd, BezwaarVastgelegd, InstellingGewijzigd

_F = "gateway."
_PAGE, _READ, _HOLD = f"{_F}inboxes.reading.page", f"{_F}inboxes.reading.message", f"{_F}inboxes.holding.hold"
_NOTE = f"{_F}inboxes.openings.note"
_ONE, _CASE, _TELL = "/gemeente/berichten/{id}", "/gemeente/zaken/{id}", "/gemeente/berichten/{id}/terugkoppeling"


def row(path: str, titel: str, template: str, handler: Handler, leaves: type[Entry] | None, *flow: str, **more: Any) -> Page:  # noqa: ANN401 - fields of Page
    """A row of this role: a GET unless it says otherwise."""
    fields: dict[str, Any] = {"method": "GET", "template": f"gemeente/{template}.html", **more}
    return Page(path=path, rol="gemeente", titel=titel, handler=handler, leaves=leaves, flow=flow, **fields)


def done(path: str, titel: str, template: str, handler: Handler, leaves: type[Entry] | None, *flow: str, **more: Any) -> Page:  # noqa: ANN401 - fields of Page
    """A row that changes something."""
    return row(path, titel, template, handler, leaves, *flow, method="POST", **more)


WORK: tuple[Page, ...] = (
    row("/gemeente", "Wat wacht er", "begin", inbox.start, None, _PAGE, f"{_F}inboxes.settings.read", menu="Vandaag"),
    row("/gemeente/berichten", "Berichten", "berichten", inbox.listed, None, _PAGE, read=inbox.read_list, menu="Berichten",
        query=frozenset({"soort", "sector", "staat", "werkbak", "na"})),
    row("/gemeente/neem", "Berichten nemen", "neem", inbox.choose, None, f"{_F}inboxes.settings.read", query=frozenset({"werkbak"})),
    done("/gemeente/neem", "Berichten nemen", "neem", inbox.take, BerichtGeclaimd, f"{_F}inboxes.claiming.claim", _NOTE,
         f"{_F}cases.casework.open_case", read=inbox.read_take, again=inbox.choose),
    row("/gemeente/termijnen", "Termijnen", "termijnen", inbox.clocks, None, f"{_F}inboxes.terms.page", read=inbox.read_terms,
        menu="Termijnen", query=frozenset({"stand", "na"})),
    row(_ONE, "Bericht", "bericht", message.one, BerichtGelezen, _READ, _HOLD, _NOTE, f"{_F}cases.finding.of_message"),
    done(f"{_ONE}/zaak", "Bericht", "bericht", message.open_case, ZaakGeopend, f"{_F}cases.casework.open_case", read=message.read_case,
         again=message.one),
    done(f"{_ONE}/bevestiging", "Bericht", "bericht", message.acknowledge, BerichtBevestigd, f"{_F}inboxes.claiming.acknowledge", _HOLD,
         read=message.read_acknowledgement, again=message.one),
    done(f"{_ONE}/afwijzing", "Bericht", "bericht", message.reject, BerichtAfgewezen, f"{_F}inboxes.claiming.reject", _HOLD,
         read=message.read_rejection, again=message.one),
    done(f"{_ONE}/teruggave", "Bericht", "bericht", message.release, ClaimVrijgegeven, f"{_F}inboxes.claiming.release", _HOLD),
    row(_TELL, "Terugkoppeling aan de schuldeiser", "terugkoppeling", cases.feedback, None, _HOLD),
    done(f"{_TELL}/voorbeeld", "Terugkoppeling aan de schuldeiser", "terugkoppeling", cases.preview, None,
         f"{_F}feedback.giving.preview", read=cases.read_feedback, again=cases.feedback),
    done(_TELL, "Terugkoppeling aan de schuldeiser", "terugkoppeling", cases.tell, TerugkoppelingVastgelegd,
         f"{_F}feedback.giving.give", read=cases.read_feedback, again=cases.feedback),
    row("/gemeente/zaken", "Zaken", "zaken", cases.listed, None, f"{_F}cases.casework.page", read=cases.read_list, menu="Zaken",
        query=frozenset({"voor"})),
    row(_CASE, "Zaak", "zaak", cases.one, None, f"{_F}cases.casework.one"),
    done(f"{_CASE}/contactpogingen", "Zaak", "zaak", cases.attempt, ContactpogingVastgelegd, f"{_F}cases.casework.attempt",
         read=cases.read_attempt, again=cases.one),
    done(f"{_CASE}/resultaat", "Zaak", "zaak", cases.finish, ZaakAfgesloten, f"{_F}cases.casework.finish", read=cases.read_result,
         again=cases.one),
)  # fmt: skip
_CLAIM = "/gemeente/claims/{id}"
FILES: tuple[Page, ...] = (
    row("/gemeente/uitvoer", "Werkbak als bestand", "uitvoer", export.choose, None, f"{_F}inboxes.settings.read", menu="Bestanden"),
    done("/gemeente/uitvoer", "Werkbak als bestand", "uitvoer", export.export, BerichtGeclaimd, f"{_F}inboxes.claiming.claim", _NOTE,
         read=export.read_export, again=export.choose),
    row(_CLAIM, "Samen genomen", "claim", export.held, None, f"{_F}inboxes.holding.claimed", f"{_F}cases.finding.of_messages"),
    done(f"{_CLAIM}/zaken", "Samen genomen", "claim", export.open_cases, ZaakGeopend, f"{_F}cases.casework.open_case",
         read=export.read_cases, again=export.held),
    done(f"{_CLAIM}/brieven", "Samen genomen", "claim", export.letters, BrievenGemaakt, f"{_F}letters.merging.make",
         read=export.read_letters, again=export.held),
)  # fmt: skip
_SO, _ONE_SO, _ASK = "/gemeente/overzichten", "/gemeente/overzichten/{id}", f"{_F}overviews.asking"
OVERVIEWS: tuple[Page, ...] = (
    row(_SO, "Schuldenoverzichten", "overzichten", overviews.listed, None, f"{_ASK}.page", read=overviews.read_list, menu="Overzichten",
        query=frozenset({"voor", "staat"})),
    row(f"{_SO}/nieuw", "Schuldenoverzicht vragen", "overzicht-nieuw", overviews.form, None, "gateway.partners.register.Register.partner"),
    done(f"{_SO}/nieuw", "Schuldenoverzicht vragen", "overzicht-nieuw", overviews.ask, SchuldenoverzichtGevraagd, f"{_ASK}.ask",
         read=overviews.read_question, again=overviews.form),
    row(_ONE_SO, "Schuldenoverzicht", "overzicht", overviews.one, None, f"{_ASK}.one"),
    done(f"{_ONE_SO}/intrekking", "Schuldenoverzicht", "overzicht", overviews.withdraw, SchuldenoverzichtIngetrokken,
         f"{_F}regelingen.consent.withdraw_overview", read=overviews.read_withdrawal, again=overviews.one),
    row(f"{_ONE_SO}/blad", "Het overzicht", "overzicht-blad", overviews.sheet, SchuldenoverzichtSamengesteld,
        f"{_F}overviews.assembled.overview"),
)  # fmt: skip
_SET, _CHANGE, _BAK, _NO = f"{_F}inboxes.settings.read", f"{_F}inboxes.settings.change", baskets.PATH, "/gemeente/bezwaren"
SETTINGS: tuple[Page, ...] = (
    row(settings.PATH, "Instellingen", "instellingen", settings.overview, None, _SET, menu="Instellingen"),
    done(f"{settings.PATH}/drempels", "Instellingen", "instellingen", settings.set_thresholds, InstellingGewijzigd, _CHANGE,
         read=settings.read_thresholds, again=settings.overview),
    done(f"{settings.PATH}/opvolgpartners", "Instellingen", "instellingen", settings.set_partner, InstellingGewijzigd, _CHANGE,
         read=settings.read_partner, again=settings.overview),
    done(f"{settings.PATH}/opvolgpartners/weg", "Instellingen", "instellingen", settings.drop_partner, InstellingGewijzigd, _CHANGE,
         read=settings.read_gone, again=settings.overview),
    row(_BAK, "Werkbakken", "werkbakken", baskets.overview, None, _SET),
    done(f"{_BAK}/proef", "Werkbakken", "werkbakken", baskets.trial, None, f"{_F}inboxes.sorting.trial", read=baskets.read_basket,
         again=baskets.overview),
    done(_BAK, "Werkbakken", "werkbakken", baskets.keep, InstellingGewijzigd, _CHANGE, read=baskets.read_basket, again=baskets.overview),
    done(f"{_BAK}/weg", "Werkbakken", "werkbakken", baskets.drop, InstellingGewijzigd, _CHANGE, read=baskets.read_gone,
         again=baskets.overview),
    row(_NO, "Bezwaren", "bezwaren", settings.objections, None, f"{_F}meldingen.instellingen.objections", read=settings.read_list,
        query=frozenset({"voor"})),
    done(_NO, "Bezwaren", "bezwaren", settings.oppose, BezwaarVastgelegd, f"{_F}meldingen.instellingen.oppose",
         read=settings.read_objection, again=settings.objections),
    done(f"{_NO}/{{id}}/einde", "Bezwaren", "bezwaren", settings.end_objection, BezwaarBeeindigd,
         f"{_F}meldingen.instellingen.end_objection"),
)  # fmt: skip
FIGURES: tuple[Page, ...] = (
    row("/gemeente/cijfers", "Cijfers", "cijfers", figures.figures, None, f"{_F}cases.reach.reach", f"{_F}inboxes.streams.streams",
        read=figures.read_month, again=figures.choose, menu="Cijfers", query=frozenset({"van"})),
)  # fmt: skip
_AVG, _ACCESS, _CASES = residents.PATH, f"{_F}oversight.access", f"{_F}cases.finding.of_messages"
RESIDENTS: tuple[Page, ...] = (
    row(_AVG, "Inzage", "inzage", residents.listed, None, f"{_ACCESS}.recent", menu="Inzage"),
    row(f"{_AVG}/{{id}}", "Verzoek om inzage", "inzageverzoek", residents.one, None, f"{_ACCESS}.one", f"{_ASK}.page", _CASES),
    done(f"{_AVG}/{{id}}/bevestiging", "Verzoek om inzage", "inzageverzoek", residents.confirm, InzageBevestigd, f"{_ACCESS}.confirm",
         read=residents.read, again=residents.one),
)  # fmt: skip
PAGES: tuple[Page, ...] = (*WORK, *FILES, *OVERVIEWS, *RESIDENTS, *FIGURES, *SETTINGS)
