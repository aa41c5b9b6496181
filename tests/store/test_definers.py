"""Functions that run with their owner's rights cannot be turned against it by who calls them."""

import json
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from gateway.core.clock import SystemClock
from gateway.privacylog.append import append
from gateway.store.prepare import ROLES, Dsns, prepare
from tests.store import events
from tests.store.test_log import rows

FUNCTIONS = "FROM pg_proc WHERE pronamespace = 'public'::regnamespace"


def give_back(dsns: Dsns) -> None:
    """What PostgreSQL gives everybody by itself."""
    with psycopg.connect(dsns.owner) as owner:
        owner.execute(f"GRANT TEMPORARY ON DATABASE {conninfo_to_dict(dsns.owner)['dbname']} TO PUBLIC")


def logged_beside_a_shadow(dsns: Dsns, role: str) -> int:
    """How many entries reach the log when the caller has a table of the same name."""
    with psycopg.connect(getattr(dsns, role)) as connection:
        connection.execute("CREATE TEMP TABLE log_entry (id uuid, event text, body bytea); GRANT ALL ON log_entry TO PUBLIC")
        append(connection, [events.of(role)])
    ((count,),) = rows(dsns, "SELECT count(*) FROM log_entry")
    return int(count)


def test_no_role_may_make_a_temporary_table(dsns: Dsns, template: Dsns, tmp_path: Path) -> None:
    give_back(dsns)
    for dsn in dsns[1:]:
        with psycopg.connect(dsn) as connection:
            connection.execute("CREATE TEMP TABLE x (n int)")  # the control
    passwords = {role: conninfo_to_dict(dsn)["password"] for role, dsn in zip(ROLES, template[1:], strict=True)}
    (tmp_path / "database-rollen.json").write_text(json.dumps(passwords))
    prepare(dsns.owner, tmp_path, SystemClock())
    for dsn in dsns[1:]:
        with psycopg.connect(dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TEMP TABLE x (n int)")


@pytest.mark.parametrize("role", events.WRITERS)
def test_a_temporary_table_does_not_shadow_the_log(dsns: Dsns, role: str) -> None:
    give_back(dsns)
    assert logged_beside_a_shadow(dsns, role) == 1


def test_a_temporary_table_shadows_a_function_that_does_not_name_pg_temp(dsns: Dsns) -> None:
    give_back(dsns)
    with psycopg.connect(dsns.owner) as owner:  # the control: the trap exists
        owner.execute("ALTER FUNCTION log_append_delivered SET search_path = public")
    assert logged_beside_a_shadow(dsns, "inbox") == 0


def test_every_function_looks_for_temporary_tables_last(dsns: Dsns) -> None:
    assert rows(dsns, f"SELECT DISTINCT proconfig {FUNCTIONS}") == [(["search_path=pg_catalog, public, pg_temp"],)]


def test_everything_belongs_to_a_role_that_is_no_superuser_and_cannot_log_in(dsns: Dsns) -> None:
    tables = "SELECT relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S')"
    owners = f"SELECT proowner {FUNCTIONS} UNION {tables}"
    assert rows(dsns, f"SELECT rolname, rolsuper, rolcanlogin FROM pg_roles WHERE oid IN ({owners})") == [("gw_eigenaar", False, False)]


def test_no_function_is_for_everybody(dsns: Dsns) -> None:
    query = f"SELECT count(*) FILTER (WHERE has_function_privilege('public', oid, 'EXECUTE')), count(*) > 8 {FUNCTIONS}"
    assert rows(dsns, query) == [(0, True)]
