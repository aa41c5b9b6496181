"""The OpenAPI 3.1 document of a door, made from its operation table and the wire types.

Authority: API Design Rules 2.2 (/core/doc-openapi, -contact, -language, version-header, problem-details). The same types decode
requests, so the document cannot promise another shape. Leaves serving to `gateway.api.public`, writing to the command line.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from gateway.api import conditions, creditor, ddas, examples, municipality, oversight, wording
from gateway.api.edge import FIXED, VERSION
from gateway.api.operation import Api, Operation
from gateway.api.problem import MEDIA
from schemas.problem import Problem
from schemas.regelingen import Pauzeantwoord, Voorstelantwoord
from schemas.schuldenoverzicht import Saldoantwoord
from schemas.types import Oin, Wire

Document = dict[str, Any]
APIS: tuple[Api[Any], ...] = (creditor.API, municipality.API, ddas.API, oversight.API)
UNIONS: dict[Any, str] = {Saldoantwoord: "Saldoantwoord", Pauzeantwoord: "Pauzeantwoord", Voorstelantwoord: "Voorstelantwoord"}
"""Unions that an operation takes, by the name that the document gives them."""
_ALWAYS = (400, 401, 403, 406, 408, 414, 429, 431, 500, 503)
_WITH_BODY = (413, 415)
_UUID7 = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
_METHOD_KEY = re.compile(rb'"[^"]*(put|post|patch)[^"]*":')
_COMMON = [{"$ref": f"#/components/parameters/{name}"} for name in ("Namens", "Traceparent", "FscTransactionId")]
_TRACEPARENT = {"type": "string", "examples": ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"]}
_RETURNED = ("traceparent", "Fsc-Transaction-Id")


def activities() -> Iterator[tuple[str, str]]:
    """(activity, `METHOD path`) of every operation of every door."""
    return ((activity, f"{o.method} {api.base}{o.path}") for api in APIS for o in api.operations for activity in (o.activity, *o.also))


def document(api: Api[Any]) -> Document:
    """The whole document; every `$ref` points inside it."""
    made = {
        "openapi": "3.1.0",
        "info": _info(api),
        "servers": [{"url": api.base, "description": "Op de host waar u verbinding mee maakt"}],
        "tags": [{"name": tag, "description": wording.TAGS[tag]} for tag in dict.fromkeys(o.tag for o in api.operations)],
        "security": [{"clientcertificaat": []}],
        "paths": _paths(api),
        "components": {
            "schemas": _schemas(api),
            "responses": {f"Fout{status}": _error(status) for status in wording.ERRORS},
            "examples": _apart(api),
            "parameters": _parameters(),
            "headers": _headers(),
            "securitySchemes": {"clientcertificaat": {"type": "mutualTLS", "description": wording.CERTIFICATE}},
        },
    }
    plain: Document = json.loads(msgspec.json.encode(made))
    return plain


@cache
def as_json(api: Api[Any]) -> bytes:
    """The document as JSON."""
    return msgspec.json.encode(document(api))


@cache
def as_yaml(api: Api[Any]) -> bytes:
    """The document as YAML: the same content."""
    text: str = yaml.dump(document(api), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return text.encode()


class _Dumper(yaml.SafeDumper):
    """Quotes every text that YAML 1.2 could read as a number ("0392"), which YAML 1.1 does not always do."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if re.match(r"[-+.0-9]", text) else None)


_Dumper.add_representer(str, _text)


def write(folder: Path) -> list[Path]:
    """Write `<name>.yaml` per API into `folder`; returns the paths."""
    paths = []
    for api in APIS:
        paths.append(folder / f"{api.name}.yaml")
        paths[-1].write_bytes(as_yaml(api))
    return paths


