"""XML of any shape: records by path, what may vary and what may not."""

import io

import pytest

from adapters.formats.gate import Limits, Node
from adapters.formats.untrusted import encoding_of, nodes
from schemas.bestand import Onleesbaar

FILE = """<?xml version="1.0" encoding="{}"?>
<x:export xmlns:x="urn:x"><!-- van ons -->
 <gemaakt op="2026-11-20">nu</gemaakt>
 <dossiers>
  <dossier id="1"><naam>Jos\u00e9</naam><![CDATA[ <los> ]]></dossier>
  <dossier id="2"/>
 </dossiers>
</x:export>"""


UTF_8 = ("utf-8",)
EITHER = ("utf-8", "iso-8859-1")


def found(
    content: bytes, path: str = "export/dossiers/dossier", limits: Limits | None = None, encodings: tuple[str, ...] = UTF_8
) -> list[Node]:
    return list(nodes(io.BytesIO(content), lambda at: "/".join(at) == path, limits, encodings))


def test_records_come_by_their_path_with_attributes_text_and_line() -> None:
    first, second = found(FILE.format("UTF-8").encode())
    assert (first.name, first.namespace, first.attributes, first.line) == ("dossier", "", {"id": "1"}, 5)
    assert [(child.name, child.text) for child in first.children] == [("naam", "Jos\u00e9")]
    assert (first.text, second.line, second.children) == (" <los> ", 6, [])


def test_record_may_be_the_root_itself() -> None:
    (root,) = found(b"<a><b/></a>", "a")
    assert [child.name for child in root.children] == ["b"]


@pytest.mark.parametrize("declared", ["ISO-8859-1", "iso-8859-1"])
def test_declared_latin_1_is_read_where_it_is_allowed(declared: str) -> None:
    content = FILE.format(declared).encode("iso-8859-1")
    assert found(content, encodings=EITHER)[0].children[0].text == "Jos\u00e9"
    with pytest.raises(Onleesbaar, match="XML_TEKENSET"):
        found(content)


def test_what_is_declared_is_what_counts() -> None:
    latin = FILE.format("UTF-8").encode("iso-8859-1")
    with pytest.raises(Onleesbaar, match="XML_ONGELDIG"):
        found(latin, encodings=EITHER)
    with pytest.raises(Onleesbaar, match="XML_TEKENSET"):
        encoding_of(b"\xef\xbb\xbf<?xml version='1.0' encoding='ISO-8859-1'?>", EITHER)
    assert encoding_of(b"<a/>", UTF_8) == "utf-8"


@pytest.mark.parametrize(
    ("limits", "content"),
    [
        (Limits(size=10), "<a>" + " " * 10 + "</a>"),
        (Limits(depth=2), "<a><b><c/></b></a>"),
        (Limits(attributes=1), "<a b='1' c='2'/>"),
        (Limits(name=3), "<a><abcd/></a>"),
        (Limits(name=3), "<a abcd='1'/>"),
        (Limits(record=100), "<a>" + "x" * 101 + "</a>"),
        (Limits(record=100), "<a>" + "<b/>" * 10 + "</a>"),
    ],
)
def test_limit_is_kept_and_the_same_file_is_read_without_it(limits: Limits, content: str) -> None:
    assert len(found(content.encode(), "a")) == 1
    with pytest.raises(Onleesbaar):
        found(content.encode(), "a", limits)


def test_limit_of_a_record_is_per_record() -> None:
    content = b"<a>" + b"<b>" + b"x" * 50 + b"</b>"
    assert len(found(content + b"<b>" + b"x" * 50 + b"</b></a>", "a/b", Limits(record=100))) == 2


def test_million_elements_that_are_no_record_cost_nothing() -> None:
    assert len(found(b"<a>" + b"<c/>" * 100_000 + b"<b/></a>", "a/b")) == 1
