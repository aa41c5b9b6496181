"""A login service for gateways to try things on, and the settings of a gateway that logs people in there.

It runs in the process that asks for it, on this machine only, and asks no password and no second factor; the gateway takes that from a
service on its own machine alone. Leaves who can log in to its users.
"""

import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from adapters.synthetic.aanmelddienst import HOST, Aanmelddienst, Persoon
from gateway.app.house import open_office
from gateway.core.clock import Clock, dutch_day
from gateway.onboarding import registration, trial
from gateway.partners.register import Deelnemer, Mandaat
from gateway.sandbox.parties import INTEGRATOR, SCHULDEISERS
from gateway.sandbox.sandbox import Sandbox

PORT = 8445
OPERATOR = "00000099000000000000"


@contextmanager
def login_service(folder: Path, people: tuple[Persoon, ...]) -> Iterator[dict[str, str]]:
    """Serve; gives the settings of a gateway that logs people in there. `folder` holds the secret that both know."""
    port = _free_port()
    secret = secrets.token_urlsafe(32)
    file = folder / "aanmelddienst.geheim"
    file.touch(0o600)
    file.write_text(secret, encoding="ascii")
    with Aanmelddienst(people, "seinhuis", f"https://localhost:{port}/aanmelden/terug", client_secret=secret) as service:
        yield {
            "SEINHUIS_CONSOLE_PORT": str(port),
            "SEINHUIS_OIDC_ISSUER": service.issuer,
            "SEINHUIS_OIDC_CLIENT_SECRET": str(file),
            "SEINHUIS_OIDC_MFA": "false",
        }


def _free_port() -> int:
    """The usual one, or any other that is free."""
    with suppress(OSError), socket.create_server((HOST, PORT)):
        return PORT
    with socket.create_server((HOST, 0)) as found:
        return int(found.getsockname()[1])


def employ(sandbox: Sandbox, clock: Clock) -> None:
    """Register who stands at the counter; the integrator looks after one creditor."""
    with open_office(sandbox.settings, clock) as office:
        trial.admit(
            office,
            Deelnemer(INTEGRATOR, "Integrator Voorbeeld", frozenset({"integrator"}), "actief"),
            Deelnemer(OPERATOR, "Beheer Voorbeeld", frozenset({"beheerder"}), "actief"),
        )
        registration.save(office, Mandaat(INTEGRATOR, SCHULDEISERS[0].oin, "integrator", dutch_day(clock.now())))
