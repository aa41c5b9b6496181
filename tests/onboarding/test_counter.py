"""What the database itself holds an integrator to, whatever code runs on its connection; and that the code says the same."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gateway.core.errors import Conflict
from gateway.onboarding import certificaten, changes, levenscyclus, registration
from gateway.store.prepare import Dsns
from gateway.store.tenant import parties
from tests.console.balie import BUILDER, Balie, begun
from tests.onboarding.world import LANDLORD, TOWN
from tests.tenants import SIGNER, acting

STATES = (*levenscyclus.PAD, "opgeschort", levenscyclus.EINDE)
ROWS = {
    "deelnemer": "oin", "aansluiting": "oin", "deelnemer_stuk": "oin", "certificaat": "oin", "certificaat_inhoud": "oin",
    "toetsuitslag": "oin", "sftp_sleutel": "oin", "ophaaladres": "oin", "bestandsprofiel": "oin", "partijsleutel": "oin",
    "bsnregistratie": "oin",
    "leveringsgebied": "oin", "proeftoelating": "oin", "overeenkomst": "schuldeiser", "verklaring": "principaal",
    "beheerverzoek": "aanvrager", "uitlaat": "loket",
}  # fmt: skip


@pytest.fixture
def balie(dsns: Dsns, tmp_path: Path) -> Iterator[Balie]:
    made = begun(dsns, tmp_path)
    yield made
    made.close()


def test_no_table_shows_an_integrator_a_row_of_another(balie: Balie) -> None:
    with acting(balie.dsns.integrator, parties(BUILDER, LANDLORD)) as connection:
        for table, owner in ROWS.items():
            rows = connection.execute(f"SELECT {owner} FROM {table}".encode()).fetchall()
            assert {oin for (oin,) in rows} <= {BUILDER, LANDLORD}, table
        found = {oin for (oin,) in connection.execute("SELECT oin FROM deelnemer").fetchall()}
        assert found == {BUILDER, LANDLORD}
        mandates = connection.execute("SELECT gemachtigde, principaal FROM mandaat").fetchall()
        assert mandates == [(BUILDER, LANDLORD)]


def test_without_a_context_an_integrator_sees_nothing(balie: Balie) -> None:
    with psycopg.connect(balie.dsns.integrator) as connection:
        assert [t for t in ROWS if connection.execute(f"SELECT 1 FROM {t} LIMIT 1".encode()).fetchone()] == []


@pytest.mark.parametrize("statement", [
    "INSERT INTO aansluiting (oin, gebruik) VALUES (%(other)s, '{}')",
    "INSERT INTO certificaat (vingerafdruk, oin, geldig_van, geldig_tot) VALUES (sha256(''), %(other)s, now(), now())",
    "INSERT INTO mandaat (gemachtigde, principaal, rol, geldig_van) VALUES (%(me)s, %(other)s, 'integrator', now())",
    "INSERT INTO mandaat (gemachtigde, principaal, rol, geldig_van) VALUES (%(mine)s, %(mine)s, 'schuldeiser', now())",
    "INSERT INTO overeenkomst (schuldeiser, gemeentecode, sector, geldig_van) VALUES (%(mine)s, '0392', 'huur', now())",
    "INSERT INTO deelnemer (oin, naam, rollen, status) VALUES ('00000099000000099000', 'x', '{gemeente}', 'aangemeld')",
    "UPDATE deelnemer SET rollen = '{gemeente}' WHERE oin = %(mine)s",
    "UPDATE deelnemer SET status = 'actief' WHERE oin = %(mine)s",
    "UPDATE certificaat SET oin = %(other)s WHERE oin = %(mine)s",
    "UPDATE beheerverzoek SET besluit = 'goedgekeurd'",
    "INSERT INTO beheerverzoek (id, soort, aanvrager, inhoud, gevraagd_op, besluit, besloten_door, besloten_op) "
    "VALUES (gen_random_uuid(), 'activering', %(me)s, '{}', now(), 'goedgekeurd', 'x', now())",
    "SELECT wrapped FROM wrapped_key",
    "SELECT body FROM log_entry",
    "DELETE FROM deelnemer",
])  # fmt: skip
def test_statement_past_the_gateway_is_refused(balie: Balie, statement: str) -> None:
    values = {"me": BUILDER, "mine": LANDLORD, "other": TOWN}
    balie.past("INSERT INTO certificaat (vingerafdruk, oin, geldig_van, geldig_tot) VALUES (sha256('a'), %s, now(), now())", LANDLORD)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), acting(balie.dsns.integrator, parties(BUILDER, LANDLORD)) as connection:
        connection.execute(statement.encode(), values)


def test_update_of_another_touches_nothing(balie: Balie) -> None:
    with acting(balie.dsns.integrator, parties(BUILDER, LANDLORD)) as connection:
        assert connection.execute("UPDATE deelnemer SET status = 'in_test' WHERE oin = %s", (TOWN,)).rowcount == 0
        assert connection.execute("UPDATE deelnemer SET status = 'in_test' WHERE oin = %s", (LANDLORD,)).rowcount == 1  # the control
        connection.rollback()


def test_steps_of_the_database_are_those_of_the_code(balie: Balie) -> None:
    """Every pair of states, tried as the integrator's role and, as the control, as the office."""
    taken = {role: {pair for pair in pairs() if goes(balie, role, *pair)} for role in ("integrator", "beheer")}
    assert taken["integrator"] == changes.ALONE
    assert taken["beheer"] == {(van, naar) for van, onward in levenscyclus.OVERGANGEN.items() for naar in onward}


