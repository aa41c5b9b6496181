"""Who is calling, and for whom: decided anew on every request, also on an open connection.

Authority: Digikoppeling IdAuth 1.5 (identify organisations by the OIN in `subject.serialNumber`), Beveiliging PKI001-004
(dates, revocation list), `docs/contract.md` "who is who". Two questions in two steps, because only a refusal of a known party
goes on record: `party` (the certificate; 401) and `principal` (status, role, mandate; 400 and 403).
"""

import msgspec
from starlette.datastructures import Headers
from starlette.types import Scope

from gateway.api.ports import RevocationList, Snapshot
from gateway.api.protocol import peer
from gateway.api.revocation import leaf
from gateway.core.clock import Clock, dutch_day
from gateway.core.errors import Invalid, Unauthenticated, Unavailable
from gateway.partners import acting
from gateway.partners.register import Deelnemer, Register
from schemas.strict import Refused, convert
from schemas.types import Oin


class Caller(msgspec.Struct, frozen=True):
    """The connecting party and the principal it acts for."""

    party: Deelnemer
    principal: Deelnemer


class Gate:
    """The register, the revocation list and the clock behind the two questions."""

    def __init__(self, snapshot: Snapshot, revocations: RevocationList, clock: Clock) -> None:
        self.snapshot = snapshot
        self.clock = clock
        self._revocations = revocations

    def party(self, scope: Scope, register: Register) -> Deelnemer:
        """Whose certificate this is.

        Raises:
            Unauthenticated: none, unknown, of another organisation, expired or revoked. Unavailable: the revocation list is too old.
        """
        now = self.clock.now()
        shown = peer(scope)
        known = register.certificate(shown.sha256)
        facts = leaf(shown.der)
        if known is None or facts.oin != known.oin or (owner := register.partner(known.oin)) is None:
            raise Unauthenticated("CERTIFICAAT_ONBEKEND", "Dit certificaat is niet geregistreerd; meld het aan bij de beheerder.")
        if not (max(facts.valid_from, known.geldig_van) <= now <= min(facts.valid_until, known.geldig_tot)):
            raise Unauthenticated("CERTIFICAAT_VERLOPEN", "Dit certificaat is niet (meer) geldig; registreer een nieuw certificaat.")
        if self._revocations.stale():
            raise Unavailable("INTREKKINGSLIJST_VERLOPEN", "De intrekkingslijst is verouderd; probeer het later opnieuw.", retry_after=30)
        if known.ingetrokken_op is not None or self._revocations.is_revoked(facts.serial):
            raise Unauthenticated("CERTIFICAAT_INGETROKKEN", "Dit certificaat is ingetrokken; registreer een nieuw certificaat.")
        return owner

    def principal(self, headers: Headers, register: Register, party: Deelnemer, rol: str, *, schaduw: bool = False) -> Deelnemer:
        """For whom `party` acts at a door of this role. `schaduw`: who is in shadow may do this too.

        Raises:
            Forbidden: suspended, without the role, without a mandate. Invalid: `Namens` is malformed, or needed and absent.
        """
        return acting.principal(register, party, _named(headers), rol, dutch_day(self.clock.now()), schaduw=schaduw)


def identify(scope: Scope, gate: Gate, rol: str) -> Caller:
    """Both questions at once; raises what `Gate.party` and `Gate.principal` raise."""
    register = gate.snapshot()
    party = gate.party(scope, register)
    return Caller(party, gate.principal(Headers(scope=scope), register, party, rol))


def _named(headers: Headers) -> str | None:
    given = headers.getlist("namens")
    if not given:
        return None
    try:
        return convert(given[0] if len(given) == 1 else None, Oin)
    except Refused:
        raise Invalid("NAMENS_ONGELDIG", "De header Namens moet precies één OIN van 20 posities bevatten.") from None
