"""A page to print: one document that loads nothing and runs nothing, with tables that read well aloud, on paper, and without a style.

Authority: OWASP ASVS 5.0 on content security policy: default-src 'none', and the one style by its hash; WCAG 2.2, 1.3.1 (captions, scopes).
Every value is escaped here. Leaves the words to the pages.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

_NL = ZoneInfo("Europe/Amsterdam")
_STYLE: Final = (
    "body{font:11pt/1.45 serif;max-width:52em;margin:2em auto;padding:0 1em}table{border-collapse:collapse;width:100%;margin:1em 0 1.5em}"
    "caption{text-align:left;font-weight:bold;padding-bottom:.3em}th,td{text-align:left;vertical-align:top;border-bottom:1px solid #767676;"
    "padding:.2em 0 .2em .8em;overflow-wrap:anywhere}thead th{vertical-align:bottom;overflow-wrap:normal}th:first-child{min-width:7.5em;"
    "padding-left:0}.n{text-align:right}td.n{white-space:nowrap}tfoot th,tfoot td{font-weight:bold;border-top:2px solid #767676}"
    "thead{display:table-header-group}tfoot{display:table-row-group}tr,.deel{break-inside:avoid}h2,caption,thead{break-after:avoid}"
    "@page{size:A4;margin:18mm 16mm;@bottom-right{content:'Blad ' counter(page) ' van ' counter(pages);font:9pt serif}}"
    "@media print{body{font-size:10pt;margin:0;padding:0;max-width:none}}"
)
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
)
_MONTHS = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"]


def document(title: str, *parts: str) -> str:
    """The whole document, of parts that are HTML already."""
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    return (
        f'<!doctype html><html lang="nl"><head>{head}<title>{escape(title)}</title><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{''.join(parts)}</main></body></html>"
    )


def paragraph(text: str) -> str:
    """A paragraph of plain text."""
    return f"<p>{escape(text)}</p>"


def heading(text: str) -> str:
    """A heading."""
    return f"<h2>{escape(text)}</h2>"


def together(*parts: str) -> str:
    """Parts that stay on one page where they fit on one."""
    return f"<section class=deel>{''.join(parts)}</section>"


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, foot: Sequence[str] = (), numbers: int = 0) -> str:
    """A table whose first cell names the row; its last `numbers` columns are figures. Nothing when it has no rows.

    The last cell of a row that is too short stands in all the columns that are left.
    """
    first, width = len(columns) - numbers, len(columns)
    body = "".join(_row(row, first, width) for row in rows)
    if not body:
        return ""
    head = "".join(f"<th scope=col{' class=n' if nr >= first else ''}>{escape(name)}</th>" for nr, name in enumerate(columns))
    last = f"<tfoot>{_row(foot, first, width)}</tfoot>" if foot else ""
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>{last}</table>"


def euro(cents: int | None) -> str:
    """An amount as it is written in the Netherlands; nothing for none."""
    if cents is None:
        return ""
    whole = f"{cents // 100:,}".replace(",", ".")
    return f"€ {whole},{cents % 100:02}"


def on(day: date) -> str:
    """A day in words."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short(day: date) -> str:
    """A day in figures, for a column."""
    return f"{day:%d-%m-%Y}"


def at(instant: datetime) -> str:
    """The day in the Netherlands at an instant, in words."""
    return on(instant.astimezone(_NL).date())


def _row(cells: Sequence[str], first: int, width: int) -> str:
    tags = [f"<td{' class=n' if nr >= first else ''}>{escape(cell)}</td>" for nr, cell in enumerate(cells) if nr]
    if len(cells) < width:
        tags[-1] = f"<td colspan={width - len(cells) + 1}>{escape(cells[-1])}</td>"
    return f"<tr><th scope=row>{escape(cells[0])}</th>{''.join(tags)}</tr>"