def _info(api: Api[Any]) -> Document:
    return {
        "title": api.title,
        "version": VERSION,
        "description": api.description + wording.GENERAL,
        "contact": wording.CONTACT,
        "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    }


def _paths(api: Api[Any]) -> Document:
    paths: Document = {}
    for operation in api.operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return paths


def _operation(operation: Operation[Any]) -> Document:
    made: Document = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.description,
        "parameters": [*_own_parameters(operation), *_COMMON],
        "responses": _responses(operation),
    }
    if operation.request is not None:
        made["requestBody"] = {"required": True, "content": {"application/json": _content(operation.request, operation.request_example)}}
    return made


def _own_parameters(operation: Operation[Any]) -> list[Document]:
    path = [{"$ref": f"#/components/parameters/{name}"} for name in ("id", "peildatum") if f"{{{name}}}" in operation.path]
    schema = _published(operation.query)
    needed = schema.get("required", [])
    return path + [_query(name, field, needed=name in needed) for name, field in schema["properties"].items()]


def _query(name: str, field: Document, *, needed: bool) -> Document:
    must = {"required": True} if needed else {}
    return {"name": name, "in": "query", "description": wording.QUERY[name], **must, "schema": _without_null(field)}


def _responses(operation: Operation[Any]) -> Document:
    made = {str(status): _success(operation, status, kind) for status, kind in sorted(operation.answers.items())}
    statuses = {*_ALWAYS, *operation.errors}
    if operation.request is not None:
        statuses.update(_WITH_BODY)
    if "{id}" in operation.path:
        statuses.add(404)
    return made | {str(status): {"$ref": f"#/components/responses/Fout{status}"} for status in sorted(statuses)}


def _success(operation: Operation[Any], status: int, kind: type[Wire]) -> Document:
    headers = _common_headers()
    if status == 201 or len(operation.answers) > 1:
        headers["Location"] = {"$ref": "#/components/headers/Location"}
    content: Document = {"application/json": _content(kind, operation.example)}
    for media in operation.media[1:]:
        content[media] = {"schema": {"type": "string"}}
    return {"description": wording.SUCCESS[status], "headers": headers, "content": content}


def _content(kind: Any, example: object) -> Document:  # noqa: ANN401 - a type, or a union of them
    shown = {} if _METHOD_KEY.search(msgspec.json.encode(example)) else {"example": example}
    return {"schema": _ref(kind), **shown}


def _apart(api: Api[Any]) -> Document:
    """Examples with a member such as `postcode` under `components` only: the official linter takes that for the method POST."""
    pairs = [pair for o in api.operations for pair in ((o.request, o.request_example), *((kind, o.example) for kind in o.answers.values()))]
    return {_name(kind): {"value": example} for kind, example in pairs if kind and _METHOD_KEY.search(msgspec.json.encode(example))}


def _error(status: int) -> Document:
    headers = _common_headers()
    if status == 503:
        headers["Retry-After"] = {"$ref": "#/components/headers/Retry-After"}
    title, code = wording.ERRORS[status]
    example = msgspec.structs.replace(examples.PROBLEM, status=status, title=title, detail=title + ".", code=code, errors=None)
    shown = examples.PROBLEM if status == 400 else example
    return {"description": title, "headers": headers, "content": {MEDIA: {"schema": _ref(Problem), "example": shown}}}


def _common_headers() -> Document:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*FIXED, *_RETURNED)}


def _headers() -> Document:
    fixed = {name: {"description": wording.HEADERS[name], "schema": {"type": "string", "const": value}} for name, value in FIXED.items()}
    others: Document = {
        "traceparent": {"type": "string"},
        "Fsc-Transaction-Id": {"type": "string", "pattern": _UUID7},
        "Location": {"type": "string", "format": "uri-reference"},
        "Retry-After": {"type": "integer", "minimum": 1},
    }
    return fixed | {name: {"description": wording.HEADERS[name], "schema": schema} for name, schema in others.items()}


