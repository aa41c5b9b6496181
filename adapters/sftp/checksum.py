"""A checksum file: how a partner whose software cannot rename says that `name.part` is whole. It is kept nowhere.

Authority: issue "legacy mouths" (a file is complete by rename or checksum file); the form that `sha256sum` (GNU coreutils) prints. Decides
what its text means; leaves to the mailbox whether that is the file that came in.
"""

import re

from adapters.sftp.names import PART
from adapters.sftp.port import Mailbox, Refused

LONGEST = 256
"""Bytes."""
_FORM = re.compile(rb"([0-9A-Fa-f]{64})(?:[ \t]+\*?([^\s*][^\r\n]*?))?\s*")


class Checksum:
    """`adapters.sftp.port.Upload` of `name.sha256`: its close completes `name.part`, or says why not."""

    def __init__(self, mailbox: Mailbox, name: str) -> None:
        self._mailbox = mailbox
        self._name = name
        self._content = b""

    @property
    def size(self) -> int:
        """Bytes so far."""
        return len(self._content)

    def write(self, data: bytes) -> None:
        """Add bytes. Raises Refused: it is none."""
        if self.size + len(data) > LONGEST:
            raise Refused("failure", f"Een controlebestand heeft hoogstens {LONGEST} bytes.")
        self._content += data

    def close(self) -> None:
        """As a rename of the part, when this is its checksum. Raises Refused; then the part stays as it is."""
        self._mailbox.complete(self._name + PART, self._name, read(self._content, self._name))

    def discard(self) -> None:
        """Nothing is kept anyway."""


def read(content: bytes, name: str) -> bytes:
    """The SHA-256 that is in it. Raises Refused: it has another form, or names another file than `name` or `name.part`."""
    found = _FORM.fullmatch(content)
    if found is None:
        raise Refused("failure", "Dit is geen controlebestand; verwacht 64 hexadecimale tekens en eventueel een naam, als van sha256sum.")
    told = (found[2] or name.encode()).decode(errors="replace").rstrip().rpartition("/")[2]
    if told not in {name, name + PART}:
        raise Refused("failure", "Dit controlebestand noemt een ander bestand.")
    return bytes.fromhex(found[1].decode())
