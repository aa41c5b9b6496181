"""What a creditor writes is what the gateway reads: value for value, whichever way the reader takes and however it is laid out."""

import io
import re
import timeit
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.client.xml import write
from adapters.formats.canonical import read
from adapters.formats.elements import Translation
from adapters.formats.narrow import narrow
from adapters.formats.xsd import Schema
from schemas import strict
from schemas.bestand import Kop, Lezer, Onleesbaar
from schemas.elementen import SIGNAAL
from schemas.signaal import Signaal
from tests.formats import xmlfiles as x

SLOW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def body(signal: dict[str, Any]) -> str:
    """One signal as an element."""
    return x.file([("signaal", signal)]).decode().split("\n")[3]


class Trickle(io.BytesIO):
    """A stream that gives less than is asked."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 7, 7) if size and size > 0 else size)


@SLOW
@given(st.lists(st.one_of(x.SIGNALS.map(lambda v: ("signaal", v)), x.WITHDRAWALS.map(lambda v: ("intrekking", v))), max_size=4))
def test_reader_gives_what_the_writer_was_given(given: list[Any]) -> None:
    found = x.records(x.file(given))
    assert [(record.soort, record.value) for record in found] == given
    assert not any(record.bevindingen for record in found)


@SLOW
@given(x.SIGNALS)
def test_both_ways_give_the_same_value(signal: dict[str, Any]) -> None:
    """What the fast way takes is valid to the XSD and means the same to the careful way."""
    element = body(signal)
    careful = Translation(x.node(element), SIGNAAL)
    assert not careful.unfit
    assert Schema().is_valid(x.node(element))
    fast = narrow(SIGNAAL, "").read(element, 0)
    assert fast is None or fast == (careful.value, len(element))
    assert careful.value == signal


def test_lawful_signals_go_the_fast_way() -> None:
    """Else the figures of `docs/performance.md` would be about nobody's files."""
    texts = [body(signal) for signal in x.generator().signals(300)]
    assert all(narrow(SIGNAAL, "").read(text, 0) for text in texts)


def test_late_fault_costs_the_fast_way_about_as_much_as_a_match() -> None:
    """An expression that meets a line in two ways would try both for every line: 2 to the power of 8 times the cost."""
    (signal,) = x.generator().signals(1)
    text = body({**signal, "klantnummer": "A & B", "contractkenmerk": "C"})
    broken = text.replace("</inspanning>", "<x/></inspanning>")
    fast = narrow(SIGNAAL, "")
    assert fast.read(text, 0)
    assert fast.read(broken, 0) is None
    whole, late = (min(timeit.repeat(partial(fast.read, content, 0), number=5, repeat=9)) for content in (text, broken))
    assert late < 20 * whole


def test_defective_records_get_the_codes_that_they_get_in_json() -> None:
    signals = [signal for signal, _ in x.generator().with_defects(600, 0.5)]
    refused = 0
    for signal, record in zip(signals, x.records(x.file(("signaal", s) for s in signals)), strict=True):
        assert record.value == signal
        assert x.codes(record) == json_codes(signal)
        refused += bool(record.bevindingen)
    assert refused > 50


def json_codes(signal: dict[str, Any]) -> list[tuple[str | None, str]]:
    try:
        strict.convert(signal, Signaal)
    except strict.Refused as refused:
        return [(fout.pointer, fout.code) for fout in refused.fouten]
    return []


