"""The OpenAPI documents: equal to what is committed, true to the types, and within the API Design Rules that matter most.

The short ruleset stands alone; the official one runs when it, Node and the linter are at hand.
"""

import inspect
import json
import re
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, get_args, get_type_hints

import jsonschema_rs
import msgspec
import pytest
import yaml

from gateway.api import beheer, creditor, ddas, municipality, openapi, oversight
from gateway.api.edge import FIXED, VERSION
from gateway.api.operation import Api
from schemas import inbox, ontvangst
from schemas.types import Wire
from tests.tools import need, not_run

ROOT = Path(__file__).parents[2]
RULES = ROOT.parent / "shared" / "standards-data" / "adr-2.2-develop.linter.yaml"
BOTH = pytest.mark.parametrize("api", [creditor.API, municipality.API, ddas.API, oversight.API, beheer.API], ids=lambda api: api.name)
Document = dict[str, Any]


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def follow(document: Document, node: Document) -> Document:
    while "$ref" in node:
        found: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def walk(node: Any) -> Iterator[Document]:
    if isinstance(node, dict):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(part)


def broken_rules(document: Document) -> set[str]:
    """The rules (by a short name) that a document breaks."""
    return {*_broken_in_head(document), *_broken_in_operations(document)}


def _broken_in_head(document: Document) -> Iterator[str]:
    info = document["info"]
    if not all(info.get("contact", {}).get(part) for part in ("name", "email", "url")):
        yield "contact"
    if not re.fullmatch(r"\d+\.\d+\.\d+", info["version"]) or not all(re.search(r"/v\d+$", s["url"]) for s in document["servers"]):
        yield "version"
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    if len(ids) != len(set(ids)):
        yield "operationId"


def _broken_in_operations(document: Document) -> Iterator[str]:
    for path, method, operation in operations(document):
        if path != "/" and not re.fullmatch(r"(/([a-z0-9-]+|\{[a-z]+\}))+(/_[a-z]+)?", path):
            yield "path"
        if method not in ("get", "post", "put", "delete", "patch"):
            yield "method"
        for parameter in (follow(document, p) for p in operation["parameters"]):
            if parameter["in"] == "query" and not re.fullmatch(r"[a-z][a-zA-Z0-9]*", parameter["name"]):
                yield "query"
        if "400" not in operation["responses"] or "422" in operation["responses"]:
            yield "400"
        for status, response in operation["responses"].items():
            yield from _broken(document, status, follow(document, response))


def _broken(document: Document, status: str, response: Document) -> Iterator[str]:
    if set(FIXED) - set(response["headers"]):
        yield "headers"
    if status >= "400":
        schema = follow(document, response["content"].get("application/problem+json", {}).get("schema", {}))
        if not {"status", "title", "detail"} <= set(schema.get("required", ())):
            yield "problem"


@BOTH
def test_committed_document_equals_the_generated_one(api: Api[Any]) -> None:
    assert (ROOT / "openapi" / f"{api.name}.yaml").read_bytes() == openapi.as_yaml(api)


def test_write_makes_one_file_per_api(tmp_path: Path) -> None:
    assert [p.name for p in openapi.write(tmp_path)] == ["schuldeiser.yaml", "gemeente.yaml", "ddas.yaml", "toezicht.yaml", "beheer.yaml"]


@BOTH
def test_document_breaks_no_rule(api: Api[Any]) -> None:
    assert broken_rules(openapi.document(api)) == set()


@pytest.mark.parametrize(
    ("rule", "spoil"),
    [
        ("contact", lambda d: d["info"].pop("contact")),
        ("version", lambda d: d["servers"].append({"url": "/schuldeiser"})),
        ("operationId", lambda d: d["paths"]["/dekking"]["get"].update(operationId="ingang")),
        ("path", lambda d: d["paths"].update({"/dekking/": d["paths"]["/dekking"]})),
        ("method", lambda d: d["paths"]["/dekking"].update(head=d["paths"]["/dekking"]["get"])),
        ("query", lambda d: d["paths"]["/dekking"]["get"]["parameters"].append({"in": "query", "name": "Peil_datum"})),
        ("400", lambda d: d["paths"]["/signalen"]["post"]["responses"].pop("400")),
        ("headers", lambda d: d["components"]["responses"]["Fout404"]["headers"].pop("API-Version")),
        ("problem", lambda d: d["components"]["responses"]["Fout500"]["content"].clear()),
    ],
)
def test_positive_control_a_spoiled_document_breaks_the_rule(rule: str, spoil: Any) -> None:
    document = openapi.document(creditor.API)
    spoil(document)
    assert rule in broken_rules(document)


