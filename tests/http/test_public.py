"""The listeners without a client certificate: what is open, and that nothing else is."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry, Counter

from gateway.api.edge import Edge
from gateway.api.inner import inner_app
from gateway.api.public import KEYS, SecurityTxt, public_app
from tests.http.test_operations import ALL, assert_dressed, assert_problem, path
from tests.http.world import Connected, World, send

SECURITY = SecurityTxt("mailto:beveiliging@seinhuis.example", datetime(2027, 6, 1, tzinfo=UTC))


def public(world: World, ready: bool = True) -> Edge:
    return public_app(lambda: ready, SECURITY, {"keys": [], "logsleutel": "log+00+AA"}, world.report)


@pytest.mark.parametrize("name", ["schuldeiser", "gemeente"])
def test_documents_are_open_on_both_listeners_and_equal(world: World, name: str) -> None:
    for app in (public(world), Connected(world.app, None)):
        as_json = send(app, "GET", f"/{name}/v1/openapi.json")
        as_yaml = send(app, "GET", f"/{name}/v1/openapi.yaml")
        assert as_json.headers["access-control-allow-origin"] == as_yaml.headers["access-control-allow-origin"] == "*"
        assert as_json.headers["api-version"] == as_json.json()["info"]["version"]
        assert (as_json.headers["content-type"], as_yaml.headers["content-type"]) == ("application/json", "application/yaml")
        assert yaml.safe_load(as_yaml.text) == json.loads(as_json.text)


@pytest.mark.parametrize("where", ["/health", "/health/gereed", "/.well-known/security.txt", KEYS, "/schuldeiser/v1", "/gemeente/v1/"])
def test_open_paths_answer_get_and_head_only(world: World, where: str) -> None:
    app = public(world)
    for method in ("GET", "HEAD"):
        response = send(app, method, where)
        assert response.status_code == 200
        assert_dressed(response)
    refused = send(app, "POST", where)
    assert_problem(refused, 405)
    assert refused.headers["allow"] == "GET, HEAD"
    assert_problem(send(app, "GET", where, headers={"accept": "image/png"}), 406)
    assert_problem(send(app, "GET", where + "?x=1"), 400)


@pytest.mark.parametrize(("api", "op"), ALL)
def test_no_operation_is_reachable_without_certificate_listener(world: World, api: Any, op: Any) -> None:
    if op.path != "/":
        assert_problem(send(public(world), op.method, path(api, op)), 404)


def test_not_ready_is_503(world: World) -> None:
    assert_problem(send(public(world, ready=False), "GET", "/health/gereed"), 503)
    assert send(public(world, ready=False), "GET", "/health").status_code == 200


def test_security_txt_has_what_rfc_9116_requires(world: World) -> None:
    lines = send(public(world), "GET", "/.well-known/security.txt").text.splitlines()
    assert lines[:2] == ["Contact: mailto:beveiliging@seinhuis.example", "Expires: 2027-06-01T00:00:00Z"]


def test_metrics_stand_on_the_inner_application(world: World) -> None:
    registry = CollectorRegistry()
    Counter("signalen", "Aantal", registry=registry).inc(3)
    response = send(inner_app(registry, world.report), "GET", "/metrics")
    assert "signalen_total 3.0" in response.text
    assert_dressed(response)
    assert_problem(send(inner_app(registry, world.report), "GET", "/"), 404)
