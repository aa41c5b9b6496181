"""What the door of the municipality needs for overviews that are made and extracts that are given; a part of `gateway.api.ports`.

Authority: architecture, "the house". The same promises hold: values or `gateway.core.errors`; what is not yours does not exist.
"""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from gateway.core.chain import Sender, Trace
from schemas.overzicht import Overzicht
from schemas.types import Gemeentecode
from schemas.uittreksel import Uittreksel


class OverzichtsbladPort(Protocol):
    """Overviews to read and to print."""

    def assembled(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, *, disclose: bool) -> Overzicht:
        """The overview of what was answered, opened in one logged disclosure; nothing is opened when `disclose` is False.

        Raises NotFound, Conflict (an own key), Forbidden, Unavailable.
        """
        ...

    def extract(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, *, disclose: bool) -> Uittreksel:
        """The resident's extract; nothing is put on record when `disclose` is False. Raises NotFound, Unavailable."""
        ...

    def names(self) -> Mapping[str, str]:
        """What the participants are called, by OIN."""
        ...
