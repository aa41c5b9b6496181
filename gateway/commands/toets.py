"""`seinhuis toets`: run the conformance suite against one partner, and write the report and the signed result.

The suite is `gateway.conformance.play.run`; here is only what an operator says and sees. Authority: contract, states; decision 0038.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, get_args

import msgspec
import typer

from gateway.commands import site
from gateway.commands.values import oin_of
from gateway.conformance import play, report
from gateway.conformance.play import Begin, Verslag
from gateway.conformance.stage import kandidaat
from gateway.core.errors import Misconfigured
from gateway.core.stopping import interruptible
from gateway.onboarding import toetsen
from schemas.toets import Mond, Toetssoort, Toetsuitslag

PORT = 8453
_FORMS: dict[str, Callable[[Verslag], str]] = {".md": report.markdown, ".html": report.html, ".txt": report.text}


def _one_of(kind: Any) -> Callable[[str], str]:  # noqa: ANN401 - a Literal
    def parse(text: str) -> str:
        if text not in get_args(kind):
            raise typer.BadParameter(f"kies uit {', '.join(get_args(kind))}.")
        return text

    return parse


def toets_command(  # noqa: PLR0913, PLR0917 - one argument per option
    deelnemer: Annotated[str, typer.Option(parser=oin_of, help="OIN van de deelnemer; hij komt met zijn eigen certificaat")],
    mond: Annotated[str, typer.Option(parser=_one_of(Mond), help="api of bestand")] = "api",
    soort: Annotated[list[str] | None, typer.Option(parser=_one_of(Toetssoort), help="Alleen deze berichtsoort; herhaalbaar")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Poort van de toetsdeur")] = PORT,
    duur: Annotated[float, typer.Option(min=1, max=86_400, help="Seconden waarin de deelnemer alles doet")] = 600,
    opdrachten: Annotated[Path, typer.Option(help="Hierin komen de opdrachten voor de deelnemer (JSON)")] = Path("toets-opdrachten.json"),
    uitslag: Annotated[Path, typer.Option(help="Hierin komt de ondertekende uitslag (JSON)")] = Path("toets-uitslag.json"),
    verslag: Annotated[list[Path] | None, typer.Option(help="Verslag erbij: .md, .html of .txt; herhaalbaar")] = None,
) -> None:
    """Toets het systeem van een deelnemer aan een eigen deur met verzonnen gegevens; eindigt met 1 als er iets zakt."""
    pages = {path: _form(path) for path in verslag or []}
    with site.office() as office:
        partner = kandidaat(office, deelnemer)
    kinds = msgspec.convert(soort or [], frozenset[Toetssoort])
    order = play.Opdracht(mond=msgspec.convert(mond, Mond), soorten=kinds, duur=duur, port=port)
    with interruptible():
        done = play.run(site.settings(), partner, order, site.clock, ready=lambda begin: _begin(begin, opdrachten))
    signed = _signed(done.uitslag)
    uitslag.write_bytes(report.json(signed))
    for path, form in pages.items():
        path.write_text(form(done), encoding="utf-8")
    typer.echo(report.text(done))
    if not done.uitslag.geslaagd:
        raise typer.Exit(1)
    typer.echo(f"Leg de uitslag vast: seinhuis deelnemer toets {deelnemer} {uitslag}")


def _begin(begin: Begin, path: Path) -> None:
    path.write_bytes(report.assignments(begin))
    typer.echo(f"De toetsdeur is open op poort {begin.port}. De opdrachten staan in {path}.")


def _signed(bare: Toetsuitslag) -> Toetsuitslag:
    with site.office() as office:
        return toetsen.sign(bare, office.keys)


def _form(path: Path) -> Callable[[Verslag], str]:
    if path.suffix not in _FORMS:
        raise Misconfigured(f"Geef {path.name} een naam die eindigt op {', '.join(_FORMS)}.")
    return _FORMS[path.suffix]
