"""(1) Parse: a record becomes a `Signaal`, or stops with its errors, each at its pointer. Authority: contract, "the signal".

A delivery that is wrong all through is told at length for as long as its `Room` lasts; from then on one error a record.

Strictness is in `schemas.strict`; lawfulness is for `gateway.rules`.
"""

from collections.abc import Sequence

import msgspec

from gateway.core.chain import Inbound, Outcome, Parsed, Stopped
from schemas import strict
from schemas.ontvangst import findings
from schemas.signaal import Signaal
from schemas.types import Kenmerk

_SIGNAAL = msgspec.json.Decoder(Signaal)
_EXCESS = strict.Fout("", "KENMERK_DUBBEL", "Dit kenmerk staat vaker dan twee keer in deze aanlevering.")


def parse(inbound: Inbound) -> Parsed | Stopped:
    """Decode one record; a refused one holds no kenmerk."""
    if inbound.refused:
        return Stopped(inbound.nr, Outcome("geweigerd", inbound.refused, kenmerk=kenmerk_of(inbound)))
    if inbound.excess:
        return _refused(inbound, [_EXCESS._replace(pointer=f"{inbound.pointer}/kenmerk")])
    room = inbound.room
    try:
        signaal = _signaal(inbound, strict.FINDINGS if room is None or room.left > 0 else 1)
    except strict.Refused as refused:
        if room is not None:
            room.left -= len(refused.fouten)
        return _refused(inbound, refused.fouten)
    return Parsed(inbound, signaal, strict.canonical(signaal))


def _signaal(inbound: Inbound, most: int) -> Signaal:
    """Raises strict.Refused. The reasons are looked for in the value, so JSON of our own is only taken apart when it is refused."""
    value = inbound.value
    if isinstance(value, msgspec.Raw):
        try:
            return _SIGNAAL.decode(value)
        except msgspec.ValidationError:
            value = msgspec.json.decode(value)
    return strict.convert(value, Signaal, inbound.pointer, most)


def is_well_formed(inbound: Inbound) -> bool:
    """Whether `parse` lets it through; cheap, because it does not look for the reasons."""
    try:
        msgspec.convert(inbound.value, Signaal)
    except msgspec.ValidationError:
        return False
    return True


def _refused(inbound: Inbound, fouten: Sequence[strict.Fout]) -> Stopped:
    return Stopped(inbound.nr, Outcome("geweigerd", findings(fouten), kenmerk=kenmerk_of(inbound)))


def kenmerk_of(inbound: Inbound) -> str | None:
    """The record's own reference when it is well-formed, so that the sender recognises its refused record."""
    record = msgspec.json.decode(inbound.value) if isinstance(inbound.value, msgspec.Raw) else inbound.value
    return kenmerk_in(record.get("kenmerk")) if isinstance(record, dict) else None


def kenmerk_in(value: object) -> str | None:
    """A kenmerk as an answer may show it: what has not its form may be anything, a name too."""
    try:
        return msgspec.convert(value, Kenmerk)
    except msgspec.ValidationError:
        return None
