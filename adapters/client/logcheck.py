"""Verify an export of the log from outside: every leaf, every checkpoint, what others kept of it, and what was destroyed at its term.

Stands alone: the standard library and `cryptography`, nothing of the gateway, so that this one file can be copied, read and run
(`python logcheck.py export.jsonl --sleutel 'name+keyid+key' --bewaard kept.json`). Authority: RFC 6962 section 2.1 (tree), C2SP
signed-note and tlog-checkpoint; `docs/log.md` has the form of a line and what cannot be seen. Under a checkpoint that somebody kept
nothing changes unseen; above it kept receipts and answers say which leaf must be there and which message has which number. What no
checkpoint is over is young and little, times go with the numbers, and no name was unsealed without a second party. The first contents
of every event are read whole; with `--streng` all of them, at a quarter of the speed.
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FINDINGS_MAX, _CHUNK, _ID = 100, 4096, 36
BUFFER, _NUMBER = 1 << 18, "0|[1-9][0-9]{0,17}"
_SHA256 = hashlib.sha256
_ED25519, _DASH = b"\x01", "\u2014 "
UNSIGNED, WHOLE = 1000, 1000
DISORDER, STEP, LATE = timedelta(minutes=15), timedelta(minutes=5), timedelta(hours=1)
TERM, AGREED = timedelta(days=731), timedelta(days=31)
_FORM = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_NEVER = datetime.min  # noqa: DTZ901 - all times here are UTC
_RULED = frozenset({b"log.vernietigd", b"ontzegeling.gevraagd", b"ontzegeling.besloten", b"ontzegeling.geopend"})
_LEAF = re.compile(rb'\{"nr":([0-9]+),"blad":"([0-9a-f]{64})"(?:,"id":"([0-9a-f-]{36})","naam":"([a-z._]+)","inhoud":(\{.*\}))?\}\n')


class Untrusted(ValueError):
    """A note is malformed or was not signed by this log."""


class Signed:
    """Reads the notes of one log, by its verifier key `name+keyid+base64`. Raises Untrusted when that is none."""

    def __init__(self, vkey: str) -> None:
        try:
            self.name, key_id, encoded = vkey.strip().split("+", 2)
            key = base64.b64decode(encoded, validate=True)
            self._id = hashlib.sha256(self.name.encode() + b"\n" + key).digest()[:4]
            self._public = Ed25519PublicKey.from_public_bytes(key[1:])
        except ValueError:
            raise Untrusted("not a verifier key") from None
        if key[:1] != _ED25519 or self._id.hex() != key_id:
            raise Untrusted("not a verifier key")

    def text(self, note: str) -> str:
        """The text of a note that this log signed, without its last line break. Raises Untrusted."""
        text, _, signatures = note.rpartition("\n\n")
        for line in signatures.splitlines():
            if line.startswith(f"{_DASH}{self.name} ") and self._holds(line.rpartition(" ")[2], f"{text}\n"):
                return text
        raise Untrusted("not signed by this log")

    def _holds(self, encoded: str, text: str) -> bool:
        try:
            raw = base64.b64decode(encoded, validate=True)
            self._public.verify(raw[4:], text.encode())
        except (binascii.Error, InvalidSignature):
            return False
        return raw[:4] == self._id

    def checkpoint(self, note: str) -> tuple[int, bytes]:
        """Size and root (32 bytes) of a checkpoint of this log. Raises Untrusted."""
        size, root = self._parts(note, "", "[A-Za-z0-9+/]{43}=")
        return int(size), base64.b64decode(root)

    def destroyed(self, note: str) -> tuple[list[int], datetime]:
        """The numbers whose content this log says it destroyed at its term, all from before an instant (UTC). Raises Untrusted."""
        begin, bits, before = self._parts(note, "/vernietigd", "[A-Za-z0-9+/]+={0,2}", "[0-9-]{10}T[0-9:]{8}Z")
        first, raw = int(begin), base64.b64decode(bits)
        return [first + place for place in range(8 * len(raw)) if raw[place >> 3] >> (place & 7) & 1], _instant(before)

    def _parts(self, note: str, kind: str, *more: str) -> tuple[str, ...]:
        forms = "".join(f"\n({form})" for form in (_NUMBER, *more))
        if found := re.fullmatch(re.escape(self.name + kind) + forms, self.text(note)):
            return found.groups()
        raise Untrusted("not a note of this kind")


def _instant(tijd: str) -> datetime:
    """Of an RFC 3339 time in UTC, to the second, without its zone. Raises ValueError."""
    if tijd[10] != "T" or not tijd.endswith("Z"):
        raise ValueError("not in UTC")
    return datetime.fromisoformat(tijd[:19])


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing tree, as the roots of its complete subtrees."""

    def __init__(self) -> None:
        self.size, self._lone = 0, dict[int, bytes]()

    def extend(self, nodes: list[bytes]) -> None:
        """Append leaf hashes."""
        self.size += len(nodes)
        height, sha256 = 0, _SHA256
        while nodes:
            if height in self._lone:
                nodes = [self._lone.pop(height), *nodes]
            if len(nodes) & 1:
                self._lone[height] = nodes[-1]
            nodes = [sha256(b"\x01" + left + right).digest() for left, right in zip(nodes[::2], nodes[1::2], strict=False)]
            height += 1

    def root(self) -> bytes:
        """The root of all leaves."""
        roots = [self._lone[height] for height in sorted(self._lone)] or [_SHA256(b"").digest()]
        return reduce(lambda right, left: node(left, right), roots)


