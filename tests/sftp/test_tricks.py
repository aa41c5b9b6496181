"""What a hostile partner tries by hand, request by request: nothing of another partner or of this machine is reached (0 escapes)."""

import asyncio
import os
import secrets
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from adapters.sftp.names import oddity
from adapters.sftp.wire import MAX_DATA, MAX_PACKET, Mode, Request, Status
from tests.sftp.edges import NEW, Answer, Bare, Edge, Partner, bare, string, u32
from tests.sftp.hostile import files_touched, paths

CANARY = b"kanarie-van-een-ander"
HANDLE, DATA, STATUS = 102, 103, 101
Trick = Callable[[Bare], Awaitable[None]]


def play(edge: Edge, partner: Partner, trick: Trick) -> None:
    """One conversation."""

    async def conversation() -> None:
        async with edge.connect(partner) as connection:
            await trick(await bare(connection))

    asyncio.run(conversation())


@pytest.fixture
def partner(edge: Edge) -> Partner:
    partner = edge.partner()
    edge.house.give(partner.oin, "uit", "bon.json", b"bon")
    return partner


def requests(path: bytes, link: bytes) -> list[tuple[int, bytes]]:
    """Everything that takes a path, and a link as its second path."""
    here = string(path)
    return [
        (Request.OPEN, here + u32(NEW, 0)),
        (Request.OPEN, here + u32(Mode.READ, 0)),
        (Request.OPEN, here + u32(NEW | Mode.READ | Mode.APPEND, 4, 0o4777)),
        (Request.STAT, here),
        (Request.LSTAT, here),
        (Request.OPENDIR, here),
        (Request.REALPATH, here),
        (Request.SETSTAT, here + u32(4, 0o4777)),
        (Request.REMOVE, here),
        (Request.MKDIR, here + u32(0)),
        (Request.RMDIR, here),
        (Request.READLINK, here),
        (Request.SYMLINK, here + string(link)),
        (Request.SYMLINK, string(link) + here),
        (Request.RENAME, string(b"in/vast.part") + here),
        (Request.RENAME, here + string(link)),
        (Request.EXTENDED, string("posix-rename@openssh.com") + string(b"in/vast.part") + here),
        (Request.EXTENDED, string("hardlink@openssh.com") + string(link) + here),
        (Request.EXTENDED, string("lsetstat@openssh.com") + here + u32(4, 0o4777)),
        (Request.EXTENDED, string("statvfs@openssh.com") + here),
    ]


async def drain(talk: Bare, path: bytes, link: bytes) -> list[Answer]:
    """Ask all of them, read and write what opens, and close it."""
    answers = [await talk.ask(kind, payload) for kind, payload in requests(path, link)]
    for handle in [answer.text for answer in answers if answer.kind == HANDLE]:
        answers += [await talk.read(handle, 0, 4096), await talk.write(handle, 0, b"x"), await talk.ask(Request.CLOSE, string(handle))]
    return answers


def test_hostile_paths_reach_nothing(edge: Edge, partner: Partner) -> None:
    other = edge.partner()
    edge.house.give(other.oin, "uit", "geheim.json", CANARY)
    hostile = paths(other.oin)
    assert len(set(hostile)) >= 1000
    answers: list[Answer] = []

    async def trick(talk: Bare) -> None:
        begun = await talk.open("in/vast.part", NEW)
        await talk.ask(Request.CLOSE, string(begun.text))
        for path in hostile:
            answers.extend(await drain(talk, path, b"uit/bon.json"))

    with files_touched() as touched:
        play(edge, partner, trick)
    assert touched == []
    assert [answer for answer in answers if CANARY in answer.body or b"root:" in answer.body] == []
    assert other.mailbox.out["uit"] == {"geheim.json": CANARY}
    assert (other.mailbox.parts, other.mailbox.taken) == ({}, {})
    names = [*partner.mailbox.parts, *partner.mailbox.taken]
    assert [name for name in names if oddity(name)] == []


