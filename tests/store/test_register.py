"""A row of the register counts only when the gateway wrote it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import psycopg
import pytest
from structlog.testing import capture_logs

from gateway.core.chain import Trace
from gateway.core.clock import FixedClock
from gateway.core.errors import NotFound
from gateway.keys.keystore import MemoryKeyStore
from gateway.onboarding import registration, trial
from gateway.onboarding.registration import Office
from gateway.partners.administration import Row
from gateway.partners.agreements import Afspraak
from gateway.partners.mailroom import Bestandsprofiel, Ophaaladres, SftpSleutel
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
from gateway.partners.rows import sealer
from gateway.partners.sealkeys import Gemeentesleutel, Partijsleutel
from gateway.partners.source import load
from gateway.store.database import Database
from gateway.store.prepare import Dsns

AT = datetime(2027, 1, 4, 9, 30, 1, 250, tzinfo=UTC)
DAY = date(2027, 1, 4)
AGENT, LANDLORD, PRINT = "00000099000000001000", "00000099000000002000", bytes(range(32))
FORMS = frozenset({"klantnummer", "contractkenmerk", "kenmerk"})
PARTNERS: list[Row] = [
    Deelnemer(AGENT, "Gemachtigde Proef", frozenset({"schuldeiser", "toezicht"}), "actief", nummerformaten=FORMS, contact="proef"),
    Deelnemer(LANDLORD, "Woningstichting Voorbeeld", frozenset({"schuldeiser"}), "actief", frozenset({"huur"})),
    Certificaat(PRINT, AGENT, AT.astimezone(timezone(timedelta(hours=5))), AT + timedelta(days=365)),
    Overeenkomst(LANDLORD, "0392", "huur", DAY),
    GemeenteInstelling("0392", "Haarlem", DAY, 5000, FORMS),
    Gemeentesleutel("0392", "k1", "eigen", MemoryKeyStore().create_private("k1") | {"key_ops": ["deriveKey"]}),
    SftpSleutel(PRINT, AGENT, "ssh-ed25519", AT),
    Bestandsprofiel(AGENT, "huur", DAY, "*.csv", "{}", frozenset({"gzip"})),
    Partijsleutel(LANDLORD, "p1", "eigen", MemoryKeyStore().create_private("p1")),
    Bsnregistratie(LANDLORD, "Invorderingswet 1990", DAY),
    Leveringsgebied(LANDLORD, frozenset({"2011-2037"}), DAY),
    Ophaaladres(AGENT, "sftp.voorbeeld.nl", 22, "seinhuis", "/uit", frozenset({"ssh-ed25519 A", "ssh-ed25519 B"}), "hernoem", AT),
    Afspraak("convenant-1", "convenant", "Vereniging Voorbeeld", frozenset({AGENT, LANDLORD}), None, DAY, DAY),
]
MANDATE = Mandaat(AGENT, LANDLORD, "schuldeiser", DAY)
DECLARATION = Verklaring(LANDLORD, "v1", "huur", DAY, DAY, DAY)


@dataclass
class Registry:
    """An office, and the same database for somebody past it."""

    office: Office
    dsns: Dsns

    def load(self) -> Register:
        with self.office.database.transaction() as connection:
            connection.execute("SET LOCAL TIME ZONE 'Asia/Tokyo'")
            return load(connection, sealer(self.office.keys))

    def past(self, statement: str) -> None:
        with psycopg.connect(self.dsns.beheer) as connection:
            assert connection.execute(statement).rowcount == 1


@pytest.fixture
def registry(dsns: Dsns) -> Iterator[Registry]:
    database = Database(dsns.beheer, name="beheer", size=2)
    made = Office(database, MemoryKeyStore(), FixedClock(AT), AGENT, lambda _: "urn:test:beheer", lambda: Trace("4b" * 16, "a7" * 8), True)
    trial.admit(made, *PARTNERS)
    yield Registry(made, dsns)
    database.close()


def test_what_the_gateway_wrote_counts(registry: Registry) -> None:
    registration.save(registry.office, MANDATE)
    registration.save_declaration(registry.office, DECLARATION, bytes(32))
    with capture_logs() as said:
        register = registry.load()
    assert [register.partner(AGENT), register.partner(LANDLORD)] == PARTNERS[:2]
    assert register.principals(AGENT, "schuldeiser", DAY) == {LANDLORD}
    assert register.certificate(PRINT) == PARTNERS[2]
    assert register.has_agreement(LANDLORD, "0392", "huur", DAY)
    assert register.gemeenten["0392"] == PARTNERS[4]
    assert register.declaration(LANDLORD, "v1") == DECLARATION
    assert register.sealing_key("0392") is not None
    assert register.sftp_key(PRINT) == PARTNERS[6]
    assert register.profiles(AGENT, DAY) == PARTNERS[7:8]
    assert register.party_key(LANDLORD) == PARTNERS[8]
    assert register.may_use_bsn(LANDLORD, DAY)
    assert register.supplies(LANDLORD, "2011AB", DAY)
    assert register.remotes == {AGENT: PARTNERS[11]}
    assert register.general_agreement("convenant", LANDLORD, "0392", DAY) == PARTNERS[12]
    assert said == []


FORGERIES = {
    "deelnemer": f"UPDATE deelnemer SET rollen = '{{gemeente}}' WHERE oin = '{AGENT}'",
    "certificaat": f"UPDATE certificaat SET oin = '{LANDLORD}'",
    "mandaat": f"INSERT INTO mandaat VALUES (NULL, '{AGENT}', '{LANDLORD}', 'schuldeiser', '2027-01-04')",
    "overeenkomst": "UPDATE overeenkomst SET sector = 'zorg'",
    "gemeente_instelling": "UPDATE gemeente_instelling SET drempel_cent = 1",
    "sftp_sleutel": f"UPDATE sftp_sleutel SET oin = '{LANDLORD}'",
    "bestandsprofiel": "UPDATE bestandsprofiel SET inhoud = '[]'",
    "bsnregistratie": f"UPDATE bsnregistratie SET oin = '{AGENT}'",
    "leveringsgebied": f"UPDATE leveringsgebied SET oin = '{AGENT}'",
    "partijsleutel": """UPDATE partijsleutel SET publiek = jsonb_set(publiek, '{x}', '"andere"')""",
    "ophaaladres": "UPDATE ophaaladres SET server = 'ander.voorbeeld.nl'",
    "afspraak": "UPDATE afspraak SET soort = 'akkoord_vooraf'",
    "gemeentesleutel": """UPDATE gemeentesleutel SET publiek = jsonb_set(publiek, '{x}', '"andere"')""",
}


@pytest.mark.parametrize(("tabel", "statement"), FORGERIES.items(), ids=FORGERIES)
def test_a_row_written_past_the_gateway_is_left_out_and_told_by_its_table(registry: Registry, tabel: str, statement: str) -> None:
    before = registry.load()
    registry.past(statement)
    with capture_logs() as said:
        after = registry.load()
    assert said == [{"event": "register_rij_ongeldig", "tabel": tabel, "log_level": "warning"}]
    left = {
        "deelnemer": after.partner(AGENT),
        "certificaat": after.certificate(PRINT),
        "mandaat": after.principals(AGENT, "schuldeiser", DAY) or None,
        "overeenkomst": after.has_agreement(LANDLORD, "0392", "zorg", DAY) or None,
        "gemeente_instelling": after.gemeenten.get("0392"),
        "partijsleutel": after.party_key(LANDLORD),
        "bsnregistratie": after.may_use_bsn(AGENT, DAY) or None,
        "leveringsgebied": after.supplies(AGENT, "2011AB", DAY) or None,
        "gemeentesleutel": after.sealing_key("0392"),
        "sftp_sleutel": after.sftp_key(PRINT),
        "bestandsprofiel": after.profiles(AGENT, DAY) or None,
        "ophaaladres": after.remotes.get(AGENT),
        "afspraak": after.general_agreement("akkoord_vooraf", LANDLORD, "0392", DAY),
    }
    assert left[tabel] is None
    assert after.partner(LANDLORD) == before.partner(LANDLORD)  # the rest stays


def test_of_a_profile_the_newest_that_began_holds_until_its_last_day(registry: Registry) -> None:
    newer = Bestandsprofiel(AGENT, "huur", date(2027, 2, 1), "*.csv", "{}", geldig_tot=date(2027, 2, 28))
    registration.save(registry.office, newer)
    register = registry.load()
    days = {day: register.profiles(AGENT, date.fromisoformat(day)) for day in ("2027-01-03", "2027-01-31", "2027-02-01", "2027-03-01")}
    assert days == {"2027-01-03": [], "2027-01-31": PARTNERS[7:8], "2027-02-01": [newer], "2027-03-01": []}
    assert register.profiles(LANDLORD, DAY) == []


def test_a_seal_does_not_fit_another_row(registry: Registry) -> None:
    registration.save(registry.office, MANDATE)
    registry.past(f"INSERT INTO mandaat SELECT zegel, principaal, gemachtigde, rol, geldig_van FROM mandaat WHERE gemachtigde = '{AGENT}'")
    register = registry.load()
    assert register.principals(LANDLORD, "schuldeiser", DAY) == set()
    assert register.principals(AGENT, "schuldeiser", DAY) == {LANDLORD}  # the control


def test_a_key_of_another_store_seals_nothing(registry: Registry) -> None:
    registry.office = registry.office._replace(keys=MemoryKeyStore())
    assert registry.load().partner(AGENT) is None


def test_status_and_revocation_are_sealed_again(registry: Registry) -> None:
    registration.set_status(registry.office, AGENT, "opgeschort")
    registration.revoke_certificate(registry.office, PRINT)
    registration.revoke_sftp_key(registry.office, PRINT)
    registration.revoke_remote(registry.office, AGENT)
    registration.end_party_key(registry.office, LANDLORD, "p1")
    registration.end_agreement(registry.office, "convenant-1", DAY)
    register = registry.load()
    partner, certificate, key = register.partner(AGENT), register.certificate(PRINT), register.sftp_key(PRINT)
    assert partner is not None
    assert certificate is not None
    assert key is not None
    assert (partner.status, certificate.ingetrokken_op, key.ingetrokken_op) == ("opgeschort", AT, AT)
    assert register.remotes == {}
    assert register.party_key(LANDLORD) is None
    days = (DAY, DAY + timedelta(days=1))
    assert [register.general_agreement("convenant", LANDLORD, "0392", day) is not None for day in days] == [True, False]
    registration.save(registry.office, PARTNERS[11])
    assert registry.load().remotes == {AGENT: PARTNERS[11]}
    with pytest.raises(NotFound):
        registration.revoke_sftp_key(registry.office, PRINT)


def test_a_change_does_not_seal_a_forged_row(registry: Registry) -> None:
    registry.past(FORGERIES["deelnemer"])
    registry.past(FORGERIES["certificaat"])
    with pytest.raises(NotFound):
        registration.set_status(registry.office, AGENT, "actief")
    with pytest.raises(NotFound):
        registration.revoke_certificate(registry.office, PRINT)
    assert registry.load().partner(AGENT) is None
    registration.set_status(registry.office, LANDLORD, "opgeschort")  # the control
