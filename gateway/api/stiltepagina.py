"""The evidence of silence as a page to print: plain Dutch, one file, nothing loaded and nothing run.

Authority: as `bewijspagina`, whose style and policy it has. Every value is escaped. Leaves what is in it to `gateway.regelingen.silence`.
"""

from html import escape

import msgspec

from gateway.api.bewijspagina import STYLE, at
from schemas.regelingen import Feit, Feitsoort, Stiltebewijs

_NAMES = {"SB": "schuldbemiddeling", "SK": "saneringskrediet"}
_FACTS: dict[Feitsoort, str] = {
    "bezorgd": "Bezorgd bij de schuldeiser",
    "akkoord_vooraf": "Akkoord onder een algemene afspraak",
    "gelezen": "Geopend of opgehaald door de schuldeiser",
    "herinnerd": "Herinnering",
    "beantwoord": "Beantwoord",
    "geeindigd": "Termijn voorbij, zonder antwoord",
    "ingetrokken": "Ingetrokken door de gemeente",
}


def page(bewijs: Stiltebewijs) -> str:
    """The whole document."""
    rows = "".join(f"<tr><th scope=row>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in _rows(bewijs))
    facts = "".join(f"<tr><th scope=row>{escape(_FACTS[f.soort])}</th><td>{escape(at(f.op))}{_number(f)}</td></tr>" for f in bewijs.feiten)
    machine = escape(msgspec.json.format(msgspec.json.encode(bewijs), indent=1).decode())
    return (
        f'<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Bewijs {escape(bewijs.kenmerk)}</title>'
        f"<style>{STYLE}</style></head>"
        "<body><main><h1>Bewijs van uitgebleven reactie</h1>"
        f"<p>De gemeente {escape(bewijs.gemeentenaam)} deed deze schuldeiser een betaalvoorstel. De schuldeiser heeft binnen de termijn"
        f" niet gereageerd.{_undelivered(bewijs)} Zwijgen is geen instemming: de rechter beslist (artikel 287a Faillissementswet)."
        " Dit bewijs bevat geen persoonsgegevens en geen bedragen; de gemeente weet bij het kenmerk om wie het gaat.</p>"
        f"<table>{rows}</table><h2>Wat er gebeurde</h2><table>{facts}</table><h2>Controleren</h2>"
        f"<p>De publieke sleutels staan op {escape(bewijs.controleadres)}. De handtekening gaat over alle andere gegevens hieronder. Bij"
        " elk feit staat het blad in de log, en zodra er een controlepunt is ook het bewijs dat het daarin staat.</p>"
        f"<pre>{machine}</pre></main></body></html>"
    )


def _rows(b: Stiltebewijs) -> list[tuple[str, str]]:
    return [
        ("Kenmerk van de gemeente", b.kenmerk),
        ("Zaaknummer", b.zaaknummer),
        ("Nummer van het bericht", str(b.id)),
        ("Voorstel", _NAMES[b.voorstel]),
        ("Schuldeiser (OIN)", b.schuldeiser),
        ("Gemeente", f"{b.gemeentenaam} ({b.gemeente})"),
        ("Termijn", f"{b.termijn_werkdagen} werkdagen"),
        ("Laatste dag", f"{b.uiterlijk.day}-{b.uiterlijk.month}-{b.uiterlijk.year}"),
        ("Opgemaakt", at(b.opgemaakt_op)),
    ]


def _undelivered(b: Stiltebewijs) -> str:
    return "" if any(f.soort == "bezorgd" for f in b.feiten) else " Het voorstel is niet bezorgd: de schuldeiser kon het nergens ophalen."


def _number(fact: Feit) -> str:
    return f" (nummer {fact.log.nummer} in de log)" if fact.log else ""
