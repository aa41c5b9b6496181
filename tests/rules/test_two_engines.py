"""The compiled rules and the slow second engine agree on both rounds; a planted difference is found.

50,000 signals with SEINHUIS_PROOF=1, 5,000 otherwise.
"""

import os
from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from gateway.core.chain import Named, Stopped
from gateway.partners.register import Overeenkomst
from gateway.rules import rows
from gateway.rules.rulebook import Rulebook
from tests.rules import build, engine, generator
from tests.rules.engine_more import World

COUNT = 50_000 if os.environ.get("SEINHUIS_PROOF") == "1" else int(os.environ.get("SEINHUIS_SIGNALEN", "5000"))
BOOKS = {needed: Rulebook.load(lambda row, needed=needed: needed) for needed in (False, True)}  # type: ignore[misc]  # a default argument


def _first(books: dict[bool, Rulebook], signal: dict[str, Any], world: World) -> tuple[str, list[str]]:
    sectors = frozenset(build.LEGAL + build.EXPERIMENTS)
    who = build.creditor(sectoren=sectors, rollen=world.roles, nummerformaten=world.formats, instructies=world.instructions)
    day = date.fromisoformat(signal["signaaldatum"])
    agreed = (Overeenkomst(build.OIN, world.gemeente, signal["sector"], day, day),) if world.agreed else ()
    opened = date.fromisoformat(world.opened) if world.opened else date.max
    desk = build.desk(
        gemeentecode=world.gemeente if world.opened else "9999",
        loket_open_vanaf=opened,
        drempel_cent=world.threshold,
        optionele_velden=world.optional,
    )
    register = build.register(who, (build.declaration(),), (desk,), agreed)
    book = books[world.agreement_needed]
    result = book.judge(build.fresh(signal), register)
    if not isinstance(result, Stopped):
        known = UUID(int=1) if world.before and "eerderKenmerk" in signal else None
        named = build.named(signal, world.gemeente, findings=result.findings, earlier=known)
        result = book.judge_context(named, register, _contracts(named, world, signal))  # type: ignore[assignment]
    findings = result.outcome.findings if isinstance(result, Stopped) else result.findings
    return (result.outcome.status if isinstance(result, Stopped) else "verder"), sorted(f"{f.regel} {f.code} {f.oordeel}" for f in findings)


def _contracts(named: Named, world: World, signal: dict[str, Any]) -> frozenset[tuple[str, bytes]]:
    """The earlier signal is known by its kenmerk or by its contract; never by one of another municipality."""
    by_contract = world.before and "eerderKenmerk" not in signal
    return frozenset({(world.gemeente if by_contract else "0000", named.contract or b"")})


def _differences(books: dict[bool, Rulebook], count: int) -> tuple[int, Counter[str]]:
    differing, seen = 0, Counter[str]()
    for signal, world in zip(generator.signals(20261122, count), generator.worlds(20261123, count), strict=True):
        slow = engine.verdict(signal, date(2026, 11, 22), world)
        differing += _first(books, signal, world) != slow
        seen.update(slow[1] or [slow[0]])
    return differing, seen


def test_both_engines_agree_on_generated_signals_and_reach_every_rule() -> None:
    differing, seen = _differences(BOOKS, COUNT)
    print(f"{COUNT} signals, {len(seen)} kinds of finding, {differing} disagreements")  # noqa: T201 - the figure is the point
    assert differing == 0
    assert seen["verder"] > COUNT / 100
    reached = {finding.rsplit(" ", 1)[0] for finding in seen}
    by_wire = {"BEDRAG_TE_LAAG", "SECTOR_NIET_GEREGISTREERD"}  # refused by the schema; tested by case
    all_rows = {f"{r.id} {r.code}" for t in rows.shipped() for r in t.regel if r.code not in by_wire and r.actief}
    assert all_rows - reached == set()


def test_changed_row_is_noticed() -> None:
    changes = (("BUITEN_TERMIJN", {"minimum": 31}), ("ONDER_DREMPEL_EXPERIMENT", {"minimum": 9_999}), ("TE_LAAT_GEMELD", {"werkdagen": 21}))
    for code, parameters in changes:
        tables = [
            rows.Table(
                table.sectoren,
                tuple(
                    msgspec.structs.replace(row, parameters={**row.parameters, **parameters}) if row.code == code else row
                    for row in table.regel
                ),
            )
            for table in rows.shipped()
        ]
        changed = {needed: Rulebook(tables, lambda row, needed=needed: needed) for needed in (False, True)}  # type: ignore[misc]  # as above
        assert _differences(changed, 2_000)[0] > 0, code
