"""Partner XML by paths: what a path finds, whatever the namespace; the day before the records; and what is refused."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats import profile
from adapters.formats.gate import Node
from adapters.formats.mapping import Mapping
from adapters.formats.partnerxml import XmlLezing, getter
from schemas.bestand import Onleesbaar
from tests.formats.test_csv import places_told
from tests.formats.test_profile import STAND, XML

FORM = '[bestand]\nrecord = "/lijst/deel/klant"\ndatum = "jjjj-mm-dd"\n'
FIELDS = '[[velden]]\nnaar = "/klantnummer"\nuit = "@nr"\n[[velden]]\nnaar = "/adres/woonplaats"\nuit = "adres/plaats"\n'


def lezing(content: bytes, head: str = "", form: str = FORM) -> XmlLezing:
    return XmlLezing(Mapping(profile.load((XML + form + head + FIELDS).encode())), "t.xml", io.BytesIO(content))


def values(content: bytes) -> list[dict[str, Any]]:
    return [{k: v for k, v in record.value.items() if k != "soort"} for record in lezing(content)]


def refused(content: bytes, head: str = "", form: str = FORM) -> str:
    with pytest.raises(Onleesbaar) as caught:
        list(lezing(content, head, form))
    return caught.value.code


BODY = b"<lijst><deel><klant nr='1'><adres><plaats>Haarlem</plaats></adres></klant></deel></lijst>"


@pytest.mark.parametrize(
    "content",
    [
        BODY,
        b"<?xml version='1.0' encoding='UTF-8'?>\n" + BODY,
        b"\xef\xbb\xbf" + BODY,
        BODY.replace(b"<lijst>", b'<lijst xmlns="urn:x">'),
        BODY.replace(b"lijst", b"a:lijst").replace(b"<a:lijst>", b'<a:lijst xmlns:a="urn:x">'),
        BODY.replace(b"Haarlem", b" \n Haarlem "),
        BODY.replace(b"Haarlem", b"<![CDATA[Haarlem]]>"),
        BODY.replace(b"Haarlem", b"Haar&#108;em"),
        BODY.replace(b"<deel>", b"<deel><!-- hallo --><ander nr='2'/>").replace(b"</lijst>", b"<klant nr='3'/></lijst>"),
    ],
)
def test_record_is_found_by_its_path(content: bytes) -> None:
    assert values(content) == [{"klantnummer": "1", "adres": {"woonplaats": "Haarlem"}}]


def tree(name: str, text: str = "", children: tuple[Node, ...] = (), **attributes: str) -> Node:
    node = Node(name, "", attributes, 1)
    node.text, node.children = text, list(children)
    return node


ADDRESS = tree("adres", children=(tree("tel", "3"),))
CUSTOMER = tree("klant", children=(tree("tel", "1"), tree("naam", "x", soort="y"), tree("tel", "2"), ADDRESS), nr="9")


@pytest.mark.parametrize(
    ("path", "expected"),
    [("tel", "1"), ("tel[1]", "1"), ("tel[2]", "2"), ("tel[3]", ""), ("adres/tel", "3"), ("@nr", "9"), ("@x", ""), ("naam/@soort", "y"),
     ("naam/@x", ""), ("naam/tel", ""), ("adres", ""), ("adres/@nr", ""), ("x/y/@z", "")],
)  # fmt: skip
def test_path_finds(path: str, expected: str) -> None:
    assert getter(path)(CUSTOMER) == expected


def test_attribute_with_a_namespace_goes_by_its_local_name() -> None:
    assert getter("@nr")(Node("klant", "", {"urn:x nr": "9"}, 1)) == "9"


DAY = STAND + '[kop.peildatum]\ncel = "/lijst/kop/dag"\n'


def test_day_of_a_stand_stands_before_the_records() -> None:
    content = BODY.replace(b"<deel>", b"<kop><dag>2026-11-01</dag></kop><deel>")
    begun = lezing(content, DAY)
    assert (str(begun.kop.peildatum), len(list(begun))) == ("2026-11-01", 1)
    assert refused(BODY, DAY) == "PEILDATUM_ONTBREEKT"
    assert refused(b"<lijst/>", DAY) == "PEILDATUM_ONTBREEKT"


def test_declared_latin_1_is_read_and_told_and_another_one_is_refused() -> None:
    content = b'<?xml version="1.0" encoding="ISO-8859-1"?>' + BODY.replace(b"Haarlem", b"\xc9\xe9n")
    begun = lezing(content)
    assert [record.value["adres"]["woonplaats"] for record in begun] == ["Één"]
    assert begun.kop.codering == "iso-8859-1"
    assert refused(content, form=FORM + 'codering = "utf-8"\n') == "XML_TEKENSET"
    assert refused(content.replace(b"ISO-8859-1", b"windows-1250")) == "XML_TEKENSET"
    assert refused(content.replace(b"ISO-8859-1", b"UTF-8")) == "XML_ONGELDIG"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "XML_ONGELDIG"),
        (b"Nr;Plaats\n", "XML_ONGELDIG"),
        (BODY[:-10], "XML_ONGELDIG"),
        (b'<!DOCTYPE lijst [<!ENTITY a "b">]>' + BODY, "XML_DOCTYPE"),
        (b'<!DOCTYPE lijst SYSTEM "http://example.nl/x.dtd">' + BODY, "XML_DOCTYPE"),
        (b"PK\x03\x04" + bytes(100), "BESTAND_GECOMPRIMEERD"),
        (BODY.replace(b"Haarlem", b"x" * 300_000), "XML_TE_GROOT"),
        (BODY.replace(b"nr='1'", b" ".join(b"a%d='1'" % n for n in range(2_000))), "XML_TE_GROOT"),
        (b"<lijst>" + b"<a>" * 100 + b"</a>" * 100 + b"</lijst>", "XML_TE_DIEP"),
    ],
)
def test_unreadable_file_is_refused(content: bytes, code: str) -> None:
    assert refused(content) == code


@given(st.binary(max_size=60), st.integers(0, len(BODY)), st.integers(0, 30))
def test_no_bytes_break_the_reader(noise: bytes, at: int, over: int) -> None:
    """Records, or Onleesbaar, and never another error."""
    assert all(places_told(lambda: lezing(BODY[:at] + noise + BODY[at + over :])))
