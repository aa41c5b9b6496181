"""What `docs/profielen.md` says is so: its profiles load, its words are those of the types, its limits and codes those of the code."""

import re
from typing import get_args

import pytest

from adapters.formats import csvfile, csvlines, profile, table, xlsxbook, xlsxzip
from adapters.formats.mapping import Mapping
from adapters.formats.profilechecks import missing
from gateway.commands import profielen
from schemas import profiel
from schemas.profiel import Profiel
from tests.architecture import checkers
from tests.architecture.tree import ROOT, modules
from tests.formats.test_profile import CSV, VELD

GUIDE = (ROOT / "docs/profielen.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
OURS = ("csvfile", "csvlines", "evidence", "mapping", "table", "xlsxbook", "xlsxfile", "xlsxzip", "conversions")
FILLER = VELD.replace("/kenmerk", "/klantnummer")
INSIDE = {"PROFIEL_ONJUIST", "CERT_NONE"}  # told by `seinhuis profiel toets` as text, never as a code


def test_profile_to_begin_with_is_complete() -> None:
    assert missing(profile.load(BLOCKS[0].encode())) == []


@pytest.mark.parametrize("block", BLOCKS[1:], ids=lambda block: block.partition("\n")[0])
def test_piece_of_a_profile_loads_in_a_whole_one(block: str) -> None:
    form = '[bestand]\ndatum = "dd-mm-jjjj"\n'
    fields = FILLER + "".join(f'[[velden]]\nnaar = "/{n}"\nuit = "R"\n' for n in ("reden", "eerderKenmerk"))
    profile.load((CSV + form + fields + block).encode())


def test_positive_control_a_misspelled_piece_is_refused() -> None:
    with pytest.raises(profile.Ongeldig):
        test_piece_of_a_profile_loads_in_a_whole_one(BLOCKS[1].replace("codes", "kodes"))


@pytest.mark.parametrize(
    "words",
    [
        get_args(profiel.Omzetting),
        get_args(profiel.Bewijslid),
        get_args(profiel.Codering),
        profiel.Bestandsvorm.__struct_encode_fields__,
        profiel.Veld.__struct_encode_fields__,
        profiel.Voorwaarde.__struct_encode_fields__,
        profiel.Kenmerkafleiding.__struct_encode_fields__,
    ],
)
def test_every_word_of_a_profile_is_explained(words: tuple[str, ...]) -> None:
    assert words
    assert [word for word in words if not re.search(rf"\b{word}\b", GUIDE)] == []


def test_every_table_of_a_profile_is_explained() -> None:
    assert [name for name in Profiel.__struct_encode_fields__ if not re.search(rf"\b{name}\b", GUIDE)] == []


def test_codes_are_those_of_the_readers() -> None:
    found = {code for name in OURS for code in checkers.error_codes(modules("adapters")[f"adapters/formats/{name}.py"])} - INSIDE
    told = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", GUIDE.partition("## Bevindingen")[2]))
    assert {"KOLOM_ONTBREEKT", "VORM_ONJUIST", "XLSX_TE_GROOT"} <= found  # the control: the search finds them
    assert sorted(found ^ told) == []


@pytest.mark.parametrize("page", ["profielen", "bestanden-xml"])
def test_sectors_that_a_partner_reads_are_those_that_are_designated(page: str) -> None:
    text = (ROOT / f"docs/{page}.md").read_text(encoding="utf-8")
    assert [sector for sector in profielen.designated() if not re.search(rf"\b{sector}\b", text)] == []


def test_kenmerk_of_an_update_is_the_one_that_the_guide_shows() -> None:
    (block,) = [block for block in BLOCKS if block.startswith("[kenmerk]")]
    kinds = '[soort]\nuit = "M"\ncodes = {W = "actualisering"}\n'
    whole = CSV + '[bestand]\ndatum = "jjjj-mm-dd"\n' + kinds + block + 'wijziging = "Datum"\n' + FILLER
    mapping = Mapping(profile.load(whole.encode()))
    row = {"Contractnummer": "55120", "Open sinds": "2026-09-01", "Datum": "2026-11-20", "M": "W"}
    made = mapping.translate([row.get(source, "") for source in mapping.sources])
    assert made is not None
    shown = GUIDE.partition("## Kenmerk")[2]
    assert {f"`{made.value[name]}`" for name in ("kenmerk", "eerderKenmerk")} <= set(re.findall(r"`[^`\n]+`", shown))


def test_limits_are_those_of_the_code() -> None:
    section = GUIDE.partition("## Grenzen")[2].partition("\n## ")[0]
    numbers = [
        f"{profile.LARGEST // 1024} KiB, 200 velden",
        f"{table.COLUMNS:,}; {table.FIELD:,}",
        f"{csvlines.LINE // 1024} KiB; {csvfile.LINES}",
        f"{table.ROWS:,}",
        f"{xlsxzip.FILE // 2**20} MiB; {xlsxbook.TEXTS // 2**20} MiB; {xlsxzip.MEMBERS:,}",
        f"{xlsxzip.MEMBER // 2**30} GiB; {xlsxzip.RATIO}",
    ]
    assert [text for text in (number.replace(",", ".").replace(". ", ", ") for number in numbers) if text not in section] == []


def test_examples_that_are_named_are_there() -> None:
    named = re.findall(r"\| `(\w+)`(?: \(|\s\|)", GUIDE.partition("| uw bestand |")[2].partition("```")[0])
    assert sorted(named) == sorted(path.stem for path in (ROOT / "docs/voorbeelden/profielen").glob("*.toml"))