class Held(NamedTuple):
    """What somebody outside kept: checkpoints, leaves (hex) of receipts and answers, messages by their number in an inbox (from 1)."""

    notes: list[str]
    leaves: set[str]
    messages: dict[int, str]

    @classmethod
    def of(cls, *kept: object) -> "Held":
        """From notes, and from JSON as the gateway gave it (receipts, proofs, pages of the inbox, claims), read or as text."""
        held = cls([], set(), {})
        for value in kept:
            held.take(json.loads(value) if isinstance(value, str) and value.lstrip()[:1] in {"{", "["} else value)
        return held

    def take(self, value: object) -> None:
        """Keep what one answer commits to."""
        if isinstance(value, str) and _DASH in value:
            self.notes.append(value)
        elif isinstance(value, Mapping):
            if isinstance(leaf := value.get("logblad"), str):
                self.leaves.add(leaf)
            if number := value.get("bezorgdAlsNummer") or ("adrespseudoniem" in value and value.get("volgnummer")):
                self.messages[int(number)] = str(value.get("id"))
            self.take([*value.values()])
        elif isinstance(value, list):
            for part in value:
                self.take(part)


class Report:
    """What was checked and what is wrong (at most `FINDINGS_MAX` lines, no person data); `ok` when nothing is."""

    def __init__(self) -> None:
        self.leaves, self.bodies, self.checkpoints, self.newest = 0, 0, 0, 0
        self.destroyed, self.findings = 0, list[str]()

    @property
    def ok(self) -> bool:
        """Nothing was found."""
        return not self.findings

    def found(self, finding: str) -> None:
        """Note a finding."""
        self.findings += [finding] if len(self.findings) < FINDINGS_MAX else []

    def conclusion(self) -> str:
        """In one line."""
        said = "klopt" if self.ok else "KLOPT NIET"
        parts = f"{self.leaves} regels, {self.bodies} met inhoud, {self.destroyed} op termijn vernietigd, {self.checkpoints} controlepunten"
        return f"log: {said} ({parts}, het nieuwste over {self.newest}, {max(0, self.leaves - self.newest)} regels zonder handtekening)"


class _Rules:
    """What contents must say of each other, in the order of their numbers.

    `span` is within which a time needs no closer look; `gone` are the numbers that miss their content and have no statement yet.
    """

    def __init__(self, signed: Signed, report: Report) -> None:
        self._signed, self._report = signed, report
        self.latest, self.span, self.gone = _NEVER, (b"", b""), set[int]()
        self._asked: dict[object, dict[str, Any]] = {}
        self._agreed: set[object] = set()
        self._alone: list[tuple[int, datetime]] = []
        self._bounds: list[datetime] = []

    def time(self, number: int, at: datetime) -> None:
        """Times go with the numbers, but for what writers that do not wait for each other may differ."""
        if self.latest > _NEVER and at < self.latest - DISORDER:
            self._report.found(f"regel {number}: eerder in de tijd dan een regel met een lager nummer")
        elif at > self.latest:
            self.latest = at
            self.span = (at - DISORDER).isoformat().encode(), (at + STEP).isoformat().encode()

    def follow(self, number: int, entry: dict[str, Any]) -> None:
        """What must have come before, for the events of `_RULED`."""
        step, case = str(entry["gebeurtenis"]).rpartition(".")[2], entry.get("ontzegeling")
        if step == "vernietigd":
            return self._destroyed(number, entry)
        if step == "gevraagd":
            self._asked[case] = entry
        asked = self._asked.get(case, {})
        same = all(asked.get(name) == entry.get(name) for name in ("gemeente", "bericht"))
        if step == "besloten" and asked and same and entry.get("resultaat") == "goedgekeurd" and asked["partij"] != entry["partij"]:
            self._agreed.add(case)
        if step == "geopend" and not (case in self._agreed and same and asked["partij"] == entry["partij"]):
            self._alone.append((number, _instant(entry["tijd"])))
        return None

    def _destroyed(self, number: int, entry: dict[str, Any]) -> None:
        with suppress(ValueError, LookupError, TypeError, AttributeError):
            gone, before = self._signed.destroyed(entry["verklaring"])
            if gone[-1] < number and (gone[0], gone[-1] + 1, len(gone)) == (entry["van"], entry["tot"], entry["aantal"]):
                if before > _instant(entry["tijd"]) - TERM:
                    return self._report.found(f"regel {number}: inhoud vernietigd voor haar termijn")
                self._bounds.append(before)
                self._report.destroyed += len(said := self.gone.intersection(gone))
                return self.gone.difference_update(said)
        return self._report.found(f"regel {number}: verklaring van vernietiging zonder geldige handtekening")

    def end(self) -> None:
        """What is without a statement; a name opened without a request and another's decision, which may have gone at their term."""
        if self.gone:
            self._report.found(f"regel {min(self.gone)}: inhoud ontbreekt zonder verklaring ({len(self.gone)} regels)")
        for number, at in self._alone:
            if not any(at < before + AGREED for before in self._bounds):
                self._report.found(f"regel {number}: naam ontzegeld zonder verzoek en besluit van een ander")


