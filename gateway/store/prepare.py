"""Before anything else runs: the right PostgreSQL, the newest schema, partitions ahead, and one login per flow.

Decides whether a database is safe to start on. Authority: architecture, decisions 1 and 5 (an acknowledgement means durable)
and "Isolation" (no superuser at run time); security reference 5.2. All of it is one transaction of the owner under an advisory
lock, so that any number of processes may begin at once. Leaves what a role may do to the migrations.
"""

import json
import secrets
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, NullPool, create_engine

from gateway.core.clock import Clock
from gateway.core.errors import Misconfigured, Unavailable
from gateway.store.database import Database
from gateway.store.private import keep_private, write_private

ROLES = ("ingest", "inbox", "log", "beheer", "toezicht", "taken", "console")

_OLDEST = 160000  # server_version_num
_MONTHS = 15
_LOCK = 0x5E1_4815  # one number for everybody who prepares
_MIGRATIONS = Path(__file__).parent / "migrations"
# here and not in a migration: a copy or a restored database does not bring the rights on the database itself along
_NO_TEMPORARY = "DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$"
_DURABLE = {"synchronous_commit": ("on", "remote_apply"), "fsync": ("on",), "full_page_writes": ("on",)}


class Dsns(NamedTuple):
    """One conninfo per role. `owner` is for `prepare` and maintenance, never for a flow."""

    owner: str
    ingest: str
    inbox: str
    log: str
    beheer: str
    toezicht: str
    taken: str
    console: str


def prepare(owner_dsn: str, state: Path, clock: Clock) -> Dsns:
    """Bring the database up to date and return a conninfo per role, each checked by `check`.

    The roles' passwords stand in `state`/database-rollen.json: processes that share a database share that file. Raises
    Misconfigured (too old, unsafe), Unavailable (not reachable), psycopg.Error or sqlalchemy.exc.SQLAlchemyError (a migration fails).
    """
    _require_version(owner_dsn)
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(owner_dsn), poolclass=NullPool)
    with engine.begin() as connection:
        raw: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
        raw.execute("SET LOCAL lock_timeout = '60s'")
        raw.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        raw.execute("SET LOCAL lock_timeout = '5s'")
        _migrate(connection)
        raw.execute(_NO_TEMPORARY)
        raw.execute("SELECT ensure_partitions(%s, %s)", (_previous_month(clock), _MONTHS))
        passwords = _passwords(state)
        for role in ROLES:
            _open_login(raw, f"gw_{role}", passwords[role])
    dsns = Dsns(owner_dsn, *(make_conninfo(owner_dsn, user=f"gw_{role}", password=passwords[role]) for role in ROLES))
    for dsn in dsns[1:]:
        check(dsn)
    return dsns


def extend(tasks: Database, clock: Clock) -> None:
    """Make the partitions of the coming months, for a process that runs long (role gw_taken). Raises Unavailable, psycopg.Error."""
    with tasks.transaction() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        connection.execute("SELECT ensure_partitions(%s, %s)", (_previous_month(clock), _MONTHS))


def check(dsn: str) -> None:
    """Refuse a database that may lose what it acknowledged, or a role that row security does not hold: Misconfigured.

    Looks through a connection of the role itself, because a setting may hang on a role, a database or the conninfo. Raises
    Unavailable when there is no connection.
    """
    with _connect(dsn) as connection:
        for name, allowed in _DURABLE.items():
            value = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
            if value is None or value[0] not in allowed:
                raise Misconfigured(f"De database staat op {name}={value and value[0]}; een bevestiging vraagt {name}={allowed[0]}.")
        powers = connection.execute("SELECT rolsuper OR rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user").fetchone()
        if powers is None or powers[0]:
            raise Misconfigured(f"De rol {powers and powers[1]} is superuser of heeft BYPASSRLS; een stroom draait zonder.")


def _connect(dsn: str) -> psycopg.Connection[tuple[Any, ...]]:
    try:
        return psycopg.connect(dsn, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise Unavailable("DATABASE_NIET_BEREIKBAAR", "De database is niet bereikbaar.", retry_after=5) from error


def _require_version(dsn: str) -> None:
    with _connect(dsn) as connection:
        if connection.info.server_version < _OLDEST:
            raise Misconfigured(f"PostgreSQL {connection.info.server_version // 10000} is te oud: versie 16 of nieuwer is nodig.")


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _previous_month(clock: Clock) -> date:
    return (clock.now().date().replace(day=1) - timedelta(days=1)).replace(day=1)


def _passwords(state: Path) -> dict[str, str]:
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = state / "database-rollen.json"
    kept: dict[str, str] = json.loads(keep_private(path, lambda: json.dumps({role: secrets.token_urlsafe(32) for role in ROLES})))
    if missing := set(ROLES) - set(kept):  # the file is of before these roles
        kept |= {role: secrets.token_urlsafe(32) for role in missing}
        write_private(path, json.dumps(kept))
    return kept


def _open_login(connection: psycopg.Connection[Any], role: str, password: str) -> None:
    """Let a role log in; the server sees the SCRAM verifier only, so that no password can reach its log."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier)))
