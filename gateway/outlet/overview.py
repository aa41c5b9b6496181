"""What an operator sees of the outlet of a municipality: its last files and how they ended, and what did not fit. No content, no message.

Leaves showing it to the command.
"""

from typing import NamedTuple

from gateway.files import deskrows
from gateway.files.deskrows import Deskfile
from gateway.store.database import Database
from gateway.store.tenant import municipality

SHOWN = 20


class Overview(NamedTuple):
    """The last files, newest first; and (profile, reason, number) of messages that stayed in the inbox because they do not fit."""

    files: list[Deskfile]
    aside: list[tuple[str, str, int]]


def overview(inbox: Database, gemeente: str) -> Overview:
    """Raises Unavailable."""
    with inbox.transaction(municipality(gemeente)) as connection:
        return Overview(deskrows.newest(connection, gemeente, SHOWN), deskrows.aside(connection, gemeente))
