"""Made overviews and extracts behind the port of the edge: only calls, no decisions. Authority: `gateway.api.port_overzichtsblad`."""

from collections.abc import Mapping
from uuid import UUID

from gateway.core.chain import Sender, Trace
from gateway.overviews import assembled
from gateway.overviews.desk import OverviewDesk
from gateway.regelingen import extract
from schemas.overzicht import Overzicht
from schemas.uittreksel import Uittreksel


class OverzichtsbladDoor:
    """`gateway.api.port_overzichtsblad.OverzichtsbladPort`."""

    def __init__(self, desk: OverviewDesk) -> None:
        self._desk = desk

    def assembled(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, *, disclose: bool) -> Overzicht:
        """The overview."""
        return assembled.overview(caller, gemeente, trace, id, self._desk, disclose=disclose)

    def extract(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, *, disclose: bool) -> Uittreksel:
        """The extract."""
        return extract.extract(caller, gemeente, id, self._desk, trace if disclose else None)

    def names(self) -> Mapping[str, str]:
        """The names."""
        return assembled.names(self._desk)
