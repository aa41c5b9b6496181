"""The command line: puts the commands of `gateway.commands` together; every decision is made elsewhere.

What an operator did wrong is said in one Dutch line on standard error, without a stack (exit 2).
"""

import sys
from collections.abc import Sequence

import typer

from gateway.api.tls import ensure_openssl_config
from gateway.app import oplog
from gateway.commands.aanleveren import aanleveren_command
from gateway.commands.afspraken import afspraak_app
from gateway.commands.bestanden import bestanden_command, verwerk_command
from gateway.commands.bewaring import bewaring_command
from gateway.commands.console import console_app
from gateway.commands.ddas import ddas_app
from gateway.commands.doelen import doelen_app
from gateway.commands.dutch import PROGRAM, Opdracht, complaint
from gateway.commands.keys import certs_app, sleutels_app
from gateway.commands.log import log_app
from gateway.commands.municipalities import gemeenten_app
from gateway.commands.ophalen import haal_op_command
from gateway.commands.profielen import profiel_app
from gateway.commands.regels import regels_app
from gateway.commands.running import app
from gateway.commands.sftp import sftp_command
from gateway.commands.toets import toets_command
from gateway.commands.toezicht import toezicht_app
from gateway.commands.tonen import deelnemer_app
from gateway.commands.uitlaat import uitlaat_app
from gateway.core.errors import Misconfigured, SeinhuisError

GROUPS = {
    "certs": certs_app,
    "sleutels": sleutels_app,
    "deelnemer": deelnemer_app,
    "afspraak": afspraak_app,
    "gemeenten": gemeenten_app,
    "regels": regels_app,
    "doelen": doelen_app,
    "ddas": ddas_app,
    "profiel": profiel_app,
    "log": log_app,
    "toezicht": toezicht_app,
    "uitlaat": uitlaat_app,
    "console": console_app,
}
for name, part in GROUPS.items():
    app.add_typer(part, name=name)
app.command("sftp", cls=Opdracht)(sftp_command)
app.command("haal-op", cls=Opdracht)(haal_op_command)
app.command("aanleveren", cls=Opdracht)(aanleveren_command)
app.command("toets", cls=Opdracht)(toets_command)
app.command("verwerk", cls=Opdracht)(verwerk_command)
app.command("bewaring", cls=Opdracht)(bewaring_command)
app.command("bestanden", cls=Opdracht)(bestanden_command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; by default that of this process. Returns the exit status."""
    try:
        return app(arguments, prog_name=PROGRAM, standalone_mode=False) or 0
    except typer.TyperException as error:
        problem = complaint(error)
    except Misconfigured as error:
        problem = f"{PROGRAM}: {error}"
    except SeinhuisError as error:
        problem = f"{PROGRAM}: {error.detail} ({error.code})"
    except OSError as error:
        place = error.filename or "Een bestand of verbinding"
        problem = f"{PROGRAM}: {place} is niet te gebruiken ({error.strerror}); controleer pad, rechten en ruimte."
    print(problem, file=sys.stderr)
    return 2


def main() -> None:
    """The program itself."""
    try:
        if sys.argv[1:2] in (["serve"], ["toets"]):  # the commands that speak TLS; they may start the program once more
            ensure_openssl_config()
    except Misconfigured as error:
        sys.exit(f"{PROGRAM}: {error}")
    oplog.configure()
    sys.exit(run())


if __name__ == "__main__":
    main()
