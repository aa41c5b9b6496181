"""The reader against libxml2 with the same XSD, over damaged files: what one takes, the other takes, with the same values.

libxml2 reads the bytes here with its own parser, so this compares the two parsers too. The damage is drawn from what goes wrong in
practice and from what attackers try; a control shows that a reader that misses a fault is caught.
"""

import os
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from random import Random  # noqa: TID251 - seeded
from typing import Any

import pytest
from lxml import etree  # noqa: TID251 - the oracle

from schemas.bestand import Onleesbaar, Record
from schemas.elementen import INTREKKING, SIGNAAL, Element, walk
from tests.formats import xmlfiles as x

ROUNDS = 12_000 if os.environ.get("SEINHUIS_PROOF") else 1_500
SCHEMA = etree.XMLSchema(etree.fromstring(files("schemas").joinpath("xsd/aanlevering.xsd").read_bytes()))
TAG = re.compile(r"</?[A-Za-z:]+/?>")
PAIR = re.compile(r"<([a-zA-Z:]+)>[^<]*</\1>")
SNIPPETS = (
    "<x/>", "<x>1</x>", "tekst", " ", "\n", "\t", "\r\n", "<!-- c -->", "<![CDATA[x]]>", "<?pi x?>", "<!DOCTYPE a>", "&amp;", "&#65;",
    "&#0;", "&#xD;", "&bad;", "&", "<", ">", "]]>", '"', "'", "\u0085", "\u2028", "\u202e", "\u200f", "\u00a0", "é", "\ufffe", "\x0b",
    "\x00", "<signaal>",
    "</signaal>", "<signaal/>", "</intrekking>", "</aanlevering>", "<kop/>", "</kop>", "<kenmerk>A</kenmerk>", '<kenmerk a="1">A</kenmerk>',
    '<x:signaal xmlns:x="urn:nl:seinhuis:aanlevering:1"/>', '<signaal xmlns="urn:x"/>', "<persoon/>", "<contact/>", "<contacten/>", "-",
    "+", "0", "9" * 20,
)  # fmt: skip
VALUES = (
    "", " ", "0", "-1", "007", "1.0", "+5", " 12 ", "1e3", "99999", "100000", "99999999", "100000000", "true", "TRUE", "1", " true ",
    "2026-02-29", "2024-02-29", "2026-04-31", "2026-11-20Z", " 2026-11-20 ", "0000-01-01", "0001-01-01", "10000-01-01", "2026-1-1", "huur",
    "x" * 41, "x" * 64, "x" * 65, "x" * 101, "x" * 201, "2011ab", "2011 AB", "+31612345678", "A\nB", "a@b.nl", "a&b@c.nl", "a&amp;b@c.nl",
    "&lt;&gt;&quot;&apos;", "&amp;amp;", "&amp;" * 30, "x" * 300, "a>b", "a]]>b", "a&gt;b", "Aa", "a\u2028b", "é", "a\ufffeb", "a\u0085b",
)  # fmt: skip


def damaged(text: str, random: Random) -> str:
    """One change; none when there is little left to change."""
    tags, pairs = list(TAG.finditer(text)), list(PAIR.finditer(text))
    if not pairs:
        return text
    tag, pair = random.choice(tags), random.choice(pairs)
    at = random.choice((tag.start(), tag.end(), random.randrange(len(text))))
    other = random.choice(pairs)
    changes: tuple[Callable[[], str], ...] = (
        lambda: text[:at] + random.choice(SNIPPETS) + text[at:],
        lambda: text[: pair.start()] + text[pair.end() :],
        lambda: text[: pair.end()] + pair.group() + text[pair.end() :],
        lambda: text[: pair.start()] + f"<{pair[1]}>{random.choice(VALUES)}</{pair[1]}>" + text[pair.end() :],
        lambda: text[: pair.start()] + f"<{pair[1]}>{random.choice(VALUES)}</{pair[1]}>" + text[pair.end() :],
        lambda: text[: tag.start()] + text[tag.end() :],
        lambda: text[: pair.start()] + other.group() + text[pair.end() :],
        lambda: text[: tag.end() - 1] + random.choice((' a="1"', " ", ' xmlns:q="urn:q"', ' xsi:nil="true"', "/")) + text[tag.end() - 1 :],
        lambda: text[: random.randrange(len(text))],
    )
    return random.choice(changes)()


def ours(content: bytes) -> list[Record] | Onleesbaar:
    try:
        return x.records(content)
    except Onleesbaar as refused:
        return refused


def theirs(content: bytes) -> Any | None:
    """The tree that libxml2 makes, None when it is not well-formed."""
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None


