"""A next version of a municipality's pseudonyms: begun, led over after an overlap, and the old one destroyed.

begin: what arrives is named in both versions. lead: after the overlap everything that still counts has a name in the next version, so it
leads from one moment to the next and nothing is rewritten for it. destroy: a day later the old keys go, and the old names with them. A
keyed name cannot be translated, so the overlap is as long as the longest term of a name: 15 months (contract keys; addresses 7).
The municipality puts its objections on its list again meanwhile. Authority: rules PR-05, PR-08; architecture, keys. Each step is an
entry. Leaves making the names to `gateway.matching.naming`, reading them to `gateway.mailbox`.
"""

import re
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from gateway.core.clock import dutch_day, dutch_midnight
from gateway.core.errors import Conflict
from gateway.keys import replacing
from gateway.keys.book import Connection
from gateway.partners import administration, versions
from gateway.partners.rows import read, sealer
from gateway.partners.sealkeys import Pseudoniemversie
from gateway.privacylog.append import append
from gateway.privacylog.destroying import PseudoniemversieGewijzigd
from gateway.retention.keeper import BATCH, Keeper, destroy
from gateway.retention.terms import months_back
from gateway.store.tenant import municipality
from schemas.keyed import Keyed

OVERLAP_MONTHS = 15
ADDRESS_MONTHS = 7
_MATCH = re.compile(r"D-match/([0-9]{4})/[^/]+/([0-9]{1,3})")
SETTLED = timedelta(days=1)
"""Longer than any node goes on with what it read of the register."""


class Standing(NamedTuple):
    """Where a municipality is; `objections`: how many it has to put on its list again before the next version can lead."""

    leading: int
    next: int | None
    since: datetime | None
    objections: int


def standing(keeper: Keeper, gemeente: str) -> Standing:
    """The versions of a municipality. Raises Misconfigured: the row lacks its seal."""
    with keeper.database.transaction(municipality(gemeente)) as connection:
        return _standing(connection, versions.stored(connection, gemeente, sealer(keeper.keys)), gemeente)


def begin(keeper: Keeper, gemeente: str) -> Standing:
    """Make a next version beside the leading one. Raises Conflict: there is one, or the last version was reached."""
    with keeper.database.transaction(municipality(gemeente)) as connection:
        found = _held(connection, keeper, gemeente)
        if found.volgend is not None or found.leidend == 255:
            raise Conflict("PSEUDONIEMVERSIE_LOOPT", f"Gemeente {gemeente} heeft al versie {found.volgend} naast {found.leidend}.")
        new = Pseudoniemversie(gemeente, found.leidend, found.leidend + 1, keeper.clock.now())
        return _save(connection, keeper, new, "begonnen", found.leidend + 1)


def lead(keeper: Keeper, gemeente: str, *, without_objections: bool = False) -> Standing:
    """Let the next version lead.

    Raises Conflict: none was begun, the overlap is not over, something that still counts has no name in it, or an objection has none
    (`without_objections` lets these go).
    """
    with keeper.database.transaction(municipality(gemeente)) as connection:
        found = _held(connection, keeper, gemeente)
        if found.volgend is None:
            raise Conflict("PSEUDONIEMVERSIE_ONTBREEKT", f"Gemeente {gemeente} heeft geen volgende versie.")
        oldest = _bound(keeper, OVERLAP_MONTHS)
        if found.sinds >= oldest:
            raise Conflict("OVERLAP_TE_KORT", f"Versie {found.volgend} is nog geen {OVERLAP_MONTHS} maanden naast {found.leidend} gemaakt.")
        if missing := _unnamed(connection, found, _bound(keeper, ADDRESS_MONTHS), oldest):
            raise Conflict("NAMEN_ONTBREKEN", f"{missing} berichten die nog tellen hebben geen naam in versie {found.volgend}.")
        if _standing(connection, found, gemeente).objections and not without_objections:
            raise Conflict("BEZWAREN_NIET_HERHAALD", "De gemeente heeft nog niet al haar bezwaren opnieuw aangeboden.")
        new = Pseudoniemversie(gemeente, found.volgend, None, keeper.clock.now())
        return _save(connection, keeper, new, "overgegaan", found.volgend)


def over(connection: Connection, keeper: Keeper, keyed: Keyed) -> list[str]:
    """Names of the keys of versions that no longer lead, by the register under its seal.

    They go before the names do: what is cut off after that only has names left that nobody can make.
    """
    leading = {row.gemeentecode: row.leidend for row in _settled(connection, keeper, keyed)}
    found = ((name, _MATCH.fullmatch(name)) for name in replacing.live(connection))
    return [name for name, parts in found if parts and int(parts[2]) < leading.get(parts[1], 0)]


def destroy_old(keeper: Keeper) -> list[str]:
    """Destroy the keys of versions that no longer lead, and what is named by them. Returns the names of the keys."""
    keyed = sealer(keeper.keys)
    with keeper.database.transaction() as connection:
        rows = _settled(connection, keeper, keyed)
        gone = destroy(connection, keeper, over(connection, keeper, keyed))
    for row in rows:
        while _rename(keeper, row):
            pass
    keeper.keys.forget_destroyed()
    return gone


def _settled(connection: Connection, keeper: Keeper, keyed: Keyed) -> list[Pseudoniemversie]:
    rows = [row for row, holds in read(connection, Pseudoniemversie, keyed) if holds and row.leidend > 1]
    return [row for row in rows if row.sinds < keeper.clock.now() - SETTLED or row.volgend is not None]


def _rename(keeper: Keeper, row: Pseudoniemversie) -> int:
    with keeper.database.transaction(municipality(row.gemeentecode)) as connection:
        done = connection.execute("SELECT bewaar_versie(%s, %s::smallint, %s)", (row.gemeentecode, row.leidend, BATCH)).fetchone()
    return int(done[0]) if done else 0


def _bound(keeper: Keeper, months: int) -> datetime:
    return dutch_midnight(months_back(dutch_day(keeper.clock.now()), months))


def _unnamed(connection: Connection, row: Pseudoniemversie, addresses: datetime, contracts: datetime) -> int:
    statement = "SELECT namen_zonder_volgende(%s, %s::smallint, %s, %s)"
    found = connection.execute(statement, (row.gemeentecode, row.volgend, addresses, contracts)).fetchone()
    return int(found[0]) if found else 0


def _held(connection: Connection, keeper: Keeper, gemeente: str) -> Pseudoniemversie:
    """The row, held until the transaction ends; the first version when nothing was ever changed."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"pseudoniemversie/{gemeente}",))
    found = versions.stored(connection, gemeente, sealer(keeper.keys), "FOR UPDATE")
    return found or Pseudoniemversie(gemeente, 1, None, keeper.clock.now())


def _save(
    connection: Connection, keeper: Keeper, row: Pseudoniemversie, step: Literal["begonnen", "overgegaan"], version: int
) -> Standing:
    administration.save(connection, row, sealer(keeper.keys))
    fields, gemeente = keeper.frame().fields(), row.gemeentecode
    append(connection, [PseudoniemversieGewijzigd(**fields, gemeente=gemeente, periode=str(version), resultaat=step)])
    return _standing(connection, row, row.gemeentecode)


def _standing(connection: Connection, row: Pseudoniemversie | None, gemeente: str) -> Standing:
    if row is None:
        return Standing(1, None, None, 0)
    left = 0
    if row.volgend is not None:
        found = connection.execute("SELECT bezwaren_te_herhalen(%s, %s::smallint)", (gemeente, row.volgend)).fetchone()
        left = int(found[0]) if found else 0
    return Standing(row.leidend, row.volgend, row.sinds, left)
