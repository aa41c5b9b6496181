"""The sub-mailbox of a follow-up partner: only messages in baskets assigned to it, only the field groups of its own purpose row.

The partner connects with its own certificate and acts for the municipality under a mandate as `uitvoerder`. Its leases stand apart from
the municipality's claims, and a message waits for the municipality's matching day here too: before it, the basket may still change. With a
managed key it gets derived group keys; with an own key what the municipality shared with it, sealed to its own key. Either way a message
travels to it only where the purpose register lets one of its sector be shared. Each message is one disclosure entry that names the partner,
inserted before anything is returned. Authority: Wgs art. 3a; AVG art. 5 lid 1 onder b and c, art. 28; contract. Leaves what a basket is to
`gateway.triage.baskets`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Forbidden, NotFound
from gateway.inboxes import prolonging
from gateway.inboxes.desk import Desk, require_log, show
from gateway.inboxes.placing import baskets_of
from gateway.inboxes.settings import PARTNER, follow_up
from gateway.inboxes.sorting import walk
from gateway.keys.names import commitment
from gateway.mailbox import followup, inbox, instellingen
from gateway.mailbox.inbox import Item
from gateway.matching import ritme
from gateway.policy.register import Allowed, PurposeRegister, Row
from gateway.privacylog import append, staff
from gateway.privacylog.afterwards import OpvolgingBeeindigd, OpvolgingGeclaimd
from gateway.privacylog.entry import Frame, person, subject
from gateway.sealing import opening
from gateway.sealing.sealing import RETENTION
from gateway.store.tenant import municipality
from schemas.inbox import Bericht, Indeling, Sleutels, Veldgroep
from schemas.instellingen import Opvolgpartner, Zegelsleutel
from schemas.keyed import Keyed
from schemas.opvolging import OpvolgBericht, OpvolgBerichten, OpvolgClaim, OpvolgClaimAanvraag, OpvolgStand
from schemas.triage import Kanaal

FROM, KIND = "gemeente", "deling"


class Partner(NamedTuple):
    """Who follows up, the channel of each of its baskets, and what the purpose register lets be shared of a sector."""

    who: Opvolgpartner
    channels: dict[str, Kanaal]
    shareable: Callable[[str], tuple[Veldgroep, ...]]


class Found(NamedTuple):
    """A message of the sub-mailbox, as stored and as shown."""

    item: Item
    shown: OpvolgBericht
    indeling: Indeling


def page(caller: Sender, gemeente: str, desk: Desk, *, after: int, limit: int) -> OpvolgBerichten:
    """Metadata of the partner's messages among the next `limit` of the inbox, perhaps none. Raises Forbidden."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        partner = _partner(connection, caller, gemeente, desk)
        items = inbox.followable(connection, gemeente, after=after, limit=limit, since=desk.clock.now() - RETENTION)
        found = list(_own(partner, zip(items, show(connection, gemeente, items, desk.seals), strict=True)))
        found = _with_sharing(connection, gemeente, partner, found)
    return OpvolgBerichten(berichten=[f.shown for f in found], volgende=str(items[-1].nr if items else after))


def claim(
    caller: Sender, gemeente: str, trace: Trace, request: OpvolgClaimAanvraag, desk: Desk, sealing_key: Zegelsleutel | None
) -> OpvolgClaim:
    """Lease messages of the own baskets, oldest first, and disclose the partner's groups. Raises Forbidden, Unavailable."""
    row = desk.purposes.reading(request.doel, PARTNER, dutch_day(desk.clock.now()))
    if row is None:
        raise Forbidden("DOEL_NIET_TOEGESTAAN", "Voor dit doel mag deze organisatie geen persoonsgegevens ontvangen.")
    id = ids.new()
    with desk.database.transaction(municipality(gemeente)) as connection:
        require_log(connection)
        partner = _partner(connection, caller, gemeente, desk)
        wanted = _wanted(connection, gemeente, partner, request, desk)
        taken, until = followup.take(connection, gemeente, partner.who.oin, id, [f.item.id for f in wanted], request.lease_seconden)
        held = [f for f in wanted if f.item.id in taken]
        prolonging.prolong(connection, gemeente, [f.item.id for f in held], desk)
        opened = _open(connection, desk, gemeente, partner, row, held)
        frame = Frame(caller, trace, desk.clock.now(), row.activity)
        key = Keyed(desk.keys.key(commitment()))
        medewerker = staff.named(connection, gemeente, request.medewerker, desk.keys, dutch_day(desk.clock.now()))
        append.append(connection, [_entry(frame, gemeente, id, request, row, desk, f, key, medewerker) for f in opened])
    return OpvolgClaim(id=id, doel=request.doel, vervalt_op=until, berichten=[f.shown for f in opened], zegelsleutel=sealing_key)


