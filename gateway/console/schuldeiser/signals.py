"""A signal after its delivery: where it stands, withdrawing it, and the proof for a court.

Somebody finds his signal by its kenmerk, which comes in a form: a creditor's own numbers stand in no address. Authority: AVG art. 5(1)(d)
and rule VS-25 (withdrawal); contract, "ontvangstbewijs" (proof). Leaves what a creditor may know of it to `gateway.signals.afterwards`.
"""

from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from gateway.console import forms
from gateway.console.forms import Fields
from gateway.console.pages import Context, Desks, File, Go, Page, Visit
from gateway.core.errors import Invalid
from gateway.privacylog.messages import SignaalIngetrokken
from gateway.signals import afterwards, proof
from schemas.bewijs import Bewijs
from schemas.ontvangst import Bevinding
from schemas.signaal import IntrekkingAanvraag
from schemas.types import Kenmerk, Wire

PATH = "/schuldeiser/signalen"
_UNKNOWN = "Dit kenmerk is niet bekend. Alleen signalen die bezorgd zijn, zijn hier te vinden."


class Kenmerkvraag(Wire, frozen=True, kw_only=True):
    """Which signal."""

    kenmerk: Kenmerk


def ask(_desks: Desks, _visit: Visit) -> Context:
    """The form."""
    return {}


def read_kenmerk(fields: Fields) -> Kenmerkvraag:
    """A kenmerk; one of a registered number format may look like a BSN, and it is only looked for."""
    return forms.wire(forms.filled(fields, "kenmerk"), Kenmerkvraag, frozenset({"kenmerk"}))


def find(desks: Desks, visit: Visit) -> Go:
    """On to the signal. Raises Invalid: this creditor has none of that name."""
    kenmerk = visit.form.kenmerk
    found = afterwards.named(visit.caller.principal, [kenmerk], desks.schuldeiser.steps)
    if kenmerk not in found:
        fout = Bevinding(code="KENMERK_ONBEKEND", oordeel="fout", melding=_UNKNOWN, pointer="/kenmerk")
        raise Invalid(fout.code, fout.melding, errors=[fout])
    return Go(f"{PATH}/{found[kenmerk]}")


def one(desks: Desks, visit: Visit) -> Context:
    """Where it stands."""
    stand = afterwards.state(visit.caller.principal, visit.key, desks.schuldeiser.steps)
    return {"stand": stand, "gemeente": desks.schuldeiser.name_of(stand.gemeente)}


def read_withdrawal(fields: Fields) -> IntrekkingAanvraag:
    """Why it no longer holds."""
    return forms.wire(forms.filled(fields, "reden"), IntrekkingAanvraag)


def withdraw(desks: Desks, visit: Visit) -> Go:
    """Withdraw it."""
    desk = desks.schuldeiser
    afterwards.withdraw(visit.caller, visit.trace, visit.key, visit.form, desk.steps, desk.notary.number)
    return Go(f"{PATH}/{visit.key}", "signaal_ingetrokken")


def prove(desks: Desks, visit: Visit) -> Context:
    """The proof as a page to print."""
    found = _proof(desks, visit.caller.principal, visit.key)
    return {"bewijs": found, "machine": _machine(found)}


def keep(desks: Desks, visit: Visit) -> File:
    """The proof as a file."""
    found = _proof(desks, visit.caller.principal, visit.key)
    return File(f"bewijs-{found.kenmerk.replace('/', '-')}.json", "application/json", _machine(found).encode())


def _proof(desks: Desks, principal: str, id: UUID) -> Bewijs:
    with desks.schuldeiser.turns.turn():
        return proof.prove(principal, id, desks.schuldeiser.steps, desks.schuldeiser.notary)


def _machine(found: Bewijs) -> str:
    return msgspec.json.format(msgspec.json.encode(found), indent=1).decode()


_page = partial(Page, rol="schuldeiser", leaves=None)
_ONE: dict[str, Any] = {"titel": "Eén signaal van u", "template": "schuldeiser/stand.html"}
PAGES: tuple[Page, ...] = (
    _page(
        method="GET",
        path=PATH,
        titel="Uw signalen",
        template="schuldeiser/signalen.html",
        handler=ask,
        flow=(),
        menu="Uw signalen",
    ),
    _page(
        method="POST",
        path=PATH,
        titel="Uw signalen",
        template="schuldeiser/signalen.html",
        handler=find,
        flow=("gateway.signals.afterwards.named",),
        read=read_kenmerk,
    ),
    _page(method="GET", path=f"{PATH}/{{id}}", handler=one, flow=("gateway.signals.afterwards.state",), **_ONE),
    _page(
        method="POST",
        path=f"{PATH}/{{id}}/intrekking",
        handler=withdraw,
        flow=("gateway.signals.afterwards.withdraw",),
        read=read_withdrawal,
        again=one,
        **{**_ONE, "leaves": SignaalIngetrokken},
    ),
    _page(
        method="GET",
        path=f"{PATH}/{{id}}/bewijs",
        titel="Bewijs van bezorging",
        template="schuldeiser/bewijs.html",
        handler=prove,
        flow=("gateway.signals.proof.prove",),
    ),
    _page(
        method="GET",
        path=f"{PATH}/{{id}}/bewijs/bestand",
        titel="Bewijs van bezorging",
        template="schuldeiser/bewijs.html",
        handler=keep,
        flow=("gateway.signals.proof.prove",),
    ),
)
