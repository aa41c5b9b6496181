"""CSV as it comes: encodings, separators, quotes, line ends, heads; and what is wrong with it, at its line."""

import csv
import io
import json
import tracemalloc
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats import csvfile, csvlines, profile, table
from adapters.formats.csvfile import CsvLezing
from adapters.formats.mapping import Mapping
from schemas.bestand import Onleesbaar, Record
from tests.formats.test_profile import CSV, STAND

TARGETS = ("/klantnummer", "/adres/woonplaats", "/handelsnaam")
NAMES = ("Nr", "Plaats", "Naam")


def mapping(names: tuple[str, ...] = NAMES, form: str = "", head: str = "") -> Mapping:
    fields = "".join(f'[[velden]]\nnaar = "{naar}"\nuit = "{uit}"\n' for naar, uit in zip(TARGETS, names, strict=False))
    return Mapping(profile.load(f"{CSV}[bestand]\n{form}\n{head}\n{fields}".encode()))


def lezing(content: bytes, form: str = "", head: str = "", names: tuple[str, ...] = NAMES, naam: str = "t.csv") -> CsvLezing:
    return CsvLezing(mapping(names, form, head), naam, io.BytesIO(content))


def cells(record: Record) -> list[str]:
    value = record.value
    return [value.get("klantnummer", ""), value.get("adres", {}).get("woonplaats", ""), value.get("handelsnaam", "")]


def rows(content: bytes, form: str = "") -> list[list[str] | str]:
    """The cells of each record, or the code and place of what is wrong with it."""
    return [f"{r.bevindingen[0].code} {r.plek}" if r.bevindingen else cells(r) for r in lezing(content, form)]


def refused(content: bytes, form: str = "", names: tuple[str, ...] = NAMES, head: str = "") -> tuple[str, str]:
    with pytest.raises(Onleesbaar) as caught:
        list(lezing(content, form, head, names))
    return caught.value.code, caught.value.plek


def places_told(begin: Callable[[], Iterable[Record]]) -> list[str]:
    """Where each record is, or where the file stops."""
    try:
        return [record.plek for record in begin()]
    except Onleesbaar as error:
        return [error.plek]


