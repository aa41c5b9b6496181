"""The page table: every page is one row; what must never be forgotten (session, role, mandate, own form, entry in the log) stands once.

The order of the checks is here and nowhere else: host, site, session, role, mandate, form of ours, its fields, then the flow. A refusal of
somebody we know is written down before it is answered. Authority: architecture, "four kinds of users"; ASVS 5.0 8.2 (deny by default). The
console decides nothing: a handler calls the flow that its row names, as the API does. Leaves what a page looks like to its template.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple
from uuid import UUID

from starlette.datastructures import Headers
from starlette.types import Receive

from gateway.console.forms import Fields
from gateway.console.gemeente import words
from gateway.console.gemeente.desk import GemeenteDesk
from gateway.console.identity import Identity
from gateway.console.schuldeiser.desk import SchuldeiserDesk
from gateway.core.chain import Sender, Trace
from gateway.core.errors import Forbidden, NotFound
from gateway.onboarding.counter import Counters
from gateway.onboarding.health import Round
from gateway.oversight.desk import OversightDesk
from gateway.partners import acting
from gateway.partners.register import Deelnemer, Register
from gateway.privacylog.console import Rol
from gateway.privacylog.entry import Entry
from schemas.verwerkingsregister import Verwerkingsregister


class Desks(NamedTuple):
    """What stands behind the pages; made by the composition root."""

    oversight: OversightDesk
    gemeente: GemeenteDesk
    schuldeiser: SchuldeiserDesk
    counters: Counters
    rounds: Callable[[], Sequence[Round]]
    processings: Callable[[], Verwerkingsregister]


@dataclass(frozen=True, slots=True)
class Visit:
    """What a handler gets. `fields` are the form of a POST, or what the row knows of a GET's query; `form`: what `read` made of it."""

    who: Identity
    caller: Sender
    principal: Deelnemer
    trace: Trace
    day: date
    id: UUID | None
    fields: Fields
    form: Any = None

    @property
    def gemeente(self) -> str:
        """The municipality's code. Raises Forbidden: the principal has none."""
        if self.principal.gemeentecode is None:
            raise Forbidden("GEMEENTE_ONBEKEND", "Bij deze organisatie is geen gemeentecode geregistreerd; bel de beheerder.")
        return self.principal.gemeentecode

    @property
    def key(self) -> UUID:
        """The id in the path. Raises NotFound: the row has none."""
        if self.id is None:
            raise NotFound
        return self.id

    @property
    def called(self) -> tuple[Sender, str, Trace]:
        """What every flow begins with."""
        return self.caller, self.gemeente, self.trace


class Arrival(NamedTuple):
    """A request whose body is still to come. `own`: whether a value is that of the session's forms."""

    caller: Sender
    trace: Trace
    headers: Headers
    receive: Receive
    own: Callable[[str], bool]


class Go(NamedTuple):
    """On to another page, by GET; `note` is a code whose words that page shows (`NOTES`)."""

    path: str
    note: str | None = None


Context = Mapping[str, Any]


class Shown(NamedTuple):
    """A page that is more than its context: a status of its own, or seconds after which the browser asks again (no script needed)."""

    context: Context
    status: int = 200
    refresh: int | None = None


class File(NamedTuple):
    """Something to keep instead of a page: its name, its media type, its content as a whole or piece by piece."""

    name: str
    media: str
    content: bytes | Iterator[bytes]


NOTES = {
    "beoordeeld": "Uw oordeel is vastgelegd.",
    "gevraagd": "Uw verzoek is vastgelegd. Een collega moet het goedkeuren voordat u de naam kunt openen.",
    "besloten": "Uw besluit is vastgelegd.",
    "inzage_gevraagd": "Het verzoek is vastgelegd. De gemeente bevestigt nu welke berichten van de inwoner zijn.",
    **words.NOTES,
    "vastgelegd": "De wijziging is vastgelegd.",
    "certificaat_ingetrokken": "Het certificaat is ingetrokken; binnen vijf seconden komt niemand er meer mee binnen.",
    "stap": "De stap is gezet.",
    "aangevraagd": "Uw verzoek is vastgelegd. Een ander van de beheerder besluit erover.",
    "signaal_ingetrokken": "Het signaal is ingetrokken.",
    "beantwoord": "Uw antwoord is vastgelegd en verzegeld voor de gemeente.",
    "ontvangen": "Uw bestand is ontvangen.",
    "opgeruimd": "De verslagen zijn opgeruimd.",
}
Handler = Callable[[Desks, Visit], Context | Go | Shown | File]
Takes = Callable[[Desks, Arrival], Awaitable[Any]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Page:
    """One row.

    `flow`: the functions of the house that it calls, by their full name (a test finds them). `leaves`: the entry that stands in the log
    once it was shown or done; None only where it shows and changes nothing of anybody. `read`: from the fields of a form to what the
    flow takes; a form that does not fit is shown again with its errors, on what `again` gives. `takes`: reads the body itself, as it
    comes, and checks that it is of this session; what it returns is the form. `menu`: its name in the menu. `query`: the members of a GET's
    query that it knows, each an identifier or a choice: which row, which page of a list. Whatever else stands in a link is not there, so
    that nobody is led to a form that somebody else filled in.
    """

    method: Literal["GET", "POST"]
    path: str
    rol: Rol
    titel: str
    template: str
    handler: Handler
    flow: tuple[str, ...]
    leaves: type[Entry] | None
    read: Callable[[Fields], Any] | None = None
    takes: "Takes | None" = None
    again: "Callable[[Desks, Visit], Context] | None" = None
    menu: str | None = None
    query: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """Its name in the log, when it refuses."""
        return f"console {self.method} {self.path}"


def caller_of(who: Identity, rol: Rol, register: Register, user: str, day: date) -> tuple[Sender, Deelnemer]:
    """For whom somebody works now, as the register has it.

    Raises:
        Forbidden: no such organisation, suspended, without the role or the mandate. Invalid: it works for several; the account names none.
    """
    named = None if who.gemeente is None else _town(who.gemeente, register)
    found = acting.principal_of(register, who.oin, named, rol, day)
    return Sender(who.oin, found.oin, user), found


def _town(gemeente: str, register: Register) -> str:
    """The OIN of a municipality. Raises Forbidden."""
    for party in register.deelnemers.values():
        if party.gemeentecode == gemeente and "gemeente" in party.rollen:
            return party.oin
    raise Forbidden("GEMEENTE_ONBEKEND", "De gemeente van uw account is hier niet geregistreerd; neem contact op met de beheerder.")
