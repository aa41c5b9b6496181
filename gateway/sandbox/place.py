"""Where a gateway to try things on lives: a folder that one may use at a time, and ports. Leaves the gateway itself to `sandbox`."""

import fcntl
import os
import socket
from pathlib import Path

from rich.console import Console

PORTS = {"SEINHUIS_PORT": 8443, "SEINHUIS_PUBLIC_PORT": 8444, "SEINHUIS_INNER_PORT": 9464, "SEINHUIS_SFTP_PORT": 8022}


def in_use(state: Path) -> bool:
    """Whether a gateway runs in this folder: the owner of its database holds a lock that dies with it."""
    try:
        lock = os.open(state / "pg" / "eigenaar.lock", os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def ports(console: Console) -> dict[str, str]:
    """The usual ports, each replaced by any free one when it is taken."""
    chosen = {name: port if _is_free(port) else 0 for name, port in PORTS.items()}
    taken = [str(PORTS[name]) for name, port in chosen.items() if not port]
    if taken:
        console.print(f"Poort {', '.join(taken)} is bezet; er wordt een vrije gekozen.")
    return {name: str(port) for name, port in chosen.items()}


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