HEAD = b"Nr;Plaats;Naam\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (HEAD + b"1;Haarlem;W\n", [["1", "Haarlem", "W"]]),
        (HEAD + b"1;Haarlem;W", [["1", "Haarlem", "W"]]),
        (HEAD.replace(b"\n", b"\r\n") + b"1;Haarlem;W\r\n2;U;X\r\n", [["1", "Haarlem", "W"], ["2", "U", "X"]]),
        (HEAD + b" 1 ; Haarlem ;\tW\n", [["1", "Haarlem", "W"]]),
        (HEAD + b'1;"Den; Haag";"W ""x"""\n', [["1", "Den; Haag", 'W "x"']]),
        (HEAD + b'1;"a\nb";W\n2;U;X\n', [["1", "a\nb", "W"], ["2", "U", "X"]]),
        (HEAD + b'1;Jan "J" X;W\n', [["1", 'Jan "J" X', "W"]]),
        (HEAD + b"\n1;H;W\n;;\n\n2;U;X\n", [["1", "H", "W"], ["2", "U", "X"]]),
        (HEAD + b"1;H;W;;\n", [["1", "H", "W"]]),
        (b"Naam;Extra;Nr;Plaats\nW;e;1;H\n", [["1", "H", "W"]]),
        (b" nr;PLAATS;n a a m\n".replace(b"n a a m", b"naam ") + b"1;H;W\n", [["1", "H", "W"]]),
        (b"sep=;\nNr;Plaats;Naam\n1;H;W\n", [["1", "H", "W"]]),
        (b"sep=|\nNr|Plaats|Naam\n1|H|W\n", [["1", "H", "W"]]),
        (b'"Nr","Plaats","Naam"\n"1","H, W","W"\n', [["1", "H, W", "W"]]),
        (b'"Nr";"Plaats";"Naam"\n"1";"H, W";"W"\n', [["1", "H, W", "W"]]),
        (b"Nr\tPlaats\tNaam\n1\tH\tW\n", [["1", "H", "W"]]),
        (b'"Nr";"Plaats\n";"Naam"\n1;H;W\n', [["1", "H", "W"]]),
        (HEAD, []),
    ],
)
def test_file_gives_records(content: bytes, expected: list[list[str]]) -> None:
    assert rows(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (HEAD + b"1;H\n2;U;X\n", ["KOLOMMEN_ONJUIST regel 2", ["2", "U", "X"]]),
        (HEAD + b"1;H;W;Y\n2;U;X\n", ["KOLOMMEN_ONJUIST regel 2", ["2", "U", "X"]]),
        (HEAD + b'1;"H;W\n2;U;X\n3;V;Y\n', ["REGEL_ONLEESBAAR regel 2", ["2", "U", "X"], ["3", "V", "Y"]]),
        (HEAD + b'1;H";W\n2;U;X\n', ["REGEL_ONLEESBAAR regel 2", ["2", "U", "X"]]),
        (HEAD + b'1;"H"x;W\n2;U;X\n', ["REGEL_ONLEESBAAR regel 2", ["2", "U", "X"]]),
        (HEAD + b'1;"H;W\n2;"U;X\n3;V;Y\n', ["REGEL_ONLEESBAAR regel 2", "REGEL_ONLEESBAAR regel 3", ["3", "V", "Y"]]),
        (HEAD + b'1;"' + b"x\n" * 60 + b"2;U;X\n",
         ["REGEL_ONLEESBAAR regel 2", *(f"KOLOMMEN_ONJUIST regel {n}" for n in range(3, 62)), ["2", "U", "X"]]),
        (HEAD + b"1;H\0;W\n2;U;X\n" + b"-" * 600 + b"\n", ["TEKENSET_ONGELDIG regel 2", ["2", "U", "X"], "KOLOMMEN_ONJUIST regel 4"]),
        (HEAD + "1;é;W\n".encode() + b"2;\xe9;X\n3;U;X\n", [["1", "é", "W"], "TEKENSET_ONGELDIG regel 3", ["3", "U", "X"]]),
        (HEAD + b"1;" + b"H" * (table.FIELD + 1) + b";W\n2;U;X\n", ["TE_LANG regel 2", ["2", "U", "X"]]),
        (HEAD + b"1" + b";" * 5000 + b"x\n2;U;X\n", ["KOLOMMEN_ONJUIST regel 2", ["2", "U", "X"]]),
    ],
)  # fmt: skip
def test_bad_record_is_told_at_its_line_and_harms_no_other(content: bytes, expected: list[list[str] | str]) -> None:
    padding = b"" if b"\0" not in content else b"x" * 600 + b";H;W\n"
    found = rows(HEAD + padding + content.removeprefix(HEAD))
    if padding:
        assert found[0] == ["x" * 600, "H", "W"]
        expected = [one if isinstance(one, list) else f"{one[:-1]}{int(one[-1]) + 1}" for one in expected]
    assert found[bool(padding) :] == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ("BESTAND_LEEG", "regel 1")),
        (b"Nr;Plaats\n1;H\n", ("KOLOM_ONTBREEKT", "regel 1")),
        (b"Nr;Plaats;Naam;Nr\n", ("KOLOM_DUBBEL", "regel 1")),
        (HEAD + b"1;H;W\n2;U", ("BESTAND_AFGEBROKEN", "regel 3")),
        (HEAD + b'1;H;W\n2;"U', ("BESTAND_AFGEBROKEN", "regel 3")),
        (b"Nr\0;Plaats;Naam\n", ("GEEN_TEKST", "regel 1")),
        (b"PK\x03\x04\0\0\0\0", ("GEEN_TEKST", "regel 1")),
        (HEAD.decode().encode("utf-16"), ("TEKENSET_ONGELDIG", "regel 1")),
        (b'"Nr;Plaats;Naam\n', ("REGEL_ONLEESBAAR", "regel 1")),
        (b"Nr;Plaats;Na\x81m\n1;\xe9;x\n", ("TEKENSET_ONGELDIG", "regel 1")),
        (b";".join(b"k%d" % n for n in range(table.COLUMNS + 1)) + b";Nr;Plaats;Naam\n", ("TE_VEEL_KOLOMMEN", "regel 1")),
        (HEAD + b"1;" + b"H" * csvlines.LINE + b";W\n", ("REGEL_TE_LANG", "regel 2")),
    ],
)
def test_unreadable_file_is_refused_at_its_place(content: bytes, expected: tuple[str, str]) -> None:
    assert refused(content) == expected


