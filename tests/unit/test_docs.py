"""What the pages say is so: examples validate against the wire's types, tables agree with the code.

A fenced json block of docs/contract.md stands under `<!-- json: Type -->`; `<!-- json: Type, deel -->` says that members are left out.
"""

import json
import re
from typing import Any, NamedTuple

import jsonschema_rs
import msgspec
import pytest

from adapters.client.receipts import verify_receipt
from gateway.api import aanleveringen, creditor, municipality
from gateway.api.protocol import Limits
from gateway.mailbox.states import TRANSITIONS
from schemas import inbox, ontvangst, problem, signaal, strict
from schemas.types import Wire
from tests.architecture.tree import ROOT
from tests.unit.test_receipts import receipt, signed, signer

__all__ = ["signer"]  # a fixture

CONTRACT = (ROOT / "docs/contract.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
TYPES: dict[str, type[Wire]] = {
    name: kind
    for module in (inbox, ontvangst, problem, signaal)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, Wire)
}


class Example(NamedTuple):
    """One example: its type, whether members are left out, its text."""

    kind: str
    partial: bool
    text: str


def examples() -> list[Example]:
    marked = re.findall(r"<!-- json: (\w+)(, deel)? -->\n```json\n(.*?)```", CONTRACT, re.DOTALL)
    found = [Example(kind, bool(partial), text) for kind, partial, text in marked]
    found += [Example("Signaal", False, text) for text in re.findall(r"<<'JSON'\n(.*?)\nJSON\n", README, re.DOTALL)]
    found += [Example("ClaimAanvraag", False, text) for text in re.findall(r"--data '(\{.*?\})'", README)]
    return found


def mistakes(example: Example) -> list[str]:
    """What the schema of its type says of an example; a partial one may leave required members of the outer object out."""
    value = strict.load(example.text.encode())
    schema: dict[str, Any] = strict.schema(TYPES[example.kind])
    if example.partial:
        schema["$defs"][example.kind].pop("required", None)
    return [error.message for error in jsonschema_rs.Draft202012Validator(schema, validate_formats=True).iter_errors(value)]


@pytest.mark.parametrize("example", examples(), ids=lambda e: e.kind)
def test_example_validates(example: Example) -> None:
    assert mistakes(example) == []
    if not example.partial:
        strict.parse(example.text.encode(), TYPES[example.kind])


def test_every_json_block_is_marked_and_found() -> None:
    assert CONTRACT.count("```json") == CONTRACT.count("<!-- json: ") == len(examples()) - 2
    assert "```json" not in README


def test_positive_control_a_spoiled_example_is_found() -> None:
    whole = next(e for e in examples() if e.kind == "Signaal")
    assert mistakes(whole._replace(text=whole.text.replace('"kenmerk"', '"kenmrk"')))
    part = next(e for e in examples() if e.kind == "Bericht")
    assert mistakes(part._replace(partial=False))
    assert mistakes(part._replace(text=part.text.replace("17", '"17"')))


def test_table_of_states_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(\w+)` \|$", CONTRACT, re.MULTILINE)
    assert {(state, event): after for state, event, after in rows} == TRANSITIONS


@pytest.mark.parametrize("api", [creditor.API, municipality.API], ids=lambda api: api.name)
def test_operations_are_those_of_the_doors_with_their_statuses(api: Any) -> None:
    section = CONTRACT.partition(f"### `{api.base}`\n")[2].partition("\n##")[0]
    rows = re.findall(r"^\| `([A-Z]+) (\S+)` \| ([^|]*) \| ([^|]*)\|", section, re.MULTILINE)
    told = {(method, path): ({int(s) for s in re.findall(r"\d{3}", success)}, errors) for method, path, success, errors in rows}
    assert {key: success for key, (success, _) in told.items()} == {(o.method, o.path): set(o.answers) for o in api.operations}
    for operation in api.operations:
        for status in operation.errors:
            assert str(status) in told[operation.method, operation.path][1]


def test_limits_are_those_of_the_code() -> None:
    limits, section = Limits(), CONTRACT.partition("## Limits")[2].partition("\n## ")[0]
    words = (f"{limits.header_bytes // 1024} KiB; {limits.header_lines}; {limits.target_bytes:,} bytes", f"{limits.header_seconds:g} s |",
             f"30 s; {limits.stall_seconds:g} s; {limits.body_rate // 1024} KiB/s", f"{limits.idle_seconds:g} s | closed",
             f"{limits.per_peer} (setting); {limits.connections:,}",
             f"{aanleveringen.BATCH // 2**20} MiB; {creditor.SINGLE // 2**10} KiB; 64 KiB")  # fmt: skip
    assert [text for text in words if text not in section] == []


def test_receipt_verifies_as_the_page_says_and_a_changed_one_does_not(signer: Any) -> None:
    (code,) = re.findall(r"<!-- test: receipt -->\n```python\n(.*?)```", CONTRACT, re.DOTALL)
    space: dict[str, Any] = {}
    exec(compile(code, "contract.md", "exec"), space)  # noqa: S102 - our own page
    done, keys = signed(signer, receipt()), signer.public_jwks()
    wire = json.loads(msgspec.json.encode(done))
    space["verify"](wire, keys)
    verify_receipt(done, keys)
    with pytest.raises(Exception, match="bad_signature"):
        space["verify"]({**wire, "gemeente": "0344"}, keys)


def test_every_resource_that_is_not_there_is_absent_from_the_doors() -> None:
    section = CONTRACT.partition("## Not there yet")[2]
    paths = {part for api in (creditor.API, municipality.API) for o in api.operations for part in o.path.split("/")}
    absent = {"standen", "terugkoppelingen", "saldoverzoeken", "meldingen", "zaken", "schuldenoverzichten", "historie", "bewijs"}
    assert absent & paths == set()
    assert [word for word in absent if word not in section] == []
