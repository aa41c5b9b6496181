"""What a list of open signals asks for: per signal new, higher, lower, again or the same, and what is gone from the list. Pure.

Authority: contract, idempotency (a changed amount is an `actualisering` with a kenmerk of its own); AVG art. 5(1)(d): what is no
longer open is withdrawn. The messages themselves say what is open; no list is kept beside them. A rejected signal is not offered
again for the same or a lower amount, an expired or withdrawn one is. Leaves doing it to `standen`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from gateway.rules import numbers
from schemas.standen import StandEnvelop, Uitkomst

_LETTERS = str.maketrans("0123456789", "ghijklmnop")
LONGEST = 64
_ENDED = frozenset({"ingetrokken", "verlopen"})
_CLOSED = _ENDED | {"afgewezen"}
Actie = Literal["nieuw", "hoger", "lager", "opnieuw", "gelijk", "geweigerd", "vervallen"]


class Own(NamedTuple):
    """A message of the creditor. `listed` is the kenmerk it is listed under, when that is another; `amount` in euro cents.

    `follows`: closed to the creditor, but a withdrawal of it would follow it to where it was sent on.
    """

    id: UUID
    kenmerk: str
    earlier: UUID | None
    amount: int
    state: str
    withdrawn: bool
    listed: str | None = None
    profiel: str | None = None
    follows: bool = False


class Step(msgspec.Struct, frozen=True, array_like=True):
    """What is done with one signal: `nr` its place in the list (None: gone from it), `als` the kenmerk of the message to make of it.

    `code` says why it is refused; `berichten` are the messages it stands for: to withdraw, or the one that stays. `unseen` are withdrawn
    without a word: to the creditor they are closed.
    """

    nr: int | None
    kenmerk: str | None
    actie: Actie
    als: str | None = None
    eerder: str | None = None
    code: str | None = None
    berichten: tuple[UUID, ...] = ()
    unseen: tuple[UUID, ...] = ()


class Plan(msgspec.Struct, frozen=True, array_like=True):
    """All steps. `unsure`: a record without a readable kenmerk may be any signal, so nothing is withdrawn."""

    steps: list[Step]
    unsure: bool


def named(own: Iterable[Own]) -> dict[str, list[Own]]:
    """The messages per kenmerk of the creditor, in order of their ids: an update goes by the name of what it updates."""
    names: dict[UUID, str] = {}
    found: dict[str, list[Own]] = {}
    for message in own:
        root = names.get(message.earlier, message.kenmerk) if message.earlier else message.kenmerk
        name = names[message.id] = message.listed or root
        found.setdefault(name, []).append(message)
    return found


def plan(
    stand: StandEnvelop, peildatum: date, own: Mapping[str, Sequence[Own]], formats: frozenset[str] = frozenset()
) -> Plan:
    """Decide on every record and on every open signal of this profile that is not in the list.

    A kenmerk that may be a BSN (not of a registered format, `formats`) is not read: no plan keeps it.
    """
    steps: list[Step] = []
    listed: set[str] = set()
    unsure = False
    for nr, value in enumerate(stand.signalen):
        kenmerk = _kenmerk(value, formats)
        unsure = unsure or kenmerk is None
        code = "DUBBEL_IN_STAND" if kenmerk in listed else _fault(value, stand)
        if kenmerk is not None:
            listed.add(kenmerk)
        if code is not None or kenmerk is None:
            steps.append(Step(nr, kenmerk, "geweigerd" if code else "nieuw", code=code))
        else:
            steps.append(_step(nr, kenmerk, _amount(value), own.get(kenmerk, ()), peildatum))
    return Plan(steps if unsure else [*steps, *_gone(own, listed, stand.profiel)], unsure)


def _kenmerk(value: object, formats: frozenset[str]) -> str | None:
    found = _text(value, "kenmerk")
    return None if found is not None and "kenmerk" not in formats and numbers.passes(found) else found


def derived(kenmerk: str, peildatum: date) -> str:
    """The kenmerk of the message that a list of that day makes of a known signal: recognisable, at most 64 characters.

    Letters stand between its numbers and the day, or one in eleven would pass for a BSN (rule VS-09).
    """
    tail = f":s{peildatum:%Y%m%d}"
    if len(kenmerk) + len(tail) > LONGEST:
        tail = f":{sha256(kenmerk.encode()).hexdigest()[:16].translate(_LETTERS)}{tail}"
    return kenmerk[: LONGEST - len(tail)] + tail


def values(stand: StandEnvelop, step: Step) -> Any:  # noqa: ANN401 - parsed JSON
    """The record to deliver for a step that has a place in the list."""
    value = stand.signalen[step.nr or 0]
    if not isinstance(value, dict):
        return value
    made = {"sector": stand.sector, "handelsnaam": stand.handelsnaam, **value, "soort": "vroegsignaal"}
    if step.als is not None:
        made["kenmerk"] = step.als
    if step.eerder is not None:
        made |= {"soort": "actualisering", "eerderKenmerk": step.eerder}
    return made


def counts(outcomes: Iterable[Uitkomst]) -> dict[str, int]:
    """How often each outcome occurs."""
    found: dict[str, int] = {}
    for outcome in outcomes:
        found[outcome] = found.get(outcome, 0) + 1
    return found


def _step(nr: int, kenmerk: str, amount: int | None, known: Sequence[Own], peildatum: date) -> Step:
    if not known:
        return Step(nr, kenmerk, "nieuw", als=kenmerk)
    tip = known[-1]
    if tip.withdrawn or tip.state in _ENDED:
        return Step(nr, kenmerk, "opnieuw", als=derived(kenmerk, peildatum))
    if amount == tip.amount or (tip.state == "afgewezen" and amount is not None and amount < tip.amount):
        return Step(nr, kenmerk, "gelijk", berichten=(tip.id,))
    actie: Actie = "lager" if amount is not None and amount < tip.amount else "hoger"
    return Step(nr, kenmerk, actie, als=derived(kenmerk, peildatum), eerder=tip.kenmerk)


def _gone(own: Mapping[str, Sequence[Own]], listed: set[str], profiel: str | None) -> Iterable[Step]:
    for name, messages in own.items():
        of_profile = next((m.profiel for m in reversed(messages) if m.profiel), None)
        if name in listed or of_profile != profiel:
            continue
        live = tuple(m.id for m in messages if not m.withdrawn and m.state not in _CLOSED)
        unseen = tuple(m.id for m in messages if m.follows)
        if live or unseen:
            yield Step(None, name, "vervallen", berichten=live, unseen=unseen)


def _fault(value: object, stand: StandEnvelop) -> str | None:
    """Why a record cannot be part of this list, or None; its form is for the flow."""
    if not isinstance(value, dict):
        return None
    if value.get("soort", "vroegsignaal") != "vroegsignaal" or value.get("eerderKenmerk") is not None:
        return "STAND_SOORT_ONJUIST"
    series = (value.get("sector", stand.sector), value.get("handelsnaam", stand.handelsnaam))
    return None if series == (stand.sector, stand.handelsnaam) else "STAND_ANDERE_REEKS"


def _text(value: object, name: str) -> str | None:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) and 0 < len(found) <= LONGEST else None


def _amount(value: dict[str, Any]) -> int | None:
    arrears = value.get("achterstand")
    found = arrears.get("bedragCent") if isinstance(arrears, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None