@BOTH
def test_references_stay_inside_and_exist(api: Api[Any]) -> None:
    document = openapi.document(api)
    references = [node for node in walk(document) if "$ref" in node]
    assert references
    for node in references:
        assert node["$ref"].startswith("#/components/")
        follow(document, node)


@BOTH
def test_examples_validate_against_their_schema(api: Api[Any]) -> None:
    document = openapi.document(api)
    pairs = [(node["schema"], node["example"]) for node in walk(document) if "example" in node and "schema" in node]
    pairs += [({"$ref": f"#/components/schemas/{name}"}, node["value"]) for name, node in document["components"]["examples"].items()]
    assert len(pairs) > 10
    for schema, example in pairs:
        whole = {**schema, "components": document["components"]}
        errors = [error.message for error in jsonschema_rs.Draft202012Validator(whole, validate_formats=True).iter_errors(example)]
        assert errors == []


@BOTH
def test_published_schemas_are_plain_ecma_and_free_of_null_unions(api: Api[Any]) -> None:
    for node in walk(openapi.document(api)["components"]["schemas"]):
        assert "(?!" not in str(node.get("pattern", "")) or "\\n" not in node["pattern"]
        assert "default" not in node or node["default"] is not None
        if "anyOf" in node and "discriminator" not in node:  # a union of messages says by which member to choose
            assert [sorted(part) for part in node["anyOf"]] in ([["$ref"], ["type"]], [["$ref"], ["description"]])


def test_batch_is_published_as_it_is_taken_in_a_bad_record_too() -> None:
    document = openapi.document(creditor.API)
    schema = {"$ref": "#/components/schemas/AanleveringAanvraag", "components": document["components"]}
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert validator.is_valid({"kenmerk": "L-1", "signalen": [{"zomaar": 1}]})
    assert not validator.is_valid({"kenmerk": "L-1", "signalen": []})


def test_every_instant_is_published_as_date_time_and_nothing_else_is() -> None:
    schemas = openapi.document(creditor.API)["components"]["schemas"] | openapi.document(municipality.API)["components"]["schemas"]
    seen = 0
    for module in (inbox, ontvangst):
        for name, kind in inspect.getmembers(module, lambda o: inspect.isclass(o) and issubclass(o, Wire) and o is not Wire):
            hints = get_type_hints(kind)
            for field in msgspec.structs.fields(kind):
                if name in schemas:
                    instant = datetime in (hints[field.name], *get_args(hints[field.name]))
                    published = schemas[name]["properties"][field.encode_name].get("format") == "date-time"
                    assert instant == published, (name, field.name)
                    seen += instant
    assert seen >= 8


@BOTH
def test_document_is_dutch_json_and_yaml_alike(api: Api[Any]) -> None:
    document = openapi.document(api)
    assert document["info"]["version"] == VERSION
    assert yaml.safe_load(openapi.as_yaml(api)) == json.loads(openapi.as_json(api)) == document
    assert "'0392'" in openapi.as_yaml(api).decode()  # a code is text for every reader of YAML


@BOTH
def test_official_ruleset_finds_nothing(api: Api[Any]) -> None:
    result = lint(ROOT / "openapi" / f"{api.name}.yaml")
    assert result.returncode == 0, result.stdout


def test_positive_control_official_ruleset_finds_a_missing_contact(tmp_path: Path) -> None:
    document = openapi.document(creditor.API)
    del document["info"]["contact"]
    (tmp_path / "stuk.yaml").write_text(yaml.safe_dump(document))
    result = lint(tmp_path / "stuk.yaml")
    assert (result.returncode, "info-contact" in result.stdout) == (1, True)


def lint(path: Path) -> subprocess.CompletedProcess[str]:
    if not RULES.is_file():
        pytest.skip("de officiële regels liggen niet naast dit project; de eigen regels hierboven gelden wel")
    need("node")
    program = [need("npx"), "--yes", "@stoplight/spectral-cli@6.16.3"]
    if subprocess.run([*program, "--version"], capture_output=True, check=False).returncode != 0:
        not_run("npx kan spectral niet ophalen (geen netwerk)")
    command = [*program, "lint", "-F", "hint", "-r", str(RULES), str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)
