"""The records for other systems: names as LDV has them, no user in one, no person in the other, joined by trace and span."""

import json
import re
from typing import Any

import pytest

from gateway.privacylog import ldv
from gateway.privacylog.entry import Entry, encode
from gateway.privacylog.messages import BerichtGeclaimd, SignaalGeweigerd, VerzoekGeweigerd
from gateway.privacylog.settings import RegisterGewijzigd
from tests.records import CREDITOR, HAARLEM
from tests.unit.test_entries import FRAME, MEMBERS, make

OPERATOR = "00000099000000009000"


def fields(kind: type[Entry]) -> dict[str, Any]:
    return dict(json.loads(encode(make(kind))))


def attributes(record: Any) -> dict[str, str]:
    return {one["key"]: one["value"]["stringValue"] for one in record["attributes"]}


def span(kind: type[Entry], operator: str = OPERATOR, entry: dict[str, Any] | None = None) -> dict[str, Any]:
    (resource,) = ldv.processing(entry or fields(kind), operator)["resourceSpans"]
    return dict(resource["scopeSpans"][0]["spans"][0])


def record(kind: type[Entry], entry: dict[str, Any] | None = None) -> dict[str, Any]:
    (resource,) = ldv.access(entry or fields(kind), 7)["resourceLogs"]
    return dict(resource["scopeLogs"][0]["logRecords"][0])


@pytest.mark.parametrize("kind", MEMBERS)
def test_a_record_of_processing_has_what_ldv_asks_and_no_other_name(kind: type[Entry]) -> None:
    found = span(kind)
    told = attributes(found)
    assert re.fullmatch("[0-9a-f]{32}", found["traceId"])
    assert all(re.fullmatch("[0-9a-f]{16}", found[name]) for name in ("spanId", "parentSpanId"))
    assert (found["traceId"], found["parentSpanId"]) == (FRAME.trace.trace_id, FRAME.trace.span_id)
    assert found["startTimeUnixNano"] == found["endTimeUnixNano"] == "1795167000000000000"
    assert told["dpl.core.processing_activity_id"] == "urn:test:activiteit"
    assert ("dpl.core.data_subject_id" in told) == ("dpl.core.data_subject_id_type" in told)
    assert set(told) <= {"dpl.core.processing_activity_id", "dpl.core.data_subject_id", "dpl.core.data_subject_id_type",
                         "dpl.core.foreign_operation.processor"}  # fmt: skip


@pytest.mark.parametrize("kind", MEMBERS)
def test_the_two_records_join_and_the_audit_record_says_nothing_of_the_person(kind: type[Entry]) -> None:
    entry = fields(kind)
    one, other = span(kind, entry=entry), record(kind, entry)
    assert (one["traceId"], one["spanId"]) == (other["traceId"], other["spanId"])
    told = attributes(other)
    assert {"seinhuis.actie", "seinhuis.resultaat", "seinhuis.herkomst", "seinhuis.actor", "seinhuis.actorsoort"} <= set(told)
    assert not {"betrokkene", "persoon", "medewerker", "inhoud"} & {name.rpartition(".")[2] for name in told}
    assert entry.get("betrokkene", "absent") not in told.values()


def test_each_entry_of_a_request_has_a_span_of_its_own() -> None:
    spans = [span(BerichtGeclaimd) for _ in range(20)]
    assert len({one["spanId"] for one in spans}) == 20
    assert len({one["parentSpanId"] for one in spans}) == 1


def test_a_disclosure_says_about_whom_and_by_whom() -> None:
    told = attributes(span(BerichtGeclaimd))
    assert told["dpl.core.data_subject_id_type"] == "urn:seinhuis:bericht"
    assert told["dpl.core.foreign_operation.processor"] == f"urn:oin:{CREDITOR}"
    assert "dpl.core.foreign_operation.processor" not in attributes(span(BerichtGeclaimd, CREDITOR))
    audit = attributes(record(BerichtGeclaimd))
    assert (audit["seinhuis.gemeente"], audit["seinhuis.actorsoort"], audit["seinhuis.log.nummer"]) == (HAARLEM, "mens", "7")
    assert "dpl.core.data_subject_id" not in attributes(span(RegisterGewijzigd))


@pytest.mark.parametrize(("kind", "status"), [(SignaalGeweigerd, 0), (VerzoekGeweigerd, 0), (BerichtGeclaimd, 1)])
def test_what_was_refused_is_unset_and_not_an_error(kind: type[Entry], status: int) -> None:
    assert span(kind)["status"] == {"code": status}
    assert attributes(record(kind))["seinhuis.resultaat"] == ("gedaan" if status else "geweigerd")
