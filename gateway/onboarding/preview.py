"""How a mapping profile would read some lines of an own file: the canonical records, and what is wrong with each. Nothing is kept or sent.

For the console, the integrator's door and `seinhuis profiel`. Authority: `docs/profielen.md`. Rules are judged only at delivery; this says
what is wrong with the form. Leaves reading to `adapters.formats`.
"""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice

from adapters.formats import profile, reading
from adapters.formats.evidence import called
from adapters.formats.mapping import Mapping
from adapters.formats.profilechecks import columns
from schemas import strict
from schemas.bestand import Kop, Onleesbaar, Record
from schemas.elementen import IntrekkingElement
from schemas.ontvangst import Bevinding
from schemas.profiel import Profiel
from schemas.profielproef import ProefAanvraag, Proefrecord, Proefuitkomst
from schemas.signaal import Signaal

MOST = 20


def preview(request: ProefAanvraag) -> Proefuitkomst:
    """The first records of an example, and whether there are more."""
    try:
        found = profile.load(request.profiel.encode())
    except profile.Ongeldig as error:
        return Proefuitkomst(records=[], fouten=[f"{fout.plek}: {fout.melding}" for fout in error.fouten], meer=False)
    try:
        lezing = reading.lezer(Mapping(found), request.bestandsnaam)(BytesIO(request.voorbeeld.encode()))
        filled = fills(found)
        records = [_shown(record, lezing.kop, filled) for record in islice(lezing, MOST + 1)]
    except Onleesbaar as error:
        return Proefuitkomst(records=[], fouten=[f"{error.plek}: {error.melding}"], meer=False)
    return Proefuitkomst(records=records[:MOST], fouten=[], meer=len(records) > MOST)


def _shown(record: Record, kop: Kop, filled: dict[str, str]) -> Proefrecord:
    return Proefrecord(plek=record.plek, soort=record.soort, record=record.value, bevindingen=list(findings(record, kop, filled)))


def fills(found: Profiel) -> dict[str, str]:
    """What fills each place of the signal, as a finding says it. What is empty moves up in a list, so its places are taken together."""
    parts: dict[str, list[str]] = {}
    for veld in found.velden:
        said = called(columns(veld)).replace("Kolom", "kolom", 1) if columns(veld) else f"waarde {veld.waarde!r}"
        parts.setdefault(_anywhere(veld.naar), []).append(said)
    return {place: " of ".join(dict.fromkeys(said)) for place, said in parts.items()}


def findings(record: Record, kop: Kop, filled: dict[str, str]) -> Iterator[Bevinding]:
    """What reading found, or else what is wrong with the form and what fills that place."""
    if record.bevindingen:
        yield from record.bevindingen
        return
    try:
        if record.soort == "signaal":
            strict.convert({**kop.defaults, **record.value}, Signaal)
        else:
            strict.convert(record.value, IntrekkingElement)
    except strict.Refused as refused:
        for fout in refused.fouten:
            said = filled.get(_anywhere(fout.pointer))
            melding = f"{fout.melding} Bron: {said}." if said else fout.melding
            yield Bevinding(code=fout.code, oordeel="fout", melding=melding, pointer=fout.pointer)


def _anywhere(pointer: str) -> str:
    return "/".join("*" if part.isdecimal() else part for part in pointer.split("/"))
