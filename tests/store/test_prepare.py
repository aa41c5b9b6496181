import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gateway.core.clock import FixedClock, SystemClock
from gateway.core.errors import Misconfigured, Unavailable
from gateway.store import prepare as prepare_module
from gateway.store.embedded import EmbeddedPostgres
from gateway.store.prepare import ROLES, Dsns, check, prepare

VERSIONS = Path(prepare_module.__file__).parent / "migrations" / "versions"
LATEST = max(path.name.split("_")[1] for path in VERSIONS.glob("*.sql"))


def run(dsn: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def database_of(dsn: str) -> str:
    return str(conninfo_to_dict(dsn)["dbname"])


def fresh(cluster: EmbeddedPostgres, name: str) -> str:
    """An empty database."""
    run(cluster.start(), f"CREATE DATABASE {name}")
    return make_conninfo(cluster.start(), dbname=name)


def test_roles_log_in_as_themselves_and_are_no_superusers(dsns: Dsns) -> None:
    query = "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolinherit FROM pg_roles WHERE rolname = current_user"
    found = [run(dsn, query) for dsn in dsns[1:]]
    assert found == [[(f"gw_{role}", False, False, False, False, False)] for role in ROLES]


def test_roles_cannot_make_tables_or_migrate(dsns: Dsns) -> None:
    for dsn in dsns[1:]:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run(dsn, "CREATE TABLE x (n int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run(dsn, "UPDATE alembic_version SET version_num = 'x'")


def test_migration_is_idempotent(dsns: Dsns, tmp_path: Path, template: Dsns) -> None:
    state = tmp_path
    passwords = {role: conninfo_to_dict(dsn)["password"] for role, dsn in zip(ROLES, template[1:], strict=True)}
    (state / "database-rollen.json").write_text(json.dumps(passwords))  # the roles are shared by all databases of the cluster
    shape = "SELECT relname, relkind::text, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
    before = run(dsns.owner, shape)
    assert prepare(dsns.owner, state, SystemClock()) == dsns
    assert run(dsns.owner, shape) == before
    assert run(dsns.owner, "SELECT version_num FROM alembic_version") == [(LATEST,)]


def test_failed_migration_leaves_nothing(cluster: EmbeddedPostgres, tmp_path: Path) -> None:
    owner = fresh(cluster, "half")
    run(owner, "CREATE TABLE quarantine (n int)")  # in the way of the first migration
    with pytest.raises(Exception, match="already exists"):
        prepare(owner, tmp_path, SystemClock())
    assert run(owner, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'") == [("quarantine",)]


def test_partitions_run_from_the_previous_month_for_15(cluster: EmbeddedPostgres, template: Dsns, tmp_path: Path) -> None:
    state = EmbeddedPostgres(tmp_path)
    prepare(state.start(), tmp_path, FixedClock(datetime(2027, 1, 31, 12, tzinfo=UTC)))
    query = "SELECT relname::text FROM pg_class WHERE relispartition AND relkind = 'r' AND relname ~ '^log_entry' ORDER BY 1"
    found = [str(name) for (name,) in run(state.start(), query)]
    state.stop()
    assert (len(found), found[0], found[1], found[-1]) == (15, "log_entry_202612", "log_entry_202701", "log_entry_202802")


def test_many_processes_at_once_agree(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path)
    owner = postgres.start()
    program = "import sys; from pathlib import Path; from gateway.core.clock import SystemClock\n"
    program += "from gateway.store.prepare import prepare; print(prepare(sys.argv[1], Path(sys.argv[2]), SystemClock()))"
    command = [sys.executable, "-W", "error", "-c", program, owner, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    many = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(4)]
    answers = {process.communicate(timeout=60)[0] for process in many}
    postgres.stop()
    assert {process.returncode for process in many} == {0}
    assert len(answers) == 1
    assert (tmp_path / "database-rollen.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_check_passes_a_safe_database(dsns: Dsns) -> None:
    for dsn in dsns[1:]:
        check(dsn)


@pytest.mark.parametrize("value", ["off", "local", "remote_write"])
def test_check_refuses_a_database_that_may_lose_commits(dsns: Dsns, value: str) -> None:
    run(dsns.owner, f"ALTER DATABASE {database_of(dsns.owner)} SET synchronous_commit = {value}")
    for dsn in dsns[1:]:
        with pytest.raises(Misconfigured, match=f"synchronous_commit={value}"):
            check(dsn)


def test_check_sees_a_setting_of_one_role_only(dsns: Dsns) -> None:
    run(dsns.owner, f"ALTER ROLE gw_log IN DATABASE {database_of(dsns.owner)} SET synchronous_commit = off")
    check(dsns.ingest)
    with pytest.raises(Misconfigured, match="synchronous_commit=off"):
        check(dsns.log)


def test_check_sees_a_setting_of_the_conninfo(dsns: Dsns) -> None:
    with pytest.raises(Misconfigured, match="synchronous_commit=off"):
        check(make_conninfo(dsns.log, options="-c synchronous_commit=off"))


@pytest.mark.parametrize("power", ["SUPERUSER", "BYPASSRLS"])
def test_check_refuses_a_role_above_row_security(dsns: Dsns, power: str) -> None:
    with psycopg.connect(dsns.owner, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE te_sterk LOGIN {} PASSWORD 'te-sterk'").format(sql.SQL(power)))
        try:
            with pytest.raises(Misconfigured, match="te_sterk"):
                check(make_conninfo(dsns.owner, user="te_sterk", password="te-sterk"))
        finally:
            connection.execute("DROP ROLE te_sterk")


def test_prepare_refuses_an_unsafe_database(cluster: EmbeddedPostgres, template: Dsns, tmp_path: Path) -> None:
    owner = fresh(cluster, "onveilig")
    run(owner, "ALTER DATABASE onveilig SET synchronous_commit = off")
    passwords = {role: conninfo_to_dict(dsn)["password"] for role, dsn in zip(ROLES, template[1:], strict=True)}
    (tmp_path / "database-rollen.json").write_text(json.dumps(passwords))
    with pytest.raises(Misconfigured, match="synchronous_commit=off"):
        prepare(owner, tmp_path, SystemClock())


def test_unreachable_database_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        prepare(f"host={tmp_path} dbname=x user=x", tmp_path, SystemClock())
