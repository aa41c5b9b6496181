"""What the canned partners do, as tables: an integrator chooses by the surname of a synthetic person, or by a customer number.

`docs/zandbak.md` shows the same tables (a test compares them). Names and numbers are invented and of the sandbox only. Leaves doing it to
`desk` (a municipality) and `creditors` (who delivers and answers).
"""

from collections.abc import Callable
from datetime import date
from typing import Final, Literal, NamedTuple

from adapters.client.gemeente import Afwijsreden, Gemeente
from adapters.client.inbox import Item
from schemas.codelijsten import Eindresultaat
from schemas.ontvangst import Signaalstatus
from schemas.regelingen import Akkoord, Bevestigd, Geweigerd, Regelingantwoord, Regelingsoort, Toelichting, Weigering, Weigerreden
from schemas.schuldenoverzicht import GeenMedewerking, KlantOnbekend, Saldoantwoord, Saldostaat, Schuldvordering, Vorderingen
from schemas.signaal import Crisis
from schemas.terugkoppeling import Onterechtgrond, TerugkoppelAanvraag, Terugkoppelcode
from schemas.zaken import Resultaat, ZaakAanvraag

LEASE_SECONDS: Final = 3
"""How long the municipality holds what it lets expire."""
Do = Callable[[Gemeente, Item, date], None]


class Behandeling(NamedTuple):
    """A person by surname; what a municipality does; the status that the creditor then sees; what it is told, at once or on Monday.

    `opnieuw`: it comes back when the lease has ended, and is processed then.
    """

    achternaam: str
    doet: str
    status: Signaalstatus
    handeling: Do
    terugkoppeling: Terugkoppelcode | None = None
    vrijgave: Literal["direct", "maandag"] = "direct"
    opnieuw: bool = False


class Beantwoording(NamedTuple):
    """A customer number; what the creditor does; the state of a balance request then; its answers. No answer: it stays silent."""

    klantnummer: str
    doet: str
    staat: Saldostaat
    antwoord: Saldoantwoord | None = None
    pauze: Regelingantwoord | None = None
    voorstel: Regelingantwoord | None = None
    laat: bool = False

    def to(self, soort: Regelingsoort | None) -> Saldoantwoord | Regelingantwoord | None:
        """The answer to a message of this kind (None: to a balance request)."""
        return self.antwoord if soort is None else self.voorstel if soort == "betaalvoorstel" else self.pauze


class Aanbod(NamedTuple):
    """A signal that lies in the integrator's inbox; `schuldeisers`: how many send it. `terug`: withdrawn as soon as it was claimed."""

    achternaam: str
    doet: str
    schuldeisers: int = 1
    crisis: Crisis | None = None
    terug: bool = False


def _process(_desk: Gemeente, item: Item, _today: date) -> None:
    item.processed(_case_number(item))


def _receive(_desk: Gemeente, item: Item, _today: date) -> None:
    item.received()


def _hold(_desk: Gemeente, item: Item, _today: date) -> None:
    item.keep()


def _let_expire(desk: Gemeente, item: Item, _today: date) -> None:
    desk.extend(item.claim, LEASE_SECONDS)
    item.keep()


def _leave(_desk: Gemeente, _item: Item, _today: date) -> None:
    """Nothing: it goes back to the inbox."""


def _reject(reden: Afwijsreden) -> Do:
    return lambda _desk, item, _today: _drop(item.rejected(reden))


def _tell(*codes: Terugkoppelcode, grond: Onterechtgrond | None = None) -> Do:
    def do(desk: Gemeente, item: Item, today: date) -> None:
        _process(desk, item, today)
        for code in codes:
            desk.tell(TerugkoppelAanvraag(berichten=[item.bericht.id], code=code, grond=grond))

    return do


def _conclude(resultaat: Eindresultaat) -> Do:
    def do(desk: Gemeente, item: Item, today: date) -> None:
        item.processed(_case_number(item))
        zaak = desk.open_case(ZaakAanvraag(zaaknummer=_case_number(item), berichten=[item.bericht.id]))
        desk.result(zaak.id, Resultaat(resultaat=resultaat, datum=today))

    return do


def _case_number(item: Item) -> str:
    return f"ZANDBAK-{item.bericht.id.hex[-8:]}"  # nine digits could pass for a BSN


def _drop(_done: object) -> None:
    """What an action answered is of no use here."""


