"""The purpose register as the register of processing activities (AVG art. 30), and how it stands on a day.

Authority: AVG art. 30 lid 1 and 2. Every column comes from `doelen/*.toml` and the wire types; which operations belong to an activity
comes from the operation tables of the doors, as text. Leaves who may see it to the edges.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from typing import get_type_hints

import msgspec

from gateway.policy.register import Activiteit, Inzage, Purpose, PurposeRegister, Rij
from schemas.inbox import Veldgroep
from schemas.sealed import CONTENT
from schemas.types import Wire
from schemas.verwerkingsregister import Doelrij, Verwerkingsactiviteit, Verwerkingsregister

PROCESSOR = "Seinhuis, verwerker (AVG art. 28) van de schuldeiser tot de bezorging en van de gemeente daarna"
SECURITY = "Wederzijds TLS, verzegeling per gemeente en veldgroep, versleutelde opslag, pseudoniemen, onweerlegbare verwerkingslog (BIO2)"
TRANSFER = "Geen doorgifte buiten de EER"
MAILBOX = (("uitlaat", "SFTP uitlaat/"),)
"""Activities that the mailbox carries out, and no operation of a door."""
_STYLE = "body{font-family:sans-serif;max-width:60rem;margin:2rem auto}table{border-collapse:collapse}td,th{border:1px solid;padding:.3rem}"


def register(purposes: PurposeRegister, operations: Iterable[tuple[str, str]]) -> Verwerkingsregister:
    """The art. 30 register. `operations`: (activity, operation as `METHOD path`) pairs of every door; the mailbox comes with it."""
    carried: dict[str, list[str]] = {}
    for activity, operation in (*operations, *MAILBOX):
        carried.setdefault(activity, []).append(operation)
    found = (_processing(p, a, carried.get(a.stroom, [])) for p in purposes.purposes() for a in p.activiteit)
    return Verwerkingsregister(registerversie=purposes.version, verwerkingen=tuple(found))


def on(purposes: PurposeRegister, day: date) -> Iterator[tuple[str, Doelrij]]:
    """The rows that hold on a day, with their purpose."""
    for purpose in purposes.purposes():
        for row in _rows(purpose):
            if row.geldig_van <= day and (row.geldig_tot is None or day <= row.geldig_tot):
                yield purpose.doel, _travel(row)


def pointers(groups: Iterable[Veldgroep]) -> tuple[str, ...]:
    """The fields of field groups, as JSON pointers into the sealed content, read from the wire types."""
    return tuple(pointer for group in groups for pointer in _pointers(CONTENT[group], f"/{group}"))


def as_html(found: Verwerkingsregister) -> str:
    """The register as a page without script or outside resources."""
    parts = [
        f"<!doctype html><html lang=nl><meta charset=utf-8><title>Verwerkingsregister</title><style>{_STYLE}</style>",
        f"<h1>Register van verwerkingsactiviteiten (AVG art. 30)</h1><p>Registerversie {found.registerversie}</p>",
    ]
    for v in found.verwerkingen:
        cells = "".join(f"<tr><th>{escape(name)}<td>{escape(_text(value))}" for name, value in _columns(v))
        rows = "".join(f"<tr><td>{'<td>'.join(map(escape, _cells(r)))}" for r in v.rijen)
        heads = "<tr><th>rij<th>artikel<th>van<th>tot<th>afzender<th>ontvanger<th>soorten<th>velden"
        parts.append(f"<h2>{escape(v.stroom)}</h2><table>{cells}</table>" + (f"<h3>Rijen</h3><table>{heads}{rows}</table>" if rows else ""))
    return "\n".join(parts) + "</html>\n"


def _processing(purpose: Purpose, activity: Activiteit, operations: Sequence[str]) -> Verwerkingsactiviteit:
    rows = (row for row in _rows(purpose) if row.activiteit == activity.stroom)
    return Verwerkingsactiviteit(
        stroom=activity.stroom,
        uri=activity.uri,
        doel=purpose.doel,
        grondslag=purpose.grondslag,
        omschrijving=activity.omschrijving,
        verantwoordelijken=activity.verantwoordelijken,
        verwerker=PROCESSOR,
        betrokkenen=activity.betrokkenen,
        gegevens=activity.gegevens,
        ontvangers=activity.ontvangers,
        bewaring=activity.bewaring,
        doorgifte=TRANSFER,
        beveiliging=SECURITY,
        bewerkingen=tuple(sorted(operations)),
        rijen=tuple(_travel(row) for row in rows),
    )


def _rows(purpose: Purpose) -> list[Rij | Inzage]:
    return [*purpose.rij, *purpose.inzage]


def _travel(row: Rij | Inzage) -> Doelrij:
    made = Doelrij(
        id=row.id,
        artikel=row.artikel,
        van=row.geldig_van,
        tot=row.geldig_tot,
        afzender="",
        ontvanger=row.ontvanger_rol,
        sectoren=(),
        berichtsoorten=(),
        velden=pointers(row.veldgroepen),
    )
    if isinstance(row, Inzage):
        return made
    return msgspec.structs.replace(
        made,
        afzender=row.afzender_rol,
        sectoren=row.sectoren,
        berichtsoorten=row.berichtsoorten,
        onopgehaald_werkdagen=row.bewaartermijn.onopgehaald_werkdagen,
        na_ontvangst_werkdagen=row.bewaartermijn.na_ontvangst_werkdagen,
    )


def _pointers(kind: type[Wire], base: str) -> Iterator[str]:
    hints = get_type_hints(kind)
    for field in msgspec.structs.fields(kind):
        inner = next((t for t in _parts(hints[field.name]) if isinstance(t, type) and issubclass(t, Wire)), None)
        listed = "list" in str(hints[field.name])
        pointer = f"{base}/{field.encode_name}" + ("/*" if listed else "")
        if inner is None:
            yield pointer
        else:
            yield from _pointers(inner, pointer)


def _parts(hint: object) -> Iterator[object]:
    yield hint
    for part in getattr(hint, "__args__", ()):
        yield from _parts(part)


def _columns(v: Verwerkingsactiviteit) -> Iterator[tuple[str, object]]:
    return ((name, getattr(v, name)) for name in v.__struct_fields__ if name != "rijen")


def _cells(r: Doelrij) -> list[str]:
    until = r.tot.isoformat() if r.tot else ""
    return [r.id, r.artikel, r.van.isoformat(), until, r.afzender or "alleen inzage", r.ontvanger, _text(r.berichtsoorten), _text(r.velden)]


def _text(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)
