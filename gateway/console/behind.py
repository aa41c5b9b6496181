"""What stands behind the console, and the one way in: from a cookie to who it is and for whom he works now.

Made by the composition root. Authority: ASVS 5.0 7.2 and 8.2. Whoever comes in or goes out stands in the log, in the transaction that
makes or ends the session. Leaves what the claims said to `identity`, and the cookies to who answers.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from starlette.datastructures import Headers

from gateway.console import cookies
from gateway.console.identity import Access, Identity
from gateway.console.pages import Desks, Page, caller_of
from gateway.console.render import Pages
from gateway.console.sessions import Owner, Session, Sessions
from gateway.console.signon import SignOn
from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock, dutch_day
from gateway.core.errors import Forbidden, Invalid, SeinhuisError
from gateway.keys.keystore import KeyStore
from gateway.partners.register import Deelnemer, Register
from gateway.privacylog import append, staff
from gateway.privacylog.console import ConsoleAangemeld, ConsoleAfgemeld, Rol
from gateway.privacylog.entry import Frame
from gateway.store.database import Connection, Database
from gateway.store.tenant import Tenant, municipality, parties

Refused = Callable[[Sender, Trace, str, str], None]
"""Of whom, in which trace, with which code, at which page."""


class Arrived(NamedTuple):
    """Somebody in an open session, and for whom he works."""

    session: Session
    caller: Sender
    principal: Deelnemer


class Behind(NamedTuple):
    """`database` is of the role gw_console; `origin` is the address of the console (`https://host[:port]`); `mfa`: a second factor is
    asked; `refused` writes a refusal of somebody known on record, `strangers` hears of the others; `activity` is the flow's (AVG art. 30).
    """

    desks: Desks
    table: tuple[Page, ...]
    pages: Pages
    signon: SignOn
    access: Access
    mfa: bool
    origin: str
    database: Database
    keys: KeyStore
    register: Callable[[], Register]
    clock: Clock
    refused: Refused
    strangers: Callable[[str], None]
    activity: str
    committed: Callable[[], None]

    @property
    def sessions(self) -> Sessions:
        """The sessions."""
        return Sessions(self.database, self.clock)

    def session(self, headers: Headers, *, present: bool = True) -> Session | None:
        """The open session of a request; it counts as being there, unless nobody is `present`."""
        token = cookies.read(headers, cookies.SESSION)
        return self.sessions.find(token, present=present) if token else None

    def caller(self, who: Identity, rol: Rol) -> tuple[Sender, Deelnemer]:
        """For whom somebody works now. Raises Forbidden, Invalid."""
        user = staff.committed(who.person, self.keys)
        return caller_of(who, rol, self.register(), user, dutch_day(self.clock.now()))

    def served(self, who: Identity) -> dict[Rol, tuple[Sender, Deelnemer]]:
        """The roles that somebody can work in here now, in the order of his account."""
        found = {}
        for rol in who.rollen:
            with suppress(Forbidden, Invalid):
                if any(page.rol == rol for page in self.table):
                    found[rol] = self.caller(who, rol)
        return found

    def home(self, rol: Rol) -> str:
        """The first page of a role."""
        return next(page.path for page in self.table if page.rol == rol)

    def enter(self, who: Identity, trace: Trace) -> Session:
        """Begin a session in the first role that is served. Raises Forbidden, Invalid: there is none."""
        served = self.served(who)
        if not served:
            try:
                self.caller(who, who.rollen[0])
            except SeinhuisError as error:
                self.strangers(error.code)
                raise
            raise Forbidden("ROL_ZONDER_PAGINAS", "Voor uw rol zijn er in deze console geen pagina's.")
        rol, (caller, principal) = next(iter(served.items()))
        with self.database.transaction(_of(principal)) as connection:
            session = self._begin(connection, who, rol, caller, principal, trace)
        self.committed()
        return session

    def change(self, session: Session, rol: str, trace: Trace) -> Session:
        """Go on in another role, under another token. Raises Forbidden: not one of his, or the session ended meanwhile."""
        found = {str(one): (one, *rest) for one, rest in self.served(session.identity).items()}.get(rol)
        if found is None:
            raise Forbidden("ROL_ONTBREEKT", "Deze rol hoort niet bij uw account.")
        role, caller, principal = found
        with self.database.transaction(_of(principal)) as connection:
            if not self.sessions.end(connection, session.token):
                raise Forbidden("FORMULIER_VERLOPEN", "Uw sessie is intussen beëindigd. Meld u opnieuw aan op de beginpagina.")
            begun = self._begin(connection, session.identity, role, caller, principal, trace, session.begonnen)
        self.committed()
        return begun

    def leave(self, session: Session, trace: Trace) -> None:
        """End a session."""
        who = session.identity
        sender = Sender(who.oin, who.oin, staff.committed(who.person, self.keys))
        with self.database.transaction() as connection:
            self.sessions.end(connection, session.token)
            append.append(connection, [ConsoleAfgemeld(**self._frame(sender, trace).fields(), rol=session.rol, gemeente=who.gemeente)])
        self.committed()

    def shown(self, arrived: Arrived, path: str) -> Mapping[str, object]:
        """What every page of a session shows: who it is, the menu, the value of its forms."""
        session = arrived.session
        return {
            "wie": session.identity,
            "organisatie": arrived.principal.naam,
            "rol": session.rol,
            "rollen": tuple(self.served(session.identity)),
            "csrf": session.csrf,
            "menu": [page for page in self.table if page.rol == session.rol and page.menu],
            "hier": path,
        }

    def _begin(
        self, connection: Connection, who: Identity, rol: Rol, caller: Sender, principal: Deelnemer, trace: Trace,
        since: datetime | None = None,
    ) -> Session:  # fmt: skip
        gemeente = principal.gemeentecode
        if gemeente is not None:
            staff.came(connection, gemeente, who.person, self.keys, dutch_day(self.clock.now()))
        append.append(connection, [ConsoleAangemeld(**self._frame(caller, trace).fields(), rol=rol, gemeente=gemeente)])
        return self.sessions.begin(connection, Owner(staff.committed(who.person, self.keys), gemeente), who, rol, since)

    def _frame(self, caller: Sender, trace: Trace) -> Frame:
        return Frame(caller, trace, self.clock.now(), self.activity)


def _of(principal: Deelnemer) -> Tenant:
    return municipality(principal.gemeentecode) if principal.gemeentecode else parties(principal.oin)
