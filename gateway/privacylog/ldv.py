"""The log for other systems, as OTLP/JSON lines: each entry as a record of processing (LDV) and as a record of access (audit).

Authority: Logboek Dataverwerkingen 1.0.0 (names `dpl.core.*`, no users, at most one person per record, no sampling) against BIO2 8.15.01
(action, object, result, origin, actor, time); OpenTelemetry protocol 1 (JSON). The two say nothing of each other's and join on trace and
span id. Both parse the bytes that were hashed. Entries whose content went at its term are not there. Leaves files to the command line.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec
import psycopg

SUBJECTS = ("betrokkene", "bericht", "zaak", "overzicht", "regeling")
OBJECTS = (
    *SUBJECTS[1:], "claim", "saldoverzoek", "regelingbericht", "bestand", "onderdeel", "bewerking",
    "regel", "inzageverzoek", "ontzegeling",
)  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ENTRIES = "SELECT l.nr, e.body FROM log_leaf l JOIN log_entry e ON e.id = l.entry ORDER BY l.nr"
_SCOPE = {"name": "seinhuis.log", "version": "1"}
_OK, _UNSET, _SERVER, _INFO = 1, 0, 2, 9
Fields = Mapping[str, Any]


class Vorm(StrEnum):
    """Which of the two records."""

    LDV = "ldv"
    AUDIT = "audit"


def lines(connection: psycopg.Connection[Any], vorm: Vorm, gemeente: str | None, operator: str) -> Iterator[bytes]:
    """One line per entry, of one municipality or of all; `operator` is our own OIN. Role gw_log, in one snapshot as `export.lines`."""
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    with connection.cursor(name="ldv", binary=True) as cursor:
        cursor.execute(_ENTRIES)
        for nr, body in cursor:
            fields = msgspec.json.decode(body)
            if gemeente in (None, fields.get("gemeente")):
                value = processing(fields, operator) if vorm is Vorm.LDV else access(fields, nr)
                yield msgspec.json.encode(value) + b"\n"


def processing(fields: Fields, operator: str) -> dict[str, Any]:
    """The LDV record of an entry (its members as on the wire): which activity, about whom by a keyed code, called by which organisation."""
    subject = next((name for name in SUBJECTS if name in fields), None)
    told = {"dpl.core.processing_activity_id": fields["activiteit"]}
    if subject is not None:
        told |= {"dpl.core.data_subject_id": str(fields[subject]), "dpl.core.data_subject_id_type": f"urn:seinhuis:{subject}"}
    if fields["partij"] != operator:
        told["dpl.core.foreign_operation.processor"] = f"urn:oin:{fields['partij']}"
    span = {
        "traceId": fields["traceId"],
        "spanId": _span(fields),
        "parentSpanId": fields["spanId"],
        "name": fields["gebeurtenis"].replace(".", " ").replace("_", " "),
        "kind": _SERVER,
        "startTimeUnixNano": _nanos(fields),
        "endTimeUnixNano": _nanos(fields),
        "attributes": _attributes(told),
        "status": {"code": _UNSET if _refused(fields) else _OK},
    }
    return {"resourceSpans": [{"resource": _resource(), "scopeSpans": [{"scope": _SCOPE, "spans": [span]}]}]}


def access(fields: Fields, nr: int) -> dict[str, Any]:
    """The audit record of an entry: who did what to which object, from where, and how it ended. Says nothing of the person."""
    told = {
        "seinhuis.actie": fields["gebeurtenis"],
        **{f"seinhuis.object.{name}": str(fields[name]) for name in OBJECTS if name in fields},
        "seinhuis.resultaat": fields.get("resultaat") or ("geweigerd" if _refused(fields) else "gedaan"),
        "seinhuis.herkomst": fields["partij"],
        "seinhuis.actor": fields["principaal"],
        "seinhuis.actorsoort": "mens" if fields.get("wijze") == "bemand" or "gebruiker" in fields else "systeem",
        "seinhuis.gebruiker": fields.get("gebruiker"),
        "seinhuis.gemeente": fields.get("gemeente"),
        "seinhuis.regels": " ".join(fields.get("regels", ())),
        "seinhuis.log.nummer": str(nr),
    }
    record = {
        "timeUnixNano": _nanos(fields),
        "observedTimeUnixNano": _nanos(fields),
        "severityNumber": _INFO,
        "severityText": "INFO",
        "eventName": fields["gebeurtenis"],
        "traceId": fields["traceId"],
        "spanId": _span(fields),
        "attributes": _attributes({name: value for name, value in told.items() if value}),
    }
    return {"resourceLogs": [{"resource": _resource(), "scopeLogs": [{"scope": _SCOPE, "logRecords": [record]}]}]}


def _resource() -> dict[str, Any]:
    return {"attributes": _attributes({"service.name": "seinhuis"})}


def _attributes(told: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"key": name, "value": {"stringValue": value}} for name, value in told.items()]


def _refused(fields: Fields) -> bool:
    return str(fields["gebeurtenis"]).endswith(".geweigerd")


def _span(fields: Fields) -> str:
    """A span of its own for each entry, below that of its request: a request about several persons has a record for each."""
    return sha256(fields["id"].encode()).hexdigest()[:16]


def _nanos(fields: Fields) -> str:
    """As OTLP writes 64-bit numbers in JSON: decimal, in a string."""
    return str((datetime.fromisoformat(fields["tijd"]) - _EPOCH) // timedelta(microseconds=1) * 1000)
