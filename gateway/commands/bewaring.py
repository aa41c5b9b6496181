"""`seinhuis bewaring` and `seinhuis sleutels wissel`: the retention round by hand, and a new key-encryption key."""

from typing import Annotated

import typer

from gateway.app.bewaring import open_keeper
from gateway.app.kek import kek_file, kek_place
from gateway.commands import site
from gateway.commands.dutch import Opdracht
from gateway.commands.keys import sleutels_app
from gateway.commands.values import Gemeentecode
from gateway.core.clock import dutch_day
from gateway.core.errors import Misconfigured
from gateway.retention import keeping, pseudonyms, terms


def bewaring_command(
    toon: Annotated[bool, typer.Option("--toon", help="Laat alleen de termijnen zien")] = False,
    wissel: Annotated[bool, typer.Option(help="Vervang de hoofdsleutel als er sleutels zijn vernietigd")] = True,
) -> None:
    """Leeg wat over zijn termijn is en vernietig de sleutels van voorbije weken; `serve` doet dit eens per dag."""
    if toon:
        for words in (terms.PAYLOAD, *(term.words for term in terms.TERMS), *terms.LOG):
            typer.echo(words)
        return
    chosen = site.settings()
    site.require_kek(chosen)
    with open_keeper(chosen, site.clock, rotate=wissel) as keeper:
        done = keeping.run(keeper, again=True)
        due = keeping.due(keeper)
    for part, count in (done.rows if done else {}).items():
        typer.echo(f"{part}: {count}")
    if done and done.entries:
        typer.echo(f"log: {done.entries} inhouden")
    for name in done.keys if done else ():
        typer.echo(f"vernietigd: {name}")
    if done and done.unopened:
        typer.echo(f"{done.unopened} rijen met sleutels openen niet; zie `docs/operations.md`, \"When something is wrong\"")
    if due:
        typer.echo("vervang de hoofdsleutel (`seinhuis sleutels wissel`): tot dan openen oude kopieën wat hier is vernietigd")
    if done and done.replaced:
        typer.echo(f"hoofdsleutel {kek_place(chosen).keks()[0].id} is nieuw; maak nu een reservekopie van de database")


@sleutels_app.command("pseudoniemen", cls=Opdracht)
def sleutels_pseudoniemen(
    gemeentecode: Gemeentecode,
    begin: Annotated[bool, typer.Option("--begin", help="Maak een volgende versie naast de leidende")] = False,
    ga_over: Annotated[bool, typer.Option("--ga-over", help="Laat de volgende versie leiden, na 15 maanden")] = False,
    zonder_bezwaren: Annotated[bool, typer.Option("--zonder-bezwaren", help="Niet herhaalde bezwaren vervallen")] = False,
) -> None:
    """Toon de pseudoniemversies van een gemeente, begin een volgende of ga erop over; de oude sleutel vervalt een dag later vanzelf."""
    chosen = site.settings()
    site.require_kek(chosen)
    with open_keeper(chosen, site.clock, rotate=False) as keeper:
        if begin:
            pseudonyms.begin(keeper, gemeentecode)
        if ga_over:
            pseudonyms.lead(keeper, gemeentecode, without_objections=zonder_bezwaren)
        found = pseudonyms.standing(keeper, gemeentecode)
    since = "" if found.since is None else f", sinds {dutch_day(found.since)}"
    following = "" if found.next is None else f", daarnaast {found.next}; bezwaren te herhalen: {found.objections}"
    typer.echo(f"gemeente {gemeentecode}: versie {found.leading}{following}{since}")


@sleutels_app.command("wissel", cls=Opdracht)
def sleutels_wissel() -> None:
    """Vervang de hoofdsleutel: alle sleutels onder een nieuwe, de oude vernietigd. Oude kopieën van de database openen daarna niet meer."""
    chosen = site.settings()
    site.require_kek(chosen)
    with open_keeper(chosen, site.clock, rotate=True) as keeper:
        keeping.replace_kek(keeper, anyway=True)
    typer.echo(f"hoofdsleutel {kek_place(chosen).keks()[0].id}; breng kopieën van het bestand bij en maak een reservekopie van de database")


@sleutels_app.command("naar-token", cls=Opdracht)
def sleutels_naar_token() -> None:
    """Zet alle sleutels onder de hoofdsleutel in het PKCS#11-token en vernietig het bestand. Stop eerst `serve`."""
    chosen = site.settings()
    if chosen.pkcs11_module is None:
        raise Misconfigured("Zet eerst SEINHUIS_PKCS11_MODULE, en maak met `seinhuis sleutels maak` een hoofdsleutel in het token.")
    site.require_kek(chosen)
    file = kek_file(chosen)
    filed = chosen.model_copy(update={"pkcs11_module": None}) if file.path.exists() else chosen
    with open_keeper(filed, site.clock, rotate=False) as keeper:
        keeping.move_kek(keeper, file, kek_place(chosen))
    typer.echo(f"hoofdsleutel {kek_place(chosen).keks()[0].id} in token {chosen.pkcs11_label}; maak een reservekopie van de database")
