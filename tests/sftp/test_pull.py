"""Fetching from a partner's own server: a real one of the library, in a folder, with everything that may be wrong with it."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from adapters.sftp.pull import Pulled, PullFailed, Remote, pull
from tests.sftp.edges import Told
from tests.sftp.fake import FakeMailbox

OURS = asyncssh.generate_private_key("ssh-ed25519")
THEIRS = asyncssh.generate_private_key("ssh-ed25519")
OTHER = asyncssh.generate_private_key("ssh-ed25519")


def line(key: asyncssh.SSHKey) -> str:
    return key.export_public_key().decode()


class Door(asyncssh.SSHServer):
    """Lets in who has our key."""

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == "seinhuis" and key == OURS.convert_to_public()


class Growing(asyncssh.SFTPServer):
    """Somebody writes on while we read."""

    def read(self, file_obj: object, offset: int, size: int) -> Any:
        with (self.there / "uit" / "a.xml").open("ab") as file:
            if file.tell() == 1_500_000:
                file.write(b"nog meer")
        return super().read(file_obj, offset, size)

    there: Path


class Silent(asyncssh.SFTPServer):
    """Stops halfway."""

    async def read(self, file_obj: object, offset: int, size: int) -> Any:
        try:
            await asyncio.sleep(30)
        finally:
            self.close(file_obj)


@asynccontextmanager
async def server(folder: Path, kind: type[asyncssh.SFTPServer], **options: Any) -> AsyncIterator[int]:
    given: dict[str, Any] = {"server_host_keys": [THEIRS], **options}
    listening = await asyncssh.listen(
        "127.0.0.1", 0, server_factory=Door, sftp_factory=lambda chan: kind(chan, chroot=os.fsencode(folder)), **given
    )
    async with listening:
        yield listening.get_port()


def fetch(
    there: Path, mailbox: FakeMailbox, kind: type[asyncssh.SFTPServer] = asyncssh.SFTPServer, told: Told | None = None, **remote: Any
) -> Pulled:
    """Pull once from a server over the folder `there`; `remote` changes what is registered of it, `server` how it is set up."""
    options = remote.pop("options", {})

    async def once() -> Pulled:
        async with server(there, kind, **options) as port:
            registered = Remote("127.0.0.1", port, "seinhuis", [line(THEIRS)], "/uit")._replace(**remote)
            return await pull(registered, OURS, mailbox, told or Told())

    return asyncio.run(once())


@pytest.fixture
def far(tmp_path: Path) -> Path:
    (tmp_path / "uit").mkdir()
    (tmp_path / "uit" / "a.xml").write_bytes(b"een" * 500_000)
    (tmp_path / "uit" / "b.csv").write_bytes(b"")
    return tmp_path


@pytest.fixture
def mailbox() -> FakeMailbox:
    return FakeMailbox(10_000_000)


def test_files_are_fetched_and_removed_there(far: Path, mailbox: FakeMailbox) -> None:
    told = Told()
    assert fetch(far, mailbox, told=told) == Pulled(2, 0, 0)
    assert mailbox.taken == {"a.xml": b"een" * 500_000, "b.csv": b""}
    assert list((far / "uit").iterdir()) == []
    assert told.lines == [("sftp_opgehaald", {"opgehaald": 2, "gelaten": 0, "mislukt": 0})]


def test_files_are_fetched_once_when_they_are_renamed_there(far: Path, mailbox: FakeMailbox) -> None:
    assert fetch(far, mailbox, after="hernoem") == Pulled(2, 0, 0)
    assert sorted(path.name for path in (far / "uit").iterdir()) == ["a.xml.opgehaald", "b.csv.opgehaald"]
    assert fetch(far, mailbox, after="hernoem") == Pulled(0, 0, 0)


@pytest.mark.parametrize("keys", [[], [line(OTHER)], [line(asyncssh.generate_private_key("ecdsa-sha2-nistp256"))], ["geen sleutel"]])
def test_host_key_that_is_not_the_registered_one_ends_it(far: Path, mailbox: FakeMailbox, keys: list[str]) -> None:
    with pytest.raises(PullFailed, match="hostsleutel"):
        fetch(far, mailbox, host_keys=keys)
    assert (mailbox.taken, len(list((far / "uit").iterdir()))) == ({}, 2)


def test_one_of_several_registered_host_keys_will_do(far: Path, mailbox: FakeMailbox) -> None:
    assert fetch(far, mailbox, host_keys=[line(OTHER), line(THEIRS)]).taken == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"options": {"kex_algs": ["diffie-hellman-group14-sha1"]}}, {"options": {"encryption_algs": ["aes128-cbc"]}},
        {"user": "iemand-anders"}, {"folder": "/weg"}, {"port": 1},
    ],
)  # fmt: skip
def test_server_that_is_old_or_shut_or_gone_is_told_apart(far: Path, mailbox: FakeMailbox, changes: dict[str, Any]) -> None:
    with pytest.raises(PullFailed):
        fetch(far, mailbox, **changes)
    assert mailbox.taken == {}


def test_links_folders_and_unfinished_files_stay_where_they_are(far: Path, mailbox: FakeMailbox) -> None:
    (far / "uit" / "koppeling.xml").symlink_to("/etc/passwd")
    (far / "uit" / "map.xml").mkdir()
    os.mkfifo(far / "uit" / "pijp.xml")
    for name in ("c.xml.part", "d.xml.tmp", "e.xml.filepart"):
        (far / "uit" / name).write_bytes(b"half")
    assert fetch(far, mailbox) == Pulled(2, 0, 0)
    assert len(list((far / "uit").iterdir())) == 6


def test_odd_names_are_left_and_counted(far: Path, mailbox: FakeMailbox) -> None:
    for name in (b".x", b"a\nb.xml", b"a\\b.xml", b"\xff.xml", b"x" * 129):
        (far / "uit" / os.fsdecode(name)).write_bytes(b"x")
    assert fetch(far, mailbox) == Pulled(2, 5, 0)
    assert sorted(mailbox.taken) == ["a.xml", "b.csv"]


def test_file_that_is_still_written_is_left_for_the_next_time(far: Path, mailbox: FakeMailbox) -> None:
    Growing.there = far
    assert fetch(far, mailbox, Growing) == Pulled(1, 1, 0)
    assert (list(mailbox.taken), mailbox.parts) == (["b.csv"], {})
    assert fetch(far, mailbox) == Pulled(1, 0, 0)


def test_file_that_is_too_large_or_still_waits_fails_and_the_others_go_on(far: Path, mailbox: FakeMailbox) -> None:
    mailbox.largest = 1000
    told = Told()
    assert fetch(far, mailbox, told=told) == Pulled(1, 0, 1)
    assert ("sftp_ophalen_mislukt", {"soort": "quota"}) in told.lines
    (far / "uit" / "b.csv").write_bytes(b"tweede")
    assert fetch(far, mailbox) == Pulled(0, 0, 2)
    assert (mailbox.taken, mailbox.parts) == ({"b.csv": b""}, {})
    assert (far / "uit" / "b.csv").read_bytes() == b"tweede"


def test_server_that_falls_silent_ends_it_and_leaves_no_half_file(far: Path, mailbox: FakeMailbox) -> None:
    with pytest.raises(PullFailed, match="brak af"):
        fetch(far, mailbox, Silent, seconds=0.5)
    assert (mailbox.taken, mailbox.parts) == ({}, {})
    assert len(list((far / "uit").iterdir())) == 2
