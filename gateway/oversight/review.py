"""Which accesses are explained, and which need a look: every rule of the review, pure.

An access is explained by what was there *before* it, by the clock and by its number in the log: a case of the same resident, a message
that waited, consent for an overview. A case or consent is enough; a message explains only the one who then handles it, at a normal hour,
in a normal number. A case that is opened afterwards explains nothing. An unattended system is judged by its own pattern: its hours, and
taking a message once; what it takes it must acknowledge. `medewerker` and `wijze` are what the case system declares, so volume and rows are
judged of the connecting party too. Own and colleagues' addresses speak against whoever looks. The review blames nobody: it lists, with
reasons, and an officer decides. Authority: AVG art. 32; law and rules, LG-07; explanation-based auditing (Fabbri and LeFevre). Leaves
reading the log to `accesses`.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from gateway.core.clock import dutch
from gateway.core.workdays import is_workday
from gateway.oversight.evidence import Access, Case, Facts
from gateway.oversight.habits import Habits
from schemas.toezicht import Twijfel, Verklaring

AFTER_CASE = timedelta(days=30)
"""A case explains for this long after it was closed (the term of the payload)."""
TO_HANDLE = timedelta(days=14)
HOURS = range(7, 19)
WEIGHED: Final[frozenset[Verklaring | None]] = frozenset({None, "bericht"})
"""An access that a case or consent explains is not asked for its hour, number or pace."""


class Verdict(NamedTuple):
    """What explains an access, and what speaks against it; it is listed when there is any reason."""

    access: Access
    explained: Verklaring | None
    reasons: tuple[Twijfel, ...]


def judge(accesses: Sequence[Access], facts: Facts) -> list[Verdict]:
    """The verdict on each access, in order."""
    explained = [_explanation(access, facts) for access in accesses]
    habits = Habits(accesses, [access for access, why in zip(accesses, explained, strict=True) if why in WEIGHED])
    return [
        Verdict(access, why, tuple(_reasons(access, why, facts, habits))) for access, why in zip(accesses, explained, strict=True)
    ]


def _explanation(access: Access, facts: Facts) -> Verklaring | None:
    own = facts.case.get(access.zaak) if access.zaak else None
    if any(_explains(case, access) for case in (*facts.cases.get(access.subject or "", ()), *([own] if own else ()))):
        return "zaak"
    consent = facts.consent.get(access.overzicht) if access.overzicht else None
    if consent and consent.before(access):
        return "toestemming"
    waiting = facts.delivered.get(access.bericht) if access.bericht else None
    if access.bericht and waiting and waiting.before(access):
        done = facts.handled.get(access.bericht)
        return "bericht" if done is None or done[0] >= access.tijd else None
    return None


def _explains(case: Case, access: Access) -> bool:
    return case.opened.before(access) and (case.closed is None or access.tijd <= case.closed + AFTER_CASE)


def _reasons(access: Access, explained: Verklaring | None, facts: Facts, habits: Habits) -> Iterator[Twijfel]:
    if access.subject:
        others = any(access.subject in found for found in facts.own.values())
        excused = explained == "zaak" and not access.user  # the addresses stand under other names than those of who logs in
        if access.subject in facts.own.get(access.who, ()) or (others and access.manned and not excused):
            yield "eigen_adres"
    if explained is None:
        later = any(not case.opened.before(access) for case in facts.cases.get(access.subject or "", ()))
        yield "zaak_na_toegang" if later else "geen_verklaring"
    if explained == "bericht" and not (_handles(access, facts) if access.manned else _receives(access, facts)):
        yield "niet_behandeld"
    if explained in WEIGHED:
        if access.manned:
            yield from _unusual(access, habits)
        elif habits.odd(access) or habits.much(access) or habits.in_row(access):
            yield "buiten_patroon"


def _unusual(access: Access, habits: Habits) -> Iterator[Twijfel]:
    moment = dutch(access.tijd)
    if moment.hour not in HOURS or not is_workday(moment.date()):
        yield "buiten_uren"
    if habits.much(access):
        yield "volume"
    if habits.in_row(access):
        yield "reeks"
    if habits.unknown(access):
        yield "nieuwe_naam"


def _receives(access: Access, facts: Facts) -> bool:
    """Whether the message that a system took was acknowledged in time; it may still come."""
    done = facts.received.get(access.bericht) if access.bericht else None
    return facts.now < access.tijd + TO_HANDLE if done is None else done <= access.tijd + TO_HANDLE


def _handles(access: Access, facts: Facts) -> bool:
    """Whether the one who opened a message also handled it in time; it may still come."""
    done = facts.handled.get(access.bericht) if access.bericht else None
    if done is None:
        return facts.now < access.tijd + TO_HANDLE
    return done[1] == access.who and done[0] <= access.tijd + TO_HANDLE