def test_control_watch_sees_a_server_that_touches_files(tmp_path: Path) -> None:
    """The same requests to the library's own server, with its path mapping: it works on files, and a link on disk leads out of its root."""
    root = tmp_path / "wortel"
    (root / "uit").mkdir(parents=True)
    (tmp_path / "geheim.json").write_bytes(CANARY)
    (root / "uit" / "koppeling").symlink_to("../../geheim.json")
    key = asyncssh.generate_private_key("ssh-ed25519")
    found: list[bytes] = []

    class Anybody(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            return False

    async def serve() -> None:
        def files(chan: Any) -> asyncssh.SFTPServer:
            return asyncssh.SFTPServer(chan, chroot=os.fsencode(root))

        server = await asyncssh.listen("127.0.0.1", 0, server_host_keys=[key], server_factory=Anybody, sftp_factory=files)
        async with server, asyncssh.connect("127.0.0.1", server.get_port(), known_hosts=None, config=None) as connection:
            talk = await bare(connection)
            link = await talk.open("uit/koppeling", Mode.READ)
            found.append((await talk.read(link.text, 0, 99)).text)
            await drain(talk, b"uit/koppeling", b"uit/x")

    with files_touched() as touched:
        thread = asyncio.new_event_loop()
        thread.run_until_complete(asyncio.to_thread(lambda: asyncio.run(serve())))
        thread.run_until_complete(thread.shutdown_default_executor())
        thread.close()
    assert any("open" in line for line in touched)
    assert any("os.symlink" in line for line in touched)
    assert found == [CANARY]


def test_handle_of_another_session_or_a_guess_is_nothing(edge: Edge, partner: Partner) -> None:
    other = edge.partner()
    edge.house.give(other.oin, "uit", "geheim.json", CANARY)

    async def trick(talk: Bare) -> None:
        async with edge.connect(other) as second, edge.connect(partner) as third:
            theirs, mine = await bare(second), await bare(third)
            handles = [(await theirs.open("uit/geheim.json", Mode.READ)).text, (await mine.open("uit/bon.json", Mode.READ)).text]
            guesses = [*handles, b"", b"\0", b"\0\0\0\0", b"\0\0\0\1", *(secrets.token_bytes(16) for _ in range(1000)), b"x" * 4096]
            for guess in guesses:
                answers = [await talk.read(guess, 0, 99), await talk.write(guess, 0, b"x"), await talk.ask(Request.CLOSE, string(guess))]
                answers += [await talk.ask(kind, string(guess)) for kind in (Request.READDIR, Request.FSTAT)]
                assert {answer.code for answer in answers} == {Status.FAILURE}
            assert (await theirs.read(handles[0], 0, 99)).text == CANARY

    play(edge, partner, trick)


def test_write_at_an_odd_offset_spoils_the_upload(edge: Edge, partner: Partner) -> None:
    async def trick(talk: Bare) -> None:
        for offset in (1, 2, 4, 2**31, 2**32, 2**63, 2**64 - 1):
            handle = (await talk.open("in/a.xml.part", NEW)).text
            assert (await talk.write(handle, 0, b"abc")).code == Status.OK
            assert (await talk.write(handle, offset, b"x")).code == Status.FAILURE
            assert (await talk.write(handle, 3, b"def")).code == Status.FAILURE
            assert (await talk.ask(Request.CLOSE, string(handle))).code == Status.FAILURE
            assert (await talk.ask(Request.RENAME, string("in/a.xml.part") + string("in/a.xml"))).code == Status.NO_SUCH_FILE

    play(edge, partner, trick)
    assert (partner.mailbox.parts, partner.mailbox.taken) == ({}, {})


def test_read_at_an_odd_offset_ends_and_a_large_one_is_cut(edge: Edge, partner: Partner) -> None:
    edge.house.give(partner.oin, "uit", "groot.csv", bytes(2 * MAX_DATA))

    async def trick(talk: Bare) -> None:
        handle = (await talk.open("uit/groot.csv", Mode.READ)).text
        for offset in (2 * MAX_DATA, 2**31, 2**63, 2**64 - 1):
            assert (await talk.read(handle, offset, 2**32 - 1)).code == Status.EOF
        assert len((await talk.read(handle, 1, 2**32 - 1)).text) == MAX_DATA
        assert (await talk.read(handle, 0, 0)).code == Status.EOF
        assert (await talk.write(handle, 0, b"x")).code == Status.FAILURE

    play(edge, partner, trick)


def test_attributes_never_change(edge: Edge, partner: Partner) -> None:
    size, owner, mode, times = 1, 2, 4, 8

    async def trick(talk: Bare) -> None:
        handle = (await talk.ask(Request.OPEN, string("in/a.xml.part") + u32(NEW, mode, 0o4777))).text
        await talk.write(handle, 0, b"abc")
        before = (await talk.ask(Request.STAT, string("in/a.xml.part"))).body
        for flags, value, allowed in (
            (mode, u32(0o4777), True), (times, u32(0, 0), True), (mode | times, u32(0o777, 1, 1), True), (size, struct.pack(">Q", 3), True),
            (size, struct.pack(">Q", 0), False), (size, struct.pack(">Q", 2**40), False), (owner, u32(0, 0), False),
            (0x80000000, u32(1) + string("a@b") + string("c"), False), (size | mode, struct.pack(">Q", 2) + u32(0o777), False),
        ):  # fmt: skip
            answer = await talk.ask(Request.FSETSTAT, string(handle) + u32(flags) + value)
            assert answer.code == (Status.OK if allowed else Status.PERMISSION_DENIED), flags
        assert (await talk.ask(Request.STAT, string("in/a.xml.part"))).body == before
        assert (await talk.ask(Request.SETSTAT, string("uit/bon.json") + u32(mode, 0o777))).code == Status.PERMISSION_DENIED
        assert (await talk.ask(Request.SETSTAT, string("in/weg.part") + u32(mode, 0o777))).code == Status.NO_SUCH_FILE

    play(edge, partner, trick)


def test_exclusive_and_resuming_opens_leave_an_unfinished_part_alone(edge: Edge, partner: Partner) -> None:
    async def trick(talk: Bare) -> None:
        handle = (await talk.open("in/a.xml.part", Mode.WRITE | Mode.CREATE | Mode.EXCLUSIVE)).text
        await talk.write(handle, 0, b"half")
        await talk.ask(Request.CLOSE, string(handle))
        for mode, code in (
            (Mode.WRITE | Mode.CREATE | Mode.EXCLUSIVE, Status.FAILURE),
            (NEW | Mode.EXCLUSIVE, Status.FAILURE),
            (Mode.WRITE | Mode.CREATE, Status.FAILURE),
            (Mode.WRITE, Status.FAILURE),
            (NEW | Mode.APPEND, Status.PERMISSION_DENIED),
            (NEW | Mode.READ, Status.PERMISSION_DENIED),
            (Mode.READ, Status.PERMISSION_DENIED),
        ):
            assert (await talk.open("in/a.xml.part", mode)).code == code
        assert (await talk.open("in/b.xml.part", Mode.WRITE | Mode.TRUNCATE)).code == Status.NO_SUCH_FILE

    play(edge, partner, trick)
    assert {name: bytes(part.content) for name, part in partner.mailbox.parts.items()} == {"a.xml": b"half"}


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(struct.pack(">I", 0), id="no kind"),
        pytest.param(struct.pack(">I", MAX_PACKET + 1), id="too large"),
        pytest.param(struct.pack(">I", 2**32 - 1), id="huge"),
        pytest.param(struct.pack(">IB", 3, Request.OPEN) + b"\0\0", id="no number"),
        pytest.param(struct.pack(">IB", 9, Request.OPEN) + u32(1, 99), id="string longer than the packet"),
        pytest.param(struct.pack(">IB", 9, Request.OPEN) + u32(1, 2**32 - 1), id="string longer than memory"),
        pytest.param(struct.pack(">IB", 5, Request.INIT) + u32(3), id="hello again"),
        pytest.param(struct.pack(">IB", 13, Request.SETSTAT) + u32(1, 0, 8), id="attributes missing"),
        pytest.param(struct.pack(">IB", 17, Request.SETSTAT) + u32(1, 0, 0x80000000, 2**32 - 1), id="endless attributes"),
        pytest.param(struct.pack(">IB", 15, Request.OPEN) + u32(1, 0, 1) + b"xx", id="attributes cut"),
    ],
)
def test_what_is_not_sftp_ends_the_connection(edge: Edge, partner: Partner, sent: bytes) -> None:
    async def trick(talk: Bare) -> None:
        talk.writer.write(sent)
        with pytest.raises((asyncio.IncompleteReadError, asyncssh.Error)):
            await talk.receive()

    play(edge, partner, trick)
    assert edge.told.names()["sftp_onleesbaar"] >= 1


def test_unknown_requests_are_answered_and_harmless(edge: Edge, partner: Partner) -> None:
    async def trick(talk: Bare) -> None:
        known = set(Request) - {Request.MKDIR, Request.RMDIR, Request.READLINK, Request.SYMLINK}
        for kind in sorted(set(range(256)) - known):
            assert (await talk.ask(kind, os.urandom(64))).code == Status.UNSUPPORTED
        for name in ("copy-data", "fsync@openssh.com", "expand-path@openssh.com", "home-directory", "check-file", "x" * 5000, b"\xff"):
            assert (await talk.ask(Request.EXTENDED, string(name) + os.urandom(64))).code == Status.UNSUPPORTED
        assert (await talk.ask(Request.STAT, string("/"))).kind == 105

    play(edge, partner, trick)


def test_reason_is_dutch_and_says_what_to_do(edge: Edge, partner: Partner) -> None:
    async def trick(talk: Bare) -> None:
        assert (await talk.open("in/a.xml", NEW)).reason.startswith("Zet een bestand eerst in de map in als naam.part")
        assert (await talk.ask(Request.MKDIR, string("in/x") + u32(0))).reason.startswith("Dit kan hier niet")

    play(edge, partner, trick)
