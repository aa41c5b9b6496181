"""Hostile values per kind of value, as JSON text, with the verdict that must never change: what is taken, and what is refused.

Whole numbers in any notation are one number (`1.0`, `1e2`); anything that JSON Schema's `format` leaves open is settled here.
"""

import json
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from schemas import types
from schemas.signaal import Adres, Contact, Persoon, Soort


class Kind(NamedTuple):
    """A kind of value with JSON texts that are taken and refused."""

    type: Any
    taken: tuple[str, ...]
    refused: tuple[str, ...]


def _q(*texts: str) -> tuple[str, ...]:
    return tuple(json.dumps(text, ensure_ascii=False) for text in texts)


NO_TEXT = ("null", "1", "1.5", "true", "[]", "{}", '["2011AB"]')
NO_NUMBER = ("true", "false", "null", '"1"', '"45012"', '""', "[]", "[1]", "{}", '"1e3"', '"NaN"', '"１"')
PERSON = '"rol":"hoofdhuurder","voorletters":"J.","achternaam":"Vries"'
PLACE = '"postcode":"2011AB","huisnummer":12,"woonplaats":"Haarlem"'

KINDS = {
    "Cents": Kind(
        types.Cents,
        ("1", "99999999", "1.0", "1e2", "1E2", "1e+2", "10e-1", "2.5e1", "1.0000000000000001", "45012.00"),
        (
            "0",
            "-1",
            "-0",
            "-0.0",
            "100000000",
            "1.5",
            "0.1",
            "1e-2",
            "9007199254740991",
            "9007199254740992",
            "9007199254740993",
            "18446744073709551616",
            "9223372036854775808",
            "1" + "0" * 30,
            "-1" + "0" * 30,
            "1e308",
            "1e22",
            "99999999.9",
            *NO_NUMBER,
        ),
    ),
    "date": Kind(
        date,
        _q("2026-11-20", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"),
        _q("2025-02-29", "1900-02-29", "2026-02-30", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01", "10000-01-01", "-0001-01-01")
        + _q("+2026-01-01", "2026-1-1", "20261120", "2026-W47-5", "2026-324", "2026-11-20T00:00:00Z", "2026-11-20T00:00:00", "2026-11-20 ")
        + _q(
            " 2026-11-20", "2026-11-20\n", "2026/11/20", "20-11-2026", "2026-11-20Z", "２０２６-11-20", "2026–11–20", "2026-11", "2026", ""
        )
        + ("20261120", "1763596800", "1763596800.5", "null", "true", "[]", "{}"),
    ),
    "bool": Kind(bool, ("true", "false"), ("1", "0", "1.0", '"true"', '"false"', '"ja"', '""', "null", "[]", "{}")),
    "UUID": Kind(
        UUID,
        _q("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20", "019AA2B4-7C1E-7B52-9D3F-0C5E8A6B1F20", "00000000-0000-0000-0000-000000000000"),
        _q(
            "{019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20}",
            "urn:uuid:019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20",
            "019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f2",
            "",
        )
        + _q("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20\n", "019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f2g", "019aa2b4-7c1e7b52-9d3f-0c5e8a6b1f20")
        + ("null", "1", "[]"),
    ),
    "Soort": Kind(
        Soort,
        _q("vroegsignaal", "actualisering", "eindelevering"),
        (*_q("Vroegsignaal", "VROEGSIGNAAL", "vroegsignaal\n", " vroegsignaal", "vroegsignaa1", ""), *NO_TEXT),
    ),
    "Kenmerk": Kind(
        types.Kenmerk,
        _q("HUUR-2026-000123", "a", "9", "A" * 64, "a/b.c:d_e-f"),
        (*_q("A" * 65, "", "-a", "a b", "a\n", "a\r", "\na", "é", "a~b", "a\u0000", "a#", "ａ", "٣", "a\u200b", "=1+1"), *NO_TEXT),
    ),
    "Postcode": Kind(
        types.Postcode,
        _q("2011AB", "9999ZZ"),
        _q("2011ab", "2011 AB", "0011AB", "2011A", "2011ABC", "２０11AB", "2011AB\n", "2011ÄB", " 2011AB", "201１AB", "2011AΒ", "")
        + NO_TEXT,
    ),
    "Telefoonnummer": Kind(
        types.Telefoonnummer,
        _q("+31612345678", "+316123456", "+316123456789012"),
        (
            *_q(
                "0612345678",
                "+0612345678",
                "+3161234567890123",
                "+3161234",
                "31612345678",
                "+31 612345678",
                "+31612345678\n",
                "+٣1612345678",
            ),
            *_q("tel:+31612345678", "+", ""),
            *NO_TEXT,
        ),
    ),
    "Emailadres": Kind(
        types.Emailadres,
        _q("j@example.nl", "j+x@example.nl", "j@a.b.c.d.e.f", "a" * 64 + "@example.nl"),
        _q(
            "j@example",
            "@example.nl",
            "j@@example.nl",
            "j@example.nl\n",
            "j @example.nl",
            "j@exämple.nl",
            "é@example.nl",
            "j@a.b.c.d.e.f.g",
        )
        + _q("a" * 65 + "@example.nl", '"a b"@example.nl', "j@example..nl", "a" * 64 + "@" + ("b" * 63 + ".") * 3 + "nl", "j@[127.0.0.1]")
        + NO_TEXT,
    ),
    "Oin": Kind(
        types.Oin,
        _q("00000099000000001000", "00000001823288444000"),
        (
            *_q("0000009900000000100", "000000990000000010000", "00000098000000001000", "00000099000000001001", "00000099000000001000\n"),
            *_q("0000009900000000100O", "00000005000000001000", "00000099abcdefghi000", ""),
            *NO_TEXT,
        ),
    ),
    "Gemeentecode": Kind(types.Gemeentecode, _q("0392"), (*_q("392", "00392", "０392", "0392\n", "", "039a"), "392", *NO_TEXT)),
    "Sector": Kind(
        types.Sector, _q("huur", "a" * 40), (*_q("Huur", "hu", "a" * 41, "huur\n", "huur-koop", "9huur", "_huur", "hüur"), *NO_TEXT)
    ),
    "Doel": Kind(types.Doel, _q("WGS-3-1-b"), (*_q("WGS-", "WGS-3-1-B", "wgs-3-1-b", "WGS-3-1-b\n", "BSN-1"), *NO_TEXT)),
    "Naam": Kind(
        types.Naam,
        _q("Woningstichting", "a" * 200, "é", "ﬁ", "👩‍👩‍👧", " ", "a\u200bb", "\ud7ff", "👩" * 200, "a\\u0000"),
        _q("a" * 201, "👩" * 201, "", "a\tb", "a\nb", "a\u0000", "a\u0085b", "a\u2028b", "a\u2029",
          "\u202eabc", "a\u200eb", "a\u061cb", "a\u2066b\u2069", "a\u007f", "a\u009f") + NO_TEXT,
    ),
    "Persoon": Kind(
        Persoon,
        (f"{{{PERSON}}}", f'{{{PERSON},"voorvoegsel":null}}', f'{{{PERSON},"geboortedatum":"1985-03-07"}}'),
        (
            f'{{{PERSON},"bsn":"999990019"}}',
            f'{{{PERSON},"rol":"medehuurder"}}',
            f'{{{PERSON},"Voorvoegsel":"de"}}',
            "{}",
            "[]",
            "null",
            '"J."',
            f'{{{PERSON},"":1}}',
            f'{{{PERSON},"geboortedatum":"1985"}}',
            f'{{{PERSON},"__class__":"x"}}',
            f'{{{PERSON},"\\u0000dubbel":[]}}',
            '{"rol":"hoofdhuurder","voorletters":null,"achternaam":"Vries"}',
            f"[{{{PERSON}}}]",
            '{"rol":"bewoner"}',
        ),
    ),
    "Adres": Kind(
        Adres,
        (f"{{{PLACE}}}", f'{{{PLACE},"huisletter":"a"}}', f'{{{PLACE},"toevoeging":"hs"}}', f'{{{PLACE},"gemeentecode":null}}'),
        (
            f'{{{PLACE},"huisletter":"ab"}}',
            f'{{{PLACE},"huisletter":"é"}}',
            f'{{{PLACE},"land":"NL"}}',
            f'{{{PLACE},"huisnummer":13}}',
            f'{{{PLACE},"toevoeging":""}}',
            f'{{{PLACE},"huis_letter":"a"}}',
            '{"postcode":"2011AB","huisnummer":"12","woonplaats":"H"}',
        ),
    ),
    "Contact": Kind(
        Contact,
        ("{}", '{"telefoonnummers":[]}', '{"telefoonnummers":["+31612345678"]}', '{"emailadressen":null}'),
        (
            '{"telefoonnummers":["+31612345678","+31612345678","+31612345678","+31612345678"]}',
            '{"telefoonnummers":"+31612345678"}',
            '{"telefoonnummers":[null]}',
            '{"telefoonnummers":{"0":"+31612345678"}}',
            '{"emailadressen":[["j@example.nl"]]}',
            '{"fax":[]}',
        ),
    ),
}
# Taken though the schema's `uuid` asks for hyphens: the same 128 bits, and only ever compared with ids of ours.
LENIENT = ("UUID", '"019aa2b47c1e7b529d3f0c5e8a6b1f20"')

# Bodies that are no JSON for us, whatever they should hold.
NO_JSON = (
    b"",
    b" ",
    b"nul",
    b"{",
    b"[1,]",
    b'{"a":1,}',
    b"{'a':1}",
    b"{a:1}",
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"1e999",
    b"-1e999",
    b"+1",
    b"01",
    b".5",
    b"1.",
    b"0x10",
    b"1_000",
    b"1" + b"0" * 400,
    b"1" + b"0" * 5000,
    b"\xff",
    b"\xc3",
    b'"\xed\xa0\x80"',
    b'"\\ud800"',
    b'{"\\udc00":1}',
    b"\xef\xbb\xbf{}",
    b"{}{}",
    b"{} x",
    b"// c\n{}",
    b'"a\tb"',
    b'"a\nb"',
    b'"\\x41"',
    b'"\\u12"',
    b"[" * 100_000,
    b'{"a":' * 5_000,
    '{"a":1}'.encode("utf-16"),
)
