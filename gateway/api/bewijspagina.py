"""The proof as a page to print: plain Dutch, one file, nothing loaded and nothing run.

Authority: OWASP ASVS 5.0 on content security policy: default-src 'none', and the one style by its hash. Every value is escaped.
Leaves what is in the proof to `gateway.signals.proof`.
"""

import base64
import hashlib
from datetime import datetime
from html import escape

import msgspec

from gateway.core.clock import dutch
from schemas.bewijs import Bewijs

STYLE = (
    "body{font:12pt/1.5 serif;max-width:42em;margin:2em auto;padding:0 1em}th{text-align:left;vertical-align:top;padding-right:1.5em;"
    "font-weight:normal}td{overflow-wrap:anywhere}pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:8pt}"
)
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
)
_KINDS = {"vroegsignaal": "vroegsignaal", "actualisering": "actualisering van een vroegsignaal", "eindelevering": "einde levering"}


def page(bewijs: Bewijs) -> str:
    """The whole document."""
    rows = "".join(f"<tr><th scope=row>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in _rows(bewijs))
    machine = escape(msgspec.json.format(msgspec.json.encode(bewijs), indent=1).decode())
    return (
        f'<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Bewijs {escape(bewijs.kenmerk)}</title>'
        f"<style>{STYLE}</style></head>"
        "<body><main><h1>Bewijs van bezorging</h1>"
        f"<p>Het signaal hieronder is bezorgd bij de gemeente {escape(bewijs.gemeentenaam)}. {_claimed(bewijs)}"
        " Dit bewijs bevat geen persoonsgegevens; de schuldeiser weet bij het kenmerk om wie het gaat.</p>"
        f"<table>{rows}</table><h2>Controleren</h2>"
        f"<p>De publieke sleutels staan op {escape(bewijs.controleadres)}. De handtekening gaat over alle andere gegevens"
        f" hieronder. {_logged(bewijs)}</p>"
        f"<pre>{machine}</pre></main></body></html>"
    )


def _rows(b: Bewijs) -> list[tuple[str, str]]:
    found = [
        ("Kenmerk van de schuldeiser", b.kenmerk),
        ("Nummer van het signaal", str(b.id)),
        ("Soort", _KINDS[b.soort]),
        ("Sector", b.sector),
        ("Schuldeiser (OIN)", b.schuldeiser),
        ("Gemeente", f"{b.gemeentenaam} ({b.gemeente})"),
        ("Ontvangen", at(b.ontvangen_op)),
        ("Bezorgd als nummer", str(b.bezorgd_als_nummer)),
        ("Opgehaald door de gemeente", at(b.opgehaald_op) if b.opgehaald_op else "nog niet"),
    ]
    if b.ingetrokken_op:
        found.append(("Ingetrokken door de schuldeiser", f"{at(b.ingetrokken_op)} ({b.reden_intrekking or 'zonder reden'})"))
    return [*found, ("Opgemaakt", at(b.opgemaakt_op)), ("Blad in de log", b.logblad)]


def _claimed(b: Bewijs) -> str:
    return "De gemeente heeft het opgehaald." if b.opgehaald_op else "De gemeente heeft het nog niet opgehaald."


def _logged(b: Bewijs) -> str:
    if b.log is None:
        return "Het controlepunt van de log volgt binnen een minuut; vraag het bewijs dan opnieuw op."
    return f"Het blad is nummer {b.log.nummer} in de log onder het ondertekende controlepunt."


def at(instant: datetime) -> str:
    """An instant on Dutch clocks, in words."""
    local = dutch(instant)
    return f"{local.day}-{local.month}-{local.year} om {local:%H:%M:%S} uur (Nederlandse tijd)"
