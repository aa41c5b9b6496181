"""The checks of the second round: what the municipality that was found has set or agreed, and what came before on the contract.

Authority: LCV (desk and agreement), Bgs art. 2 (no amount threshold in law), Wgs art. 10 (designated municipalities), AVG art. 5
lid 1 onder c (optional fields); see the rows. Whether a purpose row needs an agreement is asked through the context and stands in
the purpose register only. The norm for contact counts what a creditor did in dated facts; a declaration is left alone here and
its share shown in the report. Leaves repeats to the listing of committed messages.
"""

from collections.abc import Callable, Iterable
from datetime import date

import msgspec

from gateway.core.chain import Routed
from gateway.partners.register import GemeenteInstelling, Register
from gateway.rules.checks import FINE, HIT, Hit, Hits
from schemas.signaal import Signaal


class Context(msgspec.Struct, frozen=True, gc=False):
    """What the context rules see.

    `agreement_needed` tells it of a purpose row id; `earlier`: an early signal of this creditor on this contract came before;
    `efforts` is what `efforts` finds.
    """

    signaal: Signaal
    routed: Routed
    gemeente: GemeenteInstelling | None
    register: Register
    agreement_needed: Callable[[str], bool]
    earlier: bool
    efforts: list[tuple[date, str]] | None


Contracts = frozenset[tuple[str, bytes]]
"""Municipality and contract pseudonym."""
NO_CONTRACTS: Contracts = frozenset()
ContextCheck = Callable[[Context], Hits]


def loket_open() -> ContextCheck:
    """The municipality had opened its desk on the day of the signal: that is its request for signals."""

    def check(context: Context) -> Hits:
        g, day = context.gemeente, context.signaal.signaaldatum
        if g is None:
            return (Hit(day),)
        return FINE if g.loket_open_vanaf <= day else (Hit(day, g.loket_open_vanaf),)

    return check


def overeenkomst() -> ContextCheck:
    """An agreement holds on the day of the signal, where the purpose row asks for one."""

    def check(context: Context) -> Hits:
        if not context.agreement_needed(context.routed.row):
            return FINE
        s, sender = context.signaal, context.routed.lawful.fresh.parsed.inbound.sender
        held = context.register.has_agreement(sender.principal, context.routed.gemeente, s.sector, s.signaaldatum)
        return FINE if held else (Hit(s.signaaldatum),)

    return check


def drempel() -> ContextCheck:
    """The amount reaches the municipality's own threshold (euro cents)."""

    def check(context: Context) -> Hits:
        limit = context.register.threshold(context.routed.gemeente, context.signaal.sector)
        amount = context.signaal.achterstand.bedrag_cent
        return (Hit(amount, limit),) if limit is not None and amount < limit else FINE

    return check


def velden_doorgegeven(velden: list[str]) -> ContextCheck:
    """The municipality takes the optional fields that were filled."""
    known = frozenset(velden)

    def check(context: Context) -> Hits:
        off = known - context.register.optional_fields(context.routed.gemeente) if context.gemeente else _NO_FIELDS
        return _filled(context.signaal, off) if off else FINE

    return check


def experimentgemeente(gemeenten: list[str]) -> ContextCheck:
    """The municipality is designated for the experiment."""
    designated = frozenset(gemeenten)
    return lambda context: FINE if context.routed.gemeente in designated else HIT


def eerder_signaal() -> ContextCheck:
    """An early signal came before on the same contract."""
    return lambda context: FINE if context.earlier else HIT


def norm_pogingen(minimum: int) -> ContextCheck:
    """That many efforts of the creditor's for contact, written reminders included."""

    def check(context: Context) -> Hits:
        found = context.efforts
        return FINE if found is None or len(found) >= minimum else (Hit(len(found), minimum),)

    return check


def norm_kanalen(minimum: int) -> ContextCheck:
    """Through that many different channels; a reminder is a letter."""

    def check(context: Context) -> Hits:
        found = context.efforts
        if found is None:
            return FINE
        channels = len({channel for _, channel in found})
        return FINE if channels >= minimum else (Hit(channels, minimum),)

    return check


def norm_tijd(dagen: int) -> ContextCheck:
    """The first effort lies that many days or more before the signal."""

    def check(context: Context) -> Hits:
        found = context.efforts
        if not found:
            return FINE  # no effort at all is for the number of efforts
        days = (context.signaal.signaaldatum - min(found)[0]).days
        return FINE if days >= dagen else (Hit(days, dagen),)

    return check


def norm_voor_kosten() -> ContextCheck:
    """No costs are charged before the first effort for contact."""

    def check(context: Context) -> Hits:
        charged, found = context.signaal.inspanning.kosten_in_rekening_op, context.efforts
        if charged is None or found is None or (found and min(found)[0] < charged):
            return FINE
        return (Hit(min(found)[0] if found else None, charged),)

    return check


def efforts(s: Signaal) -> list[tuple[date, str]] | None:
    """Day and channel of what the creditor did on or before the day of the signal, a reminder as a letter; None for a declaration."""
    i, day = s.inspanning, s.signaaldatum
    if i.wijze == "verklaring":
        return None
    found: list[tuple[date, str]] = [(c.datum, c.kanaal) for c in i.contacten or () if c.initiatief == "schuldeiser" and c.datum <= day]
    found += [(sent, "brief") for sent in i.herinneringen or () if sent <= day]
    return found


_NO_FIELDS: frozenset[str] = frozenset()


def _filled(s: Signaal, off: frozenset[str]) -> Hits:
    hits = [Hit(pointer="/klantnummer")] if "klantnummer" in off and s.klantnummer else []
    if "geboortedatum" in off:
        hits += [Hit(pointer=f"/personen/{n}/geboortedatum") for n, p in enumerate(s.personen) if p.geboortedatum]
    return hits


_ALL: Iterable[Callable[..., ContextCheck]] = (
    loket_open, overeenkomst, drempel, velden_doorgegeven, experimentgemeente, eerder_signaal, norm_pogingen, norm_kanalen, norm_tijd,
    norm_voor_kosten,
)  # fmt: skip
CHECKS: dict[str, Callable[..., ContextCheck]] = {check.__name__: check for check in _ALL}
"""What a row's `toets` may name for the second round."""
