"""How a conversation ends: a client that leaves, does not read or sends ahead, and an edge that stops. Nothing half is kept or lost."""

import asyncio
import threading
import time

import pytest

from adapters.sftp.wire import Mode, Request, Status
from tests.sftp.edges import NEW, Edge, bare, cut_off, edged, string, u32


@edged()
def test_broken_connection_throws_the_upload_away(limited: Edge) -> None:
    partner = limited.partner()

    async def attempt() -> None:
        async with limited.connect(partner) as connection:
            talk = await bare(connection)
            handle = (await talk.open("in/a.xml.part", NEW)).text
            await talk.write(handle, 0, b"half")
            connection.abort()

    asyncio.run(attempt())
    limited.stop()
    assert (partner.mailbox.parts, partner.mailbox.discarded) == ({}, 1)


@edged()
@pytest.mark.parametrize("closed", [True, False])
def test_receipt_is_gone_when_it_was_closed_and_not_when_the_connection_broke(limited: Edge, closed: bool) -> None:
    partner = limited.partner()
    limited.house.give(partner.oin, "uit", "bon.json", b"bon")

    async def attempt() -> None:
        async with limited.connect(partner) as connection:
            talk = await bare(connection)
            handle = (await talk.open("uit/bon.json", Mode.READ)).text
            assert (await talk.read(handle, 0, 99)).text == b"bon"
            if closed:
                await talk.ask(Request.CLOSE, string(handle))
            connection.abort()

    asyncio.run(attempt())
    limited.stop()
    assert partner.mailbox.out["uit"] == ({} if closed else {"bon.json": b"bon"})


@edged()
def test_client_that_does_not_read_costs_no_memory(limited: Edge) -> None:
    """Requests wait in the client once the answers are not taken: the server stops reading."""
    partner = limited.partner()
    limited.house.give(partner.oin, "uit", "groot.csv", bytes(250_000))

    async def attempt() -> int:
        async with limited.connect(partner, window=65536) as connection:
            talk = await bare(connection)
            handle = (await talk.open("uit/groot.csv", Mode.READ)).text
            talk.reader.channel.pause_reading()
            for number in range(200):
                talk.send(Request.READ, bytes(3) + bytes([number]) + string(handle) + bytes(8) + (250_000).to_bytes(4))
            await asyncio.sleep(0.5)
            waiting = sum(channel._chan.get_write_buffer_size() for c in limited.server._connections for channel in c.channels)
            talk.reader.channel.resume_reading()
            for _ in range(200):
                await talk.receive()
            return waiting

    assert 0 < asyncio.run(attempt()) < 1_000_000


@edged()
def test_client_that_sends_ahead_of_a_slow_house_costs_no_memory(limited: Edge) -> None:
    """Bytes wait in the client once the house does not take them: at most the window of SSH and what a stream may read ahead."""
    partner = limited.partner()
    piece, pieces = bytes(250_000), 80

    async def attempt() -> int:
        async with limited.connect(partner) as connection:
            talk = await bare(connection)
            handle = (await talk.open("in/a.xml.part", NEW)).text
            partner.mailbox.gate.clear()
            for number in range(pieces):
                talk.send(Request.WRITE, u32(number) + string(handle) + (number * len(piece)).to_bytes(8) + string(piece))
            await asyncio.sleep(0.5)
            waiting = talk.writer.channel.get_write_buffer_size()
            partner.mailbox.gate.set()
            assert {(await talk.receive()).body[4:8] for _ in range(pieces)} == {bytes(4)}
            await talk.ask(Request.CLOSE, string(handle))
            return waiting

    assert asyncio.run(attempt()) > len(piece) * pieces - 3_000_000
    assert bytes(partner.mailbox.parts["a.xml"].content) == piece * pieces


@edged()
def test_stop_waits_for_the_upload_in_progress_and_its_rename(limited: Edge) -> None:
    partner = limited.partner()

    async def attempt() -> None:
        async with limited.connect(partner) as connection:
            talk = await bare(connection)
            handle = (await talk.open("in/a.xml.part", NEW)).text
            await talk.write(handle, 0, b"eerste ")
            stopping = asyncio.get_running_loop().run_in_executor(None, limited.stop, 10.0)
            await asyncio.sleep(0.3)
            with pytest.raises(OSError):  # noqa: PT011 - nobody listens
                await asyncio.open_connection("127.0.0.1", limited.server.port)
            assert (await talk.open("in/b.xml.part", NEW)).reason.startswith("De dienst stopt")
            assert (await talk.write(handle, 7, b"tweede")).code == Status.OK
            assert (await talk.ask(Request.CLOSE, string(handle))).code == Status.OK
            await asyncio.sleep(0.5)
            assert (await talk.ask(Request.RENAME, string("in/a.xml.part") + string("in/a.xml"))).code == Status.OK
            begun = time.monotonic()
            await stopping
            assert time.monotonic() - begun < 5

    asyncio.run(attempt())
    assert partner.mailbox.taken == {"a.xml": b"eerste tweede"}


@edged()
def test_stop_cuts_off_who_takes_too_long(limited: Edge) -> None:
    partner = limited.partner()

    async def attempt() -> None:
        async with limited.connect(partner) as connection:
            talk = await bare(connection)
            await talk.open("in/a.xml.part", NEW)
            stopping = asyncio.get_running_loop().run_in_executor(None, limited.stop, 0.5)
            assert await cut_off(talk, 5) < 3
            await stopping

    asyncio.run(attempt())
    assert (partner.mailbox.parts, partner.mailbox.discarded) == ({}, 1)


@edged()
def test_stop_waits_for_a_house_that_is_still_writing_for_a_client_that_left(limited: Edge) -> None:
    partner = limited.partner()

    async def attempt() -> None:
        async with limited.connect(partner) as connection:
            talk = await bare(connection)
            handle = (await talk.open("in/a.xml.part", NEW)).text
            partner.mailbox.gate.clear()
            talk.send(Request.WRITE, bytes(4) + string(handle) + bytes(8) + string(b"half"))
            await asyncio.sleep(0.2)
            connection.abort()

    asyncio.run(attempt())
    threading.Timer(0.5, partner.mailbox.gate.set).start()
    limited.stop()
    assert (partner.mailbox.parts, partner.mailbox.discarded) == ({}, 1)
