"""What a municipality sets for the statistics, and the end of a period. Authority: contract, retention (DDAS residue)."""

from datetime import date

from gateway.core.chain import Sender, Trace
from gateway.core.errors import Invalid, Misconfigured
from gateway.ddas.export import Statistics
from gateway.mailbox import residue as rows
from gateway.partners.rows import sealer
from gateway.privacylog import append
from gateway.privacylog.afterwards import StatistiekAanvaard
from gateway.privacylog.entry import Frame
from gateway.privacylog.settings import StatistiekIngesteld
from gateway.store.tenant import municipality
from schemas.ddas import StatistiekInstelling
from schemas.ontvangst import Bevinding

FLOW = "statistiek"


def read(gemeente: str, statistics: Statistics) -> StatistiekInstelling:
    """The setting. Raises Misconfigured: what is stored lacks its seal."""
    with statistics.database.transaction(municipality(gemeente)) as connection:
        found = rows.setting(connection, gemeente, sealer(statistics.keys))
    if found is None:
        raise Misconfigured(f"Instelling statistiek van gemeente {gemeente} heeft haar zegel niet; de gemeente stelt haar opnieuw in.")
    return found


def change(caller: Sender, gemeente: str, trace: Trace, value: StatistiekInstelling, statistics: Statistics) -> StatistiekInstelling:
    """Change it; from the next delivery on. The same again changes nothing. Raises Invalid: no organisation to answer for the data."""
    if value.levering == "gateway" and value.organisatie is None:
        melding = "Als Seinhuis levert, hoort daar een organisatie met een contactpersoon bij."
        raise Invalid("ORGANISATIE_VERPLICHT", melding, errors=[_finding(melding)])
    with statistics.database.transaction(municipality(gemeente)) as connection:
        keyed = sealer(statistics.keys)
        if rows.setting(connection, gemeente, keyed) != value:
            rows.save_setting(connection, gemeente, value, statistics.clock.now(), keyed)
            frame = _frame(caller, trace, statistics)
            append.append(connection, [StatistiekIngesteld(**frame.fields(), gemeente=gemeente, resultaat=value.levering)])
    return value


def accept(caller: Sender, gemeente: str, trace: Trace, tot: date, statistics: Statistics) -> int:
    """The period up to and with `tot` is accepted: destroy its residues. Returns how many."""
    with statistics.database.transaction(municipality(gemeente)) as connection:
        gone = rows.drop(connection, gemeente, tot)
        entry = StatistiekAanvaard(**_frame(caller, trace, statistics).fields(), gemeente=gemeente, tot=tot, aantal=gone)
        append.append(connection, [entry])
    return gone


def _frame(caller: Sender, trace: Trace, statistics: Statistics) -> Frame:
    return Frame(caller, trace, statistics.clock.now(), statistics.purposes.activity(FLOW))


def _finding(melding: str) -> Bevinding:
    return Bevinding(code="ORGANISATIE_VERPLICHT", oordeel="fout", melding=melding, pointer="/organisatie")
