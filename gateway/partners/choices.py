"""The settings of municipalities, versioned: a change is a new row, and the newest row of each name holds.

Authority: contract, "`PUT instellingen/…`"; decision 0008. Who changed what and when is also in the log, in the same transaction
(`gateway.inboxes.settings`). The register takes thresholds, fields and triage attributes from here on its next look; baskets, partners
and terms are read in the transaction that uses them, so that they count at once. Leaves what fits together to `gateway.triage`.
"""

from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import msgspec
import psycopg

from gateway.core.errors import Misconfigured
from gateway.partners.register import Keuzes
from schemas.instellingen import Drempels, Inhaalslag, Instellingnaam, Opvolgpartners, Termijnregels, Velden, Werkbakken
from schemas.strict import canonical
from schemas.types import Gemeentecode, Oin

NAMES: dict[type, Instellingnaam] = {
    Drempels: "drempels",
    Velden: "velden",
    Werkbakken: "werkbakken",
    Opvolgpartners: "opvolgpartners",
    Termijnregels: "termijnen",
    Inhaalslag: "inhaalslag",
}
T = TypeVar("T", Drempels, Velden, Werkbakken, Opvolgpartners, Termijnregels, Inhaalslag)
_NEWEST = "SELECT versie, gewijzigd_op, waarde FROM instelling WHERE gemeentecode = %s AND naam = %s ORDER BY versie DESC LIMIT 1"


class Version(NamedTuple):
    """A stored version; `value` is canonical JSON."""

    nr: int
    changed: datetime
    value: bytes


def newest(connection: psycopg.Connection[Any], gemeente: Gemeentecode, kind: type[T]) -> Version | None:
    """The version that holds, as stored; None when the municipality never set it."""
    row = connection.execute(_NEWEST, (gemeente, NAMES[kind])).fetchone()
    return Version(*row) if row else None


def current(connection: psycopg.Connection[Any], gemeente: Gemeentecode, kind: type[T], default: T) -> T:
    """The value that holds. Raises Misconfigured: what is stored no longer reads."""
    found = newest(connection, gemeente, kind)
    return default if found is None else _read(found.value, kind)


def save(connection: psycopg.Connection[Any], gemeente: Gemeentecode, value: T, at: datetime, party: Oin) -> tuple[Version, bool]:
    """Keep a new version; the flag is False when the newest already says the same."""
    name, stored = NAMES[type(value)], canonical(value)
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"instelling/{gemeente}/{name}",))
    last = newest(connection, gemeente, type(value))
    if last is not None and last.value == stored:
        return last, False
    made = Version((last.nr if last else 0) + 1, at, stored)
    connection.execute(
        "INSERT INTO instelling (gemeentecode, naam, versie, waarde, gewijzigd_op, partij) VALUES (%s, %s, %s, %s, %s, %s)",
        (gemeente, name, made.nr, stored, at, party),
    )
    return made, True


def for_register(connection: psycopg.Connection[Any]) -> list[Keuzes]:
    """What the register needs of every municipality that set something. Raises Misconfigured."""
    rows = connection.execute(
        """
        SELECT DISTINCT ON (gemeentecode, naam) gemeentecode, naam, waarde FROM instelling
        WHERE naam IN ('drempels', 'velden') ORDER BY gemeentecode, naam, versie DESC
        """
    ).fetchall()
    stored: dict[str, dict[str, bytes]] = {}
    for gemeente, name, value in rows:
        stored.setdefault(gemeente, {})[name] = value
    return [_choices(gemeente, found) for gemeente, found in stored.items()]


def _choices(gemeente: Gemeentecode, stored: dict[str, bytes]) -> Keuzes:
    thresholds = _read(stored["drempels"], Drempels).drempels if "drempels" in stored else None
    fields = _read(stored["velden"], Velden) if "velden" in stored else None
    return Keuzes(
        gemeentecode=gemeente,
        drempels=None if thresholds is None else {d.sector: d.bedrag_cent for d in thresholds},
        optionele_velden=None if fields is None else frozenset(fields.optionele_velden),
        triage=frozenset(fields.triage) if fields else frozenset(),
    )


def _read(value: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(value, type=kind)
    except msgspec.ValidationError as error:
        raise Misconfigured(f"Instelling {NAMES[kind]}: {error}") from None
