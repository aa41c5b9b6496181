"""What is kept of an exchange: the operation, ids, cursors, cards and digests. Never a name, address, kenmerk, or anything else of a body.

Pure, but for the report of a delivery, which is asked of the gateway. What does not parse is recorded without its content: the gateway
refuses it. Authority: contract, all doors. Leaves when it was and what was done to it to `door`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import msgspec

from gateway.conformance.observed import GELUKT, Regel, Uitwisseling
from schemas.ontvangst import VerslagRegel

_ID = "([0-9a-fA-F-]{36})"
_OPERATIONS = [
    (method, re.compile(f"/{path}"), name)
    for method, path, name in (
        ("POST", "schuldeiser/v1/signalen", "signaal"),
        ("POST", "schuldeiser/v1/aanleveringen", "aanleveren"),
        ("PUT", "schuldeiser/v1/standen/[0-9-]+", "stand"),
        ("POST", f"schuldeiser/v1/signalen/{_ID}/intrekking", "intrekken"),
        ("GET", "schuldeiser/v1/terugkoppelingen", "terugkoppeling_lezen"),
        ("GET", "schuldeiser/v1/saldoverzoeken", "saldoverzoeken_lezen"),
        ("GET", f"schuldeiser/v1/saldoverzoeken/{_ID}", "saldoverzoek_lezen"),
        ("POST", f"schuldeiser/v1/saldoverzoeken/{_ID}/antwoord", "saldo_beantwoorden"),
        ("POST", "gemeente/v1/zaken", "zaak_openen"),
        ("POST", f"gemeente/v1/zaken/{_ID}/contactpogingen", "poging_vastleggen"),
        ("PUT", f"gemeente/v1/zaken/{_ID}/resultaat", "zaak_afsluiten"),
        ("POST", "gemeente/v1/kennisgevingen", "pauze_vragen"),
        ("GET", f"gemeente/v1/kennisgevingen/{_ID}", "pauze_lezen"),
        ("GET", "gemeente/v1/inbox/berichten", "inbox_lezen"),
        ("GET", f"gemeente/v1/inbox/berichten/{_ID}", "bericht_lezen"),
        ("POST", "gemeente/v1/inbox/claims", "claimen"),
        ("PUT", f"gemeente/v1/inbox/claims/{_ID}", "verlengen"),
        ("DELETE", f"gemeente/v1/inbox/claims/{_ID}", "teruggeven"),
        ("POST", f"gemeente/v1/inbox/claims/{_ID}/_bevestig", "claim_bevestigen"),
        ("PUT", f"gemeente/v1/inbox/berichten/{_ID}/bevestiging", "bevestigen"),
        ("POST", f"gemeente/v1/inbox/berichten/{_ID}/afwijzing", "afwijzen"),
        ("POST", "gemeente/v1/terugkoppelingen", "terugkoppelen"),
        ("POST", "gemeente/v1/schuldenoverzichten", "overzicht_vragen"),
        ("GET", f"gemeente/v1/schuldenoverzichten/{_ID}", "overzicht_lezen"),
        ("GET", f"gemeente/v1/schuldenoverzichten/{_ID}/overzicht", "overzicht_samengesteld"),
        ("POST", f"gemeente/v1/schuldenoverzichten/{_ID}/intrekking", "overzicht_intrekken"),
    )
]
_STATES = {"overzicht_lezen": "vragen", "pauze_lezen": "partijen"}
_LISTS = ("berichten", "saldoverzoeken")
_CHOICES = {
    "intrekken": "reden",
    "claimen": "doel",
    "bevestigen": "status",
    "claim_bevestigen": "status",
    "terugkoppelen": "code",
    "overzicht_intrekken": "reden",
    "zaak_afsluiten": "resultaat",
}


class Cards(NamedTuple):
    """Who is on which card, by postcode and house number; and the gateway's report of one delivery of this partner."""

    places: Mapping[tuple[str, int], str]
    verslag: Callable[[str], Sequence[VerslagRegel]]

    def card(self, record: Mapping[str, Any]) -> str:
        """The card that a signal is of; empty when it is of none."""
        place = _members(record.get("adres"))
        postcode, number = place.get("postcode"), place.get("huisnummer")
        return self.places.get((postcode, number), "") if isinstance(postcode, str) and isinstance(number, int) else ""


