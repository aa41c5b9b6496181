"""The same signals by JSON, CSV, XLSX and partner XML are the same values, field by field, in every encoding that is read."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from adapters.formats import reading
from adapters.formats.mapping import Mapping
from adapters.synthetic.generator import Creditor, Generator, Place
from schemas import strict
from schemas.bestand import Kop, Record
from schemas.signaal import Signaal
from tests.formats import tables
from tests.formats.tables import FORMATS, File, Signal

PLACES = [Place("2011", "Haarlem", "0392"), Place("3511", "Utrecht", "0344")]
CREDITORS = [Creditor("00000099000000001000", sector, "Voorbeeld") for sector in ("huur", "zorgverzekering", "drinkwater", "energie")]


def signals(n: int, seed: int = 7) -> list[Signal]:
    return list(Generator(seed, PLACES, date(2026, 11, 20), CREDITORS).signals(n))


def read(made: File) -> tuple[Kop, list[Record]]:
    lezing = reading.lezer(Mapping(made.profiel), made.naam)(io.BytesIO(made.content))
    records = list(lezing)
    return lezing.kop, records


class Drip(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(7, size if size is not None and size >= 0 else 7))


@pytest.mark.parametrize("formaat", FORMATS)
def test_records_are_those_of_json(formaat: str) -> None:
    sent = signals(300)
    _, records = read(tables.file(formaat, sent))
    assert [record.value for record in records] == sent
    assert [(record.nr, record.soort, record.bevindingen) for record in records] == [(nr, "signaal", ()) for nr in range(300)]
    assert all(strict.convert(record.value, Signaal) == strict.convert(one, Signaal) for record, one in zip(records, sent, strict=True))


@pytest.mark.parametrize("formaat", FORMATS)
def test_positive_control_one_other_letter_is_seen(formaat: str) -> None:
    sent = signals(50)
    made = tables.file(formaat, sent)
    sent[17]["personen"][0]["achternaam"] += "x"
    assert [record.nr for record, one in zip(read(made)[1], sent, strict=True) if record.value != one] == [17]


@pytest.mark.parametrize("formaat", FORMATS)
def test_place_is_that_of_the_format(formaat: str) -> None:
    words = {"csv": "regel 2", "xlsx": "blad Blad1, rij 2", "xml": "record 1 (regel 2)"}
    assert read(tables.file(formaat, signals(1)))[1][0].plek == words[formaat]


@pytest.mark.parametrize("formaat", FORMATS)
def test_stream_that_gives_few_bytes_reads_the_same(formaat: str) -> None:
    sent = signals(20)
    made = tables.file(formaat, sent)
    lezing = reading.lezer(Mapping(made.profiel), made.naam)(Drip(made.content))
    assert [record.value for record in lezing] == sent


@pytest.mark.parametrize("formaat", FORMATS)
def test_mapping_reads_two_files_at_once(formaat: str) -> None:
    one, made = signals(30), tables.file(formaat, signals(30))
    mapping = Mapping(made.profiel)
    readers: list[Iterator[Record]] = [iter(reading.lezer(mapping, "t")(io.BytesIO(made.content))) for _ in range(2)]
    assert [a.value for pair in zip(*readers, strict=True) for a in pair] == [value for value in one for _ in range(2)]


def latin(sent: list[Signal]) -> list[Signal]:
    """Without names that Windows-1252 has no letters for."""
    return [signal for signal in sent if all("ı" not in str(value) for _, value in tables.leaves(signal))]


@pytest.mark.parametrize(
    ("formaat", "codering", "found"),
    [
        ("csv", "utf-8", "utf-8"),
        ("csv", "utf-8-sig", "utf-8"),
        ("csv", "windows-1252", "windows-1252"),
        ("xml", "utf-8", "utf-8"),
        ("xml", "iso-8859-1", "iso-8859-1"),
        ("xlsx", "utf-8", "utf-8"),
    ],
)
def test_encoding_is_found_and_told(formaat: str, codering: str, found: str) -> None:
    sent = latin(signals(400))
    assert any("Ö" in str(value) for signal in sent for _, value in tables.leaves(signal))
    kop, records = read(tables.file(formaat, sent, codering))
    assert kop.codering == found
    assert [record.value for record in records] == sent


@pytest.mark.parametrize("sign", [";", ","])
def test_separator_is_found(sign: str) -> None:
    sent = signals(20)
    made = tables.file("csv", sent, sign=sign)
    lezing: Any = reading.lezer(Mapping(made.profiel), "t")(io.BytesIO(made.content))
    assert (lezing.scheiding, [record.value for record in lezing]) == (sign, sent)


@pytest.mark.parametrize("formaat", FORMATS)
def test_same_fault_has_the_same_code_and_place_as_in_json(formaat: str) -> None:
    """What stops a record in JSON stops it here, under the same code, with the column in its message."""
    good = signals(3)
    bad = [{**one, "adres": {**one["adres"], "postcode": "2011ABC"}} for one in good]
    with pytest.raises(strict.Refused) as caught:
        strict.convert(bad[0], Signaal)
    told = [(fout.code, fout.pointer) for fout in caught.value.fouten]
    _, records = read(tables.file(formaat, bad))
    assert [[(b.code, b.pointer) for b in record.bevindingen] for record in records] == [told] * 3
    assert all("postcode" in record.bevindingen[0].melding for record in records)
