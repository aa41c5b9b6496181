"""What the log can say of the console: who logged in and out. Authority: BIO2 8.15.01. A person is a commitment."""

from typing import Literal

from gateway.privacylog.entry import Entry
from schemas.types import Gemeentecode

Rol = Literal["toezichthouder", "gemeente", "schuldeiser", "signaalpartner", "beheerder"]


class ConsoleAangemeld(Entry, frozen=True, kw_only=True, tag="console.aangemeld"):
    """Somebody (`gebruiker`) logged in, or went on in another role."""

    rol: Rol
    gemeente: Gemeentecode | None = None


class ConsoleAfgemeld(Entry, frozen=True, kw_only=True, tag="console.afgemeld"):
    """Somebody logged out."""

    rol: Rol
    gemeente: Gemeentecode | None = None
