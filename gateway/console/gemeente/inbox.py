"""The inbox on a screen: what waits by basket, the list, and taking messages, which is a disclosure with a purpose.

Lists are pseudonymous. Whoever takes messages gets the oldest of a basket, as a case system does: nobody picks a person from a list.
Authority: contract, `/gemeente/v1` (inbox); decision 0009. Leaves what may be opened to the purpose register.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from gateway.cases import casework
from gateway.console import forms
from gateway.console.forms import Fields
from gateway.console.opened import Opened, opened
from gateway.console.pages import Context, Desks, Visit
from gateway.core.errors import Conflict, Invalid
from gateway.inboxes import claiming, openings, reading, settings, terms
from gateway.mailbox.states import FINAL
from schemas.inbox import Bericht, Berichtstaat, ClaimAanvraag, Zaaknummer
from schemas.instellingen import Standaardwerkbak, Werkbakken
from schemas.ontvangst import Bevinding
from schemas.signaal import Soort
from schemas.termijnen import Termijnstand
from schemas.types import Sector, Wire
from schemas.zaken import Zaak, ZaakAanvraag

PAGE, MOST, AT_ONCE = 50, 500, 25
LEASE = 8 * 3600
"""A working day: whoever took messages and went home gives them back by himself."""


class Wachtend(NamedTuple):
    """How much waits in a basket."""

    werkbak: Standaardwerkbak
    aantal: int
    crisis: int
    oudste: Bericht | None


class Lijstvraag(Wire, frozen=True, kw_only=True):
    """The query of the list; `na`: the number to go on from."""

    na: int = 0
    soort: Soort | None = None
    sector: Sector | None = None
    staat: Berichtstaat | None = None
    werkbak: str | None = None


class Neemvraag(Wire, frozen=True, kw_only=True):
    """The form that takes messages. `zaaknummer`: open a case over it at once, for one message only."""

    doel: str
    maximum: int
    werkbak: str | None = None
    zaaknummer: Zaaknummer | None = None


class Termijnvraag(Wire, frozen=True, kw_only=True):
    """The query of the list of terms."""

    na: int = 0
    stand: Termijnstand | None = None


def start(desks: Desks, visit: Visit) -> Context:
    """What waits, by basket; and what is in hand."""
    desk, gemeente = desks.gemeente.inbox, visit.gemeente
    waiting = reading.page(gemeente, desk, after=0, limit=MOST, staat="bezorgd").berichten
    held = reading.page(gemeente, desk, after=0, limit=MOST, staat="geclaimd").berichten
    baskets = [_waiting(bak, [b for b in waiting if b.werkbak == bak.code]) for bak in baskets_of(desks, visit)]
    return {"werkbakken": baskets, "wachtend": len(waiting), "vast": len(held), "grens": MOST, "crises": sum(bak.crisis for bak in baskets)}


def read_list(fields: Fields) -> Lijstvraag:
    """The filters of the list."""
    given = forms.filled(fields, "soort", "sector", "staat", "werkbak")
    return forms.wire({**given, **_after(fields)}, Lijstvraag)


def listed(desks: Desks, visit: Visit) -> Context:
    """A page of the inbox, without person data; what is over can be read no more, so nothing leads to it."""
    asked: Lijstvraag = visit.form
    found = reading.page(
        visit.gemeente, desks.gemeente.inbox, after=asked.na, limit=PAGE, soort=asked.soort, sector=asked.sector, staat=asked.staat,
        werkbak=asked.werkbak,
    )  # fmt: skip
    last = asked.werkbak is None and len(found.berichten) < PAGE  # with a basket a page may be empty though there is more
    further = int(found.volgende) if int(found.volgende) > asked.na and not last else None
    return {"berichten": found.berichten, "voorbij": FINAL, "volgende": further, "werkbakken": baskets_of(desks, visit)}


def choose(desks: Desks, visit: Visit) -> Context:
    """The form that takes messages."""
    return {"doelen": desks.gemeente.purposes(visit.day), "werkbakken": baskets_of(desks, visit), "meest": AT_ONCE}


def read_take(fields: Fields) -> Neemvraag:
    """For which purpose, how many, from which basket, in which case."""
    value: dict[str, Any] = {"maximum": 1, **forms.filled(fields, "doel", "werkbak", "zaaknummer")}
    if fields.get("maximum"):
        value["maximum"] = forms.whole(fields["maximum"])
    asked = forms.wire(value, Neemvraag)
    require_between("maximum", asked.maximum, AT_ONCE)
    if asked.zaaknummer and asked.maximum != 1:
        raise _at("zaaknummer", "Een zaaknummer kan alleen bij één bericht. Open anders de zaken één voor één.")
    return asked


def take(desks: Desks, visit: Visit) -> Context:
    """Take the oldest of a basket: person data is disclosed here and now."""
    asked: Neemvraag = visit.form
    request = forms.wire(
        {"doel": asked.doel, "maximum": asked.maximum, "leaseSeconden": LEASE, "wijze": "bemand", **_basket(asked)}, ClaimAanvraag
    )
    openings.require_room(visit.caller, visit.gemeente, asked.maximum, desks.gemeente.inbox)
    claim = claiming.claim(*visit.called, request, desks.gemeente.inbox)
    taken = clear(desks, visit, claim.berichten)
    return {**choose(desks, visit), "claim": claim, "genomen": taken, **_case(desks, visit, asked, [b.id for b in claim.berichten])}


def clear(desks: Desks, visit: Visit, berichten: Sequence[Bericht]) -> list[tuple[Bericht, Opened]]:
    """What was disclosed of messages, opened and counted. Raises TooMany."""
    openings.note(visit.caller, visit.gemeente, berichten, desks.gemeente.inbox)
    return [(bericht, opened(bericht.id, bericht.persoonsgegevens, bericht.sleutels)) for bericht in berichten]


def require_between(field: str, number: int, most: int) -> None:
    """Raises Invalid: not one at least and `most` at most."""
    if not 1 <= number <= most:
        raise _at(field, f"Neem er hoogstens {most} tegelijk, en minstens één.")


def read_terms(fields: Fields) -> Termijnvraag:
    """The filters of the terms."""
    return forms.wire({**forms.filled(fields, "stand"), **_after(fields)}, Termijnvraag)


def clocks(desks: Desks, visit: Visit) -> Context:
    """Running and overdue terms, without person data."""
    asked: Termijnvraag = visit.form
    found = terms.page(visit.gemeente, desks.gemeente.inbox, after=asked.na, limit=MOST, stand=asked.stand)
    return {"termijnen": found.termijnen, "volgende": int(found.volgende) if int(found.volgende) > asked.na else None}


def _case(desks: Desks, visit: Visit, asked: Neemvraag, berichten: list[UUID]) -> dict[str, Any]:
    """The case over what was taken, when one was named; a number in use does not undo the taking, and is said."""
    zaak: Zaak | None = None
    if not asked.zaaknummer or not berichten:
        return {"zaak": zaak}
    try:
        request = ZaakAanvraag(zaaknummer=asked.zaaknummer, berichten=berichten)
        zaak, _ = casework.open_case(*visit.called, request, desks.gemeente.cases)
    except Conflict as error:
        return {"zaak": zaak, "fouten": [("zaaknummer", error.detail)]}
    return {"zaak": zaak}


def _waiting(bak: Standaardwerkbak, berichten: list[Bericht]) -> Wachtend:
    return Wachtend(bak, len(berichten), sum(1 for b in berichten if b.crisis), berichten[0] if berichten else None)


def baskets_of(desks: Desks, visit: Visit) -> list[Standaardwerkbak]:
    """The baskets that hold, in their order."""
    stand = settings.read(desks.gemeente.place(visit.gemeente), Werkbakken, desks.gemeente.inbox)
    setting: Werkbakken = stand.instelling  # type: ignore[attr-defined]  # the stand of its kind
    return setting.all()


def _basket(asked: Neemvraag) -> dict[str, str]:
    return {"werkbak": asked.werkbak} if asked.werkbak else {}


def _after(fields: Fields) -> dict[str, Any]:
    return {"na": forms.whole(fields["na"])} if fields.get("na") else {}


def _at(field: str, melding: str) -> Invalid:
    finding = Bevinding(code="WAARDE_ONGELDIG", oordeel="fout", melding=melding, pointer=f"/{field}")
    return Invalid("WAARDE_ONGELDIG", melding, errors=[finding])

