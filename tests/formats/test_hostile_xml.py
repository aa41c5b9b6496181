"""Every hostile file is refused, fast, in little memory and with words that say what to do; a reader that keeps the file is caught."""

import io
import json
import subprocess
import sys
from typing import Any

import pytest

from adapters.formats import untrusted
from adapters.formats.gate import Limits
from schemas.bestand import Onleesbaar
from tests.architecture.tree import ROOT
from tests.formats.hostile_xml import CASES, PLAIN, SHAPES, SIGNALS, outcome, partner

pytestmark = pytest.mark.alone
SECONDS = 2.0
MEGABYTES = 64.0


def measured(reader: str) -> dict[str, dict[str, Any]]:
    """What a process of its own found over all cases."""
    command = [sys.executable, "-m", "tests.formats.hostile_xml", reader]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=300)
    found: dict[str, dict[str, Any]] = json.loads(run.stdout)
    return found


@pytest.fixture(scope="module")
def canonical() -> dict[str, dict[str, Any]]:
    return measured("canonical")


@pytest.mark.parametrize("name", CASES)
def test_hostile_file_is_refused_with_its_code_and_a_message(name: str, canonical: dict[str, dict[str, Any]]) -> None:
    found = canonical[name]
    assert found["code"] == CASES[name][0], found
    assert found["melding"].endswith(".")
    assert len(found["melding"]) >= len("Het bestand is leeg.")
    assert found["plek"].startswith("regel ")


def test_hostile_files_are_refused_fast_and_in_little_memory(canonical: dict[str, dict[str, Any]]) -> None:
    assert {name: found["seconds"] for name, found in canonical.items() if found["seconds"] > SECONDS} == {}
    assert max(found["grown"] for found in canonical.values()) < MEGABYTES


def test_hostile_partner_xml_is_refused_fast_and_in_little_memory() -> None:
    found = measured("partner")
    assert set(found) == set(CASES) - SHAPES
    assert [name for name, what in found.items() if what["code"] == "gelezen" or what["seconds"] > SECONDS] == []
    assert max(what["grown"] for what in found.values()) < MEGABYTES


def test_endless_elements_outside_the_records_are_refused_and_records_make_up_for_some() -> None:
    limits = Limits(outside=2_000)

    def read(part: bytes, times: int) -> int:
        content = io.BytesIO(b"<r>" + part * times + b"</r>")
        return sum(1 for _ in untrusted.nodes(content, lambda path: path == ["r", "t", "s"], limits))

    with pytest.raises(Onleesbaar, match="XML_TE_GROOT"):
        read(b"<a/>", 2_001)
    assert read(b"<t>" + b"<a/>" * 900 + b"<s/></t>", 20) == 20
    with pytest.raises(Onleesbaar, match="XML_TE_GROOT"):
        read(b"<t>" + b"<a/>" * 1_200 + b"<s/></t>", 20)


def test_positive_control_a_reader_that_keeps_the_file_is_caught() -> None:
    found = measured("greedy")
    assert max(what["grown"] for what in found.values()) > MEGABYTES
    assert found["doctype"]["code"] == "gelezen"


@pytest.mark.parametrize("read", [outcome, partner])
def test_positive_control_the_same_files_without_the_trick_are_read(read: Any) -> None:
    assert [read(io.BytesIO(content))["code"] for content in (PLAIN.encode(), SIGNALS)] == ["gelezen", "gelezen"]
