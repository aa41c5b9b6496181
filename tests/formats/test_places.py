"""Whatever is wrong, the sender is told where: the element and its line of a record, line and character of a file that is no XML."""

import re
from random import Random  # noqa: TID251 - seeded
from typing import Any
from xml.parsers import expat  # noqa: TID251 - the oracle for places

import pytest

from schemas.bestand import Onleesbaar
from schemas.elementen import SIGNAAL, walk
from tests.formats import xmlfiles as x

WRONG = {
    "regel": ("", "TE_KORT"),
    "code": ("?", "VORM_ONJUIST"),
    "keuze": ("onzin", "WAARDE_ONBEKEND"),
    "getal": ("x", "TYPE_ONJUIST"),
    "janee": ("ja", "TYPE_ONJUIST"),
    "datum": ("20-11-2026", "VORM_ONJUIST"),
}
PLACES = {path: (pointer, element) for path, pointer, element in walk(SIGNAAL)}
LEAVES = [path for path, (_, element) in PLACES.items() if element.kind in WRONG]


def lined() -> tuple[list[str], dict[str, int]]:
    """A file of three full signals with an element per line; and of the second one the index of the line of every path."""
    lines = x.file([("signaal", x.full(SIGNAAL))] * 3).decode().replace("><", ">\n<").splitlines()
    begin = [at for at, line in enumerate(lines) if line == "<signaal>"][1]
    at, path = dict[str, int](), ""
    for number in range(begin + 1, lines.index("</signaal>", begin)):
        if not lines[number].startswith("</"):
            path += "/" + re.findall(r"\w+", lines[number])[0]
            at[path] = number
        if "</" in lines[number]:
            path = path.rpartition("/")[0]
    return lines, at


def read(lines: list[str]) -> Any:
    """The second of three records; the other two are whole."""
    before, record, after = x.records("\n".join(lines).encode())
    assert (before.bevindingen, after.bevindingen) == ((), ())
    assert before.value == after.value == x.full(SIGNAAL)
    assert record.plek == f"signaal 2 (regel {[at for at, line in enumerate(lines) if line.startswith('<signaal>')][1] + 1})"
    return record


def test_signal_with_everything_is_taken() -> None:
    lines, at = lined()
    assert set(at) == set(PLACES)
    assert read(lines).bevindingen == ()


@pytest.mark.parametrize("path", LEAVES)
def test_wrong_value_is_told_at_its_element_and_line(path: str) -> None:
    (pointer, element), (lines, at) = PLACES[path], lined()
    value, code = WRONG[element.kind]
    lines[at[path]] = f"<{element.name}>{value}</{element.name}>"
    record = read(lines)
    assert x.codes(record)[0] == (pointer, code)
    assert {where for where, _ in x.codes(record)} == {pointer}
    assert f"(element {element.name}, regel {at[path] + 1})" in record.bevindingen[0].melding
    assert value == "" or f"{value} " not in record.bevindingen[0].melding


@pytest.mark.parametrize("path", PLACES)
def test_attribute_is_told_at_its_element_and_line(path: str) -> None:
    (pointer, element), (lines, at) = PLACES[path], lined()
    lines[at[path]] = lines[at[path]].replace(f"<{element.name}>", f'<{element.name} a="1">')
    record = read(lines)
    assert x.codes(record) == [(pointer, "ATTRIBUUT_NIET_TOEGESTAAN")]
    assert record.bevindingen[0].melding.endswith(f"(element {element.name}, regel {at[path] + 1})")


@pytest.mark.parametrize("path", [path for path in LEAVES if PLACES[path][1].required and not PLACES[path][0].endswith("/0")])
def test_missing_element_is_told_at_what_should_hold_it(path: str) -> None:
    (pointer, _), (lines, at) = PLACES[path], lined()
    group = path.rpartition("/")[0]
    lines[at[path]] = ""
    record = read(lines)
    assert x.codes(record) == [(pointer, "VELD_VERPLICHT")]
    line = at[group] + 1 if group else int(record.plek.split()[-1].rstrip(")"))
    assert f"regel {line})" in record.bevindingen[0].melding


@pytest.mark.parametrize("path", [path for path in LEAVES if not PLACES[path][0].endswith("/0")])
@pytest.mark.parametrize(("extra", "code"), [("twice", "VELD_DUBBEL"), ("<onbekend>1</onbekend>", "VELD_NIET_TOEGESTAAN")])
def test_element_too_many_is_told(path: str, extra: str, code: str) -> None:
    (pointer, element), (lines, at) = PLACES[path], lined()
    name = element.name if extra == "twice" else "onbekend"
    lines[at[path]] += lines[at[path]] if extra == "twice" else extra
    assert x.codes(read(lines)) == [(f"{pointer.rpartition('/')[0]}/{name}", code)]


