"""Places that a profile can fill: what stands at a pointer, and which places a record cannot do without.

Authority: `schemas.signaal`, and `schemas.saldobestand` for a file of answers; everything here is read from their JSON Schema, so a new
member is a new target by itself.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from schemas import strict
from schemas.bestand import Bestandsoort
from schemas.saldobestand import Antwoordrij
from schemas.signaal import IntrekkingAanvraag, Signaal

REDEN = "/reden"
"""The one target that belongs to a withdrawal."""

Schema = dict[str, Any]


@cache
def _schema(soort: Bestandsoort) -> Schema:
    return strict.schema(Antwoordrij if soort == "saldoantwoorden" else Signaal)


def at(pointer: str, soort: Bestandsoort = "signalen") -> Schema | None:
    """The JSON Schema of the single value at a pointer in a file of this kind; None where no single value stands."""
    if pointer == REDEN and soort != "saldoantwoorden":
        return _member(strict.schema(IntrekkingAanvraag), ["reden"])
    return inside(_schema(soort), pointer)


def inside(schema: Schema, pointer: str) -> Schema | None:
    """The JSON Schema of the single value at a pointer in values of a schema; None where no single value stands."""
    found = _member(schema, pointer.split("/")[1:])
    return None if found is None or found.get("type") in {"object", "array"} else found


def accepts(schema: Schema, value: str | int | bool) -> bool:
    """Whether a fixed value is of the right kind, and in the list where there is one."""
    if "enum" in schema:
        return value in schema["enum"]
    kinds = {"string": str, "integer": int, "boolean": bool}
    return type(value) is kinds.get(schema.get("type", "string"), str)


def required(soort: Bestandsoort = "signalen") -> list[str]:
    """Pointers of the values that every record has; of a list its first element."""
    return list(_required(_schema(soort), "", _schema(soort)))


def _member(whole: Schema, path: list[str]) -> Schema | None:
    schema = _resolved(whole, whole)
    for part in path:
        if schema.get("type") == "array":
            place = int(part) if part.isdecimal() and part.isascii() else -1
            inner = schema["items"] if 0 <= place < schema.get("maxItems", 10) else None
        else:
            inner = schema.get("properties", {}).get(part)
        if inner is None:
            return None
        schema = _resolved(inner, whole)
    return schema


def _resolved(schema: Schema, whole: Schema) -> Schema:
    """Without references and without the branch for null."""
    if "anyOf" in schema:
        schema = schema["anyOf"][0]
    return whole["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _required(schema: Schema, base: str, whole: Schema) -> Iterator[str]:
    schema = _resolved(schema, whole)
    if schema.get("type") == "array":
        yield from _required(schema["items"], f"{base}/0", whole)
    elif "properties" in schema:
        for name in schema.get("required", ()):
            yield from _required(schema["properties"][name], f"{base}/{name}", whole)
    else:
        yield base
