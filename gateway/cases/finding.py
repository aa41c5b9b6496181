"""The case of a message, for somebody who begins at the message. Without person data, so without entry. Authority: contract, `zaken`."""

from collections.abc import Sequence
from uuid import UUID

from gateway.cases import rows
from gateway.cases.desk import CaseDesk
from gateway.store.tenant import municipality
from schemas.zaken import Zaak


def of_message(gemeente: str, bericht: UUID, desk: CaseDesk) -> Zaak | None:
    """The case that holds a message of this municipality."""
    return of_messages(gemeente, [bericht], desk).get(bericht)


def of_messages(gemeente: str, berichten: Sequence[UUID], desk: CaseDesk) -> dict[UUID, Zaak]:
    """The case of each of these messages, as far as they have one."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        found = rows.of_messages(connection, gemeente, berichten)
    wanted = set(berichten)
    return {m.bericht: zaak for zaak in found for m in zaak.berichten if m.bericht in wanted}
