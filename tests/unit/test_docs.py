"""What the pages say is so: examples validate against the wire's types, tables agree with the code.

A fenced json block of docs/contract.md stands under `<!-- json: Type -->`; `<!-- json: Type, deel -->` says that members are left out.
"""

import json
import re
import tomllib
from typing import Any, NamedTuple, get_args

import jsonschema_rs
import msgspec
import pytest

from adapters.client.receipts import verify_receipt
from gateway.api import aanleveringen, beheer, creditor, ddas, municipality, oversight
from gateway.api.protocol import Limits
from gateway.feedback.policy import FeedbackPolicy
from gateway.mailbox.states import TRANSITIONS
from gateway.overviews import asked, states, terms
from schemas import (
    bewijs,
    brieven,
    doorzending,
    inbox,
    inspanning,
    instellingen,
    kwaliteit,
    meldingen,
    ontvangst,
    opvolging,
    problem,
    schuldenoverzicht,
    signaal,
    standen,
    strict,
    termijnen,
    terugkoppeling,
    toezicht,
    zaken,
)
from schemas import ddas as statistics
from schemas.types import Wire
from tests.architecture import checkers
from tests.architecture.test_papers import codes_in_use
from tests.architecture.tree import ROOT
from tests.unit.test_receipts import receipt, signed, signer

__all__ = ["signer"]  # a fixture

CONTRACT = (ROOT / "docs/contract.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOORS = (creditor.API, municipality.API, ddas.API, oversight.API, beheer.API)
MODULES = (bewijs, brieven, doorzending, inbox, inspanning, instellingen, kwaliteit, meldingen, ontvangst, opvolging, problem,
           schuldenoverzicht, signaal, standen, statistics, termijnen, terugkoppeling, toezicht, zaken)  # fmt: skip
TYPES: dict[str, type[Wire]] = {
    name: kind for module in MODULES for name, kind in vars(module).items() if isinstance(kind, type) and issubclass(kind, Wire)
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
    found += [Example("ClaimAanvraag", False, text) for text in re.findall(r"--data '(\{\"doel.*?\})'", README)]
    found += [Example("LogVraag", False, text) for text in re.findall(r"--data '(\{\"gebeurtenis.*?\})'", README)]
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
    assert CONTRACT.count("```json") == CONTRACT.count("<!-- json: ") == len(examples()) - 3
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


def test_tables_of_a_question_and_of_an_overview_are_those_of_the_code() -> None:
    section = CONTRACT.partition("## Schuldenoverzicht\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (\w+) \| `(\w+)` \| `(\w+)` \| `(\w+)` \|$", section, re.MULTILINE)
    assert {(state, event): after for what, state, event, after in rows if what == "question"} == states.QUESTION
    assert {(state, event): after for what, state, event, after in rows if what == "overview"} == states.OVERVIEW


def test_terms_of_an_overview_are_those_of_the_code() -> None:
    section = CONTRACT.partition("## Schuldenoverzicht\n")[2].partition("\n## ")[0]
    (_, late), (_, early) = terms.REMINDERS
    told = (f"{asked.TERM} working days", f"after {early} and {late} working days", f"{asked.LONGEST.days} days")
    assert [text for text in (*told, f"{asked.MOST_NAMED} creditors") if text not in section] == []


def operations_told(base: str) -> dict[tuple[str, str], tuple[set[int], str]]:
    """(method, path) -> (successes, own errors) in the tables of a door; `GET, PUT` in one row are two operations."""
    section = CONTRACT.partition(f"### `{base}`\n")[2].partition("\n##")[0]
    rows = re.findall(r"^\| `([A-Z, ]+) (\S+)` \| ([^|]*) \| ([^|]*)\|", section, re.MULTILINE)
    return {
        (method, path): ({int(s) for s in re.findall(r"\d{3}", success)}, errors)
        for methods, path, success, errors in rows
        for method in methods.split(", ")
    }


@pytest.mark.parametrize("api", DOORS, ids=lambda api: api.name)
def test_operations_are_those_of_the_doors_with_their_statuses(api: Any) -> None:
    told = operations_told(api.base)
    assert {key: success for key, (success, _) in told.items()} == {(o.method, o.path): set(o.answers) for o in api.operations}
    for operation in api.operations:
        for status in operation.errors:
            assert str(status) in told[operation.method, operation.path][1]


def test_limits_are_those_of_the_code() -> None:
    limits, section = Limits(), CONTRACT.partition("## Limits")[2].partition("\n## ")[0]
    words = (f"{limits.header_bytes // 1024} KiB; {limits.header_lines}; {limits.target_bytes:,} bytes", f"{limits.header_seconds:g} s |",
             f"30 s; {limits.stall_seconds:g} s; {limits.body_rate // 1024} KiB/s", f"{limits.idle_seconds:g} s | closed",
             f"{limits.per_peer} (setting); {limits.connections:,}",
             f"{aanleveringen.BATCH // 2**20} MiB; 2 MiB; {creditor.SINGLE // 2**10} KiB; 64 KiB")  # fmt: skip
    assert [text for text in words if text not in section] == []
    bodies = {operation.limit for api in DOORS for operation in api.operations}
    assert bodies == {aanleveringen.BATCH, 2 * 2**20, creditor.SINGLE, 64 * 2**10}


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


def test_table_of_feedback_is_that_of_the_policy() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (FB-\d\d) \| (on|off) \| (at once|weekly) \|", CONTRACT, re.MULTILINE)
    released = {"direct": "at once", "wekelijks": "weekly"}
    policy = FeedbackPolicy.load().rows
    assert rows == [(row.code, row.regel, "on" if row.standaard else "off", released[row.vrijgave]) for row in policy]


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Standen", get_args(standen.Uitkomst)),
        ("Terms", get_args(termijnen.Termijnsoort)),
        ("Schuldenoverzicht", get_args(schuldenoverzicht.Schuldsoort)),
        ("Schuldenoverzicht", get_args(schuldenoverzicht.Weigergrond)),
        ("Meldingen and indeling", get_args(inbox.Indeling)),
        ("Settings and baskets", instellingen.Voorwaarden.__struct_encode_fields__),
    ],
)
def test_every_word_of_a_closed_list_is_explained(heading: str, words: tuple[str, ...]) -> None:
    section = CONTRACT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    assert words
    assert [word for word in words if f"`{word}`" not in section] == []


