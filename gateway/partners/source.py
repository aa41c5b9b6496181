"""Keeps the newest register in memory, so that every request is checked against it without a query.

A change in any register table raises one version number; this source looks at it every second. When it has not been able to
look for `STALE_SECONDS`, it gives no register at all: a partner that was revoked meanwhile must not slip through.
Authority: architecture, "revocation works within 5 seconds". Leaves what the rows mean to `register`.
"""

import threading
import time
from typing import Any

import psycopg
import structlog
from psycopg.rows import dict_row

from gateway.core.errors import Unavailable
from gateway.partners import choices
from gateway.partners.register import (
    Certificaat,
    Deelnemer,
    GemeenteInstelling,
    Gemeentesleutel,
    Mandaat,
    Overeenkomst,
    Register,
    Verklaring,
)
from gateway.store.database import Database

POLL_SECONDS = 1.0
STALE_SECONDS = 5.0


class RegisterSource:
    """The current `Register`; `refresh` looks for a newer one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._register: Register | None = None
        self._seen = -STALE_SECONDS
        self._lock = threading.Lock()

    def current(self) -> Register:
        """The register as of at most `STALE_SECONDS` ago.

        Raises:
            Unavailable: the database could not be asked for longer than that.
        """
        if self._register is None or time.monotonic() - self._seen > STALE_SECONDS:
            raise Unavailable(
                "REGISTER_NIET_ACTUEEL", "Het deelnemersregister is nu niet te raadplegen. Probeer het later opnieuw.", retry_after=5
            )
        return self._register

    def refresh(self) -> None:
        """Read the register again when its version changed. Raises Unavailable."""
        with self._lock:
            begun = time.monotonic()
            with self._database.transaction() as connection:
                version = _version(connection)
                if self._register is None or version != self._register.versie:
                    self._register = load(connection)
            self._seen = begun

    def watch(self, stop: threading.Event) -> None:
        """Refresh every second until `stop` is set; a failure is noted and tried again."""
        log = structlog.get_logger()
        while not stop.wait(POLL_SECONDS):
            try:
                self.refresh()
            except (Unavailable, psycopg.Error) as error:
                log.warning("register_niet_ververst", soort=type(error).__name__)


def load(connection: psycopg.Connection[Any]) -> Register:
    """A snapshot of every register table. A change while reading raises the version again, so the next look reads anew."""
    version = _version(connection)
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = {name: cursor.execute(f"SELECT {columns} FROM {name} {tail}").fetchall() for name, columns, tail in _TABLES}  # noqa: S608
    return Register(
        version,
        deelnemers=[Deelnemer(**_sets(r)) for r in rows["deelnemer"]],
        certificaten=[Certificaat(**r) for r in rows["certificaat"]],
        mandaten=[Mandaat(**r) for r in rows["mandaat"]],
        overeenkomsten=[Overeenkomst(**r) for r in rows["overeenkomst"]],
        verklaringen=[Verklaring(**r) for r in rows["verklaring"]],
        gemeenten=[GemeenteInstelling(**_sets(r)) for r in rows["gemeente_instelling"]],
        sleutels=[Gemeentesleutel(**r) for r in rows["gemeentesleutel"]],
        keuzes=choices.for_register(connection),
    )


_TABLES = (
    ("deelnemer", "oin, naam, rollen, status, sectoren, handelsnamen, gemeentecode, nummerformaten, instructies, contact", ""),
    ("certificaat", "vingerafdruk, oin, geldig_van, geldig_tot, ingetrokken_op", ""),
    ("mandaat", "gemachtigde, principaal, rol, geldig_van, geldig_tot", ""),
    ("overeenkomst", "schuldeiser, gemeentecode, sector, geldig_van, geldig_tot", ""),
    ("verklaring", "principaal, id, sector, getekend_op, geldig_van, geldig_tot", ""),
    ("gemeente_instelling", "gemeentecode, naam, loket_open_vanaf, drempel_cent, optionele_velden, contact", ""),
    ("gemeentesleutel", "gemeentecode, kid, wijze, publiek", "WHERE geldig_tot IS NULL OR geldig_tot > now() ORDER BY geldig_van"),
)


def _sets(row: dict[str, Any]) -> dict[str, Any]:
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in row.items()}


def _version(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT versie FROM register_versie").fetchone()
    return int(row[0]) if row else 0
