"""The report of a delivery as CSV, for people with a spreadsheet.

Authority: RFC 4180; OWASP on CSV injection: a cell that a spreadsheet would calculate starts with an apostrophe.
"""

import csv
import io

import msgspec

from schemas.ontvangst import Verslag


def as_csv(verslag: Verslag) -> str:
    """RFC 4180 with a header line; a line per record. A cell that a spreadsheet would calculate starts with an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["volgnummer", "kenmerk", "status", "id", "gemeente", "ontvangenOp", "codes", "meldingen"])
    for regel in verslag.regels:
        received = msgspec.to_builtins(regel.ontvangen_op)
        codes = " ".join(b.code for b in regel.bevindingen)
        texts = " | ".join(b.melding for b in regel.bevindingen)
        row = [regel.volgnummer, regel.kenmerk, regel.status, regel.id, regel.gemeente, received, codes, texts]
        writer.writerow([_inert(cell) for cell in row])
    return out.getvalue()


def _inert(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@")) or text.startswith(("\t", "\r", "\n")) else text