def recorded(
    method: str, path: str, query: str, body: bytes, status: int | None, answer: bytes, cards: Cards
) -> Uitwisseling:
    """An exchange without its moment; `status` None while there is no answer."""
    name, id = operation(method, path)
    asked, given = _object(body), _object(answer) if status in GELUKT else {}
    parameters = parse_qs(query)
    return Uitwisseling(
        op=0.0,
        handeling=name,
        status=status or 0,
        gezien=status or 0,
        regels=tuple(_lines(name, asked, status, _object(answer), cards)),
        id=id or str(given.get("id", "")),
        claim=_claim(name, id, asked, given),
        berichten=tuple(_about(name, id, asked, given)),
        cursor=parameters.get("cursor", [None])[0],
        volgende=given.get("volgende"),
        keuze=str(asked.get(_CHOICES.get(name, ""), ""))[:64],
    )


def operation(method: str, path: str) -> tuple[str, str]:
    """The name of an operation and the id in its path; both may be empty."""
    for wanted, form, name in _OPERATIONS:
        if method == wanted and (found := form.fullmatch(path)):
            return name, found[1] if found.groups() else ""
    return "", ""


def digest(value: object) -> str:
    """A short digest of a JSON value, whatever the order of its members."""
    return sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()[:24]


def _object(body: bytes) -> dict[str, Any]:
    try:
        return _members(msgspec.json.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}


def _members(value: object) -> dict[str, Any]:
    """An object; what should be one and is not has no members, and is for the gateway to refuse."""
    return value if isinstance(value, dict) else {}


def _several(value: object) -> list[Any]:
    """A list, likewise."""
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _lines(name: str, asked: dict[str, Any], status: int | None, given: dict[str, Any], cards: Cards) -> Iterator[Regel]:
    records = [asked] if name == "signaal" and asked else _several(asked.get("signalen")) if name in {"aanleveren", "stand"} else []
    records = [one for one in records if isinstance(one, dict)]
    outcomes = _outcomes(name, status, given, cards, records)
    for nr, record in enumerate(records):
        amount = _members(record.get("achterstand")).get("bedragCent")
        outcome, codes, id = outcomes[nr] if nr < len(outcomes) else ("", (), "")
        yield Regel(
            kaart=cards.card(record),
            kenmerk=digest(record.get("kenmerk")),
            inhoud=digest(record),
            bedrag=amount if isinstance(amount, int) else None,
            gemeentecode=_text(_members(record.get("adres")).get("gemeentecode")),
            uitkomst=outcome,
            codes=codes,
            id=id,
        )


def _outcomes(
    name: str, status: int | None, given: dict[str, Any], cards: Cards, records: Sequence[dict[str, Any]]
) -> list[tuple[str, tuple[str, ...], str]]:
    """Word, codes and message of each record, in order."""
    if name == "signaal":
        codes = tuple(str(one.get("code", "")) for one in given.get("errors") or [])
        taken = ("bezorgd", (), str(given.get("id", "")))
        return [taken if status in GELUKT else ("geweigerd", codes, "") if status in {400, 409} else ("", (), "")]
    if name == "aanleveren" and status in GELUKT:
        return [_said(line) for line in cards.verslag(str(given.get("id")))]
    if name == "stand" and status in GELUKT:
        lines = {line.get("kenmerk"): line for line in given.get("regels", [])}
        found = (lines.get(_text(record.get("kenmerk")), {}) for record in records)
        return [(str(line.get("uitkomst", "")), (), str(line.get("id") or "")) for line in found]
    return []


def _said(line: VerslagRegel) -> tuple[str, tuple[str, ...], str]:
    return "bezorgd" if line.id else "geweigerd", tuple(finding.code for finding in line.bevindingen), str(line.id or "")


def _claim(name: str, id: str, asked: dict[str, Any], given: dict[str, Any]) -> str:
    if name == "claimen":
        return str(given.get("id", ""))
    return id if name in {"teruggeven", "claim_bevestigen"} else str(asked.get("claim", ""))


def _about(name: str, id: str, asked: dict[str, Any], given: dict[str, Any]) -> Iterator[str]:
    """Messages that came along or that it is about; of the feed, what it said of which kenmerk."""
    if name in {"bevestigen", "afwijzen"}:
        yield id
    elif name in {"terugkoppelen", "zaak_openen"}:
        yield from (str(one) for one in _several(asked.get("berichten")))
    elif name in _STATES:
        yield from (str(one.get("staat")) for one in given.get(_STATES[name], []))
    elif name == "terugkoppeling_lezen":
        yield from (f"{digest(one.get('kenmerk'))}/{one.get('code')}" for one in given.get("terugkoppelingen", []))
    else:
        yield from (str(one.get("id")) for part in _LISTS for one in given.get(part, []) if isinstance(one, dict))
