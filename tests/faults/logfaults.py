"""Statements by which the owner of a database keeps the log from being written, and those that undo them: name -> (begin, end)."""

_TRIGGER = """
CREATE FUNCTION storing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'storing van een toets'; END $$;
CREATE {kind} TRIGGER storing {when} INSERT ON {table} {deferred} FOR EACH ROW EXECUTE FUNCTION storing();
"""
_FUNCTIONS = "FUNCTION log_append, log_append_delivered, log_append_forwarded"


def _trigger(table: str, kind: str, when: str, deferred: str) -> tuple[str, str]:
    begin = _TRIGGER.format(table=table, kind=kind, when=when, deferred=deferred)
    return begin, f"DROP TRIGGER storing ON {table}; DROP FUNCTION storing()"


LOG_FAULTS = {
    "trigger on the entries": _trigger("log_entry", "", "BEFORE", ""),
    "trigger on the queue": _trigger("log_queue", "", "BEFORE", ""),
    "failing commit": _trigger("log_entry", "CONSTRAINT", "AFTER", "DEFERRABLE INITIALLY DEFERRED"),
    "revoked grant": (f"REVOKE EXECUTE ON {_FUNCTIONS} FROM gw_ingest, gw_inbox, gw_log, gw_beheer, gw_toezicht, gw_console", "SELECT 1"),
    "stuck sequencer": (
        "INSERT INTO log_queue (created, entries, leaves, gemeenten, berichten) "
        "VALUES (now() - interval '61 seconds', '{}', '{}', '{}', '{}')",
        "DELETE FROM log_queue WHERE entries = '{}'",
    ),
}
