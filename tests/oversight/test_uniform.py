"""What is another municipality's and what does not exist: the same error, after the same time.

Measured as an attacker would: thousands of questions of both kinds in random order, and how well the time tells them apart. 0.5 is a coin.
SEINHUIS_PROOF=1: 10,000 questions of each kind and door; else 40.
"""

import os
import random  # noqa: TID251 - seeded, for an order
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from gateway.core import ids
from gateway.core.errors import NotFound
from gateway.oversight import access, queue, search, unsealing
from schemas.toezicht import OntzegelAanvraag, OntzegelBesluit
from tests.flows.world import TRACE, UTRECHT
from tests.oversight.bureau import ABROAD, OFFICER, Bureau

N, NEAR = (10_000, 0.03) if os.environ.get("SEINHUIS_PROOF") else (40, 0.25)
Ask = Callable[[UUID], object]


def told_apart(ask: Ask, foreign: UUID, n: int) -> float:
    """The chance that a question about what is another's takes longer than one about nothing; both must be refused alike."""
    order = [True, False] * n
    random.Random(17).shuffle(order)
    took: dict[bool, list[float]] = {True: [], False: []}
    for theirs in order:
        id = foreign if theirs else ids.new()
        begun = time.perf_counter()
        with pytest.raises(NotFound):
            ask(id)
        took[theirs].append(time.perf_counter() - begun)
    ranked = sorted((seconds, theirs) for theirs, times in took.items() for seconds in times)
    ranks = sum(place for place, (_, theirs) in enumerate(ranked, start=1) if theirs)
    return (ranks - n * (n + 1) / 2) / n**2


def doors(bureau: Bureau) -> dict[str, tuple[Ask, UUID]]:
    """What an officer of another municipality may ask by id, with the id of something of this one."""
    desk = bureau.oversight
    (bericht,) = bureau.delivered(bureau.of())
    bureau.take()
    line = next(line.id for line in bureau.look().regels if line.gebeurtenis == "bericht.geclaimd")
    asked = OntzegelAanvraag(bericht=bericht, reden="klacht", kenmerk="KL-1")
    request, name = bureau.inquire().id, unsealing.ask(OFFICER, "0392", TRACE, asked, desk).id
    yes = OntzegelBesluit(besluit="goedgekeurd")
    return {
        "logregel": (lambda id: search.entry(ABROAD, UTRECHT, TRACE, id, desk), line),
        "beoordeling": (lambda id: queue.sign_off(ABROAD, UTRECHT, TRACE, id, "in_orde", desk), line),
        "inzageverzoek": (lambda id: access.one(UTRECHT, id, desk), request),
        "uittreksel": (lambda id: access.extract(ABROAD, UTRECHT, TRACE, id, desk), request),
        "ontzegeling": (lambda id: unsealing.one(UTRECHT, id, desk), name),
        "besluit": (lambda id: unsealing.decide(ABROAD, UTRECHT, TRACE, id, yes, desk), name),
        "vraag": (lambda id: unsealing.ask(ABROAD, UTRECHT, TRACE, _asked(id), desk), bericht),
    }


def _asked(id: UUID) -> OntzegelAanvraag:
    return OntzegelAanvraag(bericht=id, reden="klacht", kenmerk="KL-2")


def test_time_does_not_tell_what_is_anothers_from_what_is_not_there(
    bureau: Bureau, record_testsuite_property: Callable[[str, Any], None]
) -> None:
    for name, (ask, foreign) in doors(bureau).items():
        found = told_apart(ask, foreign, N)
        record_testsuite_property(f"told apart: {name}", f"{found:.3f} of {N}")
        print(f"{name}: {found:.3f} ({N})")  # noqa: T201 - the figure
        assert abs(found - 0.5) < NEAR, name


def test_positive_control_an_answer_that_looks_once_more_is_told_apart(bureau: Bureau) -> None:
    ask, foreign = doors(bureau)["inzageverzoek"]

    def leaky(id: UUID) -> object:
        if id == foreign:
            bureau.rows("SELECT count(*) FROM inzageverzoek")
        return ask(id)

    assert told_apart(leaky, foreign, 40) > 0.5 + 0.25