def release(caller: Sender, gemeente: str, trace: Trace, id: UUID, desk: Desk) -> OpvolgStand:
    """Give back what was not finished. Raises NotFound."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        _require(connection, caller, gemeente, id)
        count = followup.release(connection, gemeente, caller.party, id)
        _ended(connection, caller, gemeente, trace, id, "vrijgegeven", desk)
    return OpvolgStand(id=id, aantal=count)


def finish(caller: Sender, gemeente: str, trace: Trace, id: UUID, desk: Desk) -> OpvolgStand:
    """The partner is done with the messages of a claim: they leave its sub-mailbox. Raises NotFound."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        _require(connection, caller, gemeente, id)
        count = followup.finish(connection, gemeente, caller.party, id, desk.clock.now())
        _ended(connection, caller, gemeente, trace, id, "afgerond", desk)
    return OpvolgStand(id=id, aantal=count)


def _partner(connection: psycopg.Connection[Any], caller: Sender, gemeente: str, desk: Desk) -> Partner:
    """The caller as the municipality knows it. Raises Forbidden: not (any more) one of its follow-up partners."""
    who = next((p for p in follow_up(connection, gemeente, desk.seals).opvolgpartners if p.oin == caller.party), None)
    if who is None:
        raise Forbidden("OPVOLGPARTNER_ONBEKEND", "Deze gemeente heeft u niet (meer) als opvolgpartner vastgelegd.")
    setting = baskets_of(connection, gemeente, desk.seals).setting
    shareable = partial(_shareable, desk.purposes, dutch_day(desk.clock.now()))
    return Partner(who, {b.code: b.kanaal for b in setting.all() if b.opvolgpartner == who.oin}, shareable)


def _shareable(purposes: PurposeRegister, day: date, sector: str) -> tuple[Veldgroep, ...]:
    """The groups of a message of this sector that a municipality may share with a follow-up partner on a day; none: not at all."""
    permit = purposes.decide(FROM, sector, KIND, PARTNER, day)
    return permit.groups if isinstance(permit, Allowed) else ()


def _own(partner: Partner, pairs: Iterable[tuple[Item, Bericht]]) -> Iterator[Found]:
    """Those that lie in a basket of the partner, and may be shared."""
    for item, b in pairs:
        channel = partner.channels.get(b.werkbak or "")
        if channel is None or b.werkbak is None or not partner.shareable(b.sector):
            continue
        shown = OpvolgBericht(
            id=b.id,
            volgnummer=b.volgnummer,
            soort=b.soort,
            sector=b.sector,
            signaaldatum=b.signaaldatum,
            werkbak=b.werkbak,
            kanaal=channel,
            gedeeld=False,
            crisis=b.crisis,
        )
        yield Found(item, shown, b.indeling)


def _with_sharing(connection: psycopg.Connection[Any], gemeente: str, partner: Partner, found: Sequence[Found]) -> list[Found]:
    """What is not busy, each with whether its keys are there for this partner."""
    berichten = [f.item.id for f in found]
    busy = followup.busy(connection, gemeente, partner.who.oin, berichten)
    shared = followup.shared(connection, gemeente, partner.who.oin, berichten)
    keys = inbox.content_keys(connection, gemeente, [f.item.content_key for f in found])
    return [
        f._replace(shown=msgspec.structs.replace(f.shown, gedeeld=keys[f.item.content_key].wijze == "beheerd" or f.item.id in shared))
        for f in found
        if f.item.id not in busy
    ]


