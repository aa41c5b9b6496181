"""What this process saw of the log, kept outside the database: only what grew from it is numbered on and signed.

Whoever owns the database can rewrite a tree and everything that is stored about it, but cannot make it grow from a root that is
remembered here: in memory from one time to the next, and in a file beside the key-encryption key for the next start. It looks as well
for triggers and rules on the tables of the log, which could swallow an entry. Authority: RFC 9162 section 2.1.4; C2SP tlog-witness
(remember before you go on). A database that was put back from a backup is refused until the operator takes the file away
(`docs/operations.md`). Leaves proving to `proofs`, and when to sign to the sequencer.
"""

import json
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from gateway.core.errors import Misconfigured
from gateway.privacylog import proofs
from gateway.privacylog.checkpoint import Checkpoint
from gateway.privacylog.tree import Frontier, is_consistent

LOOK = timedelta(hours=1)
_FOREIGN = """
SELECT format('%s op %s', tgname, tgrelid::regclass) FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace AND relname LIKE 'log\\_%'
UNION ALL
SELECT format('%s op %s', rulename, tablename) FROM pg_rules WHERE schemaname = 'public' AND tablename LIKE 'log\\_%'
"""


class Seen:
    """The newest tree that this process numbered, and what it signed: `signed` leaves, `at` an instant; None before the first time."""

    def __init__(self, file: Path | None = None) -> None:
        """Take up what an earlier process left. Raises Misconfigured: the file is not readable."""
        self.signed = 0
        self.at: datetime | None = None
        self._looked: datetime | None = None
        self._file = file
        self._tree = _read(file) if file and file.exists() else Checkpoint(0, Frontier().root())

    def require(self, connection: psycopg.Connection[Any], tree: Frontier, now: datetime) -> None:
        """Raises Misconfigured: this tree did not grow from the one that was seen, or something stands between log and tables."""
        if self._looked is None or now - self._looked >= LOOK:
            if found := foreign(connection):
                raise Misconfigured(f"Op de tabellen van de log staat {found[0]}: haal dat weg, het kan regels laten verdwijnen.")
            self._looked = now
        if not self._grew(connection, tree):
            raise Misconfigured(
                f"De log in de database is niet gegroeid uit de {self._tree.size} regels die al ondertekend zijn. "
                "Is er een reservekopie teruggezet? Zie docs/operations.md; anders is de log veranderd."
            )

    def _grew(self, connection: psycopg.Connection[Any], tree: Frontier) -> bool:
        old = self._tree
        if tree.size <= old.size:
            return (tree.size, tree.root()) == old
        return is_consistent(*old, tree.size, tree.root(), proofs.growth(connection, old.size, tree.size))

    def remember(self, tree: Frontier, signed: datetime | None) -> None:
        """Keep a tree that is committed, and when it was signed, if it was."""
        if tree.size < self._tree.size:
            return  # another thread was quicker
        self._tree = Checkpoint(tree.size, tree.root())
        if signed:
            self.signed, self.at = tree.size, signed
            self._keep()

    def _keep(self) -> None:
        if self._file:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            beside = self._file.with_suffix(f".{threading.get_ident()}")
            beside.write_text(json.dumps({"omvang": self._tree.size, "wortel": self._tree.root.hex()}), encoding="utf-8")
            beside.replace(self._file)


def foreign(connection: psycopg.Connection[Any]) -> list[str]:
    """Triggers and rules on the tables of the log: there are none of ours."""
    return [str(row[0]) for row in connection.execute(_FOREIGN)]


def _read(file: Path) -> Checkpoint:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return Checkpoint(int(kept["omvang"]), bytes.fromhex(kept["wortel"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise Misconfigured(f"{file} is niet te lezen; zie docs/operations.md, de stand van de log.") from None
