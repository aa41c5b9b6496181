"""The export of the purpose register (AVG art. 30): every operation is in it, and every activity in it is carried out."""

import json
from datetime import date

import msgspec
import pytest

from adapters.sftp.names import FOLDERS
from gateway.api import openapi
from gateway.commands import doelen
from gateway.core.errors import Misconfigured
from gateway.policy import art30
from gateway.policy.register import PurposeRegister
from schemas.verwerkingsregister import Verwerkingsregister

REGISTER = PurposeRegister.load()


def documented() -> set[str]:
    """Every operation of the OpenAPI documents, as `METHOD path`, and what the mailbox does."""
    found = {f"SFTP {folder}/" for folder in FOLDERS if folder == "uitlaat"}
    for api in openapi.APIS:
        for path, methods in json.loads(openapi.as_json(api))["paths"].items():
            found |= {f"{method.upper()} {api.base}{path}" for method in methods}
    return found


def disagreements(found: Verwerkingsregister) -> tuple[set[str], set[str]]:
    """Operations on one side only, and activities that no operation carries out."""
    exported = {operation for v in found.verwerkingen for operation in v.bewerkingen}
    return documented() ^ exported, {v.stroom for v in found.verwerkingen if not v.bewerkingen}


def test_every_operation_is_in_the_export_and_the_other_way_round() -> None:
    assert len(documented()) > 40
    assert disagreements(doelen.export(REGISTER)) == (set(), set())


def test_positive_control_an_operation_left_out_is_noticed() -> None:
    operations, idle = disagreements(doelen.export(REGISTER))
    fewer = [pair for pair in openapi.activities() if pair[0] != "opvolgen"]
    now, idle_now = disagreements(art30.register(REGISTER, fewer))
    assert "POST /gemeente/v1/opvolging/claims" in now - operations
    assert idle_now - idle == {"opvolgen"}


def test_operation_without_a_registered_activity_refuses_to_start() -> None:
    REGISTER.require({activity for activity, _ in openapi.activities()})
    with pytest.raises(Misconfigured, match="verzonnen"):
        REGISTER.require({"verzonnen"})


def test_every_column_of_article_30_is_filled() -> None:
    for v in doelen.export(REGISTER).verwerkingen:
        empty = [name for name in v.__struct_fields__ if name not in {"rijen", "bewerkingen"} and not getattr(v, name)]
        assert empty == [], v.stroom


def test_fields_are_named_by_pointer_from_the_wire_types() -> None:
    assert "/identiteit/personen/*/achternaam" in art30.pointers(["identiteit"])
    assert "/identiteit/adres/postcode" in art30.pointers(["identiteit"])
    assert set(art30.pointers(["contact"])) == {"/contact/telefoonnummers/*", "/contact/emailadressen/*"}
    assert art30.pointers([]) == ()


@pytest.mark.parametrize(("day", "row", "there"), [
    (date(2025, 12, 31), "WGS-3-1-b/energie/2021", True),
    (date(2026, 1, 1), "WGS-3-1-b/energie/2021", False),
    (date(2020, 12, 31), "WGS-3-1-b/huur/2021", False),
])  # fmt: skip
def test_rows_of_a_day_are_shown(day: date, row: str, there: bool) -> None:
    assert (row in {travel.id for _, travel in art30.on(REGISTER, day)}) == there


def test_html_is_escaped_and_has_every_activity() -> None:
    found = doelen.export(REGISTER)
    spoiled = msgspec.structs.replace(found.verwerkingen[0], omschrijving="<script>alert(1)</script>")
    page = art30.as_html(Verwerkingsregister(registerversie="v", verwerkingen=(spoiled, *found.verwerkingen[1:])))
    assert "<script" not in page
    assert all(f"<h2>{v.stroom}</h2>" in page for v in found.verwerkingen)
