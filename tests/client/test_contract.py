"""The clients against the OpenAPI documents: every operation has a method that asks it, or stands in `docs/client.md` with a reason."""

import inspect
import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints
from uuid import UUID

import pytest
import yaml

from adapters.client import base, gemeente, overzichten, schuldeiser, zaken
from adapters.client.base import Client
from adapters.client.calling import Op
from adapters.client.connection import Answer
from adapters.client.failures import NotFound
from gateway.api import examples_regelingen as examples
from schemas.regelingen import Regelingaanvraag, Regelingsoort

ROOT = Path(__file__).parents[2]
DOORS: dict[str, tuple[type[Client], tuple[ModuleType, ...]]] = {
    "schuldeiser": (schuldeiser.Schuldeiser, (base, schuldeiser)),
    "gemeente": (gemeente.Gemeente, (base, gemeente, overzichten, zaken)),
}
HERE = {"question", "content", "reply", "now", "lease_end", "close"}
"""Methods that ask the gateway nothing."""
TOGETHER = {"assembled"}
"""Methods that are made of others."""
ID = UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20")


class Recorder:
    """An entrance and a line at once: writes down what is asked, and knows nothing."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def connect(self) -> "Recorder":
        return self

    def request(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        self.asked.append((method, path))
        return Answer(404, {}, b'{"status":404,"title":"t","detail":"d"}')

    def close(self) -> None:
        """Nothing is open."""


def documented(door: str) -> dict[str, tuple[str, str, str]]:
    """operationId -> method, path and name of the answer."""
    document = yaml.load((ROOT / "openapi" / f"{door}.yaml").read_bytes(), yaml.CSafeLoader)
    found = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if "operationId" in operation:
                content = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))["content"]
                name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
                found[operation["operationId"]] = (method.upper(), path, name)
    return found


def declared(door: str) -> dict[str, Op[Any]]:
    found: dict[str, Op[Any]] = {}
    for module in DOORS[door][1]:
        kinds = vars(module).get("SENT", vars(module).get("ARRANGED", {}))
        every = [*vars(module).values(), *(op for group in kinds.values() for op in group)]
        found |= {op.id: op for op in every if isinstance(op, Op)}
    return found


def left_out(door: str) -> set[str]:
    """What `docs/client.md` says is not in the client, per door."""
    section = (ROOT / "docs" / "client.md").read_text(encoding="utf-8").partition("## Wat er niet in zit")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|") and f"`{door}`" in line]
    assert all(re.search(r"\| [^|`]{20,} \|$", row) for row in rows), "without a reason"
    return {name for row in rows for name in re.findall(r"`([A-Za-z]+)`", row)} - set(DOORS)


def values(hint: Any) -> list[Any]:
    """Something for an argument of this type."""
    if hint == Regelingsoort:
        return list(get_args(Regelingsoort))
    if hint == Regelingaanvraag:
        return [examples.KENNISGEVING, examples.BETAALVOORSTEL, examples.AFKOELINGSPERIODE]
    known = {UUID: ID, date: date(2026, 11, 20), str: "x", int: 1}
    return [known.get(hint, {})]


def asked(client: type[Client], name: str) -> Iterator[tuple[str, str]]:
    """What one method asks, with every kind it takes."""
    method = getattr(client, name)
    hints = get_type_hints(method)
    needed = [p.name for p in inspect.signature(method).parameters.values() if p.name != "self" and p.default is p.empty]
    for arguments in product(*(values(hints[each]) for each in needed)):
        recorder = Recorder()
        given = dict(zip(needed, arguments, strict=True))
        if name == "forward":
            given["doorzending"] = type("Forwarding", (dict,), {"claim": ID})()
        with pytest.raises(NotFound):
            method(client(recorder), **given)
        (one,) = recorder.asked
        yield one


@pytest.mark.parametrize("door", DOORS)
def test_every_operation_has_a_method_or_a_reason(door: str) -> None:
    there, here = documented(door), declared(door)
    assert set(here) | left_out(door) == set(there)
    assert not set(here) & left_out(door)


@pytest.mark.parametrize("door", DOORS)
def test_an_operation_is_declared_as_the_document_has_it(door: str) -> None:
    there = documented(door)
    for op in declared(door).values():
        answer = "Sleutelbos" if op.answer is dict else op.answer.__name__
        assert (op.method, op.path, answer) == there[op.id]


@pytest.mark.parametrize("door", DOORS)
def test_every_operation_of_the_client_is_asked_by_a_method(door: str) -> None:
    client = DOORS[door][0]
    names = {name for name, _ in inspect.getmembers(client, inspect.isfunction) if not name.startswith("_")} - HERE - TOGETHER
    found = {one for name in names for one in asked(client, name)}
    right = set()
    for method, path in found:
        plain = path.removeprefix(client.ROOT).partition("?")[0].replace(str(ID), "{id}").replace("2026-11-20", "{peildatum}")
        right.add((method, plain))
    assert right == {(op.method, op.path) for op in declared(door).values()}


def test_an_operation_without_a_method_would_be_seen() -> None:
    assert "leesRitme" in left_out("gemeente")
    assert "leesRitme" not in declared("gemeente")
    assert set(declared("gemeente")) | (left_out("gemeente") - {"leesRitme"}) != set(documented("gemeente"))
