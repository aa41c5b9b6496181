"""A partner's certificates at the door: a next one beside the last one, a revoked one out within 5 seconds, an end that is told in time."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from os import environ

import pytest

from certs.dev import DevPki, Issued
from gateway.onboarding import certificaten, registration
from gateway.partners.register import Deelnemer
from gateway.sandbox.sandbox import Sandbox
from tests.gateways import CLOCK, admit, metrics, office, once, running, seconds_until, tls

ROOT = "/schuldeiser/v1/"
LIMIT = 5.0
TERMS = {"00000099000036310000": 61, "00000099000036320000": 45, "00000099000036330000": 20, "00000099000036340000": 3}
"""Days that the only certificate of a partner has still."""
FRESH = (f"000000990000364{n}000" for n in range(10, 99))


def row(oin: str) -> Deelnemer:
    return Deelnemer(oin, "Verhuur Wissel", frozenset({"schuldeiser"}), "actief", frozenset({"huur"}))


@pytest.fixture(scope="module")
def warned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A gateway that starts with certificates that end soon."""
    with running(tmp_path_factory.mktemp("einde")) as sandbox:
        sandbox.stop()
        pki = DevPki.load(sandbox.state / "pki", CLOCK)
        with office(sandbox) as register:
            for oin, days in TERMS.items():
                admit(register, row(oin), pki.partner(oin, "Verhuur Wissel", valid_for=timedelta(days=days, hours=1)))
        sandbox.start()
        yield sandbox


def register_next(gateway: Sandbox, oin: str) -> Issued:
    issued = DevPki.load(gateway.state / "pki", CLOCK).partner(oin, "Verhuur Wissel")
    with office(gateway) as register:
        registration.save(register, *certificaten.rows(oin, certificaten.read(issued.cert_path.read_bytes())))
    return issued


def test_both_certificates_open_the_door_until_one_is_revoked(gateway: Sandbox) -> None:
    oin = next(FRESH)
    with office(gateway) as register:
        member = admit(register, row(oin), DevPki.load(gateway.state / "pki", CLOCK).partner(oin, "Verhuur Wissel"))
    old = tls(gateway, member.issued)
    assert seconds_until(200, lambda: once(gateway, old, ROOT)) < LIMIT
    new = tls(gateway, register_next(gateway, oin))
    assert seconds_until(200, lambda: once(gateway, new, ROOT)) < LIMIT
    assert once(gateway, old, ROOT) == 200  # the overlap
    with office(gateway) as register:
        registration.revoke_certificate(register, member.fingerprint)
    assert seconds_until(401, lambda: once(gateway, old, ROOT)) < LIMIT
    assert once(gateway, new, ROOT) == 200  # the control: nobody else is out, and the partner is not


@pytest.mark.parametrize("first", [True, False], ids=["registered", "not registered"])
def test_certificate_opens_the_door_once_it_is_registered(gateway: Sandbox, first: bool) -> None:
    oin = next(FRESH)
    pki = DevPki.load(gateway.state / "pki", CLOCK)
    with office(gateway) as register:
        admit(register, row(oin), pki.partner(oin, "Verhuur Wissel"))
    context = tls(gateway, register_next(gateway, oin) if first else pki.partner(oin, "Verhuur Wissel"))
    assert (seconds_until(200, lambda: once(gateway, context, ROOT), LIMIT) < LIMIT) == first
    assert once(gateway, context, ROOT) == (200 if first else 401)


def test_ends_are_told_from_the_start_on(warned: Sandbox) -> None:
    lines = ('{dagen="60"} 3.0', '{dagen="30"} 2.0', '{dagen="7"} 1.0')
    assert seconds_until(3, lambda: sum(f"seinhuis_certificates_ending{line}" in metrics(warned) for line in lines)) < LIMIT
    told = [line for line in (warned.state / "gateway.log").read_text().splitlines() if "certificaat_verloopt" in line]
    assert [[limit for limit in ('"binnen": 60', '"binnen": 30', '"binnen": 7') if limit in line] for line in told] == [
        ['"binnen": 7'], ['"binnen": 30'], ['"binnen": 60']
    ]  # fmt: skip
    assert [oin in line for line, oin in zip(told, reversed(TERMS), strict=False)] == [True] * 3


def test_next_certificate_ends_the_warning_on_the_command_line(warned: Sandbox) -> None:
    soonest = list(reversed(TERMS))
    assert listed(warned) == soonest[:3]
    register_next(warned, list(TERMS)[3])
    assert listed(warned) == soonest[1:3]


def listed(gateway: Sandbox) -> list[str]:
    """The partners that the command names."""
    command = [sys.executable, "-m", "gateway", "deelnemer", "certificaten"]
    environment = {**environ, "SEINHUIS_STATE": str(gateway.state)}
    done = subprocess.run(command, check=True, env=environment, timeout=60, capture_output=True, text=True)
    return [line.split(":")[0] for line in done.stdout.splitlines()]
