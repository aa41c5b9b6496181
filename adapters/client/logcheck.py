"""Verify an export of the log from outside: every leaf, every checkpoint, what others kept of it, and what was destroyed at its term.

Stands alone: the standard library and `cryptography`, nothing of the gateway, so that this one file can be copied, read and run
(`python logcheck.py export.jsonl --sleutel 'name+keyid+key' --bewaard kept.json`). Authority: RFC 6962 section 2.1 (tree), C2SP
signed-note and tlog-checkpoint; `docs/log.md` has the form of a line and what cannot be seen. Under a checkpoint that somebody kept
nothing changes unseen; above it kept receipts and answers say which leaf must be there and which message has which number.
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FINDINGS_MAX, _CHUNK, _ID = 100, 4096, 36
BUFFER = 1 << 18
_SHA256 = hashlib.sha256
_ED25519, _DASH, _DESTROYED = b"\x01", "\u2014 ", b"log.vernietigd"
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
        return self._parts(note, "", "[A-Za-z0-9+/]{43}=")

    def destroyed(self, note: str) -> list[int]:
        """The numbers whose content this log says it destroyed at its term. Raises Untrusted."""
        begin, bits = self._parts(note, "/vernietigd", "[A-Za-z0-9+/=]+")
        return [begin + place for place in range(8 * len(bits)) if bits[place >> 3] >> (place & 7) & 1]

    def _parts(self, note: str, kind: str, second: str) -> tuple[int, bytes]:
        if found := re.fullmatch(f"{re.escape(self.name + kind)}\n(0|[1-9][0-9]{{0,17}})\n({second})", self.text(note)):
            return int(found[1]), base64.b64decode(found[2])
        raise Untrusted("not a note of this kind")


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
        return f"log: {said} ({parts}, het nieuwste over {self.newest})"


class _Check:
    """One pass over the lines of an export."""

    def __init__(self, signed: Signed, held: Held) -> None:
        self.signed, self.report, self.tree = signed, Report(), Tree()
        self._chunk, self._gone = list[bytes](), set[int]()
        self._events: dict[bytes, bytes] = {}
        self._roots = {0: self.tree.root()}
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
        number, events, shown, chunk = 0, self._events, self._shown, self._chunk
        for line in lines:
            inhoud = line[(begin := line.find(b',"inhoud":')) + 10 : -2]
            leaf = _SHA256(b"\x00" + inhoud).digest()
            at = len(expected := b'{"nr":%d,"blad":"%b","id":"' % (number, binascii.hexlify(leaf)))
            if not (
                line.startswith(expected) and line[at - 6 : at + _ID + 1] in inhoud and (event := events.get(line[at + _ID : begin]))
                and event in inhoud and inhoud.startswith(b"{") and line.endswith(b"}}\n") and number not in shown
            ) and not (leaf := self._leaf(line, number)):  # fmt: skip
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
            self._gone.add(number)
        elif _SHA256(b"\x00" + inhoud).digest() != leaf:
            found(f"regel {number}: inhoud past niet bij het blad")
        elif b'"id":"%b"' % id not in inhoud or b'"gebeurtenis":"%b"' % naam not in inhoud:
            found(f"regel {number}: wordt gevonden onder een andere naam dan de inhoud heeft")
        elif naam == _DESTROYED or number in self._shown:
            self._special(number, naam, inhoud)
        else:
            self._events[b'","naam":"%b"' % naam] = b'"gebeurtenis":"%b"' % naam
        return leaf

    def _special(self, number: int, naam: bytes, inhoud: bytes) -> None:
        message = b'"bericht":"%b"' % self._shown.get(number, "").encode()
        if number in self._shown and not (message in inhoud and naam == b"signaal.bezorgd"):
            self.report.found(f"regel {number}: een ander bericht dan onder dit nummer werd getoond")
        if naam == _DESTROYED:
            with suppress(ValueError, KeyError, TypeError, AttributeError):
                said = self._gone.intersection(self.signed.destroyed(json.loads(inhoud)["verklaring"]))
                self.report.destroyed += len(said)
                return self._gone.difference_update(said)
            self.report.found(f"regel {number}: verklaring van vernietiging zonder geldige handtekening")
        return None

    def _other(self, line: bytes) -> None:
        try:
            value = json.loads(line)
            if "controlepunt" in value:
                self._flush()
                if found := self._checkpoint(value["controlepunt"]):
                    self._compare(*found)
            elif "wacht" in value:
                self._wanted.discard(bytes.fromhex(value["wacht"]))
                if hashlib.sha256(b"\x00" + value["inhoud"].encode()).hexdigest() != value["wacht"]:
                    self.report.found("wachtende regel: inhoud past niet bij het blad")
            elif "los" in value:
                self.report.found(f"inhoud {value['los']} staat niet in de log")
            else:
                raise ValueError
        except (ValueError, TypeError, KeyError, AttributeError):
            self.report.found("een regel van de uitvoer is onleesbaar")

    def _flush(self) -> None:
        self._wanted.difference_update(self._chunk)
        self.tree.extend(self._chunk)
        self._chunk.clear()
        self._roots[self.tree.size] = self.tree.root()

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
        report.leaves, report.bodies = self.tree.size, self.tree.size - len(self._gone) - self.report.destroyed
        for leaf in sorted(self._wanted):
            report.found(f"blad {leaf.hex()} van een bewijs of antwoord staat niet in de log")
        for number in sorted(number for number in self._shown if number >= report.leaves):
            report.found(f"bericht met nummer {number + 1} werd getoond, de log heeft {report.leaves} regels")
        if self._gone:
            report.found(f"regel {min(self._gone)}: inhoud ontbreekt zonder verklaring ({len(self._gone)} regels)")
        return report


def verify(lines: Iterable[bytes], vkey: str, held: Held | None = None) -> Report:
    """Check the lines of an export with the log's verifier key and what was kept outside. Raises Untrusted when the key is none."""
    return _Check(Signed(vkey), held or Held.of()).read(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """The program: 0 when the log holds, 1 when it does not."""
    parser = argparse.ArgumentParser(description="Controleer een uitvoer van de verwerkingslog; alleen de publieke sleutel is nodig.")
    parser.add_argument("uitvoer", type=Path)
    parser.add_argument("--sleutel", required=True, help="logsleutel: naam+id+sleutel")
    parser.add_argument("--bewaard", type=Path, action="append", default=[], help="controlepunt, ontvangstbewijs of antwoord")
    chosen = parser.parse_args(arguments)
    held = Held.of(*(path.read_text(encoding="utf-8") for path in chosen.bewaard))
    with chosen.uitvoer.open("rb", buffering=BUFFER) as lines:
        report = verify(lines, chosen.sleutel, held)
    sys.stdout.write("".join(f"{line}\n" for line in (*report.findings, report.conclusion())))
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