def test_every_resource_that_is_not_there_is_absent_from_the_doors() -> None:
    section = CONTRACT.partition("## Not there yet")[2]
    paths = {part for api in DOORS for o in api.operations for part in o.path.split("/")}
    absent = {"beheer"}
    assert absent & paths == set()
    assert [word for word in absent if word not in section] == []
    assert "zaken" in paths  # the control


def test_page_of_codes_has_every_code_once_and_no_other() -> None:
    told = re.findall(r"^\| `([A-Z0-9_]+)` \|", (ROOT / "docs/foutcodes.md").read_text(encoding="utf-8"), re.MULTILINE)
    norms = [tomllib.loads(file.read_text(encoding="utf-8")) for file in (ROOT / "gateway/rules/normen").glob("*.toml")]
    used = {code for code, _ in codes_in_use()}.union(*map(checkers.rule_codes, norms))
    assert {"ONDER_AFGESPROKEN_NORM", "GEEN_HERINNERING", "BERICHT_VERNIETIGD"} <= used  # the control: the search finds rows and errors
    assert sorted(used ^ set(told)) == []
    assert sorted({code for code in told if told.count(code) > 1}) == []


def test_every_decision_is_in_the_index_under_its_own_title() -> None:
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    records = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    titles = {path.name: path.read_text(encoding="utf-8").partition("\n")[0].partition(". ")[2] for path in records}
    assert re.findall(r"^- \[\d{4}\]\((\S+)\) (.*)$", index, re.MULTILINE) == list(titles.items())