def test_declared_encoding_that_is_plainly_another_is_refused() -> None:
    text = HEAD.decode() + "1;Één;W\n"
    assert refused(text.encode(), 'codering = "windows-1252"') == ("TEKENSET_ONGELDIG", "regel 1")
    assert refused(HEAD + "1;é;W".encode()[:-3], 'codering = "iso-8859-1"')[0] in {"TEKENSET_ONGELDIG", "BESTAND_AFGEBROKEN"}
    assert rows(text.encode("windows-1252"), 'codering = "windows-1252"') == [["1", "Één", "W"]]


def test_first_letters_beyond_ascii_decide_also_far_into_the_file() -> None:
    plain = b"".join(b"%d;Haarlem;W\n" % n for n in range(10_000))
    begun = lezing(HEAD + plain + b"x;\xc9\xe9n;W\ny;\xe9;W\n")
    assert begun.kop.codering == "utf-8"
    assert [cells(r)[1] for r in begun][-2:] == ["Één", "é"]
    assert begun.kop.codering == "windows-1252"


def test_letters_instead_of_names_with_and_without_a_header() -> None:
    form = 'kolommen = "letters"\nkopregel = {}'
    assert [cells(r) for r in lezing(HEAD + b"1;H;W\n", form.format(1), names=("A", "B", "C"))] == [["1", "H", "W"]]
    assert [cells(r) for r in lezing(b"1;H;W\n2;U;X\n", form.format(0), names=("C", "B", "A"))] == [["W", "H", "1"], ["X", "U", "2"]]
    assert refused(b"1;H\n", form.format(0), ("A", "B", "C")) == ("KOLOM_ONTBREEKT", "regel 1")


def test_header_may_stand_lower() -> None:
    content = b"Lijst van;01-11-2026\n\n" + HEAD + b"1;H;W\n"
    assert [(r.plek, cells(r)) for r in lezing(content, "kopregel = 3")] == [("regel 4", ["1", "H", "W"])]


DAY = '[kop.peildatum]\n{}\npatroon = "dd-mm-jjjj"\n'


def test_day_of_a_stand_comes_from_a_cell_a_column_or_the_name() -> None:
    above = b"Lijst van;01-11-2026\n\n" + HEAD + b"1;H;W\n"
    assert str(lezing(above, "kopregel = 3", STAND + DAY.format('cel = "B1"')).kop.peildatum) == "2026-11-01"
    dated = b"Nr;Plaats;Naam;Dag\n\n1;H;W;01-11-2026\n2;U;X;01-11-2026\n"
    begun = lezing(dated, "", STAND + DAY.format('uit = "Dag"'))
    assert (str(begun.kop.peildatum), [r.nr for r in begun]) == ("2026-11-01", [0, 1])
    named = STAND + '[kop.peildatum]\nbestandsnaam = "stand_{jjjjmmdd}*.csv"\n'
    assert str(lezing(HEAD, "", named, naam="stand_20261101_v2.csv").kop.peildatum) == "2026-11-01"
    for naam in ("stand.csv", "stand_20261301.csv", "x_stand_20261101.csv"):
        with pytest.raises(Onleesbaar, match="PEILDATUM_ONTBREEKT"):
            lezing(HEAD, "", named, naam=naam)
    for content in (b"Lijst van\n\n", b"\n\n", b"Lijst van;november\n\n"):
        assert refused(content + HEAD, "kopregel = 3", head=STAND + DAY.format('cel = "B1"'))[0] == "PEILDATUM_ONTBREEKT"


def test_day_of_a_file_of_signals_is_a_source_and_no_peildatum() -> None:
    head = '[kop.peildatum]\ncel = "A1"\npatroon = "*jjjj-mm-dd"\n'
    head += '[[velden]]\nnaar = "/signaaldatum"\nuit = "*peildatum"\nomzetting = "datum"'
    begun = lezing(b"Gemaakt op: 2026-11-19\n" + HEAD + b"1;H;W\n", "kopregel = 2", head)
    assert begun.kop.peildatum is None
    assert [record.value["signaaldatum"] for record in begun] == ["2026-11-19"]


