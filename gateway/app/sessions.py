"""End sessions of the console, beside a running gateway or without one: role gw_console, as those that log in have.

Authority: ASVS 5.0 7.4.5 (an administrator ends sessions of one person or of all); `docs/operations.md`, "The console". Leaves the table
to `gateway.console.sessions`.
"""

from contextlib import ExitStack

from gateway.app.grounds import Grounds
from gateway.app.settings import Settings
from gateway.console.sessions import Sessions
from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock
from gateway.core.errors import Misconfigured
from gateway.policy.register import PurposeRegister
from gateway.privacylog import append, staff
from gateway.privacylog.console import ConsoleBeeindigd
from gateway.privacylog.entry import Frame
from gateway.privacylog.staff import Person
from gateway.store.database import Database


def end(database: Database, clock: Clock, frame: Frame, gebruiker: str | None) -> int:
    """End the open sessions of one person (as the log commits to him) or of everybody, an entry each; how many. Raises Unavailable."""
    with database.transaction() as connection:
        ended = Sessions(database, clock).end_of(connection, gebruiker)
        append.append(connection, [ConsoleBeeindigd(**frame.fields(), medewerker=whose, gemeente=gemeente) for whose, gemeente in ended])
    return len(ended)


def end_sessions(settings: Settings, clock: Clock, subject: str | None) -> int:
    """The same on one installation; `subject`: what its login service calls somebody, None: all. Raises Misconfigured, Unavailable."""
    if settings.oidc_issuer is None:
        raise Misconfigured("Er is geen console: zet SEINHUIS_OIDC_ISSUER zoals bij `seinhuis serve`.")
    with ExitStack() as stack:
        grounds = Grounds(settings, clock, stack, "seinhuis-sessies", 1)
        frame = Frame(
            Sender(settings.operator, settings.operator), Trace.fresh(), clock.now(), PurposeRegister.load().activity("beheren")
        )
        whose = None if subject is None else staff.committed(Person(settings.oidc_issuer, subject, ""), grounds.keys)
        return end(grounds.console(1), clock, frame, whose)
