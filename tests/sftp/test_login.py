"""Who comes in and with which algorithms, asserted on the wire; and that there is nothing behind the door but SFTP."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from adapters.sftp import algorithms
from adapters.sftp.wire import Fields
from tests.sftp.edges import Edge, Partner, bare

LISTS = ("kex", "host key", *(f"{what} {way}" for what in ("cipher", "mac", "compression", "language") for way in ("in", "out")))


@pytest.fixture
def partner(edge: Edge) -> Partner:
    return edge.partner()


def offered(port: int) -> tuple[bytes, dict[str, list[str]]]:
    """What a server says first: its version and its lists of algorithms (RFC 4253 7.1), as bytes off the wire."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection, connection.makefile("rb") as stream:
        connection.sendall(b"SSH-2.0-kijker\r\n")
        version = stream.readline()
        packet = Fields(stream.read(int.from_bytes(stream.read(4))))
        packet.take(1 + 1 + 16)  # padding length, message number, cookie
        return version, {name: packet.string().decode().split(",") for name in LISTS}


def test_server_offers_these_algorithms_and_no_others(edge: Edge) -> None:
    version, lists = offered(edge.server.port)
    assert version == b"SSH-2.0-Seinhuis\r\n"
    assert lists["kex"] == [*algorithms.KEY_EXCHANGES, "ext-info-s", "kex-strict-s-v00@openssh.com"]
    assert lists["host key"] == ["ssh-ed25519"]
    assert lists["cipher in"] == lists["cipher out"] == list(algorithms.CIPHERS)
    assert lists["mac in"] == lists["mac out"] == list(algorithms.MACS)
    assert lists["compression in"] == lists["compression out"] == ["none"]


WEAK = ("sha1", "cbc", "md5", "3des", "arcfour", "group1", "ssh-dss", "-96", "umac", "chacha20", "zlib")


def weak(lists: dict[str, list[str]]) -> set[str]:
    return {word for word in WEAK for names in lists.values() for name in names if word in name}


def test_nothing_weak_is_offered(edge: Edge) -> None:
    assert weak(offered(edge.server.port)[1]) == set()


def test_control_a_server_by_default_offers_what_we_call_weak() -> None:
    async def serve() -> dict[str, list[str]]:
        server = await asyncssh.listen("127.0.0.1", 0, server_host_keys=[asyncssh.generate_private_key("ssh-rsa")])
        _, lists = await asyncio.to_thread(offered, server.get_port())
        server.close()
        return lists

    assert {"sha1", "group1", "chacha20", "zlib"} <= weak(asyncio.run(serve()))


async def entered(edge: Edge, partner: Partner, **options: Any) -> str:
    async with edge.connect(partner, **options) as connection:
        await bare(connection)
        return str(connection.get_extra_info("send_cipher"))


@pytest.mark.parametrize("cipher", algorithms.CIPHERS)
@pytest.mark.parametrize("exchange", algorithms.KEY_EXCHANGES)
def test_every_offered_algorithm_works(edge: Edge, partner: Partner, cipher: str, exchange: str) -> None:
    assert asyncio.run(entered(edge, partner, encryption_algs=[cipher], kex_algs=[exchange])) == cipher


@pytest.mark.parametrize("mac", algorithms.MACS)
def test_every_mac_works(edge: Edge, partner: Partner, mac: str) -> None:
    assert asyncio.run(entered(edge, partner, encryption_algs=["aes256-ctr"], mac_algs=[mac])) == "aes256-ctr"


@pytest.mark.parametrize(
    "options",
    [
        {"kex_algs": ["diffie-hellman-group14-sha1"]}, {"kex_algs": ["diffie-hellman-group16-sha512"]}, {"encryption_algs": ["aes128-cbc"]},
        {"encryption_algs": ["chacha20-poly1305@openssh.com"]}, {"encryption_algs": ["aes256-ctr"], "mac_algs": ["hmac-sha1"]},
        {"compression_algs": ["zlib"]}, {"compression_algs": ["zlib@openssh.com"]}, {"server_host_key_algs": ["ssh-rsa"]},
    ],
)  # fmt: skip
def test_client_that_knows_only_other_algorithms_is_refused(edge: Edge, partner: Partner, options: dict[str, list[str]]) -> None:
    with pytest.raises((asyncssh.KeyExchangeFailed, asyncssh.ConnectionLost)):
        asyncio.run(entered(edge, partner, **options))


def refused(edge: Edge, partner: Partner, **options: Any) -> None:
    with pytest.raises(asyncssh.PermissionDenied):
        asyncio.run(entered(edge, partner, **options))


def test_other_key_other_user_and_no_key_are_refused(edge: Edge, partner: Partner) -> None:
    other = edge.partner()
    stranger = asyncssh.generate_private_key("ssh-ed25519")
    refused(edge, partner, client_keys=[other.key])
    refused(edge, partner, client_keys=[stranger])
    refused(edge, partner, username=other.oin)
    refused(edge, partner, username="root")
    refused(edge, partner, username="")
    refused(edge, partner, client_keys=[], password="geheim")
    refused(edge, partner, client_keys=None, preferred_auth="keyboard-interactive,password,hostbased")
    assert edge.told.reasons()["onbekend"] >= 5


