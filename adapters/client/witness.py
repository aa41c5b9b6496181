"""A municipality or creditor as witness: it keeps the newest checkpoint that it saw, and goes on only to one that grew from it.

Authority: RFC 9162 section 2.1.4.2, C2SP tlog-checkpoint and tlog-witness (persist before you rely on it); `docs/log.md`. Two parties
that compare what they kept find a log with two faces. A log whose checkpoints stand still while its numbers go on is found by `late`.
Leaves asking the gateway (`GET log/controlepunt`) and the time to the caller.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from adapters.client.logcheck import Signed, node
from schemas.bewijs import Controlepunt

Ask = Callable[[int, int], Controlepunt]
"""Asks the gateway for the checkpoint over `omvang` leaves with its growth from `bewaard`: (bewaard, omvang) -> answer."""


class Changed(Exception):
    """The log is not the one that was seen before: keep both checkpoints, they prove it."""

    def __init__(self, kept: str, shown: str) -> None:
        super().__init__("the log was changed since the checkpoint that was kept")
        self.kept, self.shown = kept, shown


class Frozen(Exception):
    """For too long no checkpoint came over a number that the log itself showed: what is above the checkpoint can still be changed."""


PATIENCE = timedelta(hours=4)


class Witness:
    """The newest checkpoint of one log, in a file of its own."""

    def __init__(self, file: Path, vkey: str) -> None:
        """Raises Untrusted: the key is none, or the file holds what this log did not sign."""
        self._file, self._signed = file, Signed(vkey)
        self.kept = file.read_text(encoding="utf-8") if file.exists() else None
        if self.kept is not None:
            self._signed.checkpoint(self.kept)

    @property
    def size(self) -> int:
        """Over how many leaves the kept checkpoint is; 0 without one."""
        return self._signed.checkpoint(self.kept)[0] if self.kept else 0

    def see(self, note: str, ask: Ask) -> int:
        """Take note of the `controlepunt` of an answer. Returns the size that is kept now.

        Raises:
            Untrusted: not signed by this log. Changed: signed by it, and it does not fit what was kept.
        """
        shown = self._signed.checkpoint(note)
        if self.kept is None:
            return self._keep(note)
        kept = self._signed.checkpoint(self.kept)
        (_, older), (_, newer) = pair = sorted(((kept, self.kept), (shown, note)))
        if not self._grew(pair[0][0], pair[1][0], newer, ask):
            raise Changed(older, newer)
        return self._keep(newer)

    def late(self, number: int, now: datetime) -> None:
        """Take note of the highest `volgnummer` of a page, after `see` of its checkpoint, at an instant (aware).

        Raises:
            Frozen: a number that was shown `PATIENCE` ago is still above every checkpoint.
        """
        beside = self._file.with_suffix(".wacht")
        waiting = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else None
        if waiting and waiting["nummer"] <= self.size:
            beside.unlink()
            waiting = None
        if number > self.size and waiting is None:
            beside.write_text(json.dumps({"nummer": number, "sinds": now.isoformat()}), encoding="utf-8")
        elif waiting and now - datetime.fromisoformat(waiting["sinds"]) > PATIENCE:
            raise Frozen(f"number {waiting['nummer']} was shown, the checkpoint is over {self.size}")

    def _grew(self, old: tuple[int, bytes], new: tuple[int, bytes], note: str, ask: Ask) -> bool:
        if old[0] == new[0]:
            return old == new
        answer = ask(old[0], new[0])
        try:
            path = [bytes.fromhex(part) for part in answer.pad]
        except ValueError:
            return False
        return self._signed.checkpoint(answer.controlepunt) == new and grew(old, new, path)

    def _keep(self, note: str) -> int:
        if note != self.kept:
            beside = self._file.with_suffix(".nieuw")
            beside.write_text(note, encoding="utf-8")
            beside.replace(self._file)
            self.kept = note
        return self.size


def grew(old: tuple[int, bytes], new: tuple[int, bytes], path: Sequence[bytes]) -> bool:
    """Whether `path` shows that the tree `old` (size, root) is the beginning of the larger tree `new`."""
    (size, before), (total, after) = old, new
    if not 0 < size < total:
        return size == 0 and not path
    steps = [before, *path] if size & (size - 1) == 0 else list(path)
    position, last = size - 1, total - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first = second = steps[0] if steps else b""
    for sibling in steps[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            first, second = node(sibling, first), node(sibling, second)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            second = node(second, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and (first, second) == (before, after)

