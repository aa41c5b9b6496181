"""How much and how long: each limit is reached in a test, with a neighbour who notices nothing."""

import asyncio
import socket
import time
from contextlib import ExitStack

import asyncssh
import pytest

from adapters.sftp.limits import Limits
from adapters.sftp.wire import Mode, Request, Status
from tests.sftp.edges import GONE, NEW, Edge, Partner, bare, cut_off, edged, string


def begin(edge: Edge, partner: Partner, seconds: float) -> float:
    """Begin an upload and send nothing more. Returns after how long it was cut off."""

    async def attempt() -> float:
        async with edge.connect(partner) as connection:
            talk = await bare(connection)
            await talk.open("in/a.xml.part", NEW)
            return await cut_off(talk, seconds)

    return asyncio.run(attempt())


@edged()
@pytest.mark.parametrize("how", ["suspended", "revoked", "house silent"])
def test_access_that_ends_reaches_an_open_session(limited: Edge, how: str) -> None:
    partner, neighbour = limited.partner(), limited.partner()

    async def attempt() -> float:
        async with limited.connect(partner) as connection, limited.connect(neighbour) as beside:
            talk, other = await bare(connection), await bare(beside)
            await talk.open("in/a.xml.part", NEW)
            if how == "suspended":
                limited.house.suspend(partner.oin)
            elif how == "revoked":
                limited.house.revoke(partner.oin, partner.key.public_data)
            else:
                limited.house.failing = ConnectionError("weg")
            took = await cut_off(talk, 5)
            if how != "house silent":
                assert (await other.ask(Request.STAT, string("/"))).kind == 105
            return took

    assert asyncio.run(attempt()) < 5
    limited.stop()
    assert (partner.mailbox.parts, partner.mailbox.discarded) == ({}, 1)
    assert "sftp_toegang_onbekend" in limited.told.names() if how == "house silent" else limited.told.reasons()["ingetrokken"] == 1


def test_limits_as_they_are_reach_a_session_within_five_seconds() -> None:
    assert Limits().look_seconds + Limits().answer_seconds < 5


@edged(stall_seconds=0.5, stall_bytes=1000)
def test_upload_that_stalls_is_cut_off_and_thrown_away(limited: Edge) -> None:
    partner = limited.partner()
    assert begin(limited, partner, 5) < 3
    assert limited.told.reasons() == {"te_traag": 1}
    limited.stop()
    assert (partner.mailbox.parts, partner.mailbox.discarded) == ({}, 1)


@edged(stall_seconds=1.0, stall_bytes=1000)
def test_slow_upload_that_goes_on_is_left_alone_and_so_is_a_slow_house(limited: Edge) -> None:
    partner = limited.partner()

    async def attempt() -> None:
        async with limited.connect(partner) as connection:
            talk = await bare(connection)
            handle = (await talk.open("in/a.xml.part", NEW)).text
            for turn in range(15):
                assert (await talk.write(handle, turn * 1000, bytes(1000))).code == Status.OK
                await asyncio.sleep(0.1)
            partner.mailbox.gate.clear()
            asyncio.get_running_loop().call_later(1.5, partner.mailbox.gate.set)
            assert (await talk.write(handle, 15_000, b"x")).code == Status.OK

    asyncio.run(attempt())


@edged(idle_seconds=0.5)
def test_idle_session_is_closed(limited: Edge) -> None:
    partner = limited.partner()

    async def attempt() -> None:
        async with limited.connect(partner) as connection, limited.connect(partner) as without:
            await cut_off(await bare(connection), 5)
            await asyncio.wait_for(without.wait_closed(), 5)

    asyncio.run(attempt())
    assert limited.told.reasons() == {"stil": 2}


@edged(login_seconds=0.5)
def test_stranger_that_does_not_log_in_is_cut_off(limited: Edge) -> None:
    for said in (b"", b"SSH-2.0-stil\r\n", b"x" * 100):
        with socket.create_connection(("127.0.0.1", limited.server.port), timeout=10) as stranger:
            stranger.sendall(said)
            begun = time.monotonic()
            while stranger.recv(65536):
                pass
            assert time.monotonic() - begun < 3


@edged(waiting=5, per_address=3)
def test_strangers_are_limited_in_number_and_partners_inside_stay(limited: Edge) -> None:
    partner = limited.partner()

    async def attempt() -> None:
        async with limited.connect(partner) as connection:
            talk = await bare(connection)
            with ExitStack() as stack:
                for _ in range(3):
                    stranger = stack.enter_context(socket.create_connection(("127.0.0.1", limited.server.port), timeout=10))
                    assert stranger.recv(7) == b"SSH-2.0"
                refused = stack.enter_context(socket.create_connection(("127.0.0.1", limited.server.port), timeout=10))
                assert refused.recv(7) == b""
                assert (await talk.ask(Request.STAT, string("/"))).kind == 105
            await asyncio.sleep(0.2)
            async with limited.connect(partner):
                pass

    asyncio.run(attempt())


@edged(per_partner=2)
def test_partner_has_a_few_connections_and_another_its_own(limited: Edge) -> None:
    partner, other = limited.partner(), limited.partner()

    async def attempt() -> None:
        async with limited.connect(partner), limited.connect(partner):
            with pytest.raises(GONE):
                async with limited.connect(partner) as third:
                    await bare(third)
            async with limited.connect(other) as fourth:
                await bare(fourth)
        await asyncio.sleep(0.2)
        async with limited.connect(partner) as again:
            await bare(again)

    asyncio.run(attempt())
    assert limited.told.reasons() == {"te_veel_verbindingen": 1}


@edged(handles=3, sessions=2)
def test_files_per_session_and_sessions_per_connection_are_limited(limited: Edge) -> None:
    partner = limited.partner()

    async def attempt() -> None:
        async with limited.connect(partner) as connection:
            talk, _ = await bare(connection), await bare(connection)
            with pytest.raises(asyncssh.ChannelOpenError):
                await bare(connection)
            handles = [await talk.ask(Request.OPENDIR, string("uit")) for _ in range(4)]
            assert [answer.kind for answer in handles] == [102, 102, 102, 101]
            assert (await talk.open("in/a.xml.part", NEW)).reason.startswith("U hebt al 3 bestanden open")
            await talk.ask(Request.CLOSE, string(handles[0].text))
            assert (await talk.open("in/a.xml.part", NEW)).kind == 102

    asyncio.run(attempt())


@edged()
def test_events_name_no_file_and_no_secret(limited: Edge) -> None:
    partner = limited.partner()
    limited.house.give(partner.oin, "uit", "jansen-1985.json", b"x")

    async def attempt() -> None:
        async with limited.connect(partner) as connection:
            talk = await bare(connection)
            await talk.open("uit/jansen-1985.json", Mode.READ)
            await talk.open("in/jansen-1985.xml.part", NEW)
            talk.writer.write(bytes(8))
            await cut_off(talk, 5)

    asyncio.run(attempt())
    assert {"sftp_ingelogd", "sftp_onleesbaar"} <= set(limited.told.names())
    assert "jansen" not in repr(limited.told.lines)