def pairs() -> list[tuple[str, str]]:
    return [(van, naar) for van in STATES for naar in STATES if van != naar]


def goes(balie: Balie, role: str, van: str, naar: str) -> bool:
    with balie.ends() as owner:
        owner.execute("ALTER TABLE deelnemer DISABLE TRIGGER USER")
        owner.execute("UPDATE deelnemer SET status = %s WHERE oin = %s", (van, LANDLORD))
        owner.execute("ALTER TABLE deelnemer ENABLE TRIGGER USER")
    with psycopg.connect(getattr(balie.dsns, role)) as connection:
        connection.execute("SELECT optreden(%s)", (SIGNER.sign(parties(BUILDER, LANDLORD)),))
        try:
            connection.execute("UPDATE deelnemer SET status = %s WHERE oin = %s", (naar, LANDLORD))
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.CheckViolation):
            return False
        finally:
            connection.rollback()
    return True


def test_second_person_is_asked_by_the_database_too(balie: Balie) -> None:
    """Who asked does not decide, also not with a statement past the gateway."""
    insert = (
        "INSERT INTO beheerverzoek (id, soort, aanvrager, gebruiker, inhoud, gevraagd_op) "
        "VALUES (gen_random_uuid(), 'activering', %s, 'een', '{}', now())"
    )
    balie.past(insert, BUILDER)
    decide = "UPDATE beheerverzoek SET besluit = 'goedgekeurd', besloten_door = %s, besloten_gebruiker = %s, besloten_op = now()"
    with pytest.raises(psycopg.errors.CheckViolation):
        balie.past(decide, "00000099000000000000", "een")
    balie.past(decide, "00000099000000000000", "twee")  # the control


def test_revoked_certificate_stays_revoked_whoever_registers_it_again(balie: Balie) -> None:
    """The stolen one would open the door again."""
    issued = balie.pki.partner(LANDLORD, "Verhuurder")
    rows = certificaten.rows(LANDLORD, certificaten.read(issued.cert_path.read_bytes()))
    registration.save(balie.office, *rows)
    registration.save(balie.office, *rows)  # the control: until it is revoked
    with balie.ends() as owner:
        owner.execute("UPDATE certificaat SET ingetrokken_op = now() WHERE vingerafdruk = %b", (rows[0].vingerafdruk,))
        with pytest.raises(psycopg.errors.CheckViolation), owner.transaction():
            owner.execute("UPDATE certificaat SET ingetrokken_op = NULL WHERE vingerafdruk = %b", (rows[0].vingerafdruk,))
    with pytest.raises(Conflict, match="CERTIFICAAT_GEBRUIKT"):
        registration.save(balie.office, *rows)
