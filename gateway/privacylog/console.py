"""What the log can say of the console: who came, who went, whose session was ended. Authority: BIO2 8.15.01. A person is a commitment."""

from typing import Literal

from gateway.privacylog.entry import Entry
from schemas.types import Gemeentecode

Rol = Literal["toezichthouder", "gemeente", "schuldeiser", "signaalpartner", "integrator", "beheerder"]


class ConsoleAangemeld(Entry, frozen=True, kw_only=True, tag="console.aangemeld"):
    """Somebody (`gebruiker`) logged in, or went on in another role."""

    rol: Rol
    gemeente: Gemeentecode | None = None


class ConsoleAfgemeld(Entry, frozen=True, kw_only=True, tag="console.afgemeld"):
    """Somebody logged out."""

    rol: Rol
    gemeente: Gemeentecode | None = None


class ConsoleBeeindigd(Entry, frozen=True, kw_only=True, tag="console.beeindigd"):
    """The operator ended a session of somebody: `medewerker` is the commitment that was `gebruiker` when he came in."""

    medewerker: str
    gemeente: Gemeentecode | None = None
