"""Reports: complete, valid against their schema, and no text in them can become a formula or markup."""

import csv
import io
import re
from pathlib import Path

import pytest
from lxml import etree  # noqa: TID251 - holds what we write against its schema

from gateway.core import ids
from gateway.files.report import Report
from gateway.files.spool import Spool
from gateway.keys.keystore import MemoryKeyStore
from schemas.bestandsbewijs import Bestandsaantallen, Bestandsregel, Bestandsuitslag
from schemas.ontvangst import Bevinding
from tests.architecture.tree import ROOT
from tests.files.lines import text
from tests.files.world import FileWorld
from tests.flows.world import NAME
from tests.records import AT, CREDITOR

NASTY = ['=HYPERLINK("https://kwaad.example")', "+1", "-1", "@SUM(A1)", "\t=1", '"; DROP TABLE x', "<regel/>", "]]>", "a & b", "'"]
RESULT = Bestandsuitslag(
    id=ids.new(),
    bestand="a.xml",
    kenmerk="K-1",
    status="verwerkt",
    resultaat="deels",
    ontvangen_op=AT,
    verwerkt_op=AT,
    schuldeiser=CREDITOR,
    aantallen=Bestandsaantallen(aangeboden=1, geweigerd=1),
    bladen_hash="00" * 32,
)


def written(folder: Path, lines: list[Bestandsregel], bestand: str = "a.xml") -> tuple[str, str]:
    spool = Spool(folder / "spool", MemoryKeyStore())
    names = ids.new(), ids.new()
    report = Report(spool.create(names[0]), spool.create(names[1]), bestand)
    report.add(lines)
    report.close(RESULT)
    found = []
    for name in names:
        with spool.open(name) as reader:
            found.append(reader.read_at(0, reader.size).decode())
    return found[0], found[1]


def line(words: str) -> Bestandsregel:
    finding = Bevinding(code="CODE_X", oordeel="fout", melding=words, pointer=words, regel="VS-05", artikel=words)
    return Bestandsregel(volgnummer=1, plek=words, soort="signaal", status="geweigerd", kenmerk=words, bevindingen=[finding])


@pytest.mark.parametrize("words", NASTY)
def test_no_text_becomes_a_formula_or_markup(tmp_path: Path, words: str) -> None:
    rows, tree = written(tmp_path, [line(words)], bestand=words)
    (row,) = csv.DictReader(io.StringIO(rows, newline=""))
    for name in ("plek", "kenmerk", "meldingen", "velden"):
        cell = row[name]
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))
        assert cell.removeprefix("'") in {words, words.removeprefix("'")}
    assert tree.count("<regel ") == 1
    assert len(re.findall(r"<bevinding ", tree)) == 1
    is_valid(tree)


def is_valid(tree: str) -> None:
    schema = etree.XMLSchema(etree.fromstring((ROOT / "schemas/xsd/verslag.xsd").read_bytes()))
    schema.assertValid(etree.fromstring(tree.encode()))


def test_reports_of_every_kind_are_valid(files: FileWorld) -> None:
    signals = files.world.signals(3)
    head = {"soort": "stand", "sector": "huur", "handelsnaam": "Woningstichting Voorbeeld", "peildatum": files.world.today.isoformat()}
    listed = [{**s, "kenmerk": f"L-{n}"} for n, s in enumerate(files.world.signals(2))]
    for name, records, more in (
        ("mengsel.xml", [*signals, signals[0], {**signals[1], "x": 1}, {"kenmerk": signals[2]["kenmerk"], "reden": "betaald"}], {}),
        ("leeg.xml", [], {}),
        ("stand.xml", listed, head),
    ):
        files.put(name, text(records, **more))
        files.work()
        tree = files.collect(f"{name}.verslag.xml").decode()
        is_valid(tree)
        with pytest.raises(etree.DocumentInvalid):  # the control
            is_valid(tree.replace(" plek=", " plaats="))


def test_a_character_that_xml_does_not_know_breaks_no_report(tmp_path: Path) -> None:
    _, tree = written(tmp_path, [line("a\x01b\x0b\ufffe")])
    (found,) = etree.fromstring(tree.encode()).findall("{urn:nl:seinhuis:verslag:1}regel")
    assert found.get("plek") == "a\ufffdb\ufffd\ufffd"


def test_a_kenmerk_without_its_form_is_not_told(files: FileWorld) -> None:
    """It may be anything: a name in the wrong column, or a character that breaks a report."""
    wrong = "Jan Jansen\x01"
    result = files.deliver("in.xml", [{"kenmerk": wrong, "reden": "betaald"}, {"kenmerk": "K-1", "reden": "betaald"}])
    assert [row["kenmerk"] for row in result.rows] == ["", "K-1"]
    records = [{**files.world.signal(), "kenmerk": kenmerk} for kenmerk in (wrong, "K-2")]
    head = {"soort": "stand", "sector": "huur", "handelsnaam": NAME, "peildatum": files.world.today.isoformat()}
    assert [row["kenmerk"] for row in files.deliver("stand.xml", records, **head).rows] == ["", "K-2"]
