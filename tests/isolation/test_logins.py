"""Nobody works as the owner of the database: every process and command logs in as a role of its own, once the schema stands."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gateway.app.audit import open_audit, open_index
from gateway.app.bewaring import open_keeper
from gateway.app.house import open_house, open_office
from gateway.app.mailroom import open_post
from gateway.app.outward import open_statistics
from gateway.app.settings import Settings
from gateway.store.prepare import Dsns
from tests.isolation.hall import CLOCK, site

OPENED: dict[str, tuple[Callable[[Settings], AbstractContextManager[Any]], set[str]]] = {
    "serve, verwerk": (
        lambda s: open_house(s, CLOCK),
        {"gw_ingest", "gw_inbox", "gw_log", "gw_beheer", "gw_taken", "gw_toezicht", "gw_console"},
    ),
    "sftp": (lambda s: open_post(s, CLOCK), {"gw_ingest", "gw_beheer"}),
    "deelnemer and other commands on the register": (lambda s: open_office(s, CLOCK), {"gw_beheer"}),
    "log": (lambda s: open_audit(s, CLOCK), {"gw_beheer", "gw_log"}),
    "toezicht zoekindex": (lambda s: open_index(s, CLOCK), {"gw_beheer", "gw_toezicht"}),
    "bewaring": (lambda s: open_keeper(s, CLOCK, rotate=False), {"gw_beheer", "gw_log"}),
    "ddas": (lambda s: open_statistics(s, CLOCK), {"gw_beheer", "gw_inbox"}),
}


@pytest.mark.parametrize("name", OPENED)
def test_process_logs_in_as_its_roles_and_never_as_the_owner(dsns: Dsns, tmp_path: Path, name: str) -> None:
    opened, roles = OPENED[name]
    with opened(site(dsns, tmp_path)), psycopg.connect(dsns.owner) as owner:
        query = "SELECT usename FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename <> ''"
        found = {row[0] for row in owner.execute(query).fetchall()}
        assert {"gw_beheer"} <= found <= roles  # a pool opens in the background
        powers = "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
        assert owner.execute(powers, (list(roles),)).fetchall() == []


def test_control_the_owner_would_be_seen(dsns: Dsns) -> None:
    with psycopg.connect(dsns.owner, application_name="proef"), psycopg.connect(dsns.owner) as owner:
        query = "SELECT usename FROM pg_stat_activity WHERE application_name = 'proef'"
        assert owner.execute(query).fetchall() == [(owner.info.user,)]
