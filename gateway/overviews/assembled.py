"""The overview made at the gateway, for a municipality with a managed key: every answer opened in one disclosure on record.

With an own key the gateway cannot open anything; `adapters.client.overview` makes the same at the municipality. Nothing that was opened is
kept, and no sum is. Authority: contract, "The overview, assembled" and "who can read what"; AVG art. 5 lid 1 onder b (purpose) and lid 2.
Leaves sums to `schemas.assembling`.
"""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from uuid import UUID

import msgspec
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from gateway.core.chain import Sender, Trace
from gateway.core.errors import Conflict, Misconfigured
from gateway.mailbox import reversals
from gateway.overviews import asking, rows
from gateway.overviews.desk import DOELEN, OverviewDesk, require_log
from gateway.overviews.envelopes import Place, Stored, release
from gateway.overviews.rows import OverviewRow, QuestionRow
from gateway.privacylog import append
from gateway.privacylog.entry import content
from gateway.privacylog.overviews import SchuldenoverzichtSamengesteld
from gateway.store.tenant import municipality
from schemas.assembling import assemble
from schemas.identity import join
from schemas.overzicht import Overzicht
from schemas.schuldenoverzicht import Saldoantwoord
from schemas.sealed import group_kid

_ANSWER: msgspec.json.Decoder[Saldoantwoord] = msgspec.json.Decoder(Saldoantwoord)
OWN_KEY = "Met een eigen sleutel maakt u het overzicht zelf; gebruik het clientpakket."


def overview(caller: Sender, gemeente: str, trace: Trace, id: UUID, desk: OverviewDesk, *, disclose: bool) -> Overzicht:
    """The overview of the answers that there are; without `disclose` nothing is opened, and nothing is logged.

    Raises:
        NotFound: no overview of this municipality. Conflict: sealed for an own key. Forbidden: no purpose. TooMany.
        Unavailable: the log is behind.
    """
    key = desk.register().sealing_key(gemeente)
    if key is None or key.wijze != "beheerd":
        raise Conflict("EIGEN_SLEUTEL", OWN_KEY)
    with desk.inbox.transaction(municipality(gemeente)) as connection:
        row = asking.visible(connection, caller, gemeente, id, desk)
        questions = rows.questions(connection, gemeente, [id], answers=disclose)
        opened: dict[UUID, Saldoantwoord] = {}
        if any(question.answer is not None for question in questions):
            require_log(connection)
            reversals.count(connection, caller, gemeente, desk.today, "opening", 1, desk.openings)
            opened = {question.id: _open(gemeente, question, desk) for question in questions if question.answer is not None}
            append.append(connection, [_entry(caller, gemeente, trace, row, opened, desk)])
    if opened:
        desk.committed()
    return assemble(asking.as_shown(row, questions, {}), opened)


def names(desk: OverviewDesk) -> Mapping[str, str]:
    """What the participants are called, by OIN."""
    return {oin: party.naam for oin, party in desk.register().deelnemers.items()}


def _open(gemeente: str, question: QuestionRow, desk: OverviewDesk) -> Saldoantwoord:
    place = Place(question.id, "antwoord")
    sealed = release(Stored(question.answer_key or "", question.answer or b""), place, gemeente, desk.keys)
    key = (sealed.sleutels.groepssleutels or {}).get(place.group)
    if key is None:
        raise Conflict("EIGEN_SLEUTEL", OWN_KEY)
    try:
        opened = jwe.decrypt_compact(sealed.inhoud, OctKey.import_key(urlsafe_b64decode(key + "=")), algorithms=["dir", "A256GCM"])
        if opened.protected.get("kid") != group_kid(*place):
            raise ValueError
        return _ANSWER.decode(opened.plaintext or b"")
    except (JoseError, ValueError):
        raise Misconfigured(f"Antwoord {question.id} opent niet.") from None


def _entry(
    caller: Sender, gemeente: str, trace: Trace, row: OverviewRow, opened: Mapping[UUID, Saldoantwoord], desk: OverviewDesk
) -> SchuldenoverzichtSamengesteld:
    return SchuldenoverzichtSamengesteld(
        **desk.frame(caller, trace, row.grond).fields(),
        gemeente=gemeente,
        overzicht=row.id,
        doel=DOELEN[row.grond],
        rij=desk.reading(row.grond, "gemeente").id,
        registerversie=desk.purposes.version,
        dossier=content(join("zaaknummer", gemeente, row.zaaknummer), desk.commitments()),
        vragen=tuple(opened),
    )
