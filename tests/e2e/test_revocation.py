"""A party that was taken off the register, suspended or put on the revocation list is refused within 5 seconds, however it connects."""

import ssl
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from os import environ

import pytest

from certs.dev import DevPki
from gateway.onboarding import registration
from gateway.partners.register import Deelnemer
from gateway.sandbox.sandbox import Sandbox
from tests.gateways import CLOCK, Member, connect, enrol, hang_up, office, once, requests_served, seconds_until, status, tls

ROOT = "/schuldeiser/v1/"
LIMIT = 5.0
Act = Callable[[Sandbox, Member], None]
FRESH = (f"000000990000{n}000" for n in range(31001, 31999))


def newcomer(gateway: Sandbox) -> Member:
    naam = "Verhuur Voorbeeld"
    row = Deelnemer(next(FRESH), naam, frozenset({"schuldeiser"}), "actief", frozenset({"huur"}), frozenset({naam}))
    member = enrol(gateway, row)
    assert seconds_until(200, lambda: once(gateway, tls(gateway, member.issued), ROOT)) < LIMIT
    return member


def revoke(gateway: Sandbox, member: Member) -> None:
    with office(gateway) as register:
        registration.revoke_certificate(register, member.fingerprint)


def suspend(gateway: Sandbox, member: Member) -> None:
    with office(gateway) as register:
        registration.set_status(register, member.row.oin, "opgeschort")


def put_on_list(gateway: Sandbox, member: Member) -> None:
    DevPki.load(gateway.state / "pki", CLOCK).revoke(member.issued)


def by_command(gateway: Sandbox, member: Member) -> None:
    command = [sys.executable, "-m", "gateway", "deelnemer", "trek-certificaat-in", member.fingerprint.hex()]
    subprocess.run(command, check=True, env={**environ, "SEINHUIS_STATE": str(gateway.state)}, timeout=60)


WAYS = pytest.mark.parametrize(("act", "expected"), [(revoke, 401), (by_command, 401), (put_on_list, 401), (suspend, 403)])


@WAYS
def test_open_connection_is_refused_within_five_seconds(gateway: Sandbox, act: Act, expected: int) -> None:
    member = newcomer(gateway)
    with connect(gateway, tls(gateway, member.issued)) as sock:
        assert [status(sock, ROOT) for _ in range(3)] == [200] * 3
        act(gateway, member)
        assert seconds_until(expected, lambda: status(sock, ROOT)) < LIMIT  # on this socket: it is never opened anew


@WAYS
def test_new_connection_is_refused_within_five_seconds(gateway: Sandbox, act: Act, expected: int) -> None:
    member = newcomer(gateway)
    act(gateway, member)
    assert seconds_until(expected, lambda: once(gateway, tls(gateway, member.issued), ROOT)) < LIMIT
    assert once(gateway, tls(gateway, member.issued), ROOT) == expected


@WAYS
def test_resumed_tls12_session_is_refused_within_five_seconds(older_gateway: Sandbox, act: Act, expected: int) -> None:
    member = newcomer(older_gateway)
    context = tls(older_gateway, member.issued, ssl.TLSVersion.TLSv1_2)
    with connect(older_gateway, context) as sock:
        assert status(sock, ROOT) == 200
        session = sock.session
        hang_up(sock)

    def resumed() -> int:
        with connect(older_gateway, context, session) as again:
            assert again.session_reused  # no handshake with the certificate took place
            answer = status(again, ROOT)
            hang_up(again)
            return answer

    assert resumed() == 200  # the control: resumption does get in before
    act(older_gateway, member)
    assert seconds_until(expected, resumed) < LIMIT


def test_fifty_open_connections_are_all_refused(gateway: Sandbox) -> None:
    member = newcomer(gateway)
    context = tls(gateway, member.issued)
    with ExitStack() as stack:
        socks = [stack.enter_context(connect(gateway, context)) for _ in range(50)]
        assert {status(sock, ROOT) for sock in socks} == {200}
        revoke(gateway, member)
        assert seconds_until(401, lambda: status(socks[0], ROOT)) < LIMIT
        assert {status(sock, ROOT) for sock in socks[1:]} == {401}


def test_other_parties_are_not_touched_by_a_revocation(gateway: Sandbox) -> None:
    gone, stays = newcomer(gateway), newcomer(gateway)
    with connect(gateway, tls(gateway, stays.issued)) as sock:
        revoke(gateway, gone)
        assert seconds_until(401, lambda: once(gateway, tls(gateway, gone.issued), ROOT)) < LIMIT
        assert status(sock, ROOT) == 200


@pytest.mark.parametrize("maximum", [ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2], ids=["1.3", "1.2"])
def test_request_without_certificate_never_reaches_the_application(older_gateway: Sandbox, maximum: ssl.TLSVersion) -> None:
    member = newcomer(older_gateway)
    before = requests_served(older_gateway)
    for path in (ROOT, "/gemeente/v1/inbox/berichten", "/health", "/"):
        with pytest.raises(OSError, match=r"(?i)alert|reset|closed|pipe|eof"):
            once(older_gateway, tls(older_gateway, None, maximum), path)
    assert requests_served(older_gateway) == before
    assert once(older_gateway, tls(older_gateway, member.issued, maximum), ROOT) == 200
    assert requests_served(older_gateway) == before + 1  # the control: the count does see a request
