"""(1) Parse: a record becomes a `Signaal`, or stops with every error at its pointer. Authority: contract, "the signal".

Strictness is in `schemas.strict`; lawfulness is for `gateway.rules`.
"""

import msgspec

from gateway.core.chain import Inbound, Outcome, Parsed, Stopped
from schemas import strict
from schemas.ontvangst import Bevinding
from schemas.signaal import Signaal
from schemas.types import Kenmerk


def parse(inbound: Inbound) -> Parsed | Stopped:
    """Decode one record; a refused one holds no kenmerk."""
    try:
        signaal = strict.convert(inbound.value, Signaal, inbound.pointer)
    except strict.Refused as refused:
        findings = tuple(Bevinding(code=f.code, oordeel="fout", melding=f.melding, pointer=f.pointer) for f in refused.fouten)
        return Stopped(inbound.nr, Outcome("geweigerd", findings, kenmerk=kenmerk_of(inbound)))
    return Parsed(inbound, signaal, strict.canonical(signaal))


def kenmerk_of(inbound: Inbound) -> str | None:
    """The record's own reference when it is well-formed, so that the sender recognises its refused record."""
    value = inbound.value.get("kenmerk") if isinstance(inbound.value, dict) else None
    try:
        return msgspec.convert(value, Kenmerk)
    except msgspec.ValidationError:
        return None
