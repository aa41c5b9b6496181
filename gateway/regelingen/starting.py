"""The municipality's side: send a pause, proposal or cooling-off period, follow it, read the answers, withdraw it.

A request is checked in memory, sealed once per named creditor and logged before it can be fetched; no clear person data is stored. A
proposal to a creditor with a registered general agreement is `akkoord_vooraf` at once, with that agreement's id. Authority: contract,
section on arrangements. Leaves the rules to `requested`, states to `states`, rows to `rows`.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC
from uuid import UUID

import msgspec

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.core.errors import Conflict, NotFound, Unavailable
from gateway.overviews import asked, envelopes
from gateway.overviews.asked import Asking
from gateway.overviews.asking import KEPT_AFTER, hold, mandate
from gateway.overviews.desk import OverviewDesk, require_log
from gateway.overviews.envelopes import Place, Stored
from gateway.overviews.rows import Mandate
from gateway.partners import acting
from gateway.privacylog import append
from gateway.privacylog.arrangements import (
    RegelingberichtBeantwoord,
    RegelingberichtBezorgd,
    RegelingberichtIngetrokken,
    RegelingBijgewerkt,
    RegelingGelezen,
    RegelingIngetrokken,
    RegelingVerstuurd,
)
from gateway.privacylog.entry import Entry, Frame, content
from gateway.regelingen import kinds, requested, rows, states
from gateway.regelingen.rows import Fact, Link, Message, PartyRow, WholeRow
from gateway.store.tenant import municipality
from schemas.identity import join
from schemas.regelingen import (
    Benaderde,
    BenaderdeMetGrondslag,
    BetaalvoorstelAanvraag,
    Regeling,
    Regelingaanvraag,
    Regelingen,
    RegelingIntrekking,
    Regelingpartij,
    Regelingsoort,
    Regelingstaat,
)
from schemas.schuldenoverzicht import Machtigingsbewijs, Verzegeld
from schemas.strict import canonical
from schemas.types import Oin


def start(caller: Sender, gemeente: str, trace: Trace, aanvraag: Regelingaanvraag, desk: OverviewDesk) -> tuple[Regeling, bool]:
    """Send it to every named creditor; the flag is False when the same was sent before.

    Raises:
        Conflict: the kenmerk has other content; a creditor that takes no part; no covenant. Invalid: what may not be sent. Forbidden,
        Unavailable.
    """
    soort = kinds.of(aanvraag)
    fingerprint = desk.fingerprints().digest(join("regeling", gemeente, soort, _only(caller, desk) or "") + canonical(aanvraag))
    if known := _known(gemeente, soort, aanvraag.kenmerk, fingerprint, desk):
        return known, False
    alike = requested.asking(caller, aanvraag, desk.register(), desk.today)
    requested.check(aanvraag, gemeente, alike)
    row = _row(aanvraag, fingerprint, desk)
    paper, shown = mandate(gemeente, row.id, alike, desk)
    messages = [_message(aanvraag, named, gemeente, shown, row, alike, desk) for named in aanvraag.schuldeisers]
    frame = kinds.frame(soort, caller, trace, desk)
    whole = _sent(frame, gemeente, row, paper, len(messages), desk)
    with desk.inbox.transaction(municipality(gemeente)) as connection:
        hold(connection, gemeente, alike, paper)
        if written := rows.add(connection, gemeente, caller.party, row, paper):
            rows.add_messages(connection, gemeente, row, messages)
            rows.record(connection, list(_facts(frame, gemeente, row, messages, desk)), [whole])
    if not written:  # another request of the same kenmerk was first
        return _known(gemeente, soort, aanvraag.kenmerk, fingerprint, desk) or _busy(), False
    desk.committed()
    return one(caller, gemeente, trace, soort, row.id, desk, disclose=False), True


def page(
    caller: Sender, gemeente: str, soort: Regelingsoort, before: UUID | None, limit: int, staat: Regelingstaat | None, desk: OverviewDesk
) -> Regelingen:
    """Arrangements of one kind older than `before`, newest first, without answers; `volgende` is the id to go on from, None at the end."""
    with desk.inbox.transaction(municipality(gemeente)) as connection:
        found = rows.page(connection, gemeente, soort, before, limit + 1, staat, _only(caller, desk))
        shown = _shown(connection, gemeente, found[:limit])
    return Regelingen(regelingen=shown, volgende=str(shown[-1].id) if len(found) > limit else None)


def one(caller: Sender, gemeente: str, trace: Trace, soort: Regelingsoort, id: UUID, desk: OverviewDesk, *, disclose: bool) -> Regeling:
    """One arrangement; with `disclose` the sealed answers that there are, which is logged. Raises NotFound, Forbidden, Unavailable."""
    with desk.inbox.transaction(municipality(gemeente)) as connection:
        row = visible(connection, caller, gemeente, soort, id, desk)
        parties = rows.parties(connection, gemeente, [id], answers=disclose)
        opened = {p.id: _open(gemeente, p, desk) for p in parties if p.answer is not None}
        if opened:
            require_log(connection)
            fields = kinds.frame(soort, caller, trace, desk).fields()
            entry = RegelingGelezen(
                **fields, gemeente=gemeente, soort=soort, regeling=id, doel=kinds.DOELEN[soort],
                rij=kinds.reading(soort, "gemeente", desk).id, registerversie=desk.purposes.version, vragen=tuple(opened),
            )  # fmt: skip
            append.append(connection, [entry])
    if opened:
        desk.committed()
    return _regeling(row, parties, opened)


def withdraw(
    caller: Sender, gemeente: str, trace: Trace, soort: Regelingsoort, id: UUID, request: RegelingIntrekking, desk: OverviewDesk
) -> Regeling:
    """Withdraw it: what is sealed is destroyed, every creditor that got it sees so. Again changes nothing. Raises NotFound."""
    with desk.inbox.transaction(municipality(gemeente)) as connection:
        row = visible(connection, caller, gemeente, soort, id, desk, hold=True)
        if row.withdrawn is None:
            frame, after = kinds.frame(soort, caller, trace, desk), states.whole_after(row.state, "withdraw")
            told = rows.withdraw(connection, gemeente, id, after or row.state, desk.clock.now(), request.reden)
            over = {"gemeente": gemeente, "soort": soort, "regeling": id}
            others: list[Entry] = [RegelingIngetrokken(**frame.fields(), **over, resultaat=request.reden)]  # type: ignore[arg-type]
            if after is not None:
                others.append(RegelingBijgewerkt(**frame.fields(), gemeente=gemeente, soort=soort, regeling=id, resultaat=after))
            facts = [
                Fact("ingetrokken", RegelingberichtIngetrokken(
                    **frame.fields(), gemeente=gemeente, soort=soort, regeling=id, regelingbericht=bericht, resultaat=state
                ))
                for bericht, state in told
            ]  # fmt: skip
            rows.record(connection, facts, others)
        shown = _shown(connection, gemeente, [visible(connection, caller, gemeente, soort, id, desk)])[0]
    desk.committed()
    return shown


def visible(
    connection: Link, caller: Sender, gemeente: str, soort: Regelingsoort, id: UUID, desk: OverviewDesk, *, hold: bool = False
) -> WholeRow:
    """An arrangement that this caller may see; with `hold` nobody else moves it. Raises NotFound."""
    row = rows.find(connection, gemeente, soort, id, of=_only(caller, desk), hold=hold)
    if row is None:
        raise NotFound
    return row


def _only(caller: Sender, desk: OverviewDesk) -> Oin | None:
    return asked.only_of(caller, desk.register(), desk.today)


def _known(gemeente: str, soort: Regelingsoort, kenmerk: str, fingerprint: bytes, desk: OverviewDesk) -> Regeling | None:
    with desk.inbox.transaction(municipality(gemeente)) as connection:
        row = rows.numbered(connection, gemeente, soort, kenmerk)
        if row is None:
            return None
        if row.content != fingerprint:
            raise Conflict("KENMERK_IN_GEBRUIK", "Dit kenmerk is al gebruikt voor een andere inhoud.")
        return _shown(connection, gemeente, [row])[0]


def _busy() -> Regeling:
    raise Unavailable("GELIJKTIJDIG_AANGELEVERD", "Dit wordt op dit moment ook door een ander verstuurd.", retry_after=1)


def _row(aanvraag: Regelingaanvraag, fingerprint: bytes, desk: OverviewDesk) -> WholeRow:
    begin, einde = requested.period(aanvraag, desk.today)
    proposal = aanvraag if isinstance(aanvraag, BetaalvoorstelAanvraag) else None
    return WholeRow(
        id=ids.new(),
        soort=kinds.of(aanvraag),
        kenmerk=aanvraag.kenmerk,
        zaaknummer=aanvraag.zaaknummer,
        begin=begin,
        einde=einde,
        werkdagen=proposal.termijn_werkdagen if proposal else None,
        voorstel=proposal.soort if proposal else None,
        created=desk.clock.now(),
        state="lopend",
        ended=None,
        withdrawn=None,
        content=fingerprint,
    )


def _message(
    aanvraag: Regelingaanvraag, named: Benaderde, gemeente: str, shown: Machtigingsbewijs | None, row: WholeRow, alike: Asking,
    desk: OverviewDesk,
) -> Message:  # fmt: skip
    id, receiver = ids.alone(), envelopes.creditor(named.oin, alike.register, desk.keys)
    clear = canonical(requested.content(aanvraag, named, shown))
    stored = envelopes.seal(clear, Place(id, "vraag"), receiver, row.einde + KEPT_AFTER, desk.keys)
    afspraak = requested.agreement(aanvraag, named, gemeente, alike)
    before = afspraak is not None and row.soort == "betaalvoorstel"
    state = states.party_after(row.soort, "open", "agreed_before") if before else None
    grondslag = named.grondslag if isinstance(named, BenaderdeMetGrondslag) else None
    return Message(id, named.oin, state or "open", grondslag, afspraak, stored)


def _sent(frame: Frame, gemeente: str, row: WholeRow, paper: Mandate | None, aantal: int, desk: OverviewDesk) -> Entry:
    keyed = desk.commitments()
    return RegelingVerstuurd(
        **frame.fields(),
        gemeente=gemeente,
        soort=row.soort,
        regeling=row.id,
        doel=kinds.DOELEN[row.soort],
        rij=kinds.reading(row.soort, "schuldeiser", desk).id,
        registerversie=desk.purposes.version,
        inhoud=content(row.content, keyed),
        aantal=aantal,
        machtiging=content(paper.hash, keyed) if paper else None,
    )


def _facts(frame: Frame, gemeente: str, row: WholeRow, messages: Sequence[Message], desk: OverviewDesk) -> Iterator[Fact]:
    """Delivered is what its creditor can come and get; for who comes for files alone it is once a file is there (`filing`)."""
    reached = acting.reached(desk.register(), "schuldeiser", frame.at)
    for made in messages:
        if made.schuldeiser in reached:
            entry = RegelingberichtBezorgd(
                **frame.fields(), gemeente=gemeente, soort=row.soort, regeling=row.id, regelingbericht=made.id,
                ontvanger=made.schuldeiser, grondslag=made.grondslag, afspraak=made.afspraak,
            )  # fmt: skip
            yield Fact("bezorgd", entry)
        if made.state != "open":
            agreed = RegelingberichtBeantwoord(
                **frame.fields(), gemeente=gemeente, soort=row.soort, regeling=row.id, regelingbericht=made.id,
                resultaat=made.state, afspraak=made.afspraak,
            )  # fmt: skip
            yield Fact("akkoord_vooraf", agreed)


def _open(gemeente: str, party: PartyRow, desk: OverviewDesk) -> Verzegeld:
    return envelopes.release(Stored(party.answer_key or "", party.answer or b""), Place(party.id, "antwoord"), gemeente, desk.keys)


def _shown(connection: Link, gemeente: str, found: Sequence[WholeRow]) -> list[Regeling]:
    by_whole: dict[UUID, list[PartyRow]] = {row.id: [] for row in found}
    for party in rows.parties(connection, gemeente, list(by_whole)):
        by_whole[party.regeling].append(party)
    return [_regeling(row, by_whole[row.id], {}) for row in found]


def _regeling(row: WholeRow, parties: Sequence[PartyRow], opened: dict[UUID, Verzegeld]) -> Regeling:
    return Regeling(
        id=row.id,
        soort=row.soort,
        kenmerk=row.kenmerk,
        zaaknummer=row.zaaknummer,
        begin=row.begin,
        einde=row.einde,
        termijn_werkdagen=row.werkdagen,
        voorstel=row.voorstel,
        staat=row.state,
        aangemaakt_op=row.created.astimezone(UTC),
        partijen=[msgspec.structs.replace(_line(party), antwoord=opened.get(party.id)) for party in parties],
        geeindigd_op=row.ended.astimezone(UTC) if row.ended else None,
        ingetrokken_op=row.withdrawn.astimezone(UTC) if row.withdrawn else None,
    )


def _line(party: PartyRow) -> Regelingpartij:
    return Regelingpartij(
        id=party.id,
        schuldeiser=party.schuldeiser,
        staat=party.state,
        grondslag=party.grondslag,
        afspraak=party.afspraak,
        bezorgd_op=party.delivered.astimezone(UTC) if party.delivered else None,
        gelezen_op=party.opened.astimezone(UTC) if party.opened else None,
        herinnerd_op=party.reminded.astimezone(UTC) if party.reminded else None,
        beantwoord_op=party.answered.astimezone(UTC) if party.answered else None,
    )
