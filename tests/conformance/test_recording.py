"""What the test door keeps of requests that are not what the agreement says: nothing of them, and no error of its own."""

import msgspec
import pytest

from gateway.conformance.recording import Cards, recorded

CARDS = Cards({("2011AB", 7): "eerste"}, lambda _: [])
SIGNAL, MANY, STAND = "/schuldeiser/v1/signalen", "/schuldeiser/v1/aanleveringen", "/schuldeiser/v1/standen/2026-11-01"
TELL, CASE = "/gemeente/v1/terugkoppelingen", "/gemeente/v1/zaken"
ODD = [
    {"adres": "x"},
    {"adres": 5, "achterstand": [1]},
    {"adres": {"postcode": [1], "huisnummer": {}}},
    {"adres": {"postcode": "2011AB", "huisnummer": 7, "gemeentecode": [1]}, "kenmerk": {"a": []}, "achterstand": 5},
]
BODIES = [
    *ODD,
    {"signalen": 5},
    {"signalen": {"a": 1}},
    {"signalen": [5, None, "x", [], *ODD]},
    {"berichten": 5},
    {"berichten": {"a": 1}},
    {"code": [1], "claim": {}, "reden": 5},
    [1],
    "x",
]


@pytest.mark.parametrize("method_path", [("POST", SIGNAL), ("POST", MANY), ("PUT", STAND), ("POST", TELL), ("POST", CASE)])
@pytest.mark.parametrize("status", [None, 201, 400])
def test_body_of_another_form_is_recorded_without_an_error(method_path: tuple[str, str], status: int | None) -> None:
    for body in [*map(msgspec.json.encode, BODIES), b"[" * 100_000, b"", b"\xff", b"{"]:
        found = recorded(*method_path, "", body, status, b"{}", CARDS)
        assert {type(regel.gemeentecode) for regel in found.regels} <= {str, type(None)}


def test_signal_of_a_card_is_known() -> None:
    """Control."""
    body = {"adres": {"postcode": "2011AB", "huisnummer": 7, "gemeentecode": "0392"}, "achterstand": {"bedragCent": 5}}
    (regel,) = recorded("POST", SIGNAL, "", msgspec.json.encode(body), None, b"", CARDS).regels
    assert (regel.kaart, regel.gemeentecode, regel.bedrag) == ("eerste", "0392", 5)
