"""Sessions: kept in the database, found by the hash of a token that only the browser has, and sealed under it.

Fifteen minutes idle and eight hours in all; a new token at login and at each change of role; logging out destroys, and so may the operator,
by whose they are. Whoever reads the table, or a copy of it, finds neither tokens nor names. Authority: ASVS 5.0 7.2-7.4, BIO2. Not bound to
the browser's address or name: an address changes under people who work, a name protects nothing. Leaves cookies to `cookies`, who may log
in to `identity`.
"""

import os
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.console import tokens
from gateway.console.identity import Identity
from gateway.core.clock import Clock
from gateway.privacylog.console import Rol
from gateway.store.database import Connection, Database
from schemas.types import Gemeentecode

IDLE, WHOLE, TOUCH = timedelta(minutes=15), timedelta(hours=8), timedelta(minutes=1)
_NONCE = 12
_INSERT = "INSERT INTO console_sessie (sleutel, begonnen, gezien, inhoud, gebruiker, gemeente) VALUES (%b, %s, %s, %b, %s, %s)"
_FIND = "SELECT begonnen, gezien, inhoud FROM console_sessie WHERE sleutel = %b AND gezien > %s AND begonnen > %s"
_TOUCH = "UPDATE console_sessie SET gezien = %s WHERE sleutel = %b"
_END = "DELETE FROM console_sessie WHERE sleutel = %b"
_SWEEP = "DELETE FROM console_sessie WHERE gezien <= %s OR begonnen <= %s"
_ALONE = "LOCK TABLE console_sessie IN SHARE ROW EXCLUSIVE MODE"  # no session goes on under another token meanwhile
_END_OF = "DELETE FROM console_sessie WHERE gebruiker = %s OR %s::text IS NULL RETURNING gebruiker, gemeente"


class _Kept(msgspec.Struct, frozen=True):
    identity: Identity
    rol: Rol


class Owner(NamedTuple):
    """Whose a session is: who logged in, as the log commits to him, and the municipality that he works for now."""

    gebruiker: str
    gemeente: Gemeentecode | None


class Session(NamedTuple):
    """An open session: its token, who it is, the role he works in, since when."""

    token: str
    identity: Identity
    rol: Rol
    begonnen: datetime

    @property
    def csrf(self) -> str:
        """What every form of this session carries."""
        return tokens.value(self.token, "formulier")

    def is_own(self, csrf: str) -> bool:
        """Whether a form is of this session."""
        return tokens.is_value(csrf, self.token, "formulier")


class Sessions:
    """The sessions of this installation, of whichever node. Every call is one transaction; raises Unavailable."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """`database` is of the role gw_console."""
        self._database = database
        self._clock = clock

    def begin(
        self, connection: Connection, owner: Owner, identity: Identity, rol: Rol, since: datetime | None = None
    ) -> Session:
        """A new session, in the caller's transaction; `since`: when it began under another token."""
        now = self._clock.now()
        session = Session(tokens.fresh(), identity, rol, since or now)
        self._sweep(connection)
        connection.execute(_INSERT, (tokens.found_by(session.token), session.begonnen, now, _sealed(session), *owner))
        return session

    def find(self, token: str, *, present: bool = True) -> Session | None:
        """The session of a cookie; None when there is none, or it is over. Counts as being there, unless nobody is `present`."""
        now = self._clock.now()
        if not tokens.is_token(token):
            return None
        with self._database.transaction() as connection:
            row = connection.execute(_FIND, (tokens.found_by(token), now - IDLE, now - WHOLE)).fetchone()
            if row is None:
                return None
            begonnen, gezien, inhoud = row
            if present and now - gezien > TOUCH:
                connection.execute(_TOUCH, (now, tokens.found_by(token)))
        kept = _opened(token, bytes(inhoud))
        return None if kept is None else Session(token, kept.identity, kept.rol, begonnen)

    def end(self, connection: Connection, token: str) -> bool:
        """Destroy a session, in the caller's transaction; whether it was there."""
        return connection.execute(_END, (tokens.found_by(token),)).rowcount == 1

    def end_of(self, connection: Connection, gebruiker: str | None) -> list[Owner]:
        """Destroy the open sessions of one person, or of everybody, in the caller's transaction; whose they were."""
        connection.execute(_ALONE)
        self._sweep(connection)
        return [Owner(*row) for row in connection.execute(_END_OF, (gebruiker, gebruiker))]

    def _sweep(self, connection: Connection) -> None:
        """Those that are over."""
        now = self._clock.now()
        connection.execute(_SWEEP, (now - IDLE, now - WHOLE))


def _sealed(session: Session) -> bytes:
    nonce = os.urandom(_NONCE)
    content = msgspec.json.encode(_Kept(session.identity, session.rol))
    return nonce + AESGCM(tokens.key(session.token, "inhoud")).encrypt(nonce, content, tokens.found_by(session.token))


def _opened(token: str, sealed: bytes) -> _Kept | None:
    try:
        content = AESGCM(tokens.key(token, "inhoud")).decrypt(sealed[:_NONCE], sealed[_NONCE:], tokens.found_by(token))
        return msgspec.json.decode(content, type=_Kept)
    except (InvalidTag, ValueError):  # a row that was changed
        return None
