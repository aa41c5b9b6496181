"""What the officer's door needs from the house. Authority: contract, "/toezicht/v1"; errors and conventions are those of `ports`."""

from datetime import date
from typing import Protocol
from uuid import UUID

from gateway.core.chain import Sender, Trace
from schemas.meldingen import Bezwaar, BezwaarAanvraag
from schemas.toezicht import (
    Beoordeeld,
    Beoordeling,
    Controlepunten,
    EigenAdres,
    EigenAdressen,
    InzageAanvraag,
    InzageBevestiging,
    Inzageuittreksel,
    Inzageverzoek,
    Lekrapport,
    LekVraag,
    Logregels,
    LogVraag,
    OntzegelAanvraag,
    OntzegelBesluit,
    Ontzegeld,
    Ontzegeling,
    Regelbewijs,
    Wachtrij,
)
from schemas.types import Gemeentecode
from schemas.verwerkingsregister import Verwerkingsregister


class OversightPort(Protocol):
    """The conversation of a privacy officer; `gemeente` is the code of the municipality whose mandate it has."""

    def search(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, vraag: LogVraag) -> Logregels:
        """A page of the log. Raises TooMany."""
        ...

    def entry(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID) -> Regelbewijs:
        """One entry with its proof. Raises NotFound, TooMany."""
        ...

    def checkpoints(self) -> Controlepunten:
        """The newest checkpoints."""
        ...

    def processings(self) -> Verwerkingsregister:
        """The register of processing activities."""
        ...

    def ask_access(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, aanvraag: InzageAanvraag) -> Inzageverzoek:
        """Find the messages of a resident. Raises Conflict, TooMany."""
        ...

    def access(self, gemeente: Gemeentecode, id: UUID) -> Inzageverzoek:
        """One request. Raises NotFound."""
        ...

    def confirm_access(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, said: InzageBevestiging) -> Inzageverzoek:
        """The municipality confirms. Raises NotFound, Forbidden, Conflict."""
        ...

    def extract(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID) -> Inzageuittreksel:
        """What the resident gets. Raises NotFound, Conflict, Unavailable."""
        ...

    def oppose(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: BezwaarAanvraag) -> tuple[Bezwaar, bool]:
        """Put an objection on the municipality's list; the flag is False when it stood there. Raises TooMany."""
        ...

    def breach(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, vraag: LekVraag) -> Lekrapport:
        """Who was touched, as counts."""
        ...

    def queue(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, van: date, days: int, *, signed: bool) -> Wachtrij:
        """Accesses that need a look, from a day on."""
        ...

    def sign_off(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, said: Beoordeling) -> Beoordeeld:
        """A word on an access. Raises NotFound, Forbidden."""
        ...

    def lives(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, said: EigenAdres) -> EigenAdressen:
        """Where one of the staff lives. Raises TooMany."""
        ...

    def ask_unsealing(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, request: OntzegelAanvraag) -> Ontzegeling:
        """Ask for a name. Raises NotFound."""
        ...

    def unsealing(self, gemeente: Gemeentecode, id: UUID) -> Ontzegeling:
        """Where it stands. Raises NotFound."""
        ...

    def decide(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID, said: OntzegelBesluit) -> Ontzegeling:
        """The second person. Raises NotFound, Forbidden, Conflict."""
        ...

    def unseal(self, caller: Sender, gemeente: Gemeentecode, trace: Trace, id: UUID) -> Ontzegeld:
        """What opens the name. Raises NotFound, Forbidden, Conflict, Gone, Unavailable."""
        ...
