"""Who somebody is, from the claims of the login service, by a small declared mapping; whatever is not as declared is refused.

The mapping says which claim holds what, and which of its values is which role here; a value that stands nowhere gives nothing. Claims say
who somebody is and for whom he works, the register says whether that organisation may (`gateway.partners.acting`), on every request anew.
Authority: BIO2 5.17.01 (MFA), OpenID Connect Core 2 (`amr`, `acr`), RFC 8176 (`mfa`). Leaves whether the claims are genuine to `signon`.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from gateway.core.errors import Misconfigured, Unauthenticated
from gateway.privacylog.console import Rol
from gateway.privacylog.staff import Person
from schemas.types import Gemeentecode, Kort, Naam, Oin

SHIPPED = files("gateway.console") / "toegang.toml"
_Subject = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$(?!\n)")]


class Identity(msgspec.Struct, frozen=True):
    """Who logged in: by whose word, what it calls him, his name, his organisation and municipality, the roles he may work in."""

    uitgever: str
    onderwerp: _Subject
    naam: Kort
    oin: Oin
    rollen: tuple[Rol, ...]
    gemeente: Gemeentecode | None = None

    @property
    def person(self) -> Person:
        """As the log takes him."""
        return Person(self.uitgever, self.onderwerp, self.naam)


class _Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    naam: Naam
    oin: Naam
    gemeente: Naam
    rollen: Naam


class Access(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The mapping: `claims` names the claim of each member, `rollen` the role here of each value; `acr` the levels that are MFA."""

    claims: _Names
    rollen: dict[Naam, Rol]
    acr: tuple[Naam, ...] = ()

    @classmethod
    def load(cls, path: Path | None) -> "Access":
        """Read the file of the installation, or the one that is shipped. Raises Misconfigured."""
        try:
            content = (path or SHIPPED).read_text(encoding="utf-8")
            return msgspec.convert(tomllib.loads(content), cls)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise Misconfigured(f"SEINHUIS_OIDC_ACCESS ({path}) is niet bruikbaar: {type(error).__name__}.") from None

    def identity(self, claims: Mapping[str, Any], *, mfa: bool) -> Identity:
        """Who this is.

        Args:
            claims: of a verified ID token.
            mfa: whether a second factor must be in them.

        Raises:
            Unauthenticated: without second factor; a member is absent or malformed; no role of ours.
        """
        if mfa and not self._is_strong(claims):
            raise Unauthenticated("TWEEDE_FACTOR_ONTBREEKT", "U bent aangemeld zonder tweede factor. Meld u opnieuw aan.")
        rollen = self._roles(claims.get(self.claims.rollen))
        if not rollen:
            raise Unauthenticated("ROL_ONBEKEND", "Uw account heeft geen rol in deze console. Vraag uw beheerder om de juiste rol.")
        value = {
            "uitgever": claims.get("iss"),
            "onderwerp": claims.get("sub"),
            "naam": claims.get(self.claims.naam),
            "oin": claims.get(self.claims.oin),
            "gemeente": claims.get(self.claims.gemeente),
            "rollen": rollen,
        }
        try:
            return msgspec.convert(value, Identity)
        except msgspec.ValidationError:
            raise Unauthenticated(
                "ACCOUNT_ONVOLLEDIG", "Uw account mist uw naam of organisatie, of zij zijn niet goed ingevuld. Vraag uw beheerder."
            ) from None

    def _is_strong(self, claims: Mapping[str, Any]) -> bool:
        if self.acr:
            return claims.get("acr") in self.acr
        amr = claims.get("amr")
        return isinstance(amr, list) and "mfa" in amr

    def _roles(self, given: object) -> tuple[Rol, ...]:
        """In the order of the mapping, each once."""
        values = [given] if isinstance(given, str) else given if isinstance(given, list) else []
        return tuple(dict.fromkeys(rol for value, rol in self.rollen.items() if value in values))
