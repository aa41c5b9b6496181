"""Keeps the newest register in memory, so that every request is checked against it without a query.

A change in any register table raises one version number; this source looks at it every second. When it has not been able to
look for `STALE_SECONDS`, it gives no register at all: a partner that was revoked meanwhile must not slip through.
A row without its seal is left out and told once per version, by its table only.
Authority: architecture, "revocation works within 5 seconds". Leaves what the rows mean to `register`.
"""

import threading
import time
from typing import Any

import psycopg
import structlog

from gateway.core.errors import Unavailable
from gateway.partners import choices, versions
from gateway.partners.agreements import Afspraak
from gateway.partners.mailroom import Bestandsprofiel, Ophaaladres, SftpSleutel, Uitlaat
from gateway.partners.register import (
    Bsnregistratie,
    Certificaat,
    Deelnemer,
    GemeenteInstelling,
    Leveringsgebied,
    Mandaat,
    Overeenkomst,
    Register,
    Verklaring,
)
from gateway.partners.rows import TABLES, R, read
from gateway.partners.sealkeys import Gemeentesleutel, Partijsleutel, Pseudoniemversie
from gateway.store.database import Database
from schemas.keyed import Keyed

POLL_SECONDS = 1.0
STALE_SECONDS = 5.0
_VALID = "WHERE geldig_tot IS NULL OR geldig_tot > now() ORDER BY geldig_van"


class RegisterSource:
    """The current `Register`; `refresh` looks for a newer one. `keyed` checks the seals of the rows (`rows.sealer`)."""

    def __init__(self, database: Database, keyed: Keyed) -> None:
        self._database = database
        self._keyed = keyed
        self._register: Register | None = None
        self._seen = -STALE_SECONDS
        self._versions = versions.Seen()
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
                    self._register = load(connection, self._keyed, self._versions)
            self._seen = begun

    def watch(self, stop: threading.Event) -> None:
        """Refresh every second until `stop` is set; a failure is noted and tried again."""
        log = structlog.get_logger()
        while not stop.wait(POLL_SECONDS):
            try:
                self.refresh()
            except (Unavailable, psycopg.Error) as error:
                log.warning("register_niet_ververst", soort=type(error).__name__)


def load(connection: psycopg.Connection[Any], keyed: Keyed, seen: versions.Seen | None = None) -> Register:
    """A snapshot of every register table, without the rows that lack their seal; `keyed` is `rows.sealer`'s.

    Versions of pseudonyms that are gone, or earlier than those in `seen`, hold on as they were. A change while reading raises the version
    again, so the next look reads anew.
    """
    version = _version(connection)
    keuzes, whole = choices.for_register(connection, keyed)
    if not whole:
        _tell(choices.TABLE)
    versies, newest = (seen or versions.Seen()).newest(_sealed(connection, Pseudoniemversie, keyed))
    if not newest:
        _tell(TABLES[Pseudoniemversie])
    return Register(
        version,
        deelnemers=_sealed(connection, Deelnemer, keyed),
        certificaten=_sealed(connection, Certificaat, keyed),
        mandaten=_sealed(connection, Mandaat, keyed),
        overeenkomsten=_sealed(connection, Overeenkomst, keyed),
        verklaringen=_sealed(connection, Verklaring, keyed),
        gemeenten=_sealed(connection, GemeenteInstelling, keyed),
        sleutels=_sealed(connection, Gemeentesleutel, keyed, _VALID),
        keuzes=keuzes,
        sftp_sleutels=_sealed(connection, SftpSleutel, keyed),
        profielen=_sealed(connection, Bestandsprofiel, keyed),
        partijsleutels=_sealed(connection, Partijsleutel, keyed, "ORDER BY geldig_van"),
        bsnregistraties=_sealed(connection, Bsnregistratie, keyed),
        gebieden=_sealed(connection, Leveringsgebied, keyed),
        ophaaladressen=_sealed(connection, Ophaaladres, keyed),
        afspraken=_sealed(connection, Afspraak, keyed),
        sleutelhouders=[row.oin for row, holds in read(connection, Partijsleutel, keyed) if not holds],
        pseudoniemversies=versies,
        uitlaten=_sealed(connection, Uitlaat, keyed),
    )


def _sealed(connection: psycopg.Connection[Any], kind: type[R], keyed: Keyed, tail: str = "") -> list[R]:
    found = list(read(connection, kind, keyed, tail))
    sealed = [row for row, holds in found if holds]
    if len(sealed) < len(found):
        _tell(TABLES[kind])
    return sealed


def _tell(table: str) -> None:
    structlog.get_logger().warning("register_rij_ongeldig", tabel=table)


def _version(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT versie FROM register_versie").fetchone()
    return int(row[0]) if row else 0
