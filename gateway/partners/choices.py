"""The settings of municipalities, versioned: a change is a new row, and the newest row of each name holds.

Each row stands under a seal (`rows`): settings say which person fields travel, and which partner gets them under which key. A newest row
without its seal holds for nothing, and no older one takes its place. Authority: contract, "`PUT instellingen/…`"; decision 0008. Who
changed what and when is also in the log, in the same transaction (`gateway.inboxes.settings`). The register takes thresholds, fields and
triage attributes from here on its next look; baskets, partners and terms are read in the transaction that uses them, so that they count
at once. Leaves what fits together to `gateway.triage`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import msgspec
import psycopg

from gateway.core.errors import Misconfigured
from gateway.partners.register import Keuzes
from gateway.partners.rows import fits, stamp
from schemas.instellingen import Drempels, Inhaalslag, Instellingnaam, Opvolgpartners, Termijnregels, Velden, Werkbakken
from schemas.keyed import Keyed
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
TABLE = "instelling"
T = TypeVar("T", Drempels, Velden, Werkbakken, Opvolgpartners, Termijnregels, Inhaalslag)
_COLUMNS = ("gemeentecode", "naam", "versie", "waarde", "gewijzigd_op", "partij")
_NEWEST = f"""
SELECT {", ".join(_COLUMNS)}, zegel FROM instelling WHERE gemeentecode = %s AND naam = %s ORDER BY versie DESC LIMIT 1
"""  # noqa: S608 - names of ours
_REGISTER = f"""
SELECT DISTINCT ON (gemeentecode, naam) {", ".join(_COLUMNS)}, zegel FROM instelling
WHERE naam IN ('drempels', 'velden') ORDER BY gemeentecode, naam, versie DESC
"""  # noqa: S608 - names of ours


class Version(NamedTuple):
    """A stored version; `value` is canonical JSON."""

    nr: int
    changed: datetime
    value: bytes


class _Row(NamedTuple):
    """A row as stored, and whether it has its seal."""

    gemeente: Gemeentecode
    name: str
    version: Version
    sealed: bool


def newest(connection: psycopg.Connection[Any], gemeente: Gemeentecode, kind: type[T], keyed: Keyed) -> Version | None:
    """The version that holds; None when the municipality never set it. Raises Misconfigured: it lacks its seal."""
    found = _stored(connection, gemeente, kind, keyed)
    if found is None:
        return None
    if not found.sealed:
        raise Misconfigured(f"Instelling {found.name} van gemeente {gemeente} heeft haar zegel niet; de gemeente stelt haar opnieuw in.")
    return found.version


def current(connection: psycopg.Connection[Any], gemeente: Gemeentecode, kind: type[T], default: T, keyed: Keyed) -> T:
    """The value that holds. Raises Misconfigured: what is stored lacks its seal, or no longer reads."""
    found = newest(connection, gemeente, kind, keyed)
    return default if found is None else _read(found.value, kind)


def replaceable(connection: psycopg.Connection[Any], gemeente: Gemeentecode, kind: type[T], default: T, keyed: Keyed) -> T:
    """As `current`, but a row without its seal counts as never set: to judge a new setting by, so that it can take the other's place."""
    found = _stored(connection, gemeente, kind, keyed)
    return default if found is None or not found.sealed else _read(found.version.value, kind)


def save(
    connection: psycopg.Connection[Any], gemeente: Gemeentecode, value: T, at: datetime, party: Oin, keyed: Keyed
) -> tuple[Version, bool]:
    """Keep a new version under its seal; the flag is False when the newest already says the same and has its own."""
    name, stored = NAMES[type(value)], canonical(value)
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"instelling/{gemeente}/{name}",))
    last = _stored(connection, gemeente, type(value), keyed)
    if last is not None and last.sealed and last.version.value == stored:
        return last.version, False
    made = Version((last.version.nr if last else 0) + 1, at, stored)
    columns: tuple[object, ...] = (gemeente, name, made.nr, stored, at, party)
    connection.execute(
        f"INSERT INTO instelling ({', '.join(_COLUMNS)}, zegel) VALUES (%s, %s, %s, %s, %s, %s, %s)",  # noqa: S608 - names of ours
        (*columns, stamp(TABLE, dict(zip(_COLUMNS, columns, strict=True)), keyed)),
    )
    return made, True


def for_register(connection: psycopg.Connection[Any], keyed: Keyed) -> tuple[list[Keuzes], bool]:
    """What the register needs of every municipality that set something, and whether every row counted.

    A row that lacks its seal, or no longer reads, closes its own setting (no threshold, no optional field, no triage attribute) and nothing
    else.
    """
    stored: dict[str, dict[str, bytes | None]] = {}
    for found in (_row(row, keyed) for row in connection.execute(_REGISTER).fetchall()):
        stored.setdefault(found.gemeente, {})[found.name] = found.version.value if found.sealed else None
    made = [_choices(gemeente, found) for gemeente, found in stored.items()]
    return [keuzes for keuzes, _ in made], all(whole for _, whole in made)


def _stored(connection: psycopg.Connection[Any], gemeente: Gemeentecode, kind: type[T], keyed: Keyed) -> _Row | None:
    row = connection.execute(_NEWEST, (gemeente, NAMES[kind])).fetchone()
    return None if row is None else _row(row, keyed)


def _row(found: Sequence[Any], keyed: Keyed) -> _Row:
    gemeente, name, nr, value, changed, _party, zegel = found
    return _Row(gemeente, name, Version(nr, changed, value), fits(zegel, TABLE, dict(zip(_COLUMNS, found[:-1], strict=True)), keyed))


def _choices(gemeente: Gemeentecode, stored: dict[str, bytes | None]) -> tuple[Keuzes, bool]:
    """The choices, and whether every stored row counted."""
    thresholds, sound = _or_closed(stored, Drempels, Drempels(drempels={}))
    fields, readable = _or_closed(stored, Velden, Velden(optionele_velden=[]))
    keuzes = Keuzes(
        gemeentecode=gemeente,
        drempels=None if thresholds is None else thresholds.drempels,
        optionele_velden=None if fields is None else frozenset(fields.optionele_velden),
        triage=frozenset(fields.triage) if fields else frozenset(),
    )
    return keuzes, sound and readable


def _or_closed(stored: dict[str, bytes | None], kind: type[T], closed: T) -> tuple[T | None, bool]:
    """The value, None when it was never set; `closed` and False when its row does not count."""
    name = NAMES[kind]
    if name not in stored:
        return None, True
    value = stored[name]
    if value is None:
        return closed, False
    try:
        return _read(value, kind), True
    except Misconfigured:
        return closed, False


def _read(value: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(value, type=kind)
    except msgspec.DecodeError as error:
        raise Misconfigured(f"Instelling {NAMES[kind]}: {error}") from None
