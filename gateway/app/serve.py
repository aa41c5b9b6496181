"""`seinhuis serve`: the house, both doors and the inner listener under one signal handler; stops in the opposite order.

Authority: architecture, "processes": stop accepting, drain, then the flows, then the database.
"""

import resource
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from gateway.api import openapi
from gateway.api.caller import Gate
from gateway.api.edge import FIXED
from gateway.api.inner import inner_app
from gateway.api.listeners import Listener, Listeners
from gateway.api.machine import machine_app
from gateway.api.operation import House as Behind
from gateway.api.protocol import Limits
from gateway.api.public import SecurityTxt, public_app
from gateway.api.revocation import Revocations
from gateway.api.tls import server_context
from gateway.app import expiry
from gateway.app.console import console
from gateway.app.doors import CreditorDoor, MunicipalityDoor, RefusalLog
from gateway.app.house import House, open_house
from gateway.app.outward import StatisticsDoor, signer
from gateway.app.oversightdoor import OversightDoor
from gateway.app.papers import Papers, papers
from gateway.app.settings import Settings
from gateway.app.strangers import Strangers
from gateway.console import guard
from gateway.core.clock import Clock
from gateway.core.errors import SeinhuisError, Unavailable
from gateway.jobs.loops import Loop

LOOK_SECONDS = 1.0
EXPIRY_SECONDS = 86_400.0


def serve(settings: Settings, clock: Clock, ready: Callable[[Mapping[str, int]], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT. `ready` hears the ports once everything accepts.

    Raises:
        Misconfigured, OSError: it did not start. Unavailable: no database, or the embedded one ended by itself.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold clear person data
    with open_house(settings, clock) as house:
        house.purposes.require({activity for activity, _ in openapi.activities()})
        files = papers(settings)
        revocations = Revocations(files.crl, files.issuer, clock)
        listeners = Listeners(_listeners(settings, house, files, revocations), drain_seconds=settings.drain_seconds, ready=ready)
        loops = [
            Loop("intrekkingslijst", revocations.refresh, LOOK_SECONDS),
            Loop("certificaten", partial(expiry.warn, house.register.current, house.clock, house.metrics), EXPIRY_SECONDS),
            Loop("database", lambda: None if house.database.alive else listeners.stop(), LOOK_SECONDS),
        ]
        with ExitStack() as running:
            for loop in loops:
                loop.start()
                running.callback(loop.close)
            listeners.run()
        if not house.database.alive:
            raise Unavailable("DATABASE_GESTOPT", "De ingebouwde database is gestopt; start de gateway opnieuw.")


def _listeners(settings: Settings, house: House, files: Papers, revocations: Revocations) -> list[Listener]:
    gate = Gate(house.register.current, revocations, house.clock)
    refusals, strangers = RefusalLog(house), Strangers()
    machine = machine_app(
        Behind[Any](port=CreditorDoor(house), gate=gate, refusals=refusals, strangers=strangers),
        Behind[Any](port=MunicipalityDoor(house), gate=gate, refusals=refusals, strangers=strangers),
        _report,
        Behind[Any](port=StatisticsDoor(house, signer(settings)), gate=gate, refusals=refusals, strangers=strangers),
        Behind[Any](port=OversightDoor(house), gate=gate, refusals=refusals, strangers=strangers),
    )
    security = SecurityTxt(settings.security_contact, house.clock.now() + timedelta(days=180))
    public = public_app(lambda: _ready(house), security, house.public_keys(), _report)
    limits = Limits(per_peer=settings.connections_per_certificate)
    mutual = server_context(files.certificate, files.key, files.client_ca, tls12=settings.tls12)
    plain = server_context(files.certificate, files.key, None, tls12=settings.tls12)
    found = [
        Listener("mtls", house.metrics.watched(machine), settings.host, settings.port, mutual, limits, FIXED),
        Listener("public", house.metrics.watched(public), settings.host, settings.public_port, plain, headers=FIXED),
        Listener("inner", inner_app(house.metrics.registry, _report), "127.0.0.1", settings.inner_port),
    ]
    people = console(settings, house, strangers, _report)
    if people is not None:
        found.append(Listener("console", house.metrics.watched(people), settings.host, settings.console_port, plain, headers=guard.FIXED))
    return found


def _ready(house: House) -> bool:
    try:
        house.register.current()
        with house.inbox.transaction() as connection:
            connection.execute("SELECT 1")
    except SeinhuisError:
        return False
    return True


def _report(kind: str, where: str, trace_id: str) -> None:
    structlog.get_logger().error("onverwachte_fout", soort=kind, plaats=where, trace_id=trace_id)
