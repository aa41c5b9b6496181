"""The checks of the second round: what the municipality that was found has set, and the agreement with it.

Authority: LCV (desk and agreement), Bgs art. 2 (no amount threshold in law), AVG art. 5 lid 1 onder c (optional fields); see the
rows. Whether a purpose row needs an agreement is asked through the context and stands in the purpose register only.
Leaves order and repeats to the listing of committed messages.
"""

from collections.abc import Callable, Iterable

import msgspec

from gateway.core.chain import Routed
from gateway.partners.register import GemeenteInstelling, Register
from gateway.rules.checks import Hit, Hits
from schemas.signaal import Signaal


class Context(msgspec.Struct, frozen=True, gc=False):
    """What the context rules see. `agreement_needed` tells it of a purpose row id."""

    signaal: Signaal
    routed: Routed
    gemeente: GemeenteInstelling | None
    register: Register
    agreement_needed: Callable[[str], bool]


ContextCheck = Callable[[Context], Hits]
_FINE: Hits = ()


def loket_open() -> ContextCheck:
    """The municipality had opened its desk on the day of the signal: that is its request for signals."""

    def check(context: Context) -> Hits:
        g, day = context.gemeente, context.signaal.signaaldatum
        if g is None:
            return (Hit(day),)
        return _FINE if g.loket_open_vanaf <= day else (Hit(day, g.loket_open_vanaf),)

    return check


def overeenkomst() -> ContextCheck:
    """An agreement holds on the day of the signal, where the purpose row asks for one."""

    def check(context: Context) -> Hits:
        if not context.agreement_needed(context.routed.row):
            return _FINE
        s, sender = context.signaal, context.routed.lawful.fresh.parsed.inbound.sender
        held = context.register.has_agreement(sender.principal, context.routed.gemeente, s.sector, s.signaaldatum)
        return _FINE if held else (Hit(s.signaaldatum),)

    return check


def drempel() -> ContextCheck:
    """The amount reaches the municipality's own threshold (euro cents)."""

    def check(context: Context) -> Hits:
        limit = context.gemeente.drempel_cent if context.gemeente else None
        amount = context.signaal.achterstand.bedrag_cent
        return (Hit(amount, limit),) if limit is not None and amount < limit else _FINE

    return check


def velden_doorgegeven(velden: list[str]) -> ContextCheck:
    """The municipality takes the optional fields that were filled."""
    known = frozenset(velden)

    def check(context: Context) -> Hits:
        off = known - context.gemeente.optionele_velden if context.gemeente else _NO_FIELDS
        return _filled(context.signaal, off) if off else _FINE

    return check


_NO_FIELDS: frozenset[str] = frozenset()


def _filled(s: Signaal, off: frozenset[str]) -> Hits:
    hits = [Hit(pointer="/klantnummer")] if "klantnummer" in off and s.klantnummer else []
    if "geboortedatum" in off:
        hits += [Hit(pointer=f"/personen/{n}/geboortedatum") for n, p in enumerate(s.personen) if p.geboortedatum]
    return hits


_ALL: Iterable[Callable[..., ContextCheck]] = (loket_open, overeenkomst, drempel, velden_doorgegeven)
CHECKS: dict[str, Callable[..., ContextCheck]] = {check.__name__: check for check in _ALL}
"""What a row's `toets` may name for the second round."""
