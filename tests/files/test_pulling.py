"""Fetching from partners' own servers: into the mailbox and through a worker; one partner's trouble is nobody else's."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh
import msgspec
import pytest

from adapters.sftp.port import Folder, Item
from adapters.sftp.pull import Pulled
from gateway.__main__ import run
from gateway.app.mailroom import Post
from gateway.app.pulling import Fetched, Fetcher, fetch
from gateway.core.errors import Unavailable
from gateway.partners.mailroom import Ophaaladres
from gateway.partners.register import Register
from tests.files.lines import text
from tests.files.world import FileWorld
from tests.flows.world import LANDLORD, OTHER
from tests.sftp.edges import Told
from tests.sftp.test_pull import OTHER as OTHER_KEY
from tests.sftp.test_pull import OURS, THEIRS, Silent, line

ONE, TWO = LANDLORD.party, OTHER.party
COMMAND = "00000099000000031000"


class Slow(asyncssh.SFTPServer):
    """A little at a time, and `between` two of them something happens."""

    between: Callable[[], None]

    def read(self, file_obj: Any, offset: int, size: int) -> Any:
        if offset:
            type(self).between()
        return super().read(file_obj, offset, min(size, 1000))


def door(key: asyncssh.SSHKey) -> type[asyncssh.SSHServer]:
    class Door(asyncssh.SSHServer):
        def public_key_auth_supported(self) -> bool:
            return True

        def validate_public_key(self, username: str, shown: asyncssh.SSHKey) -> bool:
            return username == "seinhuis" and shown.public_data == key.public_data

    return Door


async def listening(folder: Path, kind: type[asyncssh.SFTPServer], key: asyncssh.SSHKey) -> asyncssh.SSHAcceptor:
    return await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=door(key),
        server_host_keys=[THEIRS],
        sftp_factory=lambda chan: kind(chan, chroot=os.fsencode(folder)),
    )


@contextmanager
def server(folder: Path, key: asyncssh.SSHKey) -> Iterator[int]:
    """A partner's server that lets this key in, in a thread of its own: its port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    there = asyncio.run_coroutine_threadsafe(listening(folder, asyncssh.SFTPServer, key), loop).result(10)
    try:
        yield there.get_port()
    finally:
        loop.call_soon_threadsafe(there.close)
        asyncio.run_coroutine_threadsafe(there.wait_closed(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Far:
    """The servers of partners, and what came of fetching from them."""

    def __init__(self, files: FileWorld, folder: Path) -> None:
        self.files = files
        self.register = files.world.register
        self.folder = folder
        self.kinds: dict[str, type[asyncssh.SFTPServer]] = {}
        self.changes: dict[str, dict[str, Any]] = {}
        self.told = Told()
        for party in (ONE, TWO):
            (folder / party / "uit").mkdir(parents=True)

    def put(self, party: str, name: str, content: bytes) -> None:
        (self.folder / party / "uit" / name).write_bytes(content)

    def names(self, party: str) -> list[str]:
        return sorted(path.name for path in (self.folder / party / "uit").iterdir())

    def rebuild(self, addresses: list[Ophaaladres], *suspended: str) -> None:
        known = self.files.world.register.deelnemers.values()
        parties = [msgspec.structs.replace(d, status="opgeschort") if d.oin in suspended else d for d in known]
        self.register = Register(2, deelnemers=parties, ophaaladressen=addresses)

    async def listen(self, *suspended: str) -> list[asyncssh.SSHAcceptor]:
        """Both servers, registered."""
        kinds = [self.kinds.get(party, asyncssh.SFTPServer) for party in (ONE, TWO)]
        servers = [await listening(self.folder / party, kind, OURS) for party, kind in zip((ONE, TWO), kinds, strict=True)]
        addresses = [self.address(party, there.get_port()) for party, there in zip((ONE, TWO), servers, strict=True)]
        self.rebuild(addresses, *suspended)
        return servers

    def fetch(
        self, *suspended: str, mailbox: Callable[[str], Any] | None = None, only: str | None = None, dry: bool = False
    ) -> dict[str, Fetched]:
        """Fetch once from both: the outcome per partner."""
        found: dict[str, Fetched] = {}

        def note(outcome: Fetched) -> None:
            found[outcome.oin] = outcome

        async def once() -> None:
            servers = await self.listen(*suspended)
            room = Room(mailbox) if mailbox else self.files.room
            await fetch(Fetcher(Post(lambda: self.register, room), OURS, self.told, note, dry=dry), only, None, 5)  # type: ignore[arg-type]
            for there in servers:
                there.close()
                await there.wait_closed()

        asyncio.run(once())
        return found

    def address(self, party: str, port: int) -> Ophaaladres:
        since, keys = self.files.world.clock.now(), frozenset({line(THEIRS)})
        row = Ophaaladres(party, "127.0.0.1", port, "seinhuis", "/uit", keys, "verwijder", since)
        return msgspec.structs.replace(row, **self.changes.get(party, {}))


class Room:
    """A mailroom of other mailboxes."""

    def __init__(self, mailbox: Callable[[str], Any]) -> None:
        self.mailbox = mailbox


@pytest.fixture
def far(files: FileWorld, tmp_path: Path) -> Far:
    return Far(files, tmp_path / "ver")


def test_what_is_fetched_goes_through_a_worker_to_its_report(far: Far) -> None:
    signals = far.files.world.signals(3)
    far.put(ONE, "november.xml", text(signals))
    far.put(ONE, "november.xml.sha256", b"0" * 64)
    assert far.fetch()[ONE] == Fetched(ONE, Pulled(1, 0, 0))
    assert far.names(ONE) == ["november.xml.sha256"]
    assert ("sftp_opgehaald", {"partner": ONE, "opgehaald": 1, "gelaten": 0, "mislukt": 0}) in far.told.lines
    far.files.work()
    assert [status for status, _ in far.files.result("november.xml").outcomes] == ["bezorgd"] * 3
    assert far.files.world.count("inbox_item") == 3


@pytest.mark.parametrize(
    ("changes", "kind", "reason"),
    [
        ({"hostsleutels": frozenset({line(OTHER_KEY)})}, asyncssh.SFTPServer, "andere hostsleutel"),
        ({"poort": 1}, asyncssh.SFTPServer, "niet te bereiken"),
        ({"gebruiker": "root"}, asyncssh.SFTPServer, "laat ons niet toe"),
        ({"map": "/weg"}, asyncssh.SFTPServer, "brak af"),
    ],
)
def test_one_that_fails_stops_no_other(far: Far, changes: dict[str, Any], kind: type[asyncssh.SFTPServer], reason: str) -> None:
    far.changes[ONE], far.kinds[ONE] = changes, kind
    for party in (ONE, TWO):
        far.put(party, "a.xml", b"x")
    found = far.fetch()
    assert (found[ONE].failed, found[TWO]) == (True, Fetched(TWO, Pulled(1, 0, 0)))
    assert reason in str(found[ONE].reason)
    assert (far.names(ONE), far.names(TWO)) == (["a.xml"], [])


def test_one_that_breaks_in_an_unknown_way_stops_no_other(far: Far) -> None:
    class Broken:
        def items(self, folder: Folder) -> list[Item]:
            return []

        def begin(self, name: str) -> object:
            raise ZeroDivisionError

    class Shut(Broken):
        def begin(self, name: str) -> object:
            raise Unavailable("DATABASE_NIET_BEREIKBAAR", "Later.")

    for number, broken in enumerate((Broken(), Shut())):
        far.put(ONE, "a.xml", b"x")
        far.put(TWO, f"{number}.xml", b"x")
        found = far.fetch(mailbox={ONE: broken, TWO: far.files.room.mailbox(TWO)}.__getitem__)
        assert (found[ONE].failed, found[TWO].failed, far.names(ONE)) == (True, False, ["a.xml"])
    stopped = [fields for event, fields in far.told.lines if event == "sftp_ophalen_gestopt"]
    assert stopped == [{"partner": ONE, "soort": "ZeroDivisionError"}]


def test_who_is_not_active_is_skipped_and_said_so(far: Far) -> None:
    for party in (ONE, TWO):
        far.put(party, "a.xml", b"x")
    found = far.fetch(ONE)
    assert (found[ONE].skipped, found[ONE].failed, found[ONE].reason) == (True, False, "niet actief, overgeslagen")
    assert (found[TWO].pulled, far.names(ONE)) == (Pulled(1, 0, 0), ["a.xml"])


def test_one_partner_alone(far: Far) -> None:
    for party in (ONE, TWO):
        far.put(party, "a.xml", b"x")
    assert list(far.fetch(only=TWO)) == [TWO]
    assert (far.names(ONE), far.names(TWO)) == (["a.xml"], [])


def test_trial_only_looks(far: Far) -> None:
    far.put(ONE, "a.xml", b"x")
    far.changes[TWO] = {"gebruiker": "root"}
    found = far.fetch(dry=True)
    assert (found[ONE].waiting, found[ONE].failed, found[TWO].failed) == (1, False, True)
    assert (far.names(ONE), list(far.files.box.items("in"))) == (["a.xml"], [])


def test_address_that_is_taken_back_ends_what_is_being_fetched(far: Far) -> None:
    far.put(ONE, "a.xml", bytes(10_000))
    far.kinds[ONE] = Slow
    Slow.between = lambda: None
    assert far.fetch()[ONE].pulled == Pulled(1, 0, 0)  # the control
    far.put(ONE, "b.xml", bytes(10_000))
    Slow.between = lambda: far.rebuild([])
    found = far.fetch()[ONE]
    assert found.failed
    assert "afgebroken" in str(found.reason)
    assert (far.names(ONE), [item.name for item in far.files.box.items("in")]) == (["b.xml"], ["a.xml"])
    Slow.between = lambda: None
    assert far.fetch()[ONE].pulled == Pulled(1, 0, 0)


def test_slow_partner_is_not_fetched_twice_at_once_and_holds_nobody_up(far: Far) -> None:
    far.kinds[ONE] = Silent
    far.put(ONE, "a.xml", b"x")
    found: list[Fetched] = []

    async def rounds() -> None:
        servers = await far.listen()
        fetcher = Fetcher(Post(lambda: far.register, far.files.room), OURS, far.told, found.append)
        going = asyncio.create_task(fetch(fetcher, None, 0.3, 0.1))
        for name in ("b.xml", "c.xml"):
            far.put(TWO, name, b"x")
            await until(lambda: not far.names(TWO))
        os.kill(os.getpid(), signal.SIGTERM)
        await going
        assert {outcome.oin for outcome in found} == {TWO}
        for there in servers:
            there.close()

    asyncio.run(rounds())
    assert sum(outcome.pulled.taken for outcome in found if outcome.pulled) == 2
    assert [item.name for item in far.files.box.items("in")] == []


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.05)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEINHUIS_STATE", str(tmp_path / "s"))
    monkeypatch.setenv("SEINHUIS_PROEF", "true")
    assert run(["sleutels", "maak"]) == 0
    assert run(["deelnemer", "registreer", COMMAND, "Woning", "--rol", "schuldeiser", "--sector", "huur"]) == 0
    (tmp_path / "ver" / "uit").mkdir(parents=True)
    (tmp_path / "hostsleutels.pub").write_text(f"# van hun beheerder\n{line(OTHER_KEY)}{line(THEIRS).strip()} server@partner\n")
    return tmp_path


def test_commands_from_key_to_file_and_back(installed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["sleutels", "ophalen"]) == 0
    shown = capfd.readouterr().out.splitlines()[-1]
    assert run(["sleutels", "ophalen"]) == 0
    assert capfd.readouterr().out.splitlines() == [shown]  # made once
    private = installed / "s" / "sleutels" / "ophalen"
    assert private.stat().st_mode & 0o777 == 0o600
    with server(installed / "ver", asyncssh.import_public_key(shown)) as port:
        words = [COMMAND, "127.0.0.1", "seinhuis", "/uit", str(installed / "hostsleutels.pub"), "--poort", str(port), "--daarna", "hernoem"]
        assert run(["deelnemer", "ophaaladres", *words]) == 0
        registered = capfd.readouterr().out
        assert (registered.count("SHA256:"), f"seinhuis@127.0.0.1:{port} /uit, daarna hernoem" in registered) == (2, True)
        assert run(["deelnemer", "ophaaladressen"]) == 0
        assert capfd.readouterr().out == registered
        (installed / "ver" / "uit" / "november.xml").write_bytes(b"<x/>")
        assert run(["haal-op", "--proef"]) == 0
        assert capfd.readouterr().out == f"{COMMAND}: verbinding gelukt, 1 klaar om op te halen\n"
        assert run(["haal-op", "--deelnemer", COMMAND]) == 0
        assert last(capfd) == f"{COMMAND}: 1 opgehaald, 0 gelaten, 0 mislukt\n"
        assert [path.name for path in (installed / "ver" / "uit").iterdir()] == ["november.xml.opgehaald"]
        assert run(["bestanden", "--json"]) == 0
        (found,) = json.loads(capfd.readouterr().out)
        assert (found["naam"], found["party"], found["state"]) == ("november.xml", COMMAND, "ontvangen")
        keeps_going(installed, capfd)
    assert run(["haal-op"]) == 1  # nobody listens there any more
    assert capfd.readouterr().out.startswith(f"{COMMAND}: MISLUKT. De server is niet te bereiken")
    assert run(["deelnemer", "trek-ophaaladres-in", COMMAND]) == 0
    assert run(["deelnemer", "trek-ophaaladres-in", COMMAND]) == 2
    assert "OPHAALADRES_ONBEKEND" in capfd.readouterr().err
    assert run(["haal-op"]) == 0
    assert capfd.readouterr().out == "Er zijn geen ophaaladressen.\n"
    assert run(["haal-op", "--deelnemer", COMMAND]) == 2


def last(capfd: pytest.CaptureFixture[str]) -> str:
    """The last line; the operational log, which is not set up here, comes before it."""
    return capfd.readouterr().out.splitlines(keepends=True)[-1]


def keeps_going(installed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """As a process of its own, until it is told to stop."""
    words = [sys.executable, "-m", "gateway", "haal-op", "--elke", "1"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{COMMAND}: 0 opgehaald, 0 gelaten, 0 mislukt\n"
        (installed / "ver" / "uit" / "december.xml").write_bytes(b"<x/>")
        assert process.stdout.readline() == f"{COMMAND}: 1 opgehaald, 0 gelaten, 0 mislukt\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    capfd.readouterr()


def test_mistakes_are_told_in_one_line(installed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (installed / "leeg.pub").write_text("\n")
    (installed / "prive").write_bytes(OURS.export_private_key())
    (installed / "onzin.pub").write_text("sftp.voorbeeld.nl ssh-ed25519 AAAA\n")
    good = str(installed / "hostsleutels.pub")
    for words in (
        [COMMAND, "sftp.voorbeeld.nl", "seinhuis", "/uit", str(installed / "leeg.pub")],
        [COMMAND, "sftp.voorbeeld.nl", "seinhuis", "/uit", str(installed / "prive")],
        [COMMAND, "sftp.voorbeeld.nl", "seinhuis", "/uit", str(installed / "onzin.pub")],
        [COMMAND, "-oProxyCommand=x", "seinhuis", "/uit", good],
        [COMMAND, "sftp://voorbeeld.nl", "seinhuis", "/uit", good],
        [COMMAND, "sftp.voorbeeld.nl", "met spatie", "/uit", good],
        [COMMAND, "sftp.voorbeeld.nl", "seinhuis", "/uit", good, "--daarna", "niets"],
        ["00000099000000099000", "sftp.voorbeeld.nl", "seinhuis", "/uit", good],
    ):
        capfd.readouterr()
        assert run(["deelnemer", "ophaaladres", *words]) == 2
        assert capfd.readouterr().err.count("\n") == 1
