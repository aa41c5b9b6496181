"""The XSD, the types of the wire, the examples and the page say the same, element by element."""

import io
import re
from importlib.resources import files
from typing import Any

import pytest

from adapters.formats.canonical import read
from adapters.formats.gate import Limits, Node
from adapters.formats.untrusted import nodes
from schemas import strict
from schemas.bestand import Kop, Record
from schemas.elementen import INTREKKING, KOP, NAMESPACE, SIGNAAL, Element, KopElement, walk
from schemas.signaal import Signaal
from tests.architecture import checkers
from tests.architecture.tree import ROOT, modules

XSD = files("schemas").joinpath("xsd/aanlevering.xsd").read_bytes()
PAGE = (ROOT / "docs/bestanden-xml.md").read_text(encoding="utf-8")
EXAMPLES = sorted((ROOT / "schemas/xsd/voorbeelden").glob("*.xml"))
(SCHEMA,) = nodes(io.BytesIO(XSD), lambda path: len(path) == 1, Limits(record=256 * 1024))
TYPES = {child.attributes["name"]: child for child in SCHEMA.children if child.name.endswith("Type")}
BASES = {"xs:string": ("regel", "code", "keuze"), "xs:date": ("datum",), "xs:boolean": ("janee",), "xs:int": ("getal",)}


def inner(node: Node, name: str) -> Node | None:
    return next((child for child in node.children if child.name == name), None)


def typed(node: Node) -> Node:
    """The type of an element: its own, or the one it names."""
    return TYPES[node.attributes["type"]] if "type" in node.attributes else node.children[-1]


def elements(kind: Node) -> list[Node]:
    sequence = inner(kind, "sequence")
    return sequence.children if sequence is not None else []


def facets(kind: Node) -> tuple[str, dict[str, list[str]]]:
    """The built-in type below a simple type, and every facet on the way; the narrowest of a name first."""
    restriction = inner(kind, "restriction")
    assert restriction is not None
    base, found = restriction.attributes["base"], dict[str, list[str]]()
    if base in TYPES:
        base, found = facets(TYPES[base])
    for facet in restriction.children:
        found.setdefault(facet.name, []).insert(0, facet.attributes["value"])
    return base, found


MARKS = r"\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"


def as_xsd(pattern: str) -> str:
    """One of our patterns as XSD writes it: without anchors, hyphens and circumflexes in a class escaped, characters written out."""
    body = pattern.removeprefix("^").removesuffix(r"$(?!\n)")
    body = body.replace(r"\u0000-\u001f\u007f-", "\t\n\r\x7f-").replace(r"\u009f" + MARKS, "\x9f" + MARKS.encode().decode("unicode_escape"))
    return body.replace("/-]", r"/\-]").replace("~.-]", r"~.\-]").replace("0-9-]", r"0-9\-]").replace("?^_", r"?\^_")


def compare(node: Node, element: Element, path: str) -> None:
    """An element of the XSD with what we have of it."""
    kind = typed(node)
    assert node.attributes["name"] == element.name
    if element.kind == "groep":
        found = elements(kind)
        assert [(child.attributes["name"], child.attributes.get("minOccurs") != "0") for child in found] == [
            (part.name, part.required) for part in element.parts
        ], path
        for child, part in zip(found, element.parts, strict=True):
            compare(child, part, f"{path}/{part.name}")
    elif element.kind == "lijst":
        (item,) = elements(kind)
        times = (int(item.attributes.get("minOccurs", "1")), int(item.attributes["maxOccurs"]))
        assert times == (element.least, element.most), path
        compare(item, element.parts[0], f"{path}/{item.attributes['name']}")
    else:
        compare_values(*facets(kind), element, path)


def compare_values(base: str, found: dict[str, list[str]], element: Element, path: str) -> None:
    assert element.kind in BASES[base], path
    if element.kind == "keuze":
        assert set(found["enumeration"]) == set(element.values), path
    if element.kind == "getal":
        assert (int(found["minInclusive"][0]), int(found["maxInclusive"][0])) == (element.least, element.most), path
    if element.kind in {"regel", "code"}:
        length = found.get("length", [None])
        assert found["pattern"] == [as_xsd(element.pattern or "")], path
        assert found.get("minLength", length)[0] == (None if element.least is None else str(element.least)), path
        assert found.get("maxLength", length)[0] == (None if element.most is None else str(element.most)), path


@pytest.mark.parametrize("element", [KOP, SIGNAAL, INTREKKING], ids=lambda element: element.name)
def test_xsd_is_the_type_element_by_element(element: Element) -> None:
    compare(Node("element", "", {"name": element.name, "type": element.name.capitalize()}, 0), element, "")