def _wanted(connection: psycopg.Connection[Any], gemeente: str, partner: Partner, request: OpvolgClaimAanvraag, desk: Desk) -> list[Found]:
    now = desk.clock.now()
    until = ritme.open_until(instellingen.ritme(connection, gemeente).dag, dutch_day(now))

    def following(after: int, limit: int) -> list[Item]:
        return inbox.followable(connection, gemeente, after=after, limit=limit, since=now - RETENTION, until=until)

    chosen: list[Found] = []
    batch: list[tuple[Item, Bericht]] = []
    for pair in walk(connection, gemeente, following, desk.seals):
        if request.werkbak in (None, pair[1].werkbak) and pair[0].doel == request.doel:
            batch.append(pair)
        if len(batch) >= 100:
            chosen += _claimable(connection, gemeente, partner, batch)
            batch = []
        if len(chosen) >= request.maximum:
            break
    chosen += _claimable(connection, gemeente, partner, batch)
    return chosen[: request.maximum]


def _claimable(connection: psycopg.Connection[Any], gemeente: str, partner: Partner, pairs: Sequence[tuple[Item, Bericht]]) -> list[Found]:
    own = list(_own(partner, pairs))
    return [f for f in _with_sharing(connection, gemeente, partner, own) if f.shown.gedeeld]


def _open(connection: psycopg.Connection[Any], desk: Desk, gemeente: str, partner: Partner, row: Row, held: Sequence[Found]) -> list[Found]:
    """Add the sealed groups and their keys: never more groups than the purpose rows and the municipality all allow."""
    allowed = [group for group in row.groups if group in partner.who.veldgroepen]
    shared = followup.shared(connection, gemeente, partner.who.oin, [f.item.id for f in held])
    content_keys = inbox.content_keys(connection, gemeente, [f.item.content_key for f in held])
    releaser = opening.Releaser(desk.keys)
    opened = []
    for f in held:
        item = inbox.find(connection, gemeente, f.item.id, payload=True)
        if item is None or item.payload is None:
            continue
        sealed = opening.unwrap(item.payload, desk.keys.key(item.storage_key), gemeente, item.id, item.meta)
        content_key = content_keys[item.content_key]
        managed, given = content_key.wijze == "beheerd", shared.get(item.id, {})
        open_to = sealed.keys() & partner.shareable(f.shown.sector) & (sealed.keys() if managed else given.keys())
        groups: dict[Veldgroep, str] = {group: sealed[group] for group in allowed if group in open_to}
        keys = releaser.release(content_key, groups, item.id) if managed else _shared(partner, given, groups)
        opened.append(f._replace(shown=msgspec.structs.replace(f.shown, persoonsgegevens=groups, sleutels=keys)))
    return opened


def _shared(partner: Partner, keys: followup.Shared, groups: dict[Veldgroep, str]) -> Sleutels:
    kid = partner.who.sleutel.kid if partner.who.sleutel else ""
    given: dict[str, str] = {group: keys[group] for group in groups}
    return Sleutels(wijze="gedeeld", kid=kid, groepssleutels=given)


def _entry(  # noqa: PLR0913, PLR0917 - who, what, why
    frame: Frame, gemeente: str, claim: UUID, request: OpvolgClaimAanvraag, row: Row, desk: Desk, found: Found, key: Keyed,
    medewerker: str | None,
) -> OpvolgingGeclaimd:  # fmt: skip
    item = found.item
    return OpvolgingGeclaimd(
        **frame.fields(),
        gemeente=gemeente,
        doel=request.doel,
        rij=row.id,
        registerversie=desk.purposes.version,
        artikel=row.artikel,
        bericht=found.item.id,
        claim=claim,
        veldgroepen=tuple(found.shown.persoonsgegevens or ()),
        indeling=found.indeling,
        betrokkene=subject(item.subject, key) if item.subject else None,
        persoon=person(item.subject_person, key) if item.subject_person else None,
        wijze=request.wijze,
        medewerker=medewerker,
    )


def _require(connection: psycopg.Connection[Any], caller: Sender, gemeente: str, id: UUID) -> None:
    if not followup.held(connection, gemeente, caller.party, id):
        raise NotFound


def _ended(
    connection: psycopg.Connection[Any],
    caller: Sender,
    gemeente: str,
    trace: Trace,
    id: UUID,
    result: Literal["vrijgegeven", "afgerond"],
    desk: Desk,
) -> None:
    frame = Frame(caller, trace, desk.clock.now(), desk.activity("opvolgen"))
    append.append(connection, [OpvolgingBeeindigd(**frame.fields(), gemeente=gemeente, claim=id, resultaat=result)])
