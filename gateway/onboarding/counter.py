"""The counter of the partner register: who stands at it, and of which participants he may see and change anything.

The operator's people see everybody; an integrator its own participants, by a mandate in the role `integrator`. Its transactions run under a
database role and a signed context of their own, so that another's row is not there for it, whatever this code does (decision 0040).
"""

from collections.abc import Callable
from typing import NamedTuple

from cryptography import x509

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Forbidden, NotFound
from gateway.onboarding.registration import Office
from gateway.partners.acting import INTEGRATOR
from gateway.partners.register import Register
from gateway.store.acting import Acting
from gateway.store.database import Database
from gateway.store.tenant import parties
from schemas.types import Oin

Issue = Callable[[x509.CertificateSigningRequest, Oin, str], bytes]
"""Issue a certificate (its chain, PEM) on a request, for an OIN and a name."""


class Counter(NamedTuple):
    """Somebody at the counter. `office` writes as him; `own`: the participants of an integrator, None for the operator: everybody.

    `issue`: issues certificates, in an installation to try things on only.
    """

    office: Office
    caller: Sender
    own: frozenset[Oin] | None = None
    issue: Issue | None = None

    @property
    def is_operator(self) -> bool:
        """Whether this is one of the operator's people."""
        return self.own is None

    def require(self, oin: Oin) -> None:
        """Raises NotFound: not a participant of his; the same words as of one that is not there at all."""
        if self.own is not None and oin not in self.own:
            raise unknown()

    def require_operator(self) -> None:
        """Raises Forbidden."""
        if not self.is_operator:
            raise Forbidden("ALLEEN_BEHEERDER", "Dit doet alleen de beheerder van deze gateway.")


class Counters(NamedTuple):
    """What the counter is made of: the operator's office, the database of the integrators' role, the register."""

    office: Office
    database: Database
    register: Callable[[], Register]
    issue: Issue | None = None

    def operator(self, caller: Sender, trace: Trace) -> Counter:
        """For one of the operator's people. Raises Forbidden: he works for somebody else, or nobody knows who he is."""
        if caller.party != self.office.operator or caller.user is None:
            raise Forbidden("ALLEEN_BEHEERDER", "Dit doet alleen de beheerder van deze gateway.")
        return Counter(self._as(caller, trace), caller, issue=self.issue)

    def integrator(self, caller: Sender, trace: Trace) -> Counter:
        """For an integrator, and the participants that let it act today."""
        own = self.register().principals(caller.party, INTEGRATOR, dutch_day(self.office.clock.now()))
        office = self._as(caller, trace)._replace(database=Acting(self.database, parties(caller.party, *own)))
        return Counter(office, caller, own, self.issue)

    def _as(self, caller: Sender, trace: Trace) -> Office:
        return self.office._replace(by=caller, trace=lambda: trace)


def unknown() -> NotFound:
    """Of a participant that is not there, or is somebody else's."""
    return NotFound("DEELNEMER_ONBEKEND", "Er is geen deelnemer met dit OIN.")