BEHANDELINGEN: Final = (
    Behandeling("Proefverwerkt", "haalt op en neemt in een zaak (ook elke andere naam)", "verwerkt", _process),
    Behandeling("Proefontvangen", "haalt op en bevestigt alleen de ontvangst", "ontvangen", _receive),
    Behandeling("Proefbezet", "claimt en houdt vast, een dag lang", "geclaimd", _hold),
    Behandeling(
        "Proefverlopen", f"claimt, laat de lease na {LEASE_SECONDS} seconden verlopen, en haalt het daarna opnieuw op", "verwerkt",
        _let_expire, opnieuw=True,
    ),
    Behandeling("Proefliggen", "bekijkt en geeft vrij", "bezorgd", _leave),
    Behandeling("Proefonleesbaar", "wijst af: onleesbaar", "afgewezen", _reject("onleesbaar"), "niet_opgepakt", "maandag"),
    Behandeling("Proefverhuisd", "wijst af: geen inwoner", "afgewezen", _reject("geen_inwoner"), "geen_inwoner", "maandag"),
    Behandeling("Proefherhaald", "wijst af: herhaalde melding", "afgewezen", _reject("herhaalde_melding"), "herhaalde_melding"),
    Behandeling(
        "Proefonterecht", "neemt in een zaak en meldt: onterecht, een rechtspersoon", "verwerkt",
        _tell("onterecht_signaal", grond="rechtspersoon"), "onterecht_signaal",
    ),
    Behandeling("Proefoverleden", "sluit de zaak: overleden", "verwerkt", _conclude("overleden"), "overleden"),
    Behandeling(
        "Proeftraject", "neemt in een zaak en meldt: schuldhulpverlening loopt", "verwerkt",
        _tell("schuldhulpverlening_loopt"), "schuldhulpverlening_loopt",
    ),
    Behandeling(
        "Proefbeeindigd", "neemt in een zaak en meldt: schuldhulpverlening loopt, en daarna: beëindigd", "verwerkt",
        _tell("schuldhulpverlening_loopt", "schuldhulpverlening_beeindigd"), "schuldhulpverlening_beeindigd",
    ),
    Behandeling(
        "Proefgeholpen", "neemt in een zaak en meldt: hulp geaccepteerd, met pauzeTot", "verwerkt",
        _tell("hulp_geaccepteerd"), "hulp_geaccepteerd",
    ),
    Behandeling(
        "Proefafgerond", "sluit de zaak: geen hulp nodig", "verwerkt", _conclude("geen_hulp_nodig"), "afgerond_zonder_detail", "maandag"
    ),
)  # fmt: skip


def _owed(today: date) -> Vorderingen:
    claim = Schuldvordering(
        soort="openstaand", kenmerk="ZANDBAK-1", hoofdsom_cent=64_218, rente_cent=1_102, kosten_cent=4_840, betaald_cent=5_000,
        saldo_cent=65_160,
    )  # fmt: skip
    return Vorderingen(peildatum=today, vorderingen=[claim])


_UNWILLING: Final = GeenMedewerking(reden="geen_samenwerking")


def _refusal(reden: Weigerreden, toelichting: Toelichting) -> Geweigerd:
    return Geweigerd(redenen=[Weigering(reden=reden, toelichting=toelichting)])


def beantwoordingen(today: date) -> tuple[Beantwoording, ...]:
    """What the canned creditors answer; a customer number that is not here gets the first."""
    return (
        Beantwoording(
            "PROEF-DIRECT", "antwoordt meteen met een vordering (ook elk ander nummer)", "beantwoord", _owed(today), Bevestigd(), Akkoord()
        ),
        Beantwoording("PROEF-LAAT", "antwoordt later met een vordering", "beantwoord", _owed(today), Bevestigd(), Akkoord(), laat=True),
        Beantwoording(
            "PROEF-WEIGERT", "werkt niet mee: geen samenwerking", "geen_medewerking",
            _UNWILLING, _UNWILLING, _refusal("aanbod_te_laag", "afloscapaciteit_hoger"),
        ),
        Beantwoording(
            "PROEF-ONBEKEND", "kent deze klant niet", "klant_onbekend",
            KlantOnbekend(), KlantOnbekend(), _refusal("vordering_onjuist", "vordering_ontbreekt"),
        ),
        Beantwoording("PROEF-ZWIJGT", "antwoordt nooit; de termijn verloopt", "open"),
    )  # fmt: skip


AANBOD: Final = (
    Aanbod("Proefgewoon", "één signaal"),
    Aanbod("Proefsamen", "twee schuldeisers over hetzelfde adres: meervoudig", schuldeisers=2),
    Aanbod("Proefcrisis", "crisis: ontruiming aangekondigd, dus voorrang", crisis=Crisis(soort="ontruiming")),
    Aanbod("Proefterug", "wordt ingetrokken zodra u het claimt: ingetrokkenOp", terug=True),
)