def test_text_and_order_and_foreign_elements_are_told() -> None:
    lines, at = lined()
    lines[at["/adres"]] += "tekst"
    postcode, woonplaats = at["/adres/postcode"], at["/adres/woonplaats"]
    lines[postcode], lines[woonplaats] = lines[woonplaats], lines[postcode]
    lines[at["/personen/persoon"]] = "<iets/>" + lines[at["/personen/persoon"]]
    lines[at["/contact"]] = '<contact xmlns="urn:x"/>' + lines[at["/contact"]]
    record = read(lines)
    assert x.codes(record) == [
        ("/personen/0", "VELD_NIET_TOEGESTAAN"),
        ("/adres", "TEKST_NIET_TOEGESTAAN"),
        ("/adres/huisnummer", "VOLGORDE_ONJUIST"),
        ("/adres/postcode", "VOLGORDE_ONJUIST"),
        ("/contact", "VELD_NIET_TOEGESTAAN"),
    ]


def test_element_between_records_is_a_bad_record_of_its_own() -> None:
    good = x.file([("intrekking", {"kenmerk": "A-1", "reden": "betaald"})]).decode().split("\n")[3]
    found = x.records(x.around(f"{good}\n<iets/>\n{good}<iets><x/></iets>"))
    assert [(record.plek, bool(record.bevindingen)) for record in found] == [
        ("intrekking 1 (regel 1)", False),
        ("signaal 2 (regel 2)", True),
        ("intrekking 3 (regel 3)", False),
        ("signaal 4 (regel 3)", True),
    ]


def test_defaults_of_the_head_are_not_asked_of_a_refused_record() -> None:
    signal = {name: part for name, part in x.full(SIGNAAL).items() if name not in {"sector", "handelsnaam"}}
    wrong = {**signal, "klantnummer": ""}
    (record,) = x.records(x.file([("signaal", wrong)], sector="huur", handelsnaam="Zon"))
    assert x.codes(record) == [("/klantnummer", "TE_KORT")]
    (record,) = x.records(x.file([("signaal", wrong)]))
    assert set(x.codes(record)) == {("/klantnummer", "TE_KORT"), ("/sector", "VELD_VERPLICHT"), ("/handelsnaam", "VELD_VERPLICHT")}


def test_file_that_is_wrong_all_through_is_told_shortly_after_a_while() -> None:
    bad = {**x.full(SIGNAAL), "klantnummer": "", "contractkenmerk": "", "handelsnaam": ""}
    found = x.records(x.file([("signaal", bad)] * 900))
    assert [len(record.bevindingen) for record in found[:3]] == [3, 3, 3]
    assert [len(record.bevindingen) for record in found[-3:]] == [1, 1, 1]


@pytest.mark.parametrize("layout", [str, lambda text: text.replace("><", ">\n<"), lambda text: text.replace("\n", "")])
def test_place_where_the_file_stops_being_xml_is_the_place_in_the_whole_file(layout: Any) -> None:
    """Held against expat over the whole file: pieces on their own must give the same line and character."""
    random = Random(3)
    text = layout(x.file(("signaal", signal) for signal in x.generator().signals(150)).decode().replace("?>\n", "?>"))
    for snippet in ("&", "<", "&bad;", "</x>", "\x0b", "<a b='1' b='2'/>", "]]>", "<q:a/>"):
        at = random.choice([m.end() for m in re.finditer("<(kenmerk|bedragCent|wijze|woonplaats|herinnering)>", text)])
        broken = (text[:at] + snippet + text[at:]).encode()
        with pytest.raises(expat.ExpatError) as expected:
            expat.ParserCreate("utf-8", " ").Parse(broken, True)
        with pytest.raises(Onleesbaar) as refused:
            x.records(broken)
        assert (refused.value.code, refused.value.plek) == (
            "XML_ONGELDIG",
            f"regel {expected.value.lineno}, teken {expected.value.offset + 1}",
        ), snippet


@pytest.mark.parametrize("share", [0.001, 0.3, 0.6, 0.999])
def test_truncated_file_says_on_which_line_it_ends(share: float) -> None:
    whole = x.file(("signaal", signal) for signal in x.generator().signals(100))
    cut = whole[: int(len(whole) * share)]
    with pytest.raises(Onleesbaar) as refused:
        x.records(cut)
    if share > 0.001:  # else it ends before the head does
        lines = cut.count(b"\n") + 1
        assert refused.value.plek.startswith(f"regel {lines}, teken ")
        assert "houdt" in refused.value.melding


def test_record_that_is_not_closed_is_told_at_its_begin() -> None:
    lines = x.file(("signaal", signal) for signal in x.generator().signals(5)).decode().split("\n")
    lines[5] = lines[5].removesuffix("</signaal>")
    with pytest.raises(Onleesbaar) as refused:
        x.records("\n".join(lines).encode())
    assert refused.value.plek == "regel 6"
    assert "niet afgesloten" in refused.value.melding
