"""The flows behind `gateway.api.port_beheer.BeheerPort`: only calls, no decisions."""

from uuid import UUID

from gateway.core.chain import Sender, Trace
from gateway.core.errors import NotFound
from gateway.onboarding import changes, preview, requests, sight
from gateway.onboarding.counter import Counters
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


class BeheerDoor:
    """`gateway.api.port_beheer.BeheerPort`."""

    def __init__(self, counters: Counters) -> None:
        self._at = counters.integrator

    def partners(self, caller: Sender, trace: Trace) -> Deelnemers:
        """Its participants."""
        return sight.listed(self._at(caller, trace))

    def partner(self, caller: Sender, trace: Trace, oin: str) -> Deelnemerdossier:
        """One of them."""
        return sight.one(self._at(caller, trace), oin)

    def uses(self, caller: Sender, trace: Trace, oin: str, said: AansluitingAanvraag) -> None:
        """What it uses."""
        changes.uses(self._at(caller, trace), oin, said)

    def paper(self, caller: Sender, trace: Trace, oin: str, said: StukAanvraag) -> None:
        """A paper."""
        changes.paper(self._at(caller, trace), oin, said)

    def certificate(self, caller: Sender, trace: Trace, oin: str, said: CertificaatAanvraag) -> Certificaatuitgifte:
        """A certificate."""
        return changes.certificate(self._at(caller, trace), oin, said)

    def revoke(self, caller: Sender, trace: Trace, oin: str, said: CertificaatIntrekking) -> None:
        """Revoke a certificate."""
        changes.revoke(self._at(caller, trace), oin, said)

    def tested(self, caller: Sender, trace: Trace, oin: str, result: bytes) -> None:
        """A conformance result."""
        changes.tested(self._at(caller, trace), oin, result)

    def profiled(self, caller: Sender, trace: Trace, oin: str, said: ProfielAanvraag) -> None:
        """A mapping profile."""
        changes.profiled(self._at(caller, trace), oin, said)

    def step(self, caller: Sender, trace: Trace, oin: str, said: StapAanvraag) -> None:
        """A step."""
        changes.step(self._at(caller, trace), oin, said)

    def look(self, caller: Sender, trace: Trace, lijst: str) -> Lijstuitkomst:
        """What a list would change."""
        return requests.preview(self._at(caller, trace), lijst)

    def example(self, said: ProefAanvraag) -> Proefuitkomst:
        """How a profile reads an example."""
        return preview.preview(said)

    def ask(self, caller: Sender, trace: Trace, said: VerzoekAanvraag) -> Verzoek:
        """Ask a second person."""
        made = requests.ask(self._at(caller, trace), said)
        if made is None:  # only of the operator, who has no door here
            raise NotFound
        return made

    def asked(self, caller: Sender, trace: Trace) -> Verzoeken:
        """Its requests."""
        return requests.listed(self._at(caller, trace))

    def request(self, caller: Sender, trace: Trace, id: UUID) -> Verzoek:
        """One of them."""
        return requests.one(self._at(caller, trace), id).told()