LAYOUTS: dict[str, Callable[[str], str]] = {
    "on one line": lambda text: re.sub(r">\n<", "><", text),
    "indented": lambda text: re.sub(r"><(?!/)", ">\n\t  <", text),
    "carriage returns": lambda text: text.replace("><", ">\r\n<"),
    "byte order mark": lambda text: "\ufeff" + text,
    "prefix": lambda text: re.sub(r"<(/?)(?=[a-z])", r"<\1ns2:", text).replace("xmlns=", "xmlns:ns2="),
    "blanks in tags": lambda text: re.sub(r"(</?[a-zA-Z]+)>", r"\1 >", text),
    "character references": lambda text: text.replace("Haarlem", "H&#97;arle&#x6d;"),
    "single quotes": lambda text: text.replace('"', "'"),
    "no declaration": lambda text: text.split("\n", 1)[1],
    "another namespace declared": lambda text: text.replace("<aanlevering ", '<aanlevering xmlns:xsi="urn:x" '),
    "namespace on every record": lambda text: text.replace("<signaal>", '<signaal xmlns="urn:nl:seinhuis:aanlevering:1">'),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_makes_no_difference(layout: str) -> None:
    signals = list(x.generator().signals(120))
    text = LAYOUTS[layout](x.file((("signaal", signal) for signal in signals), kenmerk="A-1").decode())
    found = x.records(text.encode())
    assert [record.value for record in found] == signals
    assert not any(record.bevindingen for record in found)


def test_stream_that_trickles_is_read_like_any_other() -> None:
    signals = list(x.generator().signals(60))
    content = x.file(("signaal", signal) for signal in signals)
    assert [record.value for record in read(Trickle(content))] == signals


def test_empty_parts_stay_what_they_are() -> None:
    (signal,) = x.generator().signals(1)
    signal = {**signal, "contact": {}, "inspanning": {"wijze": "gegevens", "contacten": [], "herinneringen": []}}
    short = body(signal).replace("<contacten></contacten>", "<contacten/>").replace("<contact></contact>", "<contact/>")
    assert [record.value for record in x.records(x.around(body(signal) + short))] == [signal, signal]


def test_leap_day_is_read_and_the_day_after_28_february_of_another_year_is_not() -> None:
    (signal,) = x.generator().signals(1)
    leap, other = x.records(x.file(("signaal", {**signal, "signaaldatum": day}) for day in ("2024-02-29", "2026-02-29")))
    assert leap.bevindingen == ()
    assert x.codes(other) == [("/signaaldatum", "VORM_ONJUIST")]


def test_head_says_what_holds_for_the_file() -> None:
    kop = {"kenmerk": "A-1", "soort": "stand", "namens": "00000099000000001000", "sector": "huur", "handelsnaam": "Zon & Zn.",
           "profiel": "P", "peildatum": "2026-11-20", "redenVervallen": "bezwaar", "inhaalslag": True}  # fmt: skip
    assert read(io.BytesIO(x.file([], **kop))).kop == Kop(
        "stand", "A-1", "00000099000000001000", "huur", "Zon & Zn.", "P", date(2026, 11, 20), "bezwaar", True, "utf-8"
    )


def test_head_may_be_empty_and_a_file_without_records_too() -> None:
    reader: Lezer = read
    reading = reader(io.BytesIO(x.around("")))
    assert (reading.kop, list(reading)) == (Kop(), [])


@pytest.mark.parametrize("kop", ["<kop/>", "<kop />", "<kop></kop>", "<kop></kop >", "<kop> </kop>", "<kop><sector>huur</sector></kop>"])
def test_what_follows_the_head_is_read_from_its_end_on(kop: str) -> None:
    withdrawal = "<intrekking><kenmerk>A</kenmerk><reden>betaald</reden></intrekking>"
    assert [record.value["kenmerk"] for record in x.records(x.around(withdrawal, kop))] == ["A"]
    for extra in ("</kop>", "/>", ">", "tekst", "<"):
        with pytest.raises(Onleesbaar):
            x.records(x.around(extra + withdrawal, kop))


@pytest.mark.parametrize(
    ("kop", "code"),
    [
        ("<kop><peildatum>2026-13-01</peildatum></kop>", "KOP_ONGELDIG"),
        ("<kop><sector>huur</sector><kenmerk>A</kenmerk></kop>", "KOP_ONGELDIG"),
        ("<kop><kenmerk>A</kenmerk><kenmerk>A</kenmerk></kop>", "KOP_ONGELDIG"),
        ("<kop><map>A</map></kop>", "KOP_ONGELDIG"),
        ('<kop a="1"/>', "KOP_ONGELDIG"),
        ("", "KOP_ONTBREEKT"),
        ("<kop>", "KOP_ONTBREEKT"),
        ("tekst<kop/>", "TEKST_NIET_TOEGESTAAN"),
    ],
)
def test_head_that_is_wrong_refuses_the_file(kop: str, code: str) -> None:
    with pytest.raises(Onleesbaar) as refused:
        read(io.BytesIO(f"{x.ROOT}\n{kop}".encode()))
    assert refused.value.code == code
    assert refused.value.plek in {"regel 1", "regel 2"}


def test_writer_refuses_what_xml_does_not_have() -> None:
    for kenmerk in ("\x01", "\ud800", "\uffff"):
        with pytest.raises(ValueError, match="character"):
            list(write({}, [("intrekking", {"kenmerk": kenmerk})]))
    with pytest.raises(ValueError, match="name"):
        list(write({}, [("intrekking", {"a b": "1"})]))


def test_writer_keeps_a_carriage_return_and_leaves_null_out() -> None:
    (record,) = x.records(x.file([("intrekking", {"kenmerk": "A\rB", "reden": None})]))
    assert record.value == {"kenmerk": "A\rB"}
