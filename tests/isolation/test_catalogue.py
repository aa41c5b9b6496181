"""The catalogue itself: every table has its policies or a reason to have none; nothing in it goes around them."""

import psycopg
import pytest

from gateway.store.prepare import ROLES, Dsns
from tests.isolation.matrix import Connection

REGISTER = "the register: sealed rows of the office, about municipalities and general agreements; who looks after partners may read these"
LOG = "the log: hashes, numbers and signed notes of everybody together, without municipality"
EXEMPT = {
    **dict.fromkeys((
        "afspraak", "gemeente_instelling", "gemeentesleutel", "register_versie",
    ), REGISTER),
    **dict.fromkeys(("log_checkpoint", "log_leaf", "log_queue", "log_state", "log_tegel", "toezicht_stand"), LOG),
    "log_termijn": "how long the log keeps content, per municipality, and how far that is; of nobody in person, the log's role alone",
    "bewaring_ronde": "the days of the retention round; no row of anybody",
    "pseudoniem_versie": "numbers of versions, sealed as the register is; who sends a message on names it in the version of the receiver",
    "sleutelboek": "which keys there are, by name, sealed; the office's role alone",
    "wrapped_key": "keys of everybody, wrapped under a key that the database cannot open; the office's role alone",
    "context_sleutel": "the key that contexts are signed with; no role can read it, one function does",
    "console_sessie": "found by the hash of a token, sealed under it, beside a commitment: who reads it has nobody's; gw_console alone",
    "alembic_version": "the version of the schema",
}  # fmt: skip
APPENDED = {("gw_eigenaar", "log_entry")}
"""Where a function puts rows of anybody, and shows them by the context all the same."""
OFFICE = (
    "aansluiting", "beheerverzoek", "bestandsprofiel", "bsnregistratie", "certificaat", "certificaat_inhoud", "deelnemer", "deelnemer_stuk",
    "leveringsgebied", "mandaat", "ophaaladres", "overeenkomst", "partijsleutel", "proeftoelating", "sftp_sleutel", "toetsuitslag",
    "uitlaat", "verklaring",
)
"""The register as its office keeps it: whole, and an integrator its own participants (migration 0025)."""
FOR_EVERYBODY = {("gw_log", "inbox_item"), ("gw_log", "log_entry"), ("gw_eigenaar", "toezicht_regel")} | {
    ("gw_beheer", table) for table in ("bestand", "bestand_deel", "instelling", "nummer_aangehouden", "nummer_telling", "schaduwproef",
                                   *OFFICE)
}


def violations(owner: Connection) -> list[str]:
    """What is wrong with the catalogue."""
    found = []
    tables = """
        SELECT relname, relrowsecurity AND relforcerowsecurity, relispartition,
          EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid),
          relispartition AND relacl IS NOT NULL AND EXISTS (SELECT FROM aclexplode(relacl) g WHERE g.grantee <> relowner)
        FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    """
    for name, closed, partition, policies, granted in owner.execute(tables.encode()).fetchall():
        exempt = name in EXEMPT
        if (closed or policies) if exempt else not closed:
            found.append(f"{name}: no row security and no reason, or both")
        if closed and not partition and not policies:
            found.append(f"{name}: shows nothing to anybody")
        if granted:
            found.append(f"{name}: a partition with grants of its own")
    policies = "SELECT tablename, policyname, roles::text[], qual, with_check, permissive FROM pg_policies WHERE schemaname = 'public'"
    for table, name, roles, qual, with_check, permissive in owner.execute(policies.encode()).fetchall():
        if roles != [name] or permissive != "PERMISSIVE":
            found.append(f"{table}: policy {name} is not of the role that it is called after")
        if qual == "true" and (name, table) not in FOR_EVERYBODY:
            found.append(f"{table}: policy {name} shows everything")
        if qual != "true" and "context()" not in qual and not qual.startswith("(EXISTS"):
            found.append(f"{table}: policy {name} does not look at the context")
        if with_check is not None and "context()" not in with_check and (name, table) not in APPENDED:
            found.append(f"{table}: policy {name} lets everything in")
    found += [f"{kind} {name}" for name, kind in owner.execute(
        """
        SELECT relname, 'view' FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm', 'f')
        UNION ALL SELECT rolname, 'powerful role' FROM pg_roles
          WHERE rolname LIKE 'gw\\_%' AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolinherit OR rolreplication)
        UNION ALL SELECT m.rolname, 'member of' FROM pg_auth_members a
          JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member WHERE r.rolname LIKE 'gw\\_%' AND m.rolname LIKE 'gw\\_%'
        UNION ALL SELECT proname, 'function for everybody' FROM pg_proc
          WHERE pronamespace = 'public'::regnamespace AND has_function_privilege('public', oid, 'EXECUTE')
        UNION ALL SELECT c.relname, 'more than rows' FROM pg_class c, aclexplode(c.relacl) g
          WHERE c.relnamespace = 'public'::regnamespace AND g.grantee <> c.relowner
            AND (g.privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE') OR g.is_grantable OR g.grantee = 0)
        UNION ALL SELECT proname, 'asker not compared with the context' FROM pg_proc
          WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'saldo\\_%' AND 'asker' = ANY (proargnames)
            AND prosrc NOT LIKE '%bevoegd(asker)%'
        """
    ).fetchall()]  # fmt: skip
    return found


def test_catalogue_has_no_violations(dsns: Dsns) -> None:
    with psycopg.connect(dsns.owner) as owner:
        assert violations(owner) == []
        assert {row[0] for row in owner.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'gw\\_%' AND rolcanlogin").fetchall()} == {
            f"gw_{role}" for role in ROLES
        }


@pytest.mark.parametrize("wrong", [
    "CREATE TABLE nieuw (gemeente text)",
    "ALTER TABLE ritme NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY gw_inbox ON ritme",
    "ALTER POLICY gw_inbox ON ritme USING (true)",
    "ALTER POLICY gw_inbox ON ritme TO gw_ingest",
    "ALTER POLICY gw_inbox ON ritme USING (gemeente = current_setting('seinhuis.gemeente', true))",
    "CREATE VIEW alles AS SELECT * FROM bericht",
    "ALTER ROLE gw_inbox BYPASSRLS",
    "GRANT gw_eigenaar TO gw_inbox",
    "GRANT TRUNCATE ON bericht TO gw_inbox",
    "GRANT EXECUTE ON FUNCTION saldo_one TO PUBLIC",
    "GRANT SELECT ON ritme TO PUBLIC",
    "DO $$ BEGIN EXECUTE format('GRANT SELECT ON %I TO gw_inbox', (SELECT min(inhrelid::regclass::text) FROM pg_inherits)); END $$",
    "DO $$ BEGIN EXECUTE replace(pg_get_functiondef('saldo_one'::regproc), '(SELECT bevoegd(asker))', 'asker'); END $$",
])  # fmt: skip
def test_control_what_is_wrong_is_found(dsns: Dsns, wrong: str) -> None:
    with psycopg.connect(dsns.owner) as owner, owner.transaction(force_rollback=True):
        owner.execute(wrong.encode())
        assert violations(owner) != []