def test_positive_control_a_difference_is_found() -> None:
    node = Node("element", "", {"name": "signaal", "type": "Signaal"}, 0)
    for change in ({"required": False}, {"name": "nummer"}, {"pattern": "^x"}, {"kind": "datum"}):
        first = SIGNAAL.parts[0]._replace(**change)
        with pytest.raises(AssertionError):
            compare(node, SIGNAAL._replace(parts=(first, *SIGNAAL.parts[1:])), "")


def test_namespace_has_the_version() -> None:
    assert SCHEMA.attributes["targetNamespace"] == NAMESPACE == "urn:nl:seinhuis:aanlevering:1"


def described(node: Node) -> bool:
    said = inner(node, "annotation")
    return said is not None and said.children[0].text.strip().endswith(".")


def all_nodes(node: Node) -> Any:
    yield node
    for child in node.children:
        yield from all_nodes(child)


def test_every_element_and_every_simple_type_is_explained_in_dutch() -> None:
    named = [node for node in all_nodes(SCHEMA) if node.name in {"element", "simpleType"} and "name" in node.attributes]
    assert len(named) > 70
    assert [node.attributes["name"] for node in named if not described(node)] == []
    texts = [node for node in all_nodes(SCHEMA) if node.name == "documentation"]
    assert {node.attributes.get("http://www.w3.org/XML/1998/namespace lang") for node in texts} == {"nl"}


def test_head_has_the_members_of_the_shared_shape() -> None:
    assert {*KopElement.__struct_fields__, "codering"} == set(Kop._fields)


def example(name: str) -> tuple[Kop, list[Record]]:
    with (ROOT / f"schemas/xsd/voorbeelden/{name}.xml").open("rb") as stream:
        reading = read(stream)
        return reading.kop, list(reading)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_is_valid_to_the_xsd_and_to_the_wire(path: Any) -> None:
    kop, found = example(path.stem)
    assert [record.bevindingen for record in found] == [()] * len(found)
    defaults = {"sector": kop.sector, "handelsnaam": kop.handelsnaam}
    for record in found:
        if record.soort == "signaal":
            strict.convert({**defaults, **record.value}, Signaal)


def test_examples_show_all_that_there_is() -> None:
    assert [path.stem for path in EXAMPLES] == ["intrekkingen", "signalen", "stand"]
    signals, withdrawals, stand = example("signalen"), example("intrekkingen"), example("stand")
    assert [record.value["kenmerk"] for record in signals[1]] == ["HUUR-2026-000123", "HUUR-2026-000124"]
    assert [record.value for record in withdrawals[1]] == [
        {"kenmerk": "HUUR-2026-000123", "reden": "betaald"},
        {"kenmerk": "HUUR-2026-000124", "reden": "betalingsregeling"},
    ]
    assert (stand[0].soort, str(stand[0].peildatum), stand[0].reden_vervallen) == ("stand", "2026-11-20", "betaald")


def test_example_of_the_contract_is_the_first_example() -> None:
    contract = (ROOT / "docs/contract.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- json: Signaal -->\n```json\n(.*?)```", contract, re.DOTALL)
    assert found is not None
    assert example("signalen")[1][0].value == strict.load(found[1].encode())


@pytest.mark.parametrize("element", [KOP, SIGNAAL, INTREKKING], ids=lambda element: element.name)
def test_page_has_the_table_of_elements(element: Element) -> None:
    section = PAGE.partition(f"### {element.name}\n")[2].partition("\n## ")[0].partition("\n### ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \| ([a-z ]+(?:: [`a-z_, ]+)?) \| ([a-z0-9 ]+) \|$", section, re.MULTILINE)
    lists = {path: part for path, _, part in walk(element) if part.kind == "lijst"}

    def times(path: str, part: Element) -> str:
        around = lists.get(path.rpartition("/")[0])
        return f"{around.least} tot {around.most} keer" if around else "ja" if part.required else "nee"

    def what(part: Element) -> str:
        return "keuze: " + ", ".join(f"`{value}`" for value in part.values)

    parts = list(walk(element))
    listed = [(path, pointer, often) for path, pointer, _, often in rows]
    assert listed == [(path[1:], pointer, times(path, part)) for path, pointer, part in parts]
    assert [found for *_, found, _ in rows if found.startswith("keuze")] == [what(part) for *_, part in parts if part.kind == "keuze"]


def test_page_explains_every_code_of_the_reader() -> None:
    names = ("canonical", "elements", "gate", "head", "untrusted")
    used = set().union(*(checkers.error_codes(modules("adapters/formats")[f"adapters/formats/{name}.py"]) for name in names))
    known = checkers.documented_codes((ROOT / "docs/foutcodes.md").read_text(encoding="utf-8"))
    assert {"XML_DOCTYPE", "XML_ONGELDIG"} <= used
    assert {code for code in used if f"`{code}`" not in PAGE} - known == set()
