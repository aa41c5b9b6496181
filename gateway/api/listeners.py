"""All listeners of one process, under one signal handler of ours.

Decides how the process starts and ends to listen: every port is bound before one is served; SIGTERM or SIGINT stops accepting,
lets requests in flight finish for a bounded time and then returns, so that the caller can stop the database after the last
request. A second signal does not wait. Authority: architecture, "processes"; `docs/decisions`. Leaves what is served to the
applications, and who may call to `gateway.api.tls` and `gateway.api.caller`.
"""

import asyncio
import contextlib
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import uvicorn
import uvloop
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.api.protocol import Limits, Refusal, guarded

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_TLS_CLOSE_SECONDS = 2.0


class Listener(NamedTuple):
    """One address and what answers there. Port 0: any free port; `headers`: added to what the protocol answers itself."""

    name: str
    app: ASGIApp
    host: str
    port: int
    ssl_context: ssl.SSLContext | None = None
    limits: Limits = Limits()
    headers: Mapping[str, str] = {}


class Listeners:
    """Serves several listeners in one event loop until a signal or `stop`."""

    def __init__(
        self, listeners: Sequence[Listener], *, drain_seconds: float = 30, ready: Callable[[dict[str, int]], None] | None = None
    ) -> None:
        """`ready` is called once all ports accept, with the port of each listener by name."""
        self._listeners = listeners
        self._drain_seconds = drain_seconds
        self._ready = ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._servers: list[_Server] = []

    def run(self) -> None:
        """Serve in a new event loop (uvloop); returns when drained. Raises OSError when a port cannot be had."""
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self.serve())

    async def serve(self) -> None:
        """Serve in the running event loop; returns when drained. Raises OSError when a port cannot be had."""
        self._loop = asyncio.get_running_loop()
        with contextlib.ExitStack() as sockets, self._signals(self._loop):
            bound = [sockets.enter_context(_bind(listener)) for listener in self._listeners]
            self._servers = [_Server(*pair, self._drain_seconds) for pair in zip(self._listeners, bound, strict=True)]
            try:
                for server in self._servers:
                    await server.startup()
                if self._ready is not None:
                    self._ready({one.name: sock.getsockname()[1] for one, sock in zip(self._listeners, bound, strict=True)})
                await self._stopping.wait()
            finally:
                await asyncio.gather(*(server.shutdown() for server in self._servers if server.started))

    def stop(self) -> None:
        """Begin to drain; from any thread. The second time: do not wait for requests in flight. Afterwards: nothing."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        for server in self._servers:
            server.force_exit = self._stopping.is_set()
        self._stopping.set()

    @contextlib.contextmanager
    def _signals(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """Ours while serving. Another thread than the main one gets no signals."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._stop)
        try:
            yield
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)


class _Server(uvicorn.Server):
    """uvicorn's server, started by us: on a bound socket, with bounded TLS handshakes, without signal handlers or a `Date` clock."""

    def __init__(self, listener: Listener, sock: socket.socket, drain_seconds: float) -> None:
        self._protocol = guarded(listener.limits, listener.headers)
        config = uvicorn.Config(
            Sheltered(listener.app),
            http=self._protocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
        )
        config.load()
        config.timeout_keep_alive = listener.limits.idle_seconds  # type: ignore[assignment]  # seconds; a fraction will do
        config.timeout_graceful_shutdown = drain_seconds  # type: ignore[assignment]
        super().__init__(config)
        self.lifespan = config.lifespan_class(config)
        self._listener = listener
        self._sock = sock

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept connections."""
        loop = asyncio.get_running_loop()
        context = self._listener.ssl_context
        protocol = self._protocol
        server = await loop.create_server(
            lambda: protocol(self.config, self.server_state, {}, loop),
            sock=self._sock,
            ssl=context,
            ssl_handshake_timeout=self._listener.limits.header_seconds if context else None,
            ssl_shutdown_timeout=_TLS_CLOSE_SECONDS if context else None,
            backlog=self.config.backlog,
        )
        self.servers = [server]
        self.started = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, drain, and leave no connection behind."""
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()


class Sheltered:
    """The last resort round any application: a failure is a problem that says nothing, here and in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. Raises ConnectionAbortedError with the name of the failure, and nothing else of it."""
        started, failure = False, ""

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except asyncio.CancelledError:  # drained long enough
            failure = "cancelled"
        except Exception as error:  # noqa: BLE001 - the outermost edge; uvicorn would log the text of the error
            failure = type(error).__name__
        if not started:
            await _fail(send)
        if failure:
            raise ConnectionAbortedError(failure)


async def _fail(send: Send) -> None:
    body = Refusal.VERZOEK_MISLUKT.body()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body)), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": Refusal.VERZOEK_MISLUKT.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _bind(listener: Listener) -> socket.socket:
    family = socket.AF_INET6 if ":" in listener.host else socket.AF_INET
    return socket.create_server((listener.host, listener.port), family=family, backlog=2048)
