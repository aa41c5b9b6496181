"""What the documents say of members that hang together: neither more nor less than the gateway asks."""

from typing import Any

import jsonschema_rs
import msgspec
import pytest

from gateway.api import conditions, creditor, ddas, municipality, openapi, outward, standen, triage_examples
from gateway.core.clock import dutch_day
from gateway.feedback.policy import FeedbackPolicy
from schemas.terugkoppeling import Terugkoppelcode
from tests.gateways import CLOCK

SCHEMAS: dict[str, Any] = {}
for api in (creditor.API, municipality.API, ddas.API):
    SCHEMAS |= openapi.document(api)["components"]["schemas"]
ID = "019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20"
ORGANISATION = msgspec.to_builtins(outward.ORGANISATIE)
FORWARDING = msgspec.to_builtins(outward.DOORZENDING)
SHARING = msgspec.to_builtins(triage_examples.DELING)
GROUND = {"soort": "convenant", "kenmerk": "CONV-2026-01", "vanaf": "2026-01-01"}
STAND = {"sector": "huur", "handelsnaam": "Woningstichting Voorbeeld"}
AMOUNTS = ("hoofdsomCent", "renteCent", "kostenCent", "betaaldCent", "saldoCent")
OWED = {"soort": "openstaand", "kenmerk": "F-1", **dict.fromkeys(AMOUNTS, 0)}
COLLECTOR = {"naam": "Incasso Voorbeeld", "soort": "incassobureau", "dossiernummer": "D-1"}
HANDED = {"soort": "overgedragen", "kenmerk": "F-1", "overgedragenAan": {"naam": "Bank Voorbeeld"}}
PLEDGE = {"reden": "zekerheid", "toelichting": "pand_of_hypotheek"}
EARLIER = {"reden": "eerdere_regeling", "toelichting": "regeling_niet_nagekomen"}
FIRST, LAST = {"aanleverperiodeStartdatum": "2026-07-01"}, {"aanleverperiodeEinddatum": "2026-09-30"}
ALLOWED: list[tuple[str, dict[str, Any]]] = [
    ("Bevestiging", {"claim": ID, "status": "ontvangen", "zaaknummer": None}),
    ("Bevestiging", {"claim": ID, "status": "verwerkt", "zaaknummer": "Z-1"}),
    ("ClaimBevestiging", {"status": "verwerkt", "zaaknummer": "Z-1"}),
    ("RitmeAanvraag", {"wijze": "direct"}),
    ("RitmeAanvraag", {"wijze": "direct", "dag": None}),
    ("RitmeAanvraag", {"wijze": "maandelijks", "dag": 15}),
    ("StandAanvraag", {**STAND, "signalen": [], "redenVervallen": "betaald"}),
    ("StandAanvraag", {**STAND, "signalen": [msgspec.to_builtins(standen.AANVRAAG.signalen[0])]}),
    ("StatistiekInstelling", {"levering": "zaaksysteem"}),
    ("StatistiekInstelling", {"levering": "gateway", "organisatie": ORGANISATION}),
    ("Terugkoppelkeuze", {"code": "hulp_geaccepteerd", "aan": False}),
    ("Terugkoppelkeuze", {"code": "hulp_geaccepteerd", "aan": True, "grond": GROUND}),
    ("Terugkoppelkeuze", {"code": "overleden", "aan": True}),
    ("Deling", SHARING),
    ("Doorzending", FORWARDING),
    ("Bevestigd", {"soort": "bevestigd", "klantnummer": "K-1"}),
    ("Bevestigd", {"soort": "bevestigd", "klantnummer": None, "factuurnummers": ["F-1"]}),
    ("Geweigerd", {"soort": "geweigerd", "redenen": [PLEDGE, EARLIER]}),
    ("Weigering", PLEDGE),
    ("Schuldvordering", {"soort": "onbekend", "kenmerk": "F-1"}),
    ("Schuldvordering", OWED),
    ("Schuldvordering", {**OWED, "soort": "uit_handen_gegeven", "uitHandenGegevenAan": COLLECTOR}),
    ("Schuldvordering", HANDED),
    ("GegevensVraag", {}),
    ("GegevensVraag", {**FIRST, **LAST}),
]
REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("Bevestiging", {"claim": ID, "status": "verwerkt"}),
    ("ClaimBevestiging", {"status": "verwerkt", "zaaknummer": None}),
    ("RitmeAanvraag", {"wijze": "direct", "dag": 15}),
    ("RitmeAanvraag", {"wijze": "maandelijks", "dag": None}),
    ("StandAanvraag", {**STAND, "signalen": []}),
    ("StatistiekInstelling", {"levering": "gateway"}),
    ("StatistiekInstelling", {"levering": "gateway", "organisatie": None}),
    ("Terugkoppelkeuze", {"code": "hulp_geaccepteerd", "aan": True}),
    ("Deling", {**SHARING, "sleutels": {"bsn": SHARING["sleutels"]["contact"]}}),
    ("Doorzending", {**FORWARDING, "persoonsgegevens": {"": FORWARDING["persoonsgegevens"]["identiteit"]}}),
    ("Bevestigd", {"soort": "bevestigd"}),
    ("Bevestigd", {"soort": "bevestigd", "klantnummer": None, "factuurnummers": None}),
    ("Geweigerd", {"soort": "geweigerd", "redenen": [PLEDGE, PLEDGE]}),
    ("Weigering", {**PLEDGE, "reden": "eerdere_regeling"}),
    ("Schuldvordering", {"soort": "onbekend", "kenmerk": "F-1", "saldoCent": 1}),
    ("Schuldvordering", {**OWED, "renteCent": None}),
    ("Schuldvordering", {**OWED, "soort": "uit_handen_gegeven"}),
    ("Schuldvordering", {**OWED, "uitHandenGegevenAan": COLLECTOR}),
    ("Schuldvordering", {**HANDED, "preferent": True}),
    ("GegevensVraag", FIRST),
    ("GegevensVraag", {**LAST, "aanleverperiodeStartdatum": None}),
]


def is_valid(kind: str, value: dict[str, Any]) -> bool:
    schema = {"$ref": f"#/components/schemas/{kind}", "components": {"schemas": SCHEMAS}}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(value)


@pytest.mark.parametrize(("kind", "value"), ALLOWED)
def test_document_allows_what_the_gateway_takes(kind: str, value: dict[str, Any]) -> None:
    assert is_valid(kind, value)


@pytest.mark.parametrize(("kind", "value"), REFUSED)
def test_document_refuses_what_the_gateway_refuses(kind: str, value: dict[str, Any]) -> None:
    assert not is_valid(kind, value)


def test_every_condition_is_tried_both_ways() -> None:
    assert {kind for kind, _ in ALLOWED} == {kind for kind, _ in REFUSED} == set(conditions.OF)


def test_code_that_needs_a_ground_is_that_of_the_policy() -> None:
    policy, today = FeedbackPolicy.load(), dutch_day(CLOCK.now())
    needing = [code for code in msgspec.json.schema(Terugkoppelcode)["enum"] if policy.needs_ground(code, today)]
    assert needing == [conditions.OF["Terugkoppelkeuze"]["if"]["properties"]["code"]["const"]]
