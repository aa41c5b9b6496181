"""The SFTP edge as a process of its own: its host key, its events in the operational log, and an orderly stop.

Authority: architecture, "processes"; `docs/operations.md`. The edge itself is `adapters.sftp`; who may come in and where files go is the
house that is handed in. Refusals of strangers are told under the rate limit of the other doors.
"""

import asyncio
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import asyncssh
import structlog

from adapters.sftp.keys import KeyRefused, fingerprint, new_host_key, read_host_key
from adapters.sftp.limits import Limits
from adapters.sftp.port import House
from adapters.sftp.server import Server
from gateway.app.strangers import Strangers
from gateway.core.errors import Misconfigured
from gateway.store.private import keep_private

REFUSED = "sftp_login_geweigerd"


def own_key(path: Path) -> asyncssh.SSHKey:
    """A key of this installation; the first time it is made. Nodes behind one address share the file. Raises Misconfigured."""
    os.environ.setdefault("HOME", os.devnull)  # the library asks for it, and a container may have none; nothing is read there
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        keep_private(path, new_host_key)
        return read_host_key(path)
    except KeyRefused as refusal:
        raise Misconfigured(str(refusal)) from None


def serve_sftp(
    house: House,
    key: asyncssh.SSHKey,
    address: tuple[str, int],
    drain_seconds: float,
    ready: Callable[[int, str], None] | None = None,
    limits: Limits = Limits(),  # noqa: B008 - immutable
) -> None:
    """Serve at (host, port) until SIGTERM or SIGINT. `ready` hears the port and the fingerprint of the host key. Raises OSError."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold clear person data
    server = Server(house, Told(), limits)

    async def serve() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await server.start(*address, key)
        if ready:
            ready(server.port, fingerprint(key.public_data))
        await stop.wait()
        await server.stop(drain_seconds)

    asyncio.run(serve())


class Told:
    """`adapters.sftp.port.Events`, in the operational log."""

    def __init__(self) -> None:
        self._strangers = Strangers()

    def __call__(self, event: str, /, **fields: str | int) -> None:
        """A line per event; a stranger's refusal counts with those of the other doors."""
        if event == REFUSED:
            self._strangers(f"{event}_{fields['reden']}")
        else:
            structlog.get_logger().info(event, **fields)
