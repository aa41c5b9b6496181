"""Lawful signals whose every person field holds a token that nothing else contains, and the search for these tokens.

`lawful` is for every test that meets a real gateway. It writes the tokens of the run into `canaries.txt` in a folder of the
test, below pytest's own temporary folder; at the end of the run `tests.conftest` gathers these files and searches everything that
gateways and databases left behind. Leaves what a signal looks like to `adapters.synthetic`.
"""

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from stdnum.nl import bsn

from adapters.synthetic.canary import canary, token_source
from adapters.synthetic.generator import Creditor, Generator, Place
from gateway.core.clock import SystemClock, dutch_day
from gateway.sandbox import parties

Signal = dict[str, Any]
LEDGER = "canaries.txt"
CONTROL = "test_canary_that_is_"
"""How the folders of tests begin that leave a token on purpose."""
_NINE = re.compile(rb"(?<![0-9a-fA-F])(?<![0-9]\.)[0-9]{9}(?!\.?[0-9a-fA-F])")
_TOKEN = re.compile(rb"Q[0-9A-F]{8}Z")
_PHONE = re.compile(rb"(?=(970[0-9]{10}))97")
_BLOCK = 1 << 20
_OVERLAP = 64


def lawful(
    folder: Path,
    n: int,
    *,
    seed: int,
    creditors: Sequence[Creditor] | None = None,
    places: Sequence[Place] | None = None,
    today: date | None = None,
) -> list[Signal]:
    """`n` lawful signals of the sandbox's parties, with canaries; equal seeds give equal kenmerken, never equal tokens."""
    day = today or dutch_day(SystemClock().now())
    generator = Generator(seed, places or parties.places(), day, creditors or parties.creditors())
    source = token_source(secrets.token_hex(8))
    made = [canary(signal, source) for signal in generator.signals(n)]
    with (folder / LEDGER).open("a", encoding="ascii") as ledger:
        ledger.writelines(f"{_written(token)}\n" for one in made for token in one.tokens)
    return [one.signal for one in made]


def tokens(folder: Path) -> frozenset[str]:
    """Every token that `lawful` gave out in this folder and below it."""
    return frozenset(token for ledger in folder.rglob(LEDGER) for token in ledger.read_text("ascii").split())


def _written(token: str) -> str:
    """As every way of writing the number has it: ten digits alone could be there by chance."""
    return f"970{token}" if token.isdecimal() else token


class Search:
    """Finds which of many tokens a text holds, in one pass: what has their form is looked up, whatever their number."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self._wanted = frozenset(token.encode() for token in wanted)

    def within(self, text: bytes) -> set[str]:
        """The tokens in `text`."""
        shaped = {found[0] for found in _TOKEN.finditer(text)} | {found[1] for found in _PHONE.finditer(text)}
        return {token.decode() for token in shaped & self._wanted}

    def within_file(self, path: Path) -> set[str]:
        """The tokens in a file of any size; nothing when it is gone by now."""
        with suppress(FileNotFoundError):
            return {token for block in blocks(path) for token in self.within(block)}
        return set()


def blocks(path: Path) -> Iterator[bytes]:
    """A file in blocks that overlap, so that nothing short is cut in two."""
    kept = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield kept + block
            kept = block[-_OVERLAP:]


def files(folder: Path) -> Iterator[Path]:
    """Everything below a folder but the ledgers: logs, tables, WAL, and a core if there is one."""
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and path.name != LEDGER)


def left_behind(folder: Path) -> list[str]:
    """The files below a folder that hold a token of any test there, but for those of a control."""
    everything = Search(tokens(folder))
    paths = sorted(path for path in files(folder) if not any(part.startswith(CONTROL) for part in path.relative_to(folder).parts))
    return [str(path) for path in paths if everything.within_file(path)]


def eleven_test(text: bytes) -> set[str]:
    """Nine-digit numbers that pass the eleven-test and stand alone: not within a hash, an id or a fraction."""
    return {number for number in (found[0].decode() for found in _NINE.finditer(text)) if bsn.is_valid(number)}
