"""The same signals as CSV, XLSX and partner XML, as systems of different habits write them, each with its profile.

A column per place in the signal, named after it. CSV writes amounts with a comma and days as dd-mm-jjjj, XLSX real numbers and dates, XML
jjjj-mm-dd with a time behind it and amounts with a point; postcodes and telephone numbers are spelled as people spell them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from adapters.formats import profile, targets
from schemas.profiel import Profiel
from tests.formats.workbooks import Value, workbook

FORMATS = ("csv", "xlsx", "xml")
Signal = dict[str, Any]


class File(NamedTuple):
    """A file, its name and the profile that reads it."""

    content: bytes
    naam: str
    profiel: Profiel


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value with its pointer."""
    if isinstance(value, dict | list):
        for name, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(part, f"{pointer}/{name}")
    else:
        yield pointer, value


def conversion(pointer: str) -> str:
    """How the profile reads a place."""
    schema = targets.at(pointer) or {}
    if pointer.endswith("bedragCent"):
        return "bedrag"
    if pointer.startswith("/contact/telefoonnummers/"):
        return "telefoon"
    if pointer == "/adres/postcode":
        return "postcode"
    kinds = {"integer": "getal", "boolean": "janee"}
    return "datum" if schema.get("format") == "date" else kinds.get(schema.get("type", ""), "tekst")


def typed(pointer: str, value: Any) -> Value:
    """As a spreadsheet holds it."""
    kind = conversion(pointer)
    if kind == "bedrag":
        return int(value) / 100
    if kind == "telefoon":
        return f"0{value[3:5]}-{value[5:]}" if value.startswith("+31") else str(value)
    if kind == "postcode":
        return f"{value[:4]} {value[4:].lower()}"
    found: Value = date.fromisoformat(value) if kind == "datum" else value
    return found


def as_csv(value: Value) -> str:
    if isinstance(value, bool):
        return "J" if value else "N"
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", ",")
    return f"{value:%d-%m-%Y}" if isinstance(value, date) else "" if value is None else str(value)


def as_xml(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.2f}"
    return f"{value}T12:00:00+01:00" if isinstance(value, date) else escape(str(value))


def column(pointer: str) -> str:
    return pointer[1:].replace("/", " ")


def path(pointer: str) -> str:
    return "a/" + pointer[1:].replace("/", ".")


def profile_of(formaat: str, pointers: Sequence[str], head: str = "", form: str = "") -> Profiel:
    """A profile that reads a column per pointer; `head` and `form` are more lines of TOML."""
    xml = 'datum = "jjjj-mm-dd*"\ndecimaal = "."\nrecord = "/lijst/signaal"'
    patroon = {"csv": 'datum = "dd-mm-jjjj"', "xlsx": "", "xml": xml}[formaat]
    source = path if formaat == "xml" else column
    fields = [f'[[velden]]\nnaar = "{p}"\nuit = "{source(p)}"\nomzetting = "{conversion(p)}"\n' for p in pointers]
    top = f'naam = "t"\nversie = 1\ngeldigVan = 2026-01-01\npartner = "00000099000000001000"\nformaat = "{formaat}"\n'
    return profile.load(f"{top}{head}\n[bestand]\n{patroon}\n{form}\n{''.join(fields)}".encode())


def file(formaat: str, signals: Iterable[Signal], codering: str = "utf-8", sign: str = ";") -> File:
    """All signals in one file."""
    rows = [dict(leaves(signal)) for signal in signals]
    pointers = list(dict.fromkeys(pointer for row in rows for pointer in row))
    table = [[typed(p, row[p]) if p in row else None for p in pointers] for row in rows]
    found = profile_of(formaat, pointers)
    if formaat == "xlsx":
        return File(workbook([list(map(column, pointers)), *table]), "t.xlsx", found)
    if formaat == "csv":
        lines = [line(map(column, pointers), sign), *(line(map(as_csv, row), sign) for row in table)]
        return File("\r\n".join([*lines, ""]).encode(codering), "t.csv", found)
    names = [pointer[1:].replace("/", ".") for pointer in pointers]
    cells = [[f"<{name}>{as_xml(value)}</{name}>" for name, value in zip(names, row, strict=True) if value is not None] for row in table]
    records = "".join(f"<signaal><a>{''.join(row)}</a></signaal>\n" for row in cells)
    text = f'<?xml version="1.0" encoding="{codering}"?>\n<lijst>{records}</lijst>'
    return File(text.encode(codering), "t.xml", found)


def line(cells: Iterable[str], sign: str) -> str:
    return sign.join(quoted(cell, sign) for cell in cells)


def quoted(text: str, sign: str) -> str:
    return '"' + text.replace('"', '""') + '"' if sign in text or '"' in text or "\n" in text else text
