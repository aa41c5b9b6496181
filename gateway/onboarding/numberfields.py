"""Number fields that are held for review: what an operator sees, and their release, which is logged. No value is kept anywhere.

Authority: `gateway.mailbox.numberwatch`. Leaves asking the partner what its numbers are to the operator.
"""

from datetime import date

from gateway.core.chain import Sender
from gateway.core.clock import dutch_day
from gateway.core.errors import NotFound
from gateway.mailbox import numberwatch
from gateway.mailbox.numberwatch import Field, Held
from gateway.onboarding.registration import Office
from gateway.privacylog import append
from gateway.privacylog.entry import Frame
from gateway.privacylog.settings import NummerveldVrijgegeven


def overview(office: Office) -> list[Held]:
    """Every field that was counted or is held, those that are held first."""
    with office.database.transaction() as connection:
        return numberwatch.overview(connection, dutch_day(office.clock.now()))


def release(office: Office, field: Field, until: date | None) -> None:
    """Release a held field and count anew, from the day after `until`. Raises NotFound."""
    frame = Frame(Sender(office.operator, office.operator), office.trace(), office.clock.now(), office.activity("beheren"))
    with office.database.transaction() as connection:
        if not numberwatch.release(connection, field, office.clock.now(), until):
            raise NotFound("NUMMERVELD_NIET_AANGEHOUDEN", "Dit nummerveld van deze deelnemer wordt niet aangehouden.")
        append.append(connection, [NummerveldVrijgegeven(**frame.fields(), deelnemer=field.partij, onderdeel=field.veld)])