class _Check:
    """One pass over the lines of an export."""

    def __init__(self, signed: Signed, held: Held, *, whole: int | None) -> None:
        self.signed, self.report, self.tree = signed, Report(), Tree()
        self.rules = _Rules(signed, self.report)
        self._chunk = list[bytes]()
        self._events: dict[bytes, bytes] = {}
        self._whole, self._read = whole, Counter[bytes]()
        self._roots, self._times = {0: self.tree.root()}, dict[int, datetime]()
        self._kept = [found for note in held.notes if (found := self._checkpoint(note))]
        self._stops = {size for size, _ in self._kept}
        self._wanted = {bytes.fromhex(leaf) for leaf in held.leaves}
        self._shown = {number - 1: message for number, message in held.messages.items()}

    def _checkpoint(self, note: str) -> tuple[int, bytes] | None:
        with suppress(Untrusted):
            return self.signed.checkpoint(note)
        self.report.found("controlepunt zonder geldige handtekening")
        return None

    def read(self, lines: Iterable[bytes]) -> Report:
        """Every line. Nearly all are as their place and content say they must be; `_leaf` looks closer at the others."""
        number, events, shown, chunk, (early, late) = 0, self._events, self._shown, self._chunk, self.rules.span
        for line in lines:
            inhoud = line[(begin := line.find(b',"inhoud":')) + 10 : -2]
            leaf = _SHA256(b"\x00" + inhoud).digest()
            at = len(expected := b'{"nr":%d,"blad":"%b","id":"' % (number, binascii.hexlify(leaf)))
            if not (
                line.startswith(expected) and line[at - 6 : at + _ID + 1] in inhoud and (event := events.get(line[at + _ID : begin]))
                and event in inhoud and inhoud.startswith(b"{") and line.endswith(b"}}\n") and number not in shown
                and early <= inhoud[(at := inhoud.rfind(b'"tijd":"') + 8) : at + 19] <= late
            ):  # fmt: skip
                leaf = self._leaf(line, number)
                early, late = self.rules.span
                if not leaf:
                    self._other(line)
                    continue
            number += 1
            chunk.append(leaf)
            if len(chunk) == _CHUNK or number in self._stops:
                self._flush()
        return self._end()

    def _leaf(self, line: bytes, number: int) -> bytes:
        """What is wrong with the line of a leaf; its hash as the log has it. Empty: it is no such line."""
        if (parts := _LEAF.fullmatch(line)) is None:
            return b""
        nr, blad, id, naam, inhoud = parts.groups()
        leaf, found = binascii.unhexlify(blad), self.report.found
        if int(nr) != number:
            found(f"nummer {int(nr)} waar {number} hoort")
        if inhoud is None:
            self.rules.gone.add(number)
        elif _SHA256(b"\x00" + inhoud).digest() != leaf:
            found(f"regel {number}: inhoud past niet bij het blad")
        else:
            self._content(number, id, naam, inhoud)
        return leaf

    def _content(self, number: int, id: bytes, naam: bytes, inhoud: bytes) -> None:
        """One content read whole: in its one form, found by its own names, and fitting what came before."""
        try:
            entry = json.loads(inhoud, object_pairs_hook=_once)
            if _FORM(entry).encode() != inhoud:
                raise ValueError
            self.rules.time(number, _instant(entry["tijd"]))
        except (ValueError, LookupError, TypeError, AttributeError):
            return self.report.found(f"regel {number}: inhoud is niet in de vaste vorm geschreven")
        if (entry.get("id"), entry.get("gebeurtenis")) != (id.decode(), naam.decode()):
            self.report.found(f"regel {number}: wordt gevonden onder een andere naam dan de inhoud heeft")
        if number in self._shown and (naam != b"signaal.bezorgd" or entry.get("bericht") != self._shown[number]):
            self.report.found(f"regel {number}: een ander bericht dan onder dit nummer werd getoond")
        self._read[naam] += 1
        if naam in _RULED:
            self.rules.follow(number, entry)
        elif self._whole is not None and self._read[naam] > self._whole:
            self._events[b'","naam":"%b"' % naam] = b'"gebeurtenis":"%b"' % naam
        return None

    def _other(self, line: bytes) -> None:
        try:
            value = json.loads(line)
            if "controlepunt" in value:
                self._flush()
                if found := self._checkpoint(value["controlepunt"]):
                    self._compare(*found)
            elif "wacht" in value:
                if hashlib.sha256(b"\x00" + value["inhoud"].encode()).hexdigest() != value["wacht"]:
                    self.report.found("wachtende regel: inhoud past niet bij het blad")
                elif _instant(json.loads(value["inhoud"])["tijd"]) + DISORDER >= self.rules.latest:
                    self._wanted.discard(bytes.fromhex(value["wacht"]))  # what is old should have its number by now
            elif "los" in value:
                self.report.found(f"inhoud {value['los']} staat niet in de log")
            else:
                raise ValueError
        except (ValueError, TypeError, LookupError, AttributeError):
            self.report.found("een regel van de uitvoer is onleesbaar")

    def _flush(self) -> None:
        self._wanted.difference_update(self._chunk)
        self.tree.extend(self._chunk)
        self._chunk.clear()
        self._roots[self.tree.size], self._times[self.tree.size] = self.tree.root(), self.rules.latest

    def _compare(self, size: int, root: bytes) -> None:
        self.report.checkpoints += 1
        self.report.newest = max(self.report.newest, size)
        if size > self.tree.size:
            self.report.found(f"controlepunt over {size} regels, er zijn er {self.tree.size}")
        elif self._roots.get(size) != root:
            self.report.found(f"controlepunt over {size} regels past niet bij de regels")

    def _end(self) -> Report:
        self._flush()
        report = self.report
        for found in self._kept:
            self._compare(*found)
        report.leaves, report.bodies = self.tree.size, self.tree.size - len(self.rules.gone) - report.destroyed
        if not report.newest or report.leaves - report.newest > UNSIGNED:
            report.found(f"{report.leaves - report.newest} regels zonder ondertekend controlepunt")
        elif (said := self._times.get(report.newest, _NEVER)) > _NEVER and self.rules.latest - said > LATE:
            report.found("het nieuwste controlepunt is te oud voor de regels erna")
        for leaf in sorted(self._wanted):
            report.found(f"blad {leaf.hex()} van een bewijs of antwoord staat niet in de log")
        for number in sorted(number for number in self._shown if number >= report.leaves):
            report.found(f"bericht met nummer {number + 1} werd getoond, de log heeft {report.leaves} regels")
        self.rules.end()
        return report


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    if names != sorted(set(names)):
        raise ValueError("a member twice, or out of order")
    return dict(pairs)


