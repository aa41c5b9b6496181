"""A run as people and systems read it: text for the command line, one page of Markdown or HTML, and the result as JSON.

Everything on it is our own text and what was seen; nothing that a partner sent. Leaves signing to `gateway.onboarding.toetsen`.
"""

from collections.abc import Iterator
from html import escape

import msgspec

from gateway.conformance.play import Begin, Verslag
from gateway.conformance.scenario import Oordeel
from schemas.toets import Toetsuitslag

_STYLE = "body{font-family:sans-serif;margin:2rem}table{border-collapse:collapse}td,th{border:1px solid;padding:.3rem;text-align:left}"


def headline(verslag: Verslag) -> str:
    """How it ended, in one line."""
    passed = sum(one.gezien.goed for one in verslag.oordelen)
    word = "geslaagd" if verslag.uitslag.geslaagd else "gezakt"
    return f"Toets van {verslag.uitslag.deelnemer}, mond {verslag.uitslag.mond}: {word}, {passed} van {len(verslag.oordelen)} scenario's."


def text(verslag: Verslag) -> str:
    """For a terminal."""
    return "\n".join([headline(verslag), *(line for one in verslag.oordelen for line in _lines(one))])


def markdown(verslag: Verslag) -> str:
    """One page."""
    found = verslag.uitslag
    head = [f"# {headline(verslag)}", "", f"Suite {found.suite}, {found.getoetst_op:%Y-%m-%d %H:%M} UTC, uitslag {found.id}.", ""]
    table = ["| scenario | soort | uitkomst | gezien |", "|---|---|---|---|"]
    rows = [f"| `{one.proef.naam}` | {one.proef.soort} | {_word(one)} | {one.gezien.gezien} |" for one in verslag.oordelen]
    return "\n".join([*head, *table, *rows, *(line for one in verslag.oordelen if not one.gezien.goed for line in _to_mend(one)), ""])


def html(verslag: Verslag) -> str:
    """The same page, to open or print; it loads nothing and runs nothing."""
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _cells(one))}</tr>" for one in verslag.oordelen)
    head = "".join(f"<th>{name}</th>" for name in ("scenario", "soort", "uitkomst", "gezien", "wat te herstellen"))
    title = escape(headline(verslag))
    said = f"Suite {verslag.uitslag.suite}, {verslag.uitslag.getoetst_op:%Y-%m-%d %H:%M} UTC, uitslag {verslag.uitslag.id}."
    return (
        f'<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1><p>{escape(said)}</p><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></body></html>\n"
    )


def assignments(begin: Begin) -> bytes:
    """What the partner is to do, as JSON: the scenarios in order, and the cards that go with them."""
    cards = {
        naam: {"bedrag": kaart.bedrag, "signaal": kaart.signaal, **({"verbeterd": kaart.verbeterd} if kaart.verbeterd else {})}
        for naam, kaart in begin.kaarten.items()
    }
    tasks = [
        {"scenario": p.naam, "soort": p.soort, "opdracht": p.opdracht, "verwacht": p.verwacht, "kaarten": list(p.kaarten)}
        for p in begin.proeven
    ]
    return msgspec.json.format(msgspec.json.encode({"opdrachten": tasks, "kaarten": cards}), indent=2)


def json(uitslag: Toetsuitslag) -> bytes:
    """The result, as `seinhuis deelnemer toets` takes it in."""
    return msgspec.json.encode(uitslag)


def _word(one: Oordeel) -> str:
    return "geslaagd" if one.gezien.goed else "gezakt"


def _cells(one: Oordeel) -> tuple[str, ...]:
    return one.proef.naam, one.proef.soort, _word(one), one.gezien.gezien, _mend(one)


def _mend(one: Oordeel) -> str:
    return "" if one.gezien.goed else f"Verwacht: {one.proef.verwacht} Herstel: {one.proef.herstel}"


def _lines(one: Oordeel) -> Iterator[str]:
    yield f"{'goed ' if one.gezien.goed else 'FOUT '} {one.proef.naam}: {one.gezien.gezien}"
    if not one.gezien.goed:
        yield from (f"      {name}: {said}" for name, said in _why(one))


def _to_mend(one: Oordeel) -> Iterator[str]:
    yield from ("", f"## {one.proef.naam}", "")
    yield from (f"- **{name}**: {said}" for name, said in _why(one))


def _why(one: Oordeel) -> tuple[tuple[str, str], ...]:
    proef = one.proef
    return ("opdracht", proef.opdracht), ("verwacht", proef.verwacht), ("herstel", proef.herstel), ("bron", proef.bron)