def test_record_of_another_day_is_refused_and_its_kenmerk_stays_known() -> None:
    dated = b"Nr;Plaats;Naam;Dag\n1;H;W;01-11-2026\n2;U;X;01-10-2026\n3;V;Y;\n"
    found = list(lezing(dated, "", STAND + DAY.format('uit = "Dag"')))
    assert [[b.code for b in r.bevindingen] for r in found] == [[], ["PEILDATUM_ONJUIST"], ["PEILDATUM_ONJUIST"]]
    assert found[1].value["klantnummer"] == "2"
    assert refused(b"Nr;Plaats;Naam;Dag\n", head=STAND + DAY.format('uit = "Dag"'))[0] == "PEILDATUM_ONTBREEKT"


def test_two_stray_quotes_make_no_record_disappear() -> None:
    content = HEAD + b'1;H;"Jan\n2;U;P\n3;V;Piet"\n4;W;K\n'
    found = list(lezing(content))
    assert [(r.plek, [b.code for b in r.bevindingen]) for r in found] == [
        ("regel 2", ["REGEL_ONLEESBAAR"]), ("regel 3", []), ("regel 4", ["REGEL_ONLEESBAAR"]), ("regel 5", []),
    ]  # fmt: skip
    assert rows(HEAD + b'1;H;"Jan\nen;Piet"\n"a\nb";H;W\n') == [["1", "H", "Jan\nen;Piet"], ["a\nb", "H", "W"]]  # the control


def test_rows_that_are_skipped_on_the_way_to_the_day_are_not_kept() -> None:
    skip = '[[overslaan]]\nuit = "Nr"\ngelijk = ["x"]\n'
    content = b"Nr;Plaats;Naam;Dag\n" + (b"x;" + b"a" * 8_000 + b";" + b"b" * 8_000 + b";\n") * 900 + b"1;H;W;01-11-2026\n"
    tracemalloc.start()
    assert str(lezing(content, "", STAND + DAY.format('uit = "Dag"') + skip).kop.peildatum) == "2026-11-01"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000  # all of them are 14 MB


def test_file_without_its_last_row_is_cut_off() -> None:
    form = 'slot = {uit = "Nr", begintMet = ["Totaal"]}'
    assert rows(HEAD + b"1;H;W\nTotaal 1;;\n", form) == [["1", "H", "W"]]
    assert refused(HEAD + b"1;H;W\n", form) == ("BESTAND_AFGEBROKEN", "het einde")


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)


@given(
    st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=8),
    st.sampled_from([";", ",", "\t"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["utf-8", "utf-8-sig"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_the_standard_writer_writes_is_read(table: list[tuple[str, ...]], sign: str, quoting: int, codering: str, end: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=sign, quoting=quoting, lineterminator=end).writerows([NAMES, *table])  # type: ignore[arg-type]
    form = f'codering = "utf-8"\nscheiding = {json.dumps(sign)}'
    found = [cells(record) for record in lezing(out.getvalue().encode(codering), form)]
    assert found == [stripped for row in table if any(stripped := [cell.strip() for cell in row])]


@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_break_the_reader(content: bytes, headed: bool) -> None:
    """Records, or Onleesbaar, and never another error."""
    assert all(places_told(lambda: lezing((HEAD if headed else b"") + content)))


@given(st.text(alphabet='ab;"\n', max_size=60))
def test_quotes_never_lose_a_line(text: str) -> None:
    """Every line that has something on it is in a record or in a finding: the lines told add up."""
    try:
        found = list(lezing(HEAD + text.encode() + b"\n9;Z;Z\n"))
    except Onleesbaar:
        return
    assert any(cells(record) == ["9", "Z", "Z"] or "Z" in str(record) or record.bevindingen for record in found)
    places = [int(record.plek.removeprefix("regel ")) for record in found]
    assert places == sorted(set(places))


def test_limits_are_those_of_the_page() -> None:
    assert (table.COLUMNS, table.FIELD, csvlines.LINE, csvfile.LINES) == (1_000, 8_192, 262_144, 50)
