"""The resident's extract as a page to hand over: plain Dutch (B1), addressed to the resident, without amounts and without a name.

Authority: AVG art. 12 lid 1 (plain language) and art. 15; `docs/contract.md`, "The resident's extract". Leaves what is in it to
`gateway.overviews.extract` and form to `schemas.paper`.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from schemas import paper
from schemas.paper import on
from schemas.regelingen import Partijstaat, Regelingsoort
from schemas.schuldenoverzicht import Machtigingsoort, Overzichtgrond, Saldostaat
from schemas.uittreksel import Intrekreden, Inzageregel, Inzagesoort, Uittreksel, Uittrekselbericht, Uittrekselpartij, Uittrekselvraag

_WHY: Final[dict[Overzichtgrond, str]] = {
    "aanvraag": "U hebt hulp gevraagd bij uw schulden. De gemeente moet weten welke schulden u hebt om daarover te beslissen.",
    "plan_van_aanpak": "U krijgt hulp bij uw schulden. De gemeente moet weten welke schulden u hebt om een plan met u te maken.",
}
_DOCUMENTS: Final[dict[Machtigingsoort, str]] = {
    "toestemmingsverklaring": "U hebt daarvoor toestemming gegeven",
    "beschikking": "Dat mag door een beslissing van de rechter",
}
_STATES: Final[dict[Saldostaat, str]] = {
    "open": "Nog geen antwoord",
    "beantwoord": "Heeft schulden doorgegeven",
    "klant_onbekend": "Kent u niet als klant",
    "geen_medewerking": "Wil niet meewerken",
    "verlopen": "Heeft niet op tijd geantwoord",
    "ingetrokken": "De vraag is gestopt",
}
_LOOKS: Final[dict[Inzagesoort, str]] = {
    "vraag_gelezen": "Las de vraag, met uw naam en adres",
    "antwoorden_opgehaald": "Haalde de antwoorden op",
    "overzicht_gemaakt": "Maakte een overzicht van de antwoorden",
    "bericht_klaargezet": "Kreeg een bericht in de postbus, met uw naam en adres",
    "bericht_gelezen": "Las een bericht, met uw naam en adres",
    "reacties_opgehaald": "Haalde de reacties op",
}
_MESSAGES: Final[dict[Regelingsoort, str]] = {
    "kennisgeving": "Een vraag om te wachten",
    "betaalvoorstel": "Een voorstel om te betalen",
    "afkoelingsperiode": "Een besluit van de rechter: u krijgt rust",
}
_REPLIES: Final[dict[Partijstaat, str]] = {
    "open": "Nog geen antwoord",
    "bevestigd": "Heeft het bevestigd",
    "klant_onbekend": "Kent u niet als klant",
    "geen_medewerking": "Wil niet meewerken",
    "akkoord": "Gaat akkoord",
    "akkoord_vooraf": "Ging vooraf al akkoord",
    "geweigerd": "Gaat niet akkoord",
    "geen_reactie": "Heeft niet op tijd geantwoord",
    "ingetrokken": "Het bericht is gestopt",
}
_REASONS: Final[dict[Intrekreden, str]] = {
    "toestemming_ingetrokken": "U hebt uw toestemming ingetrokken.",
    "traject_beeindigd": "De hulp is gestopt.",
    "onterecht": "De vraag was niet terecht.",
}
_STOPS: Final = {
    True: "U kunt uw toestemming altijd intrekken. Zeg dat tegen uw gemeente. Dan stopt de vraag.",
    False: "Zeg dat tegen uw gemeente. U kunt bezwaar maken. De gemeente kan de vraag stoppen.",
}
"""By whether it rests on consent (AVG art. 7 lid 3) or not (AVG art. 21)."""
_AFTER: Final = "Iedereen die de vraag kreeg, hoort dat. Uw gemeente kan u dan misschien minder goed helpen."


def page(uittreksel: Uittreksel, day: date) -> str:
    """The document, made on a day."""
    return paper.document(
        "Wat wij over uw schulden hebben gevraagd",
        *_opening(uittreksel, day),
        paper.heading("Aan wie is iets gevraagd?"),
        paper.paragraph("Elke organisatie kreeg een eigen vraag. Zij ziet niet aan wie wij het nog meer vroegen."),
        paper.table("Vragen en antwoorden", ["Organisatie", "Gevraagd op", "Met BSN", "Wat kwam er terug", "Wanneer"], _asked(uittreksel)),
        *_messages(uittreksel),
        paper.heading("Wie heeft iets gelezen?"),
        paper.table("Wie las wat, en wanneer", ["Organisatie", "Wat", "Hoe vaak", "Wanneer"], map(_looked, uittreksel.inzage))
        or paper.paragraph("Niemand heeft iets gelezen."),
        *_rights(uittreksel),
    )


def _opening(uittreksel: Uittreksel, day: date) -> Iterator[str]:
    gemeente = uittreksel.gemeentenaam or uittreksel.gemeente
    yield paper.paragraph(f"Dit overzicht is voor u. Het is gemaakt op {on(day)}. Uw zaak heeft nummer {uittreksel.zaaknummer}.")
    yield paper.heading("Wie vroeg het, en waarom?")
    yield paper.paragraph(f"{_WHY[uittreksel.grond]} Daarom is op {on(uittreksel.gevraagd_op)} gevraagd wat u nog moet betalen.")
    yield paper.paragraph(f"De vraag is van de gemeente {gemeente}. {_name(uittreksel.gevraagd_door)} stuurde de vraag.")
    if uittreksel.machtiging:
        since = f" ({on(uittreksel.machtiging_datum)})" if uittreksel.machtiging_datum else ""
        yield paper.paragraph(f"{_DOCUMENTS[uittreksel.machtiging]}{since}.")
    yield paper.paragraph(f"De regels staan in de wet: {uittreksel.grondslag}.")
    if uittreksel.ingetrokken_op:
        reason = f" {_REASONS[uittreksel.reden_intrekking]}" if uittreksel.reden_intrekking else ""
        yield paper.paragraph(
            f"Op {on(uittreksel.ingetrokken_op)} is de vraag gestopt.{reason} Wat wij hadden van de vraag en de antwoorden, is vernietigd."
        )


def _asked(uittreksel: Uittreksel) -> Iterator[Sequence[str]]:
    for vraag in uittreksel.vragen:
        with_bsn = "ja" if vraag.met_bsn else "nee"
        yield _name(vraag.schuldeiser), on(vraag.gevraagd_op), with_bsn, _STATES[vraag.staat], "; ".join(_when(vraag))


def _messages(uittreksel: Uittreksel) -> Iterator[str]:
    if uittreksel.berichten:
        yield paper.heading("Welke berichten zijn er gestuurd?")
        yield paper.paragraph("In dezelfde zaak kregen deze organisaties een bericht.")
        columns = ["Organisatie", "Bericht", "Gestuurd op", "Tot en met", "Wat kwam er terug", "Wanneer"]
        rows = (
            (_name(one.schuldeiser), _MESSAGES[one.soort], on(one.verstuurd_op), on(one.einde), _REPLIES[one.staat], "; ".join(_when(one)))
            for one in uittreksel.berichten
        )
        yield paper.table("Berichten en antwoorden", columns, rows)


def _when(vraag: Uittrekselvraag | Uittrekselbericht) -> Iterator[str]:
    if vraag.herinnerd_op:
        yield f"herinnerd op {on(vraag.herinnerd_op)}"
    if vraag.beantwoord_op:
        yield f"antwoord op {on(vraag.beantwoord_op)}"
    if vraag.ingetrokken_op:
        yield f"gestopt op {on(vraag.ingetrokken_op)}"


def _looked(line: Inzageregel) -> Sequence[str]:
    name = _name(line.organisatie) + (f", voor {_name(line.namens)}" if line.namens else "")
    when = on(line.eerst_op) if line.eerst_op == line.laatst_op else f"{on(line.eerst_op)} tot en met {on(line.laatst_op)}"
    return name, _LOOKS[line.wat], "1 keer" if line.aantal == 1 else f"{line.aantal} keer", when


def _rights(uittreksel: Uittreksel) -> Iterator[str]:
    yield paper.heading("Wat kunt u doen?")
    yield paper.paragraph("Klopt er iets niet? Of wilt u meer weten? Vraag het aan uw gemeente.")
    if uittreksel.ingetrokken_op is None:
        yield paper.paragraph(f"Wilt u niet meer dat dit gebeurt? {_STOPS[uittreksel.machtiging == 'toestemmingsverklaring']} {_AFTER}")


def _name(found: Uittrekselpartij) -> str:
    return found.naam or found.oin