def verify(lines: Iterable[bytes], vkey: str, held: Held | None = None, *, strict: bool = False) -> Report:
    """Check the lines of an export with the log's verifier key and what was kept outside; `strict`: read every content whole.

    Raises Untrusted when the key is none.
    """
    return _Check(Signed(vkey), held or Held.of(), whole=None if strict else WHOLE).read(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """The program: 0 when the log holds, 1 when it does not."""
    parser = argparse.ArgumentParser(description="Controleer een uitvoer van de verwerkingslog; alleen de publieke sleutel is nodig.")
    parser.add_argument("uitvoer", type=Path)
    parser.add_argument("--sleutel", required=True, help="logsleutel: naam+id+sleutel")
    parser.add_argument("--bewaard", type=Path, action="append", default=[], help="controlepunt, ontvangstbewijs of antwoord")
    parser.add_argument("--streng", action="store_true", help="lees van elke regel de hele inhoud (langzamer)")
    chosen = parser.parse_args(arguments)
    held = Held.of(*(path.read_text(encoding="utf-8") for path in chosen.bewaard))
    with chosen.uitvoer.open("rb", buffering=BUFFER) as lines:
        report = verify(lines, chosen.sleutel, held, strict=chosen.streng)
    sys.stdout.write("".join(f"{line}\n" for line in (*report.findings, report.conclusion())))
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
