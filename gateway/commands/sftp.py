"""`seinhuis sftp`: the SFTP edge, a process of its own beside `serve`. Leaves every decision to `gateway.app`."""

import errno
import json

import typer

from gateway.app.mailroom import host_key_path, open_doorkeeper
from gateway.app.sftp import own_key, serve_sftp
from gateway.commands import site
from gateway.core.errors import Misconfigured


def sftp_command() -> None:
    """Start de SFTP-dienst voor bestanden van partners; maakt de eerste keer een hostsleutel, en stopt netjes op SIGTERM of SIGINT."""
    chosen = site.settings()
    site.require_kek(chosen)
    key = own_key(host_key_path(chosen))
    with open_doorkeeper(chosen, site.clock) as house:
        try:
            serve_sftp(house, key, (chosen.sftp_host, chosen.sftp_port), chosen.drain_seconds, _ready)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise Misconfigured(f"Poort {chosen.sftp_port} is bezet; stop wat er draait, of kies SEINHUIS_SFTP_PORT anders.") from None


def _ready(port: int, fingerprint: str) -> None:
    typer.echo(json.dumps({"klaar": {"sftp": port}, "hostsleutel": fingerprint}))
