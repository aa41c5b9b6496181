"""The feedback policy: which outcome gives which coarse status, when, and by whom. Pure, default deny, dated rows.

Authority: rules FB-01 to FB-07; each row of `beleid/terugkoppeling.toml` names its rule and ground. What no row names is not told. A row
that names a code outside the closed list, or two ways out for one outcome on one day without a condition between them, refuses to start.
Leaves storage and release to `recording` and `feed`.
"""

import hashlib
import tomllib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from gateway.core.clock import dutch_day
from gateway.core.errors import Misconfigured
from gateway.feedback.outcomes import Choice, Facts, Inner, Told, Withheld
from schemas.terugkoppeling import Terugkoppelcode

BELEID = files("gateway.feedback") / "beleid" / "terugkoppeling.toml"
RECEIVERS = frozenset({"gerechtsdeurwaarder", "signaalpartner", "schuldeiser", "bewindvoerder", "kredietverstrekker"})  # FB-02
COUNSELLOR = "schuldhulpverlener"
_NL = ZoneInfo("Europe/Amsterdam")
_Filled = Annotated[str, Meta(min_length=2)]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One code over one period. `sluit`: nothing follows it; `na`: only after that code; `herroept`: takes that code back."""

    id: Annotated[str, Meta(pattern=r"^TK-[0-9]{2}$")]
    code: Terugkoppelcode
    regel: Annotated[str, Meta(pattern=r"^FB-[0-9]{2}$")]
    grond: _Filled
    geldig_van: date
    geldig_tot: date | None = None
    standaard: bool
    uitkomsten: Annotated[tuple[str, ...], Meta(min_length=1)]
    vrijgave: Literal["direct", "wekelijks"]
    tekst: Annotated[str, Meta(min_length=10, max_length=120)]
    sluit: bool = False
    alleen_schuldhulpverlener: bool = False
    grond_vereist: bool = False
    na: Terugkoppelcode | None = None
    herroept: Terugkoppelcode | None = None
    pauze_dagen: Annotated[int, Meta(ge=1, le=60)] | None = None

    def holds(self, day: date) -> bool:
        """Whether the row is in force; `geldig_tot` is its last day."""
        return self.geldig_van <= day and (self.geldig_tot is None or day <= self.geldig_tot)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rij: tuple[Row, ...]


class FeedbackPolicy:
    """One version of the policy. Immutable; `version` is the hash of its rows."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Raises Misconfigured: two rows for one code on the same day, or a row that cannot be switched on safely."""
        self.rows = tuple(rows)
        self.version = hashlib.sha256(msgspec.json.encode(self.rows, order="sorted")).hexdigest()
        self._by_outcome: dict[str, list[Row]] = {}
        for row in self.rows:
            _check(row, self.rows)
            for outcome in row.uitkomsten:
                self._by_outcome.setdefault(outcome, []).append(row)
        self._closing = frozenset(row.code for row in self.rows if row.sluit)

    @classmethod
    def load(cls, source: Traversable | Path = BELEID) -> "FeedbackPolicy":
        """Read the file. Raises Misconfigured."""
        try:
            return cls(msgspec.convert(tomllib.loads(source.read_text(encoding="utf-8")), _Table).rij)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
            raise Misconfigured(f"Terugkoppelbeleid: {error}") from None

    def needs_ground(self, code: str, day: date) -> bool:
        """Whether a municipality must record its ground before it tells this code."""
        return any(row.grond_vereist for row in self.rows if row.code == code and row.holds(day))

    def judge(self, inner: Inner, facts: Facts) -> Told | Withheld:
        """What the sender of a message hears of an outcome; nothing unless a row says so."""
        stop = _silence(facts) or ("AL_AFGESLOTEN" if facts.told & self._closing else None)
        if stop:
            return Withheld(stop)
        day = dutch_day(facts.now)
        reason = "GEEN_TERUGKOPPELING"
        for row in self._by_outcome.get(inner.key(), ()):
            refused = "GEEN_TERUGKOPPELING" if not row.holds(day) else _refusal(row, inner, facts, day)
            if refused is None:
                return _told(row, facts.now, day)
            reason = refused
        return Withheld(reason)


def release_at(vrijgave: str, now: datetime) -> datetime:
    """The first instant (UTC) at which it may be seen: at once, or the start of the next week in the Netherlands."""
    if vrijgave == "direct":
        return now
    day = dutch_day(now)
    monday = day + timedelta(days=7 - day.weekday())
    return datetime.combine(monday, time(), _NL).astimezone(UTC)


def iso_week(at: datetime) -> str:
    """The ISO week of an instant in the Netherlands, as `2026-W48`."""
    year, week, _ = dutch_day(at).isocalendar()
    return f"{year}-W{week:02}"


def _silence(facts: Facts) -> str | None:
    """What forbids any feedback on this message, whatever the outcome."""
    if facts.silenced:
        return "BERICHT_DOORGEZONDEN"
    if facts.withdrawn:
        return "SIGNAAL_INGETROKKEN"
    return None if facts.receiver else "ONTVANGER_NIET_BEVOEGD"


def _refusal(row: Row, inner: Inner, facts: Facts, day: date) -> str | None:
    if not _chosen(row, facts.choices.get(row.code), day):
        return "TERUGKOPPELING_STAAT_UIT"
    if row.alleen_schuldhulpverlener and not facts.counsellor:
        return "ALLEEN_SCHULDHULPVERLENER"
    if row.code in facts.told:
        return "AL_TERUGGEKOPPELD"
    if row.na is not None and row.na not in facts.told:
        return "NIETS_TE_BEEINDIGEN"
    if inner.below_threshold() and (facts.threshold is None or facts.amount >= facts.threshold):
        return "DREMPEL_GELDT_NIET"
    return None


def _chosen(row: Row, choice: Choice | None, day: date) -> bool:
    if choice is None:
        return row.standaard and not row.grond_vereist
    return choice.on and (not row.grond_vereist or (choice.since is not None and choice.since <= day))


def _told(row: Row, now: datetime, day: date) -> Told:
    release = release_at(row.vrijgave, now)
    pause = None if row.pauze_dagen is None else day + timedelta(days=row.pauze_dagen)
    return Told(row.code, row.tekst, row.id, release, iso_week(release), pause, row.herroept)


def _check(row: Row, rows: tuple[Row, ...]) -> None:
    if row.geldig_tot is not None and row.geldig_tot < row.geldig_van:
        raise Misconfigured(f"Terugkoppelbeleid: {row.id} eindigt voor het begint.")
    if row.standaard and row.grond_vereist:
        raise Misconfigured(f"Terugkoppelbeleid: {row.id} vraagt een vastgelegde grond en kan dus niet standaard aan staan.")
    for other in rows:
        if other is not row and other.code == row.code and _meet(other, row):
            raise Misconfigured(f"Terugkoppelbeleid: {row.id} geldt tegelijk met {other.id} voor dezelfde code.")


def _meet(a: Row, b: Row) -> bool:
    return (b.geldig_tot is None or a.geldig_van <= b.geldig_tot) and (a.geldig_tot is None or b.geldig_van <= a.geldig_tot)
