"""A municipality that works in a desk: the real flows, database, spool and mailbox; the desk opens its files as any JOSE library would."""

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from joserfc import jwe
from joserfc.jwk import ECKey, RSAKey

from adapters.sftp.port import Item
from gateway.core.clock import dutch_day
from gateway.files.mailbox import Mailroom, PartnerMailbox
from gateway.files.transfers import Room
from gateway.outlet import rounds
from gateway.outlet.desk import OutletDesk
from gateway.partners import outlets
from gateway.partners.mailroom import Uitlaat
from gateway.partners.register import Deelnemer, Mandaat, Register
from gateway.partners.sealkeys import Gemeentesleutel, Partijsleutel
from gateway.store.prepare import Dsns
from tests.files.world import FileWorld
from tests.flows.world import HAARLEM, LANDLORD, NAME, OTHER, TRACE, UTRECHT, World
from tests.outlet.profiles import TEXT

DESK, RIVAL = "00000099000000006000", "00000099000000007000"
TOWN, CITY = "00000099000000008000", "00000099000000009000"
KEY = ECKey.generate_key("P-256")
RSA = RSAKey.generate_key(3072)
SINCE = date(2026, 1, 1)
Row = dict[str, str]


class Large(jwe.JWERegistry):
    """The library takes small texts only, unless told otherwise."""

    max_ciphertext_length = 64 * 2**20


class Town(World):
    """Haarlem hands its messages on to `DESK`; Utrecht does not."""

    def __init__(self, dsns: Dsns, folder: Path, most: int = 5_000) -> None:
        super().__init__(dsns, folder)
        base = self.register
        self.creditors = [d for d in base.deelnemers.values()]
        self.places = list(base.gemeenten.values())
        self.sealing: list[Gemeentesleutel] = [key for code in (HAARLEM, UTRECHT) if (key := base.sealing_key(code))]
        self.parties = {oin: Deelnemer(oin, f"Loket {oin}", frozenset({"verwerker"}), "actief") for oin in (DESK, RIVAL)}
        for oin, code in ((TOWN, HAARLEM), (CITY, UTRECHT)):
            self.parties[oin] = Deelnemer(oin, f"Gemeente {code}", frozenset({"gemeente"}), "actief", gemeentecode=code)
        self.mandates = [Mandaat(DESK, TOWN, outlets.ROL, SINCE)]
        self.keys_of: list[Partijsleutel] = [party_key(DESK, KEY, "loket-2026-1")]
        self.outlets = [Uitlaat(HAARLEM, DESK, "VO-2026-1", SINCE, SINCE, TEXT)]
        self.renew()
        self.files = FileWorld(self, folder)
        self.room = Mailroom(Room(self.ingest, self.files.spool, self.clock, served=self._served))
        self.outlet = OutletDesk(self.desk, self.files.files, self.tasks, lambda: self.register, lambda: TRACE, most)

    def renew(self) -> None:
        """The register as it is now."""
        self.register = Register(
            7,
            deelnemers=[*self.creditors, *self.parties.values()],
            gemeenten=self.places,
            sleutels=self.sealing,
            mandaten=self.mandates,
            partijsleutels=self.keys_of,
            uitlaten=self.outlets,
        )

    def round(self) -> int:
        """One round; returns how many messages went into files."""
        done = rounds.run(self.outlet)
        self.number()
        return done

    def box(self, oin: str = DESK) -> PartnerMailbox:
        """The mailbox of a desk."""
        return self.room.mailbox(oin)

    def waiting(self, oin: str = DESK) -> Sequence[Item]:
        """What the desk sees."""
        return self.box(oin).items("uitlaat")

    def names(self, oin: str = DESK) -> list[str]:
        return [item.name for item in self.waiting(oin)]

    def read(self, name: str, oin: str = DESK) -> bytes:
        """A file, read to its end and closed."""
        download, content = self.box(oin).open("uitlaat", name), b""
        while part := download.read(len(content), 32_768):
            content += part
        download.close()
        return content

    def collect(self, oin: str = DESK) -> list[Row]:
        """The rows of everything that waits, opened with the desk's private key."""
        found = list[Row]()
        for name in self.names(oin):
            found += rows(opened(self.read(name, oin)))
        return found

    def tomorrow(self, days: int = 1) -> None:
        """The clock of the gateway goes on, and leases that ended by it end in the database too."""
        self.clock.advance(timedelta(days=days))
        self.run("UPDATE inbox_item SET lease_until = lease_until - %s", timedelta(days=days))

    def withdraw(self, id: UUID) -> None:
        """As the creditor does."""
        state = "CASE state WHEN 'bezorgd' THEN 'ingetrokken' ELSE state END"
        self.run(f"UPDATE inbox_item SET withdrawn_at = now(), state = {state} WHERE bericht = %s", id)

    def _served(self, oin: str) -> frozenset[str]:
        return outlets.served(self.register, oin, dutch_day(self.clock.now()))


def party_key(oin: str, key: ECKey | RSAKey, kid: str) -> Partijsleutel:
    return Partijsleutel(oin, kid, "eigen", dict(key.as_dict(private=False)))


def opened(token: bytes, key: ECKey | RSAKey = KEY) -> bytes:
    """As the desk opens it, with a library."""
    registry = Large(algorithms=["ECDH-ES+A256KW", "RSA-OAEP-256", "A256GCM"])
    return jwe.decrypt_compact(token.decode(), key, registry=registry).plaintext or b""


def rows(content: bytes) -> list[Row]:
    return [dict(row) for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")]


def parts(town: Town) -> tuple[Any, ...]:
    """What must not change where nothing may leave."""
    tables = ("uitlaat_bestand", "uitlaat_bericht", "bestand_uit", "claim")
    return (*(town.count(table) for table in tables), town.rows("SELECT bericht, state, claim FROM inbox_item ORDER BY nr"))


__all__ = ["CITY", "DESK", "HAARLEM", "KEY", "LANDLORD", "NAME", "OTHER", "RIVAL", "RSA", "TOWN", "UTRECHT", "Town"]
