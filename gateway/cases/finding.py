"""The case of a message, for somebody who begins at the message. Without person data, so without entry. Authority: contract, `zaken`."""

from uuid import UUID

from gateway.cases import rows
from gateway.cases.desk import CaseDesk
from gateway.store.tenant import municipality
from schemas.zaken import Zaak


def of_message(gemeente: str, bericht: UUID, desk: CaseDesk) -> Zaak | None:
    """The case that holds a message of this municipality."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        return next(iter(rows.of_messages(connection, gemeente, [bericht])), None)
