"""What to do next in the sandbox: the papers, the examples, and the tables by which the partners answer (`docs/zandbak.md`)."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from gateway.sandbox.parties import BEVRAAGDEN
from gateway.sandbox.scenarios import AANBOD, BEHANDELINGEN, Behandeling, beantwoordingen


def show(state: Path, today: date, console: Console) -> None:
    """Say where everything is, and what comes of what."""
    console.print(f"De zandbak draait tot Ctrl-C. Alles staat in {state}.")
    console.print("\nU bent schuldeiser (map schuldeiser): de achternaam kiest wat de gemeente Utrecht doet.")
    treated, offered, answered = tables(today)
    _table(console, ("achternaam", "de gemeente", "status", "terugkoppeling"), treated)
    console.print("U bent gemeente (map gemeente): dit ligt in uw inbox.")
    _table(console, ("achternaam", "wat het is"), offered)
    console.print("Vraagt u een schuldenoverzicht, kies dan door het klantnummer wat een schuldeiser doet.")
    _table(console, ("klantnummer", "de schuldeiser", "staat"), answered)
    then = _NEXT.format(state=state, first=BEVRAAGDEN[0].oin, second=BEVRAAGDEN[1].oin)
    console.print(then, markup=False, highlight=False, soft_wrap=True)


def tables(today: date) -> tuple[list[tuple[str, ...]], ...]:
    """The rows as they are shown: of people to signal, of the inbox, of customer numbers."""
    return (
        [_row(row) for row in BEHANDELINGEN],
        [(row.achternaam, row.doet) for row in AANBOD],
        [(row.klantnummer, row.doet, row.staat) for row in beantwoordingen(today)],
    )


def _row(row: Behandeling) -> tuple[str, ...]:
    told = f"{row.terugkoppeling} ({row.vrijgave})" if row.terugkoppeling else ""
    return row.achternaam, row.doet, row.status, told


def _table(console: Console, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    table = Table(*head)
    for row in rows:
        table.add_row(*row)
    console.print(table)


_NEXT = """Probeer in een ander venster (meer in docs/zandbak.md):

# een signaal dat wordt verwerkt, met curl
docs/voorbeelden/koppelen/schuldeiser.sh {state}/schuldeiser {state}/schuldeiser/signalen/proefverwerkt.json

# een signaal en zijn terugkoppeling, met de client
python docs/voorbeelden/koppelen/schuldeiser.py {state}/schuldeiser {state}/schuldeiser/signalen/proefherhaald.json

# een bestand, met sftp
docs/voorbeelden/koppelen/schuldeiser-sftp.sh {state}/postbus {state}/schuldeiser/aanlevering.xml

# uw inbox, met curl en met de client
docs/voorbeelden/koppelen/gemeente.sh {state}/gemeente
python docs/voorbeelden/koppelen/gemeente.py {state}/gemeente

# een schuldenoverzicht van wie meteen antwoordt en van wie zwijgt
python docs/voorbeelden/koppelen/schuldenoverzicht.py {state}/gemeente {first}=PROEF-DIRECT {second}=PROEF-ZWIJGT
"""
