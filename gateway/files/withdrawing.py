"""Withdrawals in a file: by kenmerk, through the same flow as at the door.

Authority: AVG art. 5(1)(d); contract, files. A withdrawal that came before gives its first answer. Leaves what a withdrawal does to
`gateway.signals.afterwards`.
"""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from gateway.core.chain import Sender, Trace
from gateway.core.errors import Conflict, NotFound
from gateway.files.chunks import Item
from gateway.files.flow import Files, finding
from gateway.signals import afterwards
from schemas import strict
from schemas.elementen import IntrekkingElement
from schemas.ontvangst import Bevinding, Intrekking, findings
from schemas.signaal import IntrekkingAanvraag

Refusal = tuple[Bevinding, ...]
_UNKNOWN = Bevinding(
    code="KENMERK_ONBEKEND", oordeel="fout", melding="Onder dit kenmerk is geen signaal van u aanvaard.", pointer="/kenmerk"
)



def withdraw(files: Files, sender: Sender, trace: Trace, records: Sequence[Item]) -> Iterator[tuple[Item, Intrekking | Refusal]]:
    """Each record with what came of it. Raises Unavailable: part may be done, and may be done again."""
    wishes = [(record, _read(record)) for record in records]
    kenmerken = [wish.kenmerk for _, wish in wishes if isinstance(wish, IntrekkingElement)]
    known = afterwards.named(sender.principal, kenmerken, files.steps) if kenmerken else {}
    for record, wish in wishes:
        yield record, _answer(files, sender, trace, wish, known) if isinstance(wish, IntrekkingElement) else wish


def nothing_to_withdraw(records: Sequence[Item]) -> Iterator[tuple[Item, Refusal]]:
    """Each record with why it withdraws nothing, for somebody of whom nothing was ever accepted."""
    for record in records:
        wish = _read(record)
        yield record, (_UNKNOWN,) if isinstance(wish, IntrekkingElement) else wish


def _read(record: Item) -> IntrekkingElement | Refusal:
    if record.bevindingen:
        return record.bevindingen
    try:
        return strict.convert(record.parsed, IntrekkingElement)
    except strict.Refused as refused:
        return findings(refused.fouten)


def _answer(files: Files, sender: Sender, trace: Trace, wish: IntrekkingElement, known: Mapping[str, UUID]) -> Intrekking | Refusal:
    request = IntrekkingAanvraag(reden=wish.reden)
    try:
        return afterwards.withdraw(sender, trace, known[wish.kenmerk], request, files.steps, files.number)
    except (KeyError, NotFound):
        return (_UNKNOWN,)
    except Conflict as error:
        return (finding(error, "fout"),)
