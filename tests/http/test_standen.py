"""Standen and proof over HTTP: the day in the path, the page and its policy."""

import hashlib
import re
from base64 import b64encode

import msgspec
import pytest

from gateway.api import standen
from tests.http.world import KNOWN, World

JSON = {"content-type": "application/json"}
PATH = "/schuldeiser/v1/standen/"


@pytest.mark.parametrize("day", ["2026-02-30", "20261120", "vandaag", "2026-11-20T00:00:00"])
def test_a_day_that_is_none_is_404(world: World, day: str) -> None:
    assert world.ask("PUT", PATH + day, content=msgspec.json.encode(standen.AANVRAAG), headers=JSON).status_code == 404


def test_the_day_and_undecoded_records_reach_the_flow(world: World) -> None:
    body = {"sector": "huur", "handelsnaam": "X", "signalen": [1, {"kenmerk": "A"}]}
    assert world.ask("PUT", PATH + "2026-11-20", json=body).status_code == 200
    ((name, (_, day, stand), _),) = world.creditors.calls
    assert (name, str(day), stand.signalen) == ("reconcile", "2026-11-20", [1, {"kenmerk": "A"}])


def test_the_page_is_html_under_a_policy_that_allows_its_one_style_only(world: World) -> None:
    response = world.ask("GET", f"/schuldeiser/v1/signalen/{KNOWN}/bewijs", headers={"accept": "text/html"})
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in policy
    (style,) = re.findall("<style>(.*?)</style>", response.text, re.DOTALL)
    assert b64encode(hashlib.sha256(style.encode()).digest()).decode() in policy
    assert "unsafe" not in policy
    assert "style=" not in response.text


def test_json_keeps_the_fixed_policy(world: World) -> None:
    response = world.ask("GET", f"/schuldeiser/v1/signalen/{KNOWN}/bewijs")
    assert response.headers["content-security-policy"] == "frame-ancestors 'none'"
