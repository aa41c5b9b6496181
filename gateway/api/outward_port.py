"""What the doors need for what leaves a municipality: forwarding, letters, statistics; the part of `gateway.api.ports` for these.

Authority: architecture, "the house". The same promises hold: values or `gateway.core.errors`; what is not yours does not exist.
"""

from typing import NamedTuple, Protocol
from uuid import UUID

from gateway.core.chain import Sender, Trace
from schemas.brieven import BrievenAanvraag, Brievenbestand, Teksten
from schemas.ddas import Gegevens, GegevensVraag, StatistiekInstelling
from schemas.doorzending import Doorzending, Gemeentesleutels
from schemas.inbox import BerichtStand
from schemas.types import Gemeentecode


class OutwardPort(Protocol):
    """What a municipality sends out."""

    def keys(self, gemeentecode: Gemeentecode | None) -> Gemeentesleutels:
        """The public keys of participating municipalities, or of one. Raises NotFound."""
        ...

    def forward(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, request: Doorzending) -> BerichtStand:
        """Send a message on; the same again changes nothing. Raises NotFound, Conflict, Forbidden."""
        ...

    def merge(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: BrievenAanvraag) -> Brievenbestand:
        """A merge file: a disclosure of every message in it. Raises NotFound, Conflict, Forbidden, Unavailable."""
        ...

    def texts(self, gemeente: Gemeentecode) -> Teksten:
        """The texts in force."""
        ...

    def set_texts(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: Teksten) -> Teksten:
        """Change the texts."""
        ...

    def statistics(self, gemeente: Gemeentecode) -> StatistiekInstelling:
        """Who delivers the statistics."""
        ...

    def set_statistics(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: StatistiekInstelling) -> StatistiekInstelling:
        """Say who delivers. Raises Invalid."""
        ...


class SignedBody(NamedTuple):
    """The headers over a body."""

    digest: str
    signature: str


class StatisticsPort(Protocol):
    """The conversation of CBS."""

    def gegevens(self, caller: Sender, trace: Trace, request: GegevensVraag) -> Gegevens:
        """One page. Raises Invalid, Forbidden, Conflict, Unavailable."""
        ...

    def sign(self, body: bytes) -> SignedBody:
        """Sign exactly these bytes. Raises Unavailable: this gateway has no signing certificate."""
        ...
