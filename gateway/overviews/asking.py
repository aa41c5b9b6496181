"""The municipality's side: ask, follow, read the answers, withdraw.

A question is checked in memory, sealed once per named creditor and logged before it can be fetched; no clear person data is stored. The
same kenmerk with the same content is the same overview. Answers leave in one logged disclosure, as they were sealed. Who asks by a document
of its client sees what it asked itself. Authority: contract, section on the schuldenoverzicht. Leaves the rules to `asked`, states to
`states`, rows to `rows`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.core.errors import Conflict, NotFound, Unavailable
from gateway.overviews import asked, envelopes, rows, states
from gateway.overviews.asked import Asking
from gateway.overviews.desk import DOELEN, Link, OverviewDesk, error, in_review, require_log, watched
from gateway.overviews.envelopes import Place, Stored
from gateway.overviews.rows import Mandate, OverviewRow, Question, QuestionRow
from gateway.privacylog import append
from gateway.privacylog.entry import Entry, Frame, content
from gateway.privacylog.overviews import (
    SaldoverzoekGesteld,
    SaldoverzoekIngetrokken,
    SchuldenoverzichtBijgewerkt,
    SchuldenoverzichtGelezen,
    SchuldenoverzichtGevraagd,
    SchuldenoverzichtIngetrokken,
)
from gateway.sealing.sealing import RETENTION
from gateway.store.tenant import municipality
from schemas.identity import join
from schemas.schuldenoverzicht import (
    GevraagdeSchuldeiser,
    Machtigingsbewijs,
    OverzichtIntrekking,
    Overzichtsaanvraag,
    Overzichtstaat,
    Overzichtsvraag,
    Schuldenoverzicht,
    Schuldenoverzichten,
    Verzegeld,
)
from schemas.strict import canonical
from schemas.types import Oin

KEPT_AFTER = timedelta(weeks=4)
"""How long after its last day the storage key of a question lives; the question itself is emptied when it is no longer open."""


def ask(caller: Sender, gemeente: str, trace: Trace, request: Overzichtsaanvraag, desk: OverviewDesk) -> tuple[Schuldenoverzicht, bool]:
    """Ask every named creditor; the flag is False when the same was asked before.

    Raises:
        Conflict: the kenmerk has other content; a creditor that takes no part; too many; numbers that wait for review. Invalid: what may
        not be asked. Forbidden, Unavailable.
    """
    own = _only(caller, desk)
    fingerprint = desk.fingerprints().digest(join("schuldenoverzicht", gemeente, own or "") + canonical(request))
    if known := _known(gemeente, request.kenmerk, fingerprint, desk):
        return known, False
    asking = Asking(caller, request, desk.register(), desk.today)
    asked.check(asking)
    now = desk.clock.now()
    row = OverviewRow(
        ids.new(), request.kenmerk, request.zaaknummer, request.grond, asked.deadline(asking), now, "open", None, fingerprint
    )
    paper, shown = mandate(gemeente, row.id, asking, desk)
    questions = [_question(named, shown, asking, row.uiterlijk, desk) for named in request.schuldeisers]
    entries = [
        _whole(desk.frame(caller, trace, row.grond), gemeente, row, paper, len(questions), desk),
        *_each(desk.frame(caller, trace, row.grond), gemeente, row.id, request, questions),
    ]
    with desk.inbox.transaction(municipality(gemeente, caller.principal)) as connection:
        hold(connection, gemeente, asking, paper)
        waits = watched(connection, desk.frame(caller, trace, row.grond), asked.registered(asking), desk.today)
        if written := not waits and rows.add(connection, gemeente, caller.party, row, paper):
            rows.add_questions(connection, gemeente, row.id, now, questions)
            append.append(connection, entries)
    if waits:
        raise in_review(waits)
    if not written:  # another request of the same kenmerk was first
        return _known(gemeente, request.kenmerk, fingerprint, desk) or _busy(), False
    desk.committed()
    return one(caller, gemeente, trace, row.id, desk, disclose=False), True


def page(
    caller: Sender, gemeente: str, before: UUID | None, limit: int, staat: Overzichtstaat | None, desk: OverviewDesk
) -> Schuldenoverzichten:
    """Overviews older than `before`, newest first, without answers; `volgende` is the id to go on from, None at the end."""
    with desk.inbox.transaction(municipality(gemeente)) as connection:
        found = rows.page(connection, gemeente, before, limit + 1, staat, _only(caller, desk))
        shown = _shown(connection, gemeente, found[:limit])
    return Schuldenoverzichten(schuldenoverzichten=shown, volgende=str(shown[-1].id) if len(found) > limit else None)


def one(caller: Sender, gemeente: str, trace: Trace, id: UUID, desk: OverviewDesk, *, disclose: bool) -> Schuldenoverzicht:
    """One overview; with `disclose` the sealed answers that there are, which is logged. Raises NotFound, Forbidden, Unavailable."""
    with desk.inbox.transaction(municipality(gemeente)) as connection:
        row = visible(connection, caller, gemeente, id, desk)
        questions = rows.questions(connection, gemeente, [id], answers=disclose)
        opened = {q.id: _open(gemeente, q, desk) for q in questions if q.answer is not None}
        if opened:
            require_log(connection)
            reading = desk.reading(row.grond, "gemeente")
            entry = SchuldenoverzichtGelezen(
                **desk.frame(caller, trace, row.grond).fields(), gemeente=gemeente, overzicht=id, doel=DOELEN[row.grond],
                rij=reading.id, registerversie=desk.purposes.version, vragen=tuple(opened),
            )  # fmt: skip
            append.append(connection, [entry])
    if opened:
        desk.committed()
    return as_shown(row, questions, opened)


def withdraw(caller: Sender, gemeente: str, trace: Trace, id: UUID, request: OverzichtIntrekking, desk: OverviewDesk) -> Schuldenoverzicht:
    """Withdraw what was asked: everything sealed is destroyed, every creditor sees it. Again changes nothing. Raises NotFound."""
    with desk.inbox.transaction(municipality(gemeente)) as connection:
        row = visible(connection, caller, gemeente, id, desk, hold=True)
        if row.withdrawn is None:
            after = states.overview_after(row.state, "withdraw")
            told = rows.withdraw(connection, gemeente, id, after or row.state, desk.clock.now(), request.reden)
            whole = SchuldenoverzichtIngetrokken(
                **desk.frame(caller, trace, row.grond).fields(), gemeente=gemeente, overzicht=id, resultaat=request.reden
            )
            append.append(connection, [whole, *_withdrawn(desk.frame(caller, trace, row.grond), gemeente, id, after, told)])
        shown = _shown(connection, gemeente, [visible(connection, caller, gemeente, id, desk)])[0]
    desk.committed()
    return shown


def hold(connection: Link, gemeente: str, asking: Asking, paper: Mandate | None) -> None:
    """Nobody else asks in this case until the transaction ends. Raises Conflict: too many creditors; the consent was taken back."""
    asked.require_few(asking.request, rows.hold_case(connection, gemeente, asking.request.zaaknummer))
    if paper is not None and rows.taken_back(connection, gemeente, paper.hash):
        melding = "De cliënt heeft de toestemming in dit document ingetrokken; vragen kan alleen met een nieuwe."
        raise Conflict("TOESTEMMING_INGETROKKEN", melding, errors=[error("TOESTEMMING_INGETROKKEN", melding, "/machtiging")])


def visible(connection: Link, caller: Sender, gemeente: str, id: UUID, desk: OverviewDesk, *, hold: bool = False) -> OverviewRow:
    """An overview that this caller may see; with `hold` nobody else moves it. Raises NotFound."""
    row = rows.find(connection, gemeente, id, of=_only(caller, desk), hold=hold)
    if row is None:
        raise NotFound
    return row


def _only(caller: Sender, desk: OverviewDesk) -> Oin | None:
    return asked.only_of(caller, desk.register(), desk.today)


def _known(gemeente: str, kenmerk: str, fingerprint: bytes, desk: OverviewDesk) -> Schuldenoverzicht | None:
    with desk.inbox.transaction(municipality(gemeente)) as connection:
        row = rows.numbered(connection, gemeente, kenmerk)
        if row is None:
            return None
        if row.content != fingerprint:
            raise Conflict("KENMERK_IN_GEBRUIK", "Dit kenmerk is al gebruikt voor een andere inhoud.")
        return _shown(connection, gemeente, [row])[0]


def _busy() -> Schuldenoverzicht:
    raise Unavailable("GELIJKTIJDIG_AANGELEVERD", "Dit overzicht wordt op dit moment ook door een ander gevraagd.", retry_after=1)


def mandate(gemeente: str, overzicht: UUID, asking: Asking, desk: OverviewDesk) -> tuple[Mandate | None, Machtigingsbewijs | None]:
    """The document of a request that was checked, sealed for the municipality, and what a creditor sees of it; None twice without one."""
    given = asking.request.machtiging
    clear = asked.document(given) if given else None
    if given is None or clear is None:
        return None, None
    receiver = envelopes.municipality(gemeente, asking.register)
    stored = envelopes.seal(clear, Place(overzicht, "machtiging"), receiver, asking.day + RETENTION, desk.keys)
    return Mandate(given.soort, given.datum, sha256(clear).digest(), stored), asked.proof(given, clear)


def _question(
    named: GevraagdeSchuldeiser, shown: Machtigingsbewijs | None, asking: Asking, uiterlijk: date, desk: OverviewDesk
) -> Question:
    id, receiver = ids.alone(), envelopes.creditor(named.oin, asking.register, desk.keys)
    clear = canonical(asked.question(asking, named, shown))
    return Question(id, named.oin, envelopes.seal(clear, Place(id, "vraag"), receiver, uiterlijk + KEPT_AFTER, desk.keys))


def _whole(frame: Frame, gemeente: str, row: OverviewRow, paper: Mandate | None, aantal: int, desk: OverviewDesk) -> Entry:
    keyed = desk.commitments()
    return SchuldenoverzichtGevraagd(
        **frame.fields(),
        gemeente=gemeente,
        overzicht=row.id,
        doel=DOELEN[row.grond],
        rij=desk.reading(row.grond, "schuldeiser").id,
        registerversie=desk.purposes.version,
        inhoud=content(row.content, keyed),
        aantal=aantal,
        machtiging=content(paper.hash, keyed) if paper else None,
    )


def _each(
    frame: Frame, gemeente: str, overzicht: UUID, request: Overzichtsaanvraag, questions: Sequence[Question]
) -> Iterator[SaldoverzoekGesteld]:
    for named, made in zip(request.schuldeisers, questions, strict=True):
        yield SaldoverzoekGesteld(
            **frame.fields(),
            gemeente=gemeente,
            overzicht=overzicht,
            saldoverzoek=made.id,
            ontvanger=named.oin,
            wijze="met_bsn" if named.met_bsn else "zonder_bsn",
        )


def _withdrawn(frame: Frame, gemeente: str, overzicht: UUID, after: Overzichtstaat | None, told: Sequence[UUID]) -> Iterator[Entry]:
    if after is not None:
        yield SchuldenoverzichtBijgewerkt(**frame.fields(), gemeente=gemeente, overzicht=overzicht, resultaat=after)
    for id in told:
        yield SaldoverzoekIngetrokken(**frame.fields(), gemeente=gemeente, overzicht=overzicht, saldoverzoek=id)


def _open(gemeente: str, question: QuestionRow, desk: OverviewDesk) -> Verzegeld:
    stored = Stored(question.answer_key or "", question.answer or b"")
    return envelopes.release(stored, Place(question.id, "antwoord"), gemeente, desk.keys)


def _shown(connection: Link, gemeente: str, found: Sequence[OverviewRow]) -> list[Schuldenoverzicht]:
    by_overview: dict[UUID, list[QuestionRow]] = {row.id: [] for row in found}
    for question in rows.questions(connection, gemeente, list(by_overview)):
        by_overview[question.overzicht].append(question)
    return [as_shown(row, by_overview[row.id], {}) for row in found]


def as_shown(row: OverviewRow, questions: Sequence[QuestionRow], opened: Mapping[UUID, Verzegeld]) -> Schuldenoverzicht:
    """A row with its questions as its municipality sees them, with these answers."""
    return Schuldenoverzicht(
        id=row.id,
        kenmerk=row.kenmerk,
        zaaknummer=row.zaaknummer,
        grond=row.grond,
        uiterlijk=row.uiterlijk,
        staat=row.state,
        aangemaakt_op=row.created.astimezone(UTC),
        vragen=[msgspec.structs.replace(_line(question), antwoord=opened.get(question.id)) for question in questions],
        ingetrokken_op=row.withdrawn.astimezone(UTC) if row.withdrawn else None,
    )


def _line(question: QuestionRow) -> Overzichtsvraag:
    return Overzichtsvraag(
        id=question.id,
        schuldeiser=question.schuldeiser,
        staat=question.state,
        gesteld_op=question.asked.astimezone(UTC),
        herinnerd_op=question.reminded.astimezone(UTC) if question.reminded else None,
        beantwoord_op=question.answered.astimezone(UTC) if question.answered else None,
    )
