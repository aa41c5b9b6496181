"""A register with one partner of each kind on its way in, and everything that opens its gates; each can be left out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import psycopg
import pytest

from certs.dev import DevPki
from gateway.core import ids
from gateway.core.chain import Trace
from gateway.core.clock import FixedClock, SystemClock, dutch_day
from gateway.core.errors import Conflict
from gateway.keys.keystore import KeyStore, MemoryKeyStore
from gateway.onboarding import certificaten, levenscyclus, poorten, registration, toetsen
from gateway.onboarding.poorten import Gemis, Poort
from gateway.onboarding.registration import Office
from gateway.partners import administration
from gateway.partners.dossier import Aansluiting, Schaduwproef, Stuk
from gateway.partners.register import Deelnemer, GemeenteInstelling, Mandaat, Overeenkomst, Register
from gateway.partners.rows import sealer
from gateway.partners.source import load
from gateway.policy.register import PurposeRegister
from gateway.store.database import Database
from gateway.store.prepare import Dsns
from gateway.store.tenant import parties
from schemas.toets import Toetsuitslag
from tests.tenants import SIGNER

LANDLORD, TOWN, TEAM, AGENT, TENANTLESS = (f"0000009900000006{n}000" for n in range(1, 6))
OPERATOR = "00000099000000000000"
TODAY = dutch_day(SystemClock().now())
CAK = "cak_eigen_bijdrage"
ROWS = {
    LANDLORD: Deelnemer(LANDLORD, "Warmte Voorbeeld", frozenset({"schuldeiser", "experiment_cak"}), "aangemeld", frozenset({CAK})),
    TOWN: Deelnemer(TOWN, "Gemeente Voorbeeld", frozenset({"gemeente"}), "aangemeld", gemeentecode="0392"),
    TEAM: Deelnemer(TEAM, "Wijkteam Voorbeeld", frozenset({"uitvoerder"}), "aangemeld"),
    TENANTLESS: Deelnemer(TENANTLESS, "Verhuur Klein", frozenset({"schuldeiser", "signaalpartner"}), "aangemeld", frozenset({"huur"})),
}
USES = {
    LANDLORD: frozenset({"api/signaal", "api/intrekking"}),
    TOWN: frozenset({"api/bericht"}),
    TEAM: frozenset({"api/bericht"}),
    TENANTLESS: frozenset[str](),
}
Give = Callable[["Hall", str], None]


@dataclass
class Hall:
    """An office like that of production, its database, and the authority that its doors trust."""

    dsns: Dsns
    folder: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(SystemClock().now()))
    keys: MemoryKeyStore = field(default_factory=MemoryKeyStore)

    def __post_init__(self) -> None:
        self.beheer = Database(self.dsns.beheer, name="beheer", size=2)
        self.ingest = Database(self.dsns.ingest, name="ingest", size=1, signer=SIGNER)
        self.pki = DevPki.create(self.folder / "pki", self.clock)
        self.office = self.made(trial=False)

    def made(self, *, trial: bool) -> Office:
        return Office(
            self.beheer,
            self.keys,
            self.clock,
            OPERATOR,
            lambda _: "urn:test:beheer",
            lambda: Trace("4b" * 16, "a7" * 8),
            trial=trial,
            trusted=self.pki.root_path.read_bytes() + self.pki.intermediate_path.read_bytes(),
            agreement_needed=PurposeRegister.load().needs_agreement,
            testkeys=toetsen.signer(self.keys).public_jwks(),
        )

    def close(self) -> None:
        self.beheer.close()
        self.ingest.close()

    def past(self, statement: str, *values: object) -> None:
        """Somebody with the rights of the gateway in the database, and without its keys."""
        with psycopg.connect(self.dsns.beheer) as connection:
            connection.execute(statement.encode(), values)

    def load(self) -> Register:
        with self.beheer.transaction() as connection:
            return load(connection, sealer(self.keys))

    def status(self, oin: str) -> str:
        found = self.load().partner(oin)
        return found.status if found else "telt niet"

    def shut(self, oin: str, naar: str) -> set[str]:
        """The gates that a step is refused for."""
        gaps = {gap.poort.value for gap in self.gaps(oin, naar)}
        if not gaps:
            registration.set_status(self.office, oin, naar)
            return set()
        with pytest.raises(Conflict) as refused:
            registration.set_status(self.office, oin, naar)
        assert refused.value.code == "POORT_GESLOTEN"
        assert self.status(oin) != naar
        return gaps

    def gaps(self, oin: str, naar: str) -> list[Gemis]:
        return poorten.missing(registration.judged(self.office, oin), naar)

    def climb(self, oin: str) -> tuple[str, set[str]]:
        """Go on as far as the gates let: the status that is reached, and the gates that hold it there."""
        for status in levenscyclus.PAD[levenscyclus.PAD.index(self.status(oin)) + 1 :]:
            if held := self.shut(oin, status):
                return self.status(oin), held
        return self.status(oin), set()

    def result(self, oin: str, soorten: frozenset[str], mond: str = "api", *, good: bool = True) -> bytes:
        return signed_result(self.keys, self.clock.now(), oin, soorten, mond, good=good)


def signed_result(keys: KeyStore, at: datetime, oin: str, soorten: frozenset[str], mond: str = "api", *, good: bool = True) -> bytes:
    """A signed conformance result, as the suite of the gateway with these keys would give it."""
    words = {"naam": "goed_bericht", "uitkomst": "geslaagd" if good else "gezakt"}
    bare = {
        "id": str(ids.new()),
        "deelnemer": oin,
        "mond": mond,
        "soorten": sorted(soorten),
        "suite": "1.0.0",
        "scenarios": [{**words, "soort": soort} for soort in sorted(soorten)],
        "geslaagd": good,
        "getoetstOp": at.isoformat(),
    }
    return msgspec.json.encode(toetsen.sign(msgspec.convert(bare, Toetsuitslag), keys))


def certify(hall: Hall, oin: str) -> None:
    issued = hall.pki.partner(oin, ROWS[oin].naam)
    registration.save(hall.office, *certificaten.rows(oin, certificaten.read(issued.cert_path.read_bytes())))


def tested(hall: Hall, oin: str) -> None:
    soorten = frozenset(use.partition("/")[2] for use in USES[oin])
    found = toetsen.verified(hall.result(oin, soorten), oin, hall.office.testkeys, hall.clock.now())
    registration.save(hall.office, found)


def rehearse(hall: Hall, oin: str, party: str | None = None, good: int = 1, mond: str = "api") -> None:
    row = Schaduwproef(ids.new(), party or oin, oin, mond, hall.clock.now(), 1, good)
    with hall.ingest.transaction(parties(row.partij)) as connection:
        administration.save_rehearsal(connection, row, sealer(hall.keys))


def desk(hall: Hall, _oin: str) -> None:
    registration.save(hall.office, GemeenteInstelling("0392", "Haarlem", TODAY))
    registration.managed_key(hall.office, "0392")


def paper(soort: str) -> Give:
    return lambda hall, oin: registration.save(hall.office, Stuk(oin, soort, "DOC-1", "1.0", TODAY))


def mandate(hall: Hall, oin: str) -> None:
    registration.save(hall.office, Mandaat(oin, TOWN, "uitvoerder", TODAY))


def agent(hall: Hall, oin: str) -> None:
    """Somebody who is under way acts for it."""
    registration.save(hall.office, Mandaat(LANDLORD, oin, "schuldeiser", TODAY))


GIVES: dict[str, dict[Poort, Give]] = {
    LANDLORD: {
        Poort.AANSLUITING: lambda hall, oin: registration.save(hall.office, Aansluiting(oin, USES[oin])),
        Poort.CERTIFICAAT: certify,
        Poort.TOETS: tested,
        Poort.VERWERKERSOVEREENKOMST: paper("verwerkersovereenkomst"),
        Poort.OVEREENKOMST: lambda hall, oin: registration.save(hall.office, Overeenkomst(oin, "0392", CAK, TODAY)),
        Poort.SCHADUWPROEF: rehearse,
    },
}
GIVES[TOWN] = {
    Poort.AANSLUITING: GIVES[LANDLORD][Poort.AANSLUITING],
    Poort.CERTIFICAAT: certify,
    Poort.TOETS: tested,
    Poort.VERWERKERSOVEREENKOMST: paper("verwerkersovereenkomst"),
    Poort.DPIA: paper("dpia"),
    Poort.LOKET: desk,
}
GIVES[TEAM] = {
    Poort.AANSLUITING: GIVES[LANDLORD][Poort.AANSLUITING],
    Poort.CERTIFICAAT: certify,
    Poort.VERWERKERSOVEREENKOMST: paper("verwerkersovereenkomst"),
    Poort.MANDAAT: mandate,
}
GIVES[TENANTLESS] = {
    Poort.AANSLUITING: GIVES[LANDLORD][Poort.AANSLUITING],
    Poort.GEMACHTIGDE: agent,
    Poort.VERWERKERSOVEREENKOMST: paper("verwerkersovereenkomst"),
    Poort.SCHADUWPROEF: lambda hall, oin: rehearse(hall, oin, LANDLORD),
}


def apply(hall: Hall, oin: str, without: Poort | None = None) -> None:
    """Register a partner with all that it has to show but one thing."""
    registration.save(hall.office, ROWS[oin])
    if oin == TEAM:
        registration.save(hall.office, ROWS[TOWN])
    if oin == TENANTLESS:
        apply(hall, LANDLORD)
        assert hall.climb(LANDLORD) == ("actief", set())
    for poort, give in GIVES[oin].items():
        if poort is not without:
            give(hall, oin)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)

