"""The door of an installation to try things on: lets a participant in without its papers, and leaves a mark that production refuses.

Authority: decision 0036; architecture, keys (no default outside the demo). It opens only where
`SEINHUIS_PROEF` is set, only for OINs of the test range, takes every step of the life cycle (the database knows no other way in) and puts
each on record as a trial. `require_none` is what production asks before it serves.
"""

import msgspec

from gateway.core.errors import Conflict, Misconfigured
from gateway.onboarding import levenscyclus, registration
from gateway.onboarding.registration import Office
from gateway.partners import administration
from gateway.partners.administration import Row
from gateway.partners.dossier import Proeftoelating
from gateway.partners.register import Deelnemer
from gateway.partners.rows import sealer
from gateway.store.database import Database

TEST_RANGE = "00000099"


def admit(office: Office, *rows: Row) -> None:
    """Save rows, all or none; participants that are new come in with the status that they have here, others keep theirs.

    Raises:
        Conflict: not an installation to try things on, or an OIN outside the test range. Besides what `registration.save` raises.
    """
    if not office.trial:
        raise Conflict("PROEFTOELATING_UIT", "Alleen een proefopstelling (SEINHUIS_PROEF) laat deelnemers toe zonder hun stukken.")
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        for row in rows:
            if isinstance(row, Deelnemer):
                known = administration.partner(connection, row.oin, keyed)
                begun = levenscyclus.PAD[0] if known is None else known.status
                registration.save_in(office, connection, [_with(row, begun)])
                if known is None:
                    _take_in(office, connection, row)
        registration.save_in(office, connection, [row for row in rows if not isinstance(row, Deelnemer)])


def require_none(database: Database) -> None:
    """Raises Misconfigured: this database has participants that were let in to try things."""
    with database.transaction() as connection:
        found = connection.execute("SELECT count(*) FROM proeftoelating JOIN deelnemer USING (oin) WHERE status <> 'beeindigd'").fetchone()
    if found and found[0]:
        raise Misconfigured(
            f"In deze database zijn {found[0]} deelnemers zonder stukken toegelaten (SEINHUIS_PROEF); productie begint met een lege."
        )


def _take_in(office: Office, connection: registration.Connection, row: Deelnemer) -> None:
    if not row.oin.startswith(TEST_RANGE):
        raise Conflict("PROEFTOELATING_UIT", f"Een proefopstelling laat alleen test-OIN's toe ({TEST_RANGE}…).")
    registration.save_in(office, connection, [Proeftoelating(row.oin)])
    at = _with(row, levenscyclus.PAD[0])
    for status in levenscyclus.way_to(row.status):
        at = registration.step(office, connection, at, status, proef=True)


def _with(row: Deelnemer, status: str) -> Deelnemer:
    return row if row.status == status else msgspec.structs.replace(row, status=status)
