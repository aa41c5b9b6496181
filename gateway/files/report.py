"""What a partner reads about its file: the signed receipt, and the report as CSV for people and as XML for systems, a line per record.

Authority: contract, files; RFC 4180 (`adapters.formats.writing` keeps formulas out); `schemas/xsd/verslag.xsd`. Written as a stream, so
that a million lines need no more memory than a thousand. Codes, rule ids, places and our own words only: never a value that was delivered
but its kenmerk. Leaves where it goes to `outgoing`.
"""

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from xml.sax.saxutils import escape, quoteattr

import msgspec

from adapters.formats import writing
from gateway.files.spool import Writer
from gateway.keys.signing import ReceiptSigner
from schemas.bestandsbewijs import Bestandsontvangst, Bestandsregel, Bestandsuitslag
from schemas.ontvangst import Bevinding
from schemas.strict import canonical

COLUMNS = (
    "volgnummer", "plek", "soort", "kenmerk", "status", "id", "gemeente", "ontvangenOp", "codes", "regels", "meldingen", "velden",
    "bezorgdAls", "inhoudHash", "logblad",
)  # fmt: skip
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not know (section 2.2)."""
_XML = "urn:nl:seinhuis:verslag:1"


def receipt(bare: Bestandsontvangst, signer: ReceiptSigner) -> bytes:
    """The signed receipt, laid out for people; the signature is over its canonical form."""
    return _laid_out(msgspec.structs.replace(bare, handtekening=signer.sign(bare)))


class Report:
    """Both forms at once. Close it once every line was added."""

    def __init__(self, csv: Writer, xml: Writer, bestand: str) -> None:
        self._csv = csv
        self._xml = xml
        self._leaves = sha256()
        self._csv.write("".join(writing.lines([COLUMNS])).encode())
        head = f'<?xml version="1.0" encoding="UTF-8"?>\n<verslag xmlns="{_XML}" bestand={quoteattr(bestand)}>\n'
        self._xml.write(head.encode())

    def add(self, lines: Sequence[Bestandsregel]) -> None:
        """The next lines."""
        for line in lines:
            if line.logblad:
                self._leaves.update(bytes.fromhex(line.logblad))
        self._csv.write("".join(writing.lines(map(_row, lines))).encode())
        self._xml.write(_NO_XML.sub("\ufffd", "".join(map(_element, lines))).encode())

    @property
    def leaves(self) -> str:
        """The hash over all leaf hashes so far, in order."""
        return self._leaves.hexdigest()

    def close(self, result: Bestandsuitslag) -> None:
        """End both with the signed result and flush them to the disk."""
        counts = msgspec.to_builtins(result.aantallen)
        attributes = "".join(f' {name}="{count}"' for name, count in counts.items())
        text = escape(canonical(result).decode())
        head = f'<uitslag status="{result.status}" resultaat="{result.resultaat}"{attributes}>'
        self._xml.write(f"{head}{_findings(result.bevindingen)}<ondertekend>{text}</ondertekend></uitslag>\n</verslag>\n".encode())
        self._csv.close()
        self._xml.close()


def _row(line: Bestandsregel) -> tuple[object, ...]:
    found = line.bevindingen
    return (
        line.volgnummer,
        line.plek,
        line.soort,
        line.kenmerk,
        "eerder_ontvangen" if line.eerder_ontvangen else line.status,
        line.id,
        line.gemeente,
        line.ontvangen_op.isoformat() if line.ontvangen_op else None,
        _joined(f.code for f in found) if found else None,
        _joined(f.regel for f in found) if found else None,
        " | ".join(f.melding for f in found) if found else None,
        _joined(f.pointer for f in found) if found else None,
        line.bezorgd_als,
        line.inhoud_hash,
        line.logblad,
    )


def _joined(values: Iterable[str | None]) -> str:
    return " ".join(value for value in values if value)


def _element(line: Bestandsregel) -> str:
    parts = [f'<regel volgnummer="{line.volgnummer}" plek={quoteattr(line.plek)} soort="{line.soort}" status="{line.status}"']
    if line.kenmerk is not None:
        parts.append(f" kenmerk={quoteattr(line.kenmerk)}")
    if line.id is not None:
        parts.append(f' id="{line.id}"')
    if line.eerder_ontvangen:
        parts.append(' eerderOntvangen="true"')
    if line.bezorgd_als is not None:
        parts.append(f" bezorgdAls={quoteattr(line.bezorgd_als)}")
    if line.gemeente is not None:
        parts.append(f' gemeente="{line.gemeente}"')
    if line.ontvangen_op is not None:
        parts.append(f' ontvangenOp="{line.ontvangen_op.isoformat()}"')
    if line.ingetrokken_op is not None:
        parts.append(f' ingetrokkenOp="{line.ingetrokken_op.isoformat()}"')
    if line.logblad is not None:
        parts.append(f' inhoudHash="{line.inhoud_hash}" logblad="{line.logblad}"')
    parts.append(f">{_findings(line.bevindingen)}</regel>\n" if line.bevindingen else "/>\n")
    return "".join(parts)


def _findings(found: Iterable[Bevinding]) -> str:
    return "".join(map(_finding, found))


def _finding(found: Bevinding) -> str:
    optional = (("regel", found.regel), ("artikel", found.artikel), ("veld", found.pointer))
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in optional if value)
    return f'<bevinding code="{found.code}" oordeel="{found.oordeel}"{attributes}>{escape(found.melding)}</bevinding>'


def _laid_out(value: msgspec.Struct) -> bytes:
    return msgspec.json.format(canonical(value), indent=2) + b"\n"
