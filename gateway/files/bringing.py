"""A file that somebody brings through a page: the same mailbox, spool and workers as that of `in/`, and who brought it stands in the log.

Authority: contract, files. The entry and the file becoming the gateway's are one transaction; all that comes of it has the same trace.
Leaves what may be written, and how much, to `mailbox` and `transfers`.
"""

from typing import NamedTuple
from uuid import UUID

from gateway.core.chain import Sender, Trace
from gateway.files import postrows
from gateway.files.mailbox import Mailroom
from gateway.files.transfers import FileUpload
from gateway.privacylog import append
from gateway.privacylog.entry import Frame
from gateway.privacylog.messages import BestandAangeboden


class Bringer(NamedTuple):
    """Who brings: for whom, in which trace, under which processing activity."""

    caller: Sender
    trace: Trace
    activity: str


def complete(room: Mailroom, by: Bringer, upload: FileUpload) -> UUID | None:
    """What was written becomes the gateway's, for its workers; its id, or None when it was replaced meanwhile. Raises Refused."""
    upload.close()
    party, now = by.caller.party, room.clock.now()
    entry = BestandAangeboden(**Frame(by.caller, by.trace, now, by.activity).fields(), bestand=upload.id)
    with room.mailbox(party).alone() as connection:
        if not postrows.complete(connection, party, upload.name, now, by.trace.trace_id, upload.digest):
            return None
        append.append(connection, [entry])
    return upload.id