def _parameters() -> Document:
    oin = _polish(msgspec.json.schema(Oin))
    return {
        "id": {"name": "id", "in": "path", "required": True, "description": wording.ID, "schema": {"type": "string", "format": "uuid"}},
        "peildatum": {
            "name": "peildatum",
            "in": "path",
            "required": True,
            "description": wording.PEILDATUM,
            "schema": {"type": "string", "format": "date"},
            "example": "2026-11-20",
        },
        "Namens": {"name": "Namens", "in": "header", "description": wording.ON_BEHALF, "schema": oin},
        "Traceparent": {"name": "traceparent", "in": "header", "description": wording.HEADERS["traceparent"], "schema": _TRACEPARENT},
        "FscTransactionId": {
            "name": "Fsc-Transaction-Id",
            "in": "header",
            "description": wording.HEADERS["Fsc-Transaction-Id"],
            "schema": {"type": "string", "format": "uuid", "pattern": _UUID7},
            "example": "019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20",
        },
    }


def _schemas(api: Api[Any]) -> Document:
    kinds = {kind for o in api.operations for kind in (*o.answers.values(), o.request) if kind is not None} | {Problem}
    ordered = sorted(kinds, key=_name)
    roots, parts = msgspec.json.schema_components(ordered, ref_template="#/components/schemas/{name}")
    parts |= {_name(kind): root for kind, root in zip(ordered, roots, strict=True) if kind in UNIONS}
    for name, part in parts.items():
        part["description"] = wording.TYPES[name]
    for name in parts.keys() & {"AanleveringAanvraag", "StandAanvraag"}:  # a bad record harms no other: taken in, and refused in the report
        items = parts[name]["properties"]["signalen"]
        items["items"] = {"anyOf": [items["items"], {"description": wording.BAD_RECORD}]}
    return {name: _polish(part) | conditions.OF.get(name, {}) for name, part in sorted(parts.items())}


def _published(kind: type[Wire]) -> Document:
    found: Document = _polish(msgspec.json.schema(kind)["$defs"][kind.__name__])
    return found


def _name(kind: Any) -> str:  # noqa: ANN401 - a type, or a union of them
    return UNIONS[kind] if kind in UNIONS else str(kind.__name__)


def _ref(kind: Any) -> Document:  # noqa: ANN401 - a type, or a union of them
    return {"$ref": f"#/components/schemas/{_name(kind)}"}


def _polish(schema: Any, name: str = "") -> Any:  # noqa: ANN401 - a JSON value has no narrower type
    """From what `msgspec` makes to what we publish: ECMA patterns, no null default, `type: [x, null]`, instants as date-time."""
    if isinstance(schema, list):
        return [_polish(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _polish(part) for key, part in schema.items() if (key, part) != ("default", None)}
    if "properties" in schema:
        made["properties"] = {key: _polish(part, key) for key, part in schema["properties"].items()}
    if "pattern" in made:
        made["pattern"] = made["pattern"].replace("(?!\\n)", "")
    if "enum" in made:
        made = {"type": "string", **made}
    if "anyOf" in made:
        made = _collapse(made)
    if name.endswith("Op") and "format" not in made:
        made["format"] = "date-time"
    return made


def _collapse(schema: Document) -> Document:
    """`anyOf [T, null]` as one schema, unless T is a reference."""
    first, *rest = schema["anyOf"]
    if rest != [{"type": "null"}] or "$ref" in first:
        return schema
    others = {key: part for key, part in schema.items() if key != "anyOf"}
    made = {**others, **first, "type": [first["type"], "null"]}
    if "enum" in made:
        made["enum"] = [*made["enum"], None]
    return made


def _without_null(schema: Document) -> Document:
    """A query parameter is absent, never null."""
    made = {key: part for key, part in schema.items() if key != "description"}
    if isinstance(made.get("type"), list):
        made["type"] = made["type"][0]
    if "enum" in made:
        made["enum"] = [value for value in made["enum"] if value is not None]
    return made
