"""The municipality's own texts per channel. Authority: contract, `PUT instellingen/teksten`: they are the municipality's, in its words."""

from typing import Any

import psycopg

from gateway.core.chain import Sender, Trace
from gateway.inboxes.desk import Desk
from gateway.privacylog import append
from gateway.privacylog.entry import Frame
from gateway.privacylog.settings import TekstenGewijzigd
from schemas.brieven import Kanaal, Tekst, Teksten
from schemas.letters import STANDARD

FLOW = "brieven"
_SAVE = """
INSERT INTO brieftekst (gemeente, kanaal, onderwerp, tekst, gewijzigd_op) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (gemeente, kanaal) DO UPDATE SET onderwerp = excluded.onderwerp, tekst = excluded.tekst, versie = brieftekst.versie + 1,
  gewijzigd_op = excluded.gewijzigd_op
WHERE (brieftekst.onderwerp, brieftekst.tekst) IS DISTINCT FROM (excluded.onderwerp, excluded.tekst)
"""
Link = psycopg.Connection[Any]


def text_of(connection: Link, gemeente: str, kanaal: Kanaal) -> Tekst:
    """The text in force."""
    return next(tekst for tekst in _texts(connection, gemeente).teksten if tekst.kanaal == kanaal)


def read(gemeente: str, desk: Desk) -> Teksten:
    """Every text in force."""
    with desk.database.transaction() as connection:
        return _texts(connection, gemeente)


def change(caller: Sender, gemeente: str, trace: Trace, request: Teksten, desk: Desk) -> Teksten:
    """Replace the texts that are named; the same again changes nothing."""
    with desk.database.transaction() as connection:
        now, changed = desk.clock.now(), 0
        for tekst in request.teksten:
            changed += connection.execute(_SAVE, (gemeente, tekst.kanaal, tekst.onderwerp, tekst.tekst, now)).rowcount
        if changed:
            frame = Frame(caller, trace, now, desk.activity(FLOW))
            append.append(connection, [TekstenGewijzigd(**frame.fields(), gemeente=gemeente)])
        return _texts(connection, gemeente)


def _texts(connection: Link, gemeente: str) -> Teksten:
    rows = connection.execute("SELECT kanaal, onderwerp, tekst, gewijzigd_op FROM brieftekst WHERE gemeente = %s", (gemeente,)).fetchall()
    own = {kanaal: Tekst(kanaal=kanaal, onderwerp=onderwerp, tekst=tekst) for kanaal, onderwerp, tekst, _ in rows}
    changed = max((row[3] for row in rows), default=None)
    return Teksten(teksten=[own.get(kanaal, text) for kanaal, text in STANDARD.items()], gewijzigd_op=changed)