def test_key_that_is_too_weak_is_refused_even_when_registered(edge: Edge) -> None:
    refused(edge, edge.partner("ssh-rsa", 2048))
    refused(edge, edge.partner("ssh-ed448"))
    assert edge.told.reasons()["sleutel_te_zwak"] >= 1


def test_certificate_of_a_partner_is_no_key(edge: Edge, partner: Partner) -> None:
    authority = asyncssh.generate_private_key("ssh-ed25519")
    certificate = authority.generate_user_certificate(partner.key, "partner", principals=[partner.oin])
    stranger = asyncssh.generate_private_key("ssh-ed25519")
    theirs = authority.generate_user_certificate(stranger, "vreemde", principals=[partner.oin])
    assert asyncio.run(entered(edge, partner, client_keys=[(partner.key, certificate)]))  # falls back to the key itself
    refused(edge, partner, client_keys=[(stranger, theirs)])


class Sha1Key(asyncssh.SSHKeyPair):
    """Promises SHA-256 and signs with SHA-1."""

    def __init__(self, key: asyncssh.SSHKey) -> None:
        super().__init__(b"ssh-rsa", b"rsa-sha2-256", (b"rsa-sha2-256",), (b"rsa-sha2-256",), key.public_data, None)
        self._key = key

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data, b"ssh-rsa")


def test_signature_with_sha1_is_refused(edge: Edge) -> None:
    partner = edge.partner("ssh-rsa")
    assert asyncio.run(entered(edge, partner))
    refused(edge, partner, client_keys=[Sha1Key(partner.key)])


def test_control_the_library_by_itself_takes_sha1() -> None:
    key, host = asyncssh.generate_private_key("ssh-rsa"), asyncssh.generate_private_key("ssh-ed25519")

    class Ours(asyncssh.SSHServer):
        def public_key_auth_supported(self) -> bool:
            return True

        def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
            return True

    async def serve() -> str:
        server = await asyncssh.listen("127.0.0.1", 0, server_host_keys=[host], server_factory=Ours, signature_algs=algorithms.SIGNATURES)
        options: dict[str, Any] = {"known_hosts": None, "config": None, "agent_path": None}
        try:
            connection = await asyncssh.connect("127.0.0.1", server.get_port(), username="x", client_keys=[Sha1Key(key)], **options)
            connection.close()
        finally:
            server.close()
        return str(connection.get_extra_info("username"))

    assert asyncio.run(serve()) == "x"


def test_keys_are_tried_a_few_times_only(edge: Edge, partner: Partner) -> None:
    strangers = [asyncssh.generate_private_key("ssh-ed25519") for _ in range(8)]
    with pytest.raises(asyncssh.DisconnectError):
        asyncio.run(entered(edge, partner, client_keys=[*strangers, partner.key]))
    assert edge.told.reasons()["te_vaak"] == 1


def test_house_that_fails_lets_nobody_in(edge: Edge, partner: Partner) -> None:
    edge.house.failing = OSError("kapot")
    try:
        with pytest.raises((asyncssh.Error, OSError)):
            asyncio.run(entered(edge, partner))
    finally:
        edge.house.failing = None
    assert ("sftp_toegang_onbekend", "OSError") in [(event, fields.get("soort")) for event, fields in edge.told.lines]
    assert asyncio.run(entered(edge, partner))


@pytest.mark.parametrize("what", ["shell", "exec", "scp", "pty", "agent", "other subsystem"])
def test_nothing_but_sftp_starts(edge: Edge, partner: Partner, what: str) -> None:
    asked: dict[str, dict[str, object]] = {
        "shell": {}, "exec": {"command": "id"}, "scp": {"command": "scp -f uit/bon.json"}, "other subsystem": {"subsystem": "netconf"},
        "pty": {"term_type": "xterm", "command": "id"}, "agent": {"command": "id"},
    }  # fmt: skip

    async def attempt() -> None:
        async with edge.connect(partner, agent_forwarding=what == "agent") as connection:
            with pytest.raises(asyncssh.ChannelOpenError):
                await connection.open_session(**asked[what])

    asyncio.run(attempt())


def test_nothing_is_forwarded(edge: Edge, partner: Partner, tmp_path: Path) -> None:
    async def attempt() -> None:
        async with edge.connect(partner) as connection:
            with pytest.raises(asyncssh.ChannelOpenError):
                await connection.open_connection("127.0.0.1", edge.server.port)
            with pytest.raises(asyncssh.ChannelOpenError):
                await connection.open_unix_connection(str(tmp_path / "x"))
            with pytest.raises(asyncssh.ChannelListenError):
                await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", 1)
            with pytest.raises(asyncssh.ChannelListenError):
                await connection.forward_remote_path(str(tmp_path / "y"), str(tmp_path / "z"))

    asyncio.run(attempt())
