"""`seinhuis bench`: the eight measurements on one gateway of its own, and their figures as a table or by name.

Authority: `docs/performance.md` says what each figure means, and on which machine which were found. Leaves measuring to the
modules beside this one.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from gateway.bench import batch, claim, console, file, log, overview, single
from gateway.bench.world import Result, World, open_world
from gateway.core.clock import Clock

BUSY = 0.8  # of one core: above it the load generator may be the limit


class Name(StrEnum):
    """The measurements, in the order in which they run."""

    BATCH = "batch"
    SINGLE = "single"
    CLAIM = "claim"
    FILE = "file"
    OVERVIEW = "overview"
    VERIFY = "verify"
    LOG = "log"
    CONSOLE = "console"


class Size(NamedTuple):
    """How much: signals of `batch` and of the months before it, seconds and at most so many signals of `single`, claims per municipality,
    signals of `file`, running overviews of `overview` and how often is asked beside them, least leaves of `verify`,
    leaves of `log`, messages behind `console` (five entries each).
    """

    batch: int = 60_000
    earlier: int = 1_000_000
    seconds: float = 10
    single: int = 30_000
    claims: int = 40
    file: int = 100_000
    overviews: int = 10_000
    asks: int = 300
    leaves: int = 10_000
    exported: int = 500_000
    messages: int = 1_000_000


def run(size: Size, clock: Clock, names: Sequence[Name]) -> dict[str, Result]:
    """Measure; figures by name, each with the seconds that it took in all. Raises Failed, Unavailable."""
    work: dict[Name, Callable[[World], Result]] = {
        Name.BATCH: lambda world: batch.measure(world, size.batch, size.earlier),
        Name.SINGLE: lambda world: single.measure(world, size.single, size.seconds),
        Name.CLAIM: lambda world: claim.measure(world, size.claims),
        Name.FILE: lambda world: file.measure(world, size.file),
        Name.OVERVIEW: lambda world: overview.measure(world, size.overviews, size.asks),
        Name.VERIFY: lambda world: claim.verify(world, size.leaves),
        Name.LOG: lambda world: log.measure(world, size.exported),
        Name.CONSOLE: lambda world: console.measure(world, size.messages),
    }
    results: dict[str, Result] = {}
    with open_world(clock, console.PEOPLE) as world:
        for name in names:
            begun = time.perf_counter()
            figures = work[name](world)
            results[name.value] = {**figures, "seconds": round(time.perf_counter() - begun, 1)}
    return results


def show(results: Mapping[str, Result], console: Console) -> None:
    """One table: a row per figure, a column per measurement. Says so when the load generator was busy."""
    table = Table(title="seinhuis bench", title_justify="left")
    table.add_column("")
    for name in results:
        table.add_column(name, justify="right")
    for figure in dict.fromkeys(figure for result in results.values() for figure in result):
        table.add_row(figure, *(f"{result[figure]:,}" if figure in result else "" for result in results.values()))
    console.print(table)
    for name, result in results.items():
        if (share := result.get("client_cpu_share", 0)) > BUSY:
            console.print(f"{name}: de belastinggenerator gebruikte {share:.0%} van een kern en kan de grens zijn geweest.")
    console.print(f"Duur: {sum(result['seconds'] for result in results.values()):.0f} s")
