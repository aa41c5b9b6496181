"""Which free messages go to the desk: of the chosen kinds and baskets, along a row of the purpose register, and each one once.

Deny by default: a sector without a row, or a row without a field group that the layout asks for, and the message stays in the inbox. The
municipality's matching day and its limit of catch-up signals hold as for a claim. Authority: AVG art. 5 lid 1 onder b and c; architecture,
decision 6. Leaves taking them to `handing`.
"""

from typing import NamedTuple

from adapters.desk import layout
from gateway.core.errors import Forbidden
from gateway.files import deskrows
from gateway.files.deskrows import Unfit
from gateway.inboxes import placing
from gateway.inboxes.sorting import free_that
from gateway.mailbox import inbox, instellingen, reversals
from gateway.mailbox.inbox import Item
from gateway.matching import ritme
from gateway.outlet.desk import DOEL, FROM, KIND, ROL, Handing
from gateway.policy.register import Allowed
from gateway.store.database import Connection
from schemas.inbox import Bericht
from schemas.uitlaat import MOST

OWN_KEY = "eigen sleutel"


class Chosen(NamedTuple):
    """Messages as stored and as shown, with the row that each travels along; and those that only the municipality can open."""

    found: list[tuple[Item, Bericht]]
    permits: dict[str, Allowed]
    closed: list[Unfit]


def choose(connection: Connection, one: Handing) -> Chosen:
    """The oldest messages for one file. Raises Forbidden: for this purpose a desk may open nothing, or not what the layout asks."""
    desk, day = one.desk.inbox, one.desk.today
    permits = _permits(one)
    until = ritme.open_until(instellingen.ritme(connection, one.gemeente).dag, day)
    late = placing.late_left(connection, one.gemeente, one.desk.now, desk.seals)
    most = min(one.desk.most, MOST, reversals.left(connection, one.sender, one.gemeente, day, "opening", desk.openings))
    passed = deskrows.passed(connection, one.gemeente, one.profiel)
    soorten, werkbakken = one.outlet.uitlaat.soorten, one.outlet.uitlaat.werkbakken

    def wanted(bericht: Bericht) -> bool:
        chosen = (not soorten or bericht.soort in soorten) and (not werkbakken or bericht.werkbak in werkbakken)
        return chosen and bericht.sector in permits and bericht.id not in passed

    found = free_that(wanted, connection, one.gemeente, DOEL, most, until, desk.seals, late) if most else []
    keys = inbox.content_keys(connection, one.gemeente, [item.content_key for item, _ in found])
    own = {item.id for item, _ in found if keys[item.content_key].wijze != "beheerd"}
    return Chosen([pair for pair in found if pair[0].id not in own], permits, [Unfit(id, OWN_KEY) for id in sorted(own)])


def _permits(one: Handing) -> dict[str, Allowed]:
    """The row of each sector that lets everything travel that the layout asks for."""
    purposes, day, needs = one.desk.inbox.purposes, one.desk.today, layout.needs(one.layout.profiel)
    if needs - set(purposes.groups_for(DOEL, ROL, day)) or purposes.reading(DOEL, ROL, day) is None:
        raise Forbidden("UITLAAT_VELDGROEP", "Het uitlaatprofiel neemt iets op dat niet naar een loket mag reizen.")
    sectors = {sector for purpose in purposes.purposes() for row in purpose.rij for sector in row.sectoren}
    found = {sector: purposes.decide(FROM, sector, KIND, ROL, day) for sector in sectors}
    return {sector: row for sector, row in found.items() if isinstance(row, Allowed) and needs <= set(row.groups) and row.doel == DOEL}