def value(node: Any, element: Element) -> Any:
    parts = {part.name: part for part in element.parts}
    if element.kind == "groep":
        return {etree.QName(child).localname: value(child, parts[etree.QName(child).localname]) for child in node}
    if element.kind == "lijst":
        return [value(child, element.parts[0]) for child in node]
    text = node.text or ""
    return {"getal": lambda: int(text), "janee": lambda: text.strip() == "true", "datum": text.strip}.get(element.kind, lambda: text)()


def has_more_than_elements(content: bytes, tree: Any) -> bool:
    """Comments, instructions, CDATA, a DOCTYPE or attributes: well-formed, and refused by us."""
    return b"<!" in content or b"<?" in content[5:] or any(node.attrib for node in tree.iter(etree.Element))


def disagreement(content: bytes, found: list[Record] | Onleesbaar) -> str | None:
    tree = theirs(content)
    if tree is None:
        return None if isinstance(found, Onleesbaar) else "not well-formed, and read"
    valid = SCHEMA.validate(tree)
    taken = not isinstance(found, Onleesbaar) and not any(record.bevindingen for record in found)
    if has_more_than_elements(content, tree):
        return "more than elements, and taken" if taken else None
    if valid != taken:
        return f"valid is {valid}, taken is {taken}"
    if taken and not isinstance(found, Onleesbaar):
        kinds = {"signaal": SIGNAAL, "intrekking": INTREKKING}
        expected = [value(node, kinds[etree.QName(node).localname]) for node in tree[1:]]
        return None if [record.value for record in found] == expected else "another value"
    return None


def base(seed: int) -> str:
    signals = list(x.generator(seed).signals(2))
    return x.file([("signaal", signals[0]), ("intrekking", {"kenmerk": "A-1", "reden": "betaald"}), ("signaal", signals[1])]).decode()


def cases(rounds: int) -> Iterator[bytes]:
    random = Random(20261122)
    for nr in range(rounds):
        text = base(nr % 5).replace("<kop></kop>", "<kop/>" if nr % 2 else "<kop></kop>")
        if nr % 3 == 1:
            text = text.replace("><", ">\n  <")
        if nr % 3 == 2:
            text = re.sub(r"<(/?)(?=[a-z])", r"<\1p:", text).replace("xmlns=", "xmlns:p=")
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            text = damaged(text, random)
        yield text.encode()


def test_reader_agrees_with_libxml2_on_damaged_files() -> None:
    outcomes = {"taken": 0, "refused": 0, "unreadable": 0}
    for content in cases(ROUNDS):
        found = ours(content)
        assert (content, disagreement(content, found)) == (content, None)
        kind = "unreadable" if isinstance(found, Onleesbaar) else "refused" if any(r.bevindingen for r in found) else "taken"
        outcomes[kind] += 1
    assert min(outcomes.values()) > ROUNDS / 20, outcomes


@pytest.mark.parametrize("path", [path for path, _, element in walk(SIGNAAL) if not element.parts])
def test_every_value_in_every_element_is_judged_as_libxml2_does(path: str) -> None:
    text = x.file([("signaal", x.full(SIGNAAL))]).decode()
    before, name, after = cut(text, path)
    for value in VALUES:
        content = f"{before}<{name}>{value}</{name}>{after}".encode()
        assert (value, disagreement(content, ours(content))) == (value, None)


def cut(text: str, path: str) -> tuple[str, str, str]:
    """What stands before and after the element at this path, and its name."""
    *around, name = path[1:].split("/")
    at = text.index("<signaal>")
    for group in around:
        at = text.index(f"<{group}>", at)
    at, end = text.index(f"<{name}>", at), f"</{name}>"
    return text[:at], name, text[text.index(end, at) + len(end) :]


def test_record_that_is_refused_says_where_and_harms_no_other() -> None:
    for content in cases(ROUNDS // 3):
        found = ours(content)
        if isinstance(found, Onleesbaar):
            assert re.fullmatch(r"regel \d+(, teken \d+)?", found.plek), found.plek
            assert found.melding.endswith((".", ")")), found.melding
            continue
        for record in found:
            assert re.fullmatch(r"(signaal|intrekking) \d+ \(regel \d+\)", record.plek)
            assert all("regel" in b.melding and b.pointer is not None for b in record.bevindingen if record.value), record.bevindingen


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda text: text.replace("<soort>vroegsignaal</soort>", ""), "valid is False, taken is True"),
        (lambda text: text.replace("<signaal>", '<signaal a="1">'), "more than elements, and taken"),
        (lambda text: text.replace("</aanlevering>", ""), "not well-formed, and read"),
        (lambda text: text.replace("Utrecht", "Utrech").replace("Haarlem", "Haarle"), "another value"),
    ],
)
def test_positive_control_a_reader_that_misses_a_fault_is_caught(damage: Callable[[str], str], said: str) -> None:
    """As if our reader had taken the damaged file for the whole one."""
    text = base(1)
    whole = ours(text.encode())
    assert disagreement(text.encode(), whole) is None
    assert disagreement(damage(text).encode(), whole) == said
