"""What the integrator's door needs from the house. Authority: contract, "/beheer/v1"; errors and conventions are those of `ports`."""

from typing import Protocol
from uuid import UUID

from gateway.core.chain import Sender, Trace
from schemas.beheer import (
    AansluitingAanvraag,
    CertificaatAanvraag,
    CertificaatIntrekking,
    Certificaatuitgifte,
    Deelnemerdossier,
    Deelnemers,
    Lijstuitkomst,
    StapAanvraag,
    StukAanvraag,
    Verzoek,
    VerzoekAanvraag,
    Verzoeken,
)
from schemas.profielproef import ProefAanvraag, Proefuitkomst, ProfielAanvraag
from schemas.types import Oin


class BeheerPort(Protocol):
    """The conversation of an integrator; `oin` is a participant that it looks after, of any other each call raises NotFound."""

    def partners(self, caller: Sender, trace: Trace) -> Deelnemers:
        """Its participants."""
        ...

    def partner(self, caller: Sender, trace: Trace, oin: Oin) -> Deelnemerdossier:
        """One of them."""
        ...

    def uses(self, caller: Sender, trace: Trace, oin: Oin, said: AansluitingAanvraag) -> None:
        """What it uses. Raises Conflict."""
        ...

    def paper(self, caller: Sender, trace: Trace, oin: Oin, said: StukAanvraag) -> None:
        """A paper. Raises Invalid."""
        ...

    def certificate(self, caller: Sender, trace: Trace, oin: Oin, said: CertificaatAanvraag) -> Certificaatuitgifte:
        """A certificate, or one on a request. Raises Invalid, Conflict."""
        ...

    def revoke(self, caller: Sender, trace: Trace, oin: Oin, said: CertificaatIntrekking) -> None:
        """Revoke a certificate."""
        ...

    def tested(self, caller: Sender, trace: Trace, oin: Oin, result: bytes) -> None:
        """A signed conformance result. Raises Invalid."""
        ...

    def profiled(self, caller: Sender, trace: Trace, oin: Oin, said: ProfielAanvraag) -> None:
        """A mapping profile. Raises Invalid."""
        ...

    def step(self, caller: Sender, trace: Trace, oin: Oin, said: StapAanvraag) -> None:
        """A step of the life cycle. Raises Forbidden, Conflict."""
        ...

    def look(self, caller: Sender, trace: Trace, lijst: str) -> Lijstuitkomst:
        """What a list of agreements would change."""
        ...

    def example(self, said: ProefAanvraag) -> Proefuitkomst:
        """How a profile reads an example; nothing is kept."""
        ...

    def ask(self, caller: Sender, trace: Trace, said: VerzoekAanvraag) -> Verzoek:
        """Ask what it may not do alone. Raises Invalid, NotFound."""
        ...

    def asked(self, caller: Sender, trace: Trace) -> Verzoeken:
        """Its requests."""
        ...

    def request(self, caller: Sender, trace: Trace, id: UUID) -> Verzoek:
        """One of them. Raises NotFound."""
        ...
