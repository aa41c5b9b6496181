"""The director of a creditor that works with files: the mailbox itself, and what came of each file. It interferes with nothing.

The SFTP edge listens with the host key of the installation, so that a partner's pinned key holds. Authority: contract, files. Leaves
judging to `judging_files`.
"""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import asyncssh
import msgspec

from adapters.sftp.limits import Limits
from adapters.sftp.server import Server
from gateway.app.files import open_spool
from gateway.app.mailroom import Doorkeeper, host_key_path
from gateway.app.settings import Settings
from gateway.app.sftp import Told, own_key
from gateway.conformance.cards import Kaart
from gateway.conformance.cast import GEMEENTEN
from gateway.conformance.observed import Bestand, Feit
from gateway.conformance.plants import Plan
from gateway.conformance.stage import Stage
from gateway.core.errors import Misconfigured
from gateway.files import postrows
from gateway.files.mailbox import Mailroom
from gateway.files.postrows import Delivered
from gateway.files.transfers import Room
from gateway.inboxes import reading
from gateway.store.tenant import parties
from schemas.bestandsbewijs import Bestandsuitslag

_MANY = 500
_START_SECONDS = 30.0
_RECEIPT, _REPORTS = ".ontvangst.json", (".verslag.csv", ".verslag.xml")


class Bestandsregie:
    """See `director.Regisseur`."""

    def __init__(self, stage: Stage, cards: Mapping[str, Kaart]) -> None:
        self._stage = stage
        self._cards = {kaart.cents: name for name, kaart in cards.items()}
        self._oin = stage.kandidaat.row.oin
        self.plans: list[Plan] = []

    def stap(self) -> None:
        """The partner does it all."""

    def berichten(self) -> Mapping[str, tuple[Feit, ...]]:
        """The messages of this creditor, by card."""
        found: dict[str, tuple[Feit, ...]] = {}
        for town in GEMEENTEN:
            for one in reading.page(town.code, self._stage.house.desk, after=0, limit=_MANY).berichten:
                card = self._cards.get(one.bedrag_cent)
                if one.schuldeiser.oin == self._oin and card is not None:
                    found[card] = (*found.get(card, ()), Feit(str(one.id), one.staat, one.bedrag_cent))
        return found

    def bestanden(self) -> tuple[Bestand, ...]:
        """Every file that it brought."""
        with self._stage.house.ingest.transaction(parties(self._oin)) as connection:
            brought = postrows.delivered(connection, self._oin)
            gone = postrows.gone(connection, self._oin, "uit")
        return tuple(_file(one, gone) for one in brought)

    def uitkomsten(self) -> Mapping[str, tuple[str, ...]]:
        """Nobody asks anything."""
        return {}


@contextmanager
def open_mailbox(stage: Stage, installation: Settings) -> Iterator[tuple[int, str]]:
    """The SFTP edge over the stage's mailboxes: its port and its public host key. Raises Misconfigured."""
    house, key = stage.house, own_key(host_key_path(installation))
    room = Room(house.ingest, open_spool(stage.settings, house.keys), house.clock)
    server = Server(Doorkeeper(house.register.current, Mailroom(room), house.clock), Told(), Limits())
    edge = _Edge(server, key, (stage.settings.host, stage.settings.port))
    thread = threading.Thread(target=edge.run, name="toetspostbus")
    thread.start()
    try:
        if not edge.ready.wait(_START_SECONDS) or not server.port:
            raise Misconfigured("De toetspostbus ging niet open; kies een andere poort met --port.")
        yield server.port, key.export_public_key().decode().strip()
    finally:
        edge.stop()
        thread.join()


class _Edge:
    """The edge in a loop of its own thread."""

    def __init__(self, server: Server, key: asyncssh.SSHKey, address: tuple[str, int]) -> None:
        self.ready = threading.Event()
        self._server, self._key, self._address = server, key, address
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = asyncio.Event()

    def run(self) -> None:
        """Serve until `stop`."""
        asyncio.run(self._serve())

    def stop(self) -> None:
        """From another thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._over.set)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            await self._server.start(*self._address, self._key)
        except OSError:
            return
        finally:
            self.ready.set()
        await self._over.wait()
        await self._server.stop(1.0)


def _file(one: Delivered, gone: set[str]) -> Bestand:
    collected = one.naam + _RECEIPT in gone and any(one.naam + ending in gone for ending in _REPORTS)
    if one.result is None:
        return Bestand(one.state, one.soort or "", opgehaald=collected)
    counts = msgspec.json.decode(one.result, type=Bestandsuitslag).aantallen
    eerder = counts.eerder_ontvangen if one.soort == "signalen" else 0
    return Bestand(one.state, one.soort or "", counts.geweigerd, eerder, collected)
