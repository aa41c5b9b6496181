"""The municipality's own texts per channel. Authority: contract, `PUT instellingen/teksten`: they are the municipality's, in its words.

Each stands under a seal (`gateway.partners.rows`): nobody with the database alone writes to residents in the municipality's name.
"""

from typing import Any

import psycopg

from gateway.core.chain import Sender, Trace
from gateway.core.errors import Misconfigured
from gateway.inboxes.desk import Desk
from gateway.partners.rows import fits, stamp
from gateway.privacylog import append
from gateway.privacylog.entry import Frame
from gateway.privacylog.settings import TekstenGewijzigd
from gateway.store.tenant import municipality
from schemas.brieven import Kanaal, Tekst, Teksten
from schemas.keyed import Keyed
from schemas.letters import STANDARD

FLOW, TABLE = "brieven", "brieftekst"
_SAVE = """
INSERT INTO brieftekst (gemeente, kanaal, onderwerp, tekst, zegel, gewijzigd_op) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (gemeente, kanaal) DO UPDATE SET onderwerp = excluded.onderwerp, tekst = excluded.tekst, zegel = excluded.zegel,
  versie = brieftekst.versie + 1, gewijzigd_op = excluded.gewijzigd_op
WHERE (brieftekst.onderwerp, brieftekst.tekst, brieftekst.zegel) IS DISTINCT FROM (excluded.onderwerp, excluded.tekst, excluded.zegel)
"""
Link = psycopg.Connection[Any]


def text_of(connection: Link, gemeente: str, kanaal: Kanaal, keyed: Keyed) -> Tekst:
    """The text in force. Raises Misconfigured: a text lacks its seal."""
    return next(tekst for tekst in _texts(connection, gemeente, keyed).teksten if tekst.kanaal == kanaal)


def read(gemeente: str, desk: Desk) -> Teksten:
    """Every text in force. Raises Misconfigured: one lacks its seal."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        return _texts(connection, gemeente, desk.seals)


def change(caller: Sender, gemeente: str, trace: Trace, request: Teksten, desk: Desk) -> Teksten:
    """Replace the texts that are named; the same again changes nothing."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        now, changed = desk.clock.now(), 0
        for tekst in request.teksten:
            zegel = stamp(TABLE, _values(gemeente, tekst), desk.seals)
            changed += connection.execute(_SAVE, (gemeente, tekst.kanaal, tekst.onderwerp, tekst.tekst, zegel, now)).rowcount
        if changed:
            frame = Frame(caller, trace, now, desk.activity(FLOW))
            append.append(connection, [TekstenGewijzigd(**frame.fields(), gemeente=gemeente)])
        return _texts(connection, gemeente, desk.seals)


def _texts(connection: Link, gemeente: str, keyed: Keyed) -> Teksten:
    query = "SELECT kanaal, onderwerp, tekst, zegel, gewijzigd_op FROM brieftekst WHERE gemeente = %s"
    rows = connection.execute(query, (gemeente,)).fetchall()
    own = {kanaal: Tekst(kanaal=kanaal, onderwerp=onderwerp, tekst=tekst) for kanaal, onderwerp, tekst, *_ in rows}
    forged = [kanaal for kanaal, *_, zegel, _ in rows if not fits(zegel, TABLE, _values(gemeente, own[kanaal]), keyed)]
    if forged:
        raise Misconfigured(f"Tekst {', '.join(forged)} van gemeente {gemeente} heeft haar zegel niet; de gemeente stelt haar opnieuw in.")
    changed = max((row[-1] for row in rows), default=None)
    return Teksten(teksten=[own.get(kanaal, text) for kanaal, text in STANDARD.items()], gewijzigd_op=changed)


def _values(gemeente: str, tekst: Tekst) -> dict[str, object]:
    return {"gemeente": gemeente, "kanaal": tekst.kanaal, "onderwerp": tekst.onderwerp, "tekst": tekst.tekst}
