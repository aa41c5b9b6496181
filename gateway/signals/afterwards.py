"""What a creditor can do with an accepted signal: see where it stands, withdraw it, and see who takes its signals.

Authority: AVG art. 5(1)(d), 16, 17 and rule VS-25 (withdrawal); contract, "/schuldeiser/v1". A signal of somebody else does
not exist. Leaves what municipalities report back to the feedback policy.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

import psycopg

from gateway.core.chain import Sender, Trace
from gateway.core.errors import Conflict, NotFound, Unavailable
from gateway.keys.names import FINGERPRINT
from gateway.matching.fingerprints import fingerprint
from gateway.partners.register import Deelnemer, GemeenteInstelling, Register
from gateway.privacylog import append
from gateway.privacylog.entry import Frame
from gateway.privacylog.messages import SignaalIngetrokken
from gateway.routing.municipalities import Municipalities
from gateway.signals import quality
from gateway.signals.receive import Steps
from gateway.store.database import retrying
from gateway.store.tenant import parties
from schemas.keyed import Keyed
from schemas.ontvangst import Dekking, DekkingGemeente, Intrekking, SignaalStand, Signaalstatus
from schemas.signaal import IntrekkingAanvraag

TRIES = 20
_FORWARDED: Signaalstatus = "doorgezonden"


def state(principal: str, id: UUID, steps: Steps) -> SignaalStand:
    """Where a signal stands. Raises NotFound."""
    with steps.database.transaction(parties(principal)) as connection:
        row = connection.execute("SELECT * FROM signal_state(%s, %s)", (principal, id)).fetchone()
    if row is None:
        raise NotFound
    gemeente, kenmerk, sector, received, status, withdrawn = row
    return SignaalStand(
        id=id, kenmerk=kenmerk, gemeente=gemeente, sector=sector, status=status, ontvangen_op=received, ingetrokken_op=withdrawn
    )


def named(principal: str, kenmerken: Sequence[str], steps: Steps) -> dict[str, UUID]:
    """The message that each kenmerk of this principal stands for now; one that is not known is absent."""
    secret = Keyed(steps.keys.key(FINGERPRINT))
    keys = {fingerprint(principal, "signaal", kenmerk, secret): kenmerk for kenmerk in kenmerken}
    with steps.database.transaction(parties(principal)) as connection:
        rows = connection.execute("SELECT key, bericht FROM known(%b)", (list(keys),)).fetchall()
    return {keys[key]: bericht for key, bericht in rows}


def withdraw(sender: Sender, trace: Trace, id: UUID, request: IntrekkingAanvraag, steps: Steps, number: Callable[[], object]) -> Intrekking:
    """Withdraw a signal; repeated, the first answer again. `number` runs the sequencer, for a signal that has no place yet.

    Raises:
        NotFound: not the sender's signal. Conflict: it was rejected or expired. Unavailable: it has no place in the inbox yet.
    """
    state(sender.principal, id, steps)
    for _ in range(TRIES):
        found = retrying(lambda: _withdraw(sender, trace, id, request, steps))
        if found is None:
            number()
            continue
        status, withdrawn = found
        if withdrawn is None or status == _FORWARDED:  # it followed the message; to the sender as closed as a rejected one
            raise Conflict("SIGNAAL_AFGESLOTEN", "Dit signaal is al afgesloten en kan niet meer worden ingetrokken.")
        return Intrekking(id=id, status=status, ingetrokken_op=withdrawn)
    raise Unavailable("NOG_NIET_GENUMMERD", "Dit signaal wordt nog verwerkt. Probeer het over enkele seconden opnieuw.", retry_after=2)


def _withdraw(
    sender: Sender, trace: Trace, id: UUID, request: IntrekkingAanvraag, steps: Steps
) -> tuple[Signaalstatus, datetime | None] | None:
    """State and moment of withdrawal (None: it was closed); None when it, or where it was sent on to, has no number yet."""
    try:
        with steps.database.transaction(parties(sender.principal)) as connection:
            row = connection.execute(
                "SELECT gemeente, state, withdrawn_at, fresh FROM withdraw(%s, %s, %s, %s)",
                (sender.principal, id, steps.clock.now(), request.reden),
            ).fetchone()
            if row is None:
                return None
            gemeente, status, withdrawn, fresh = row
            if fresh:
                frame = Frame(sender, trace, withdrawn, steps.activity("aanleveren"))
                append.append(connection, [SignaalIngetrokken(**frame.fields(), gemeente=gemeente, bericht=id, resultaat=request.reden)])
            if fresh and request.reden == "onterecht" and status != _FORWARDED:  # that of a rejected one is not counted either
                quality.wrongful(connection, sender.principal, withdrawn)
            return status, withdrawn
    except psycopg.errors.ObjectNotInPrerequisiteState:
        return None


def coverage(principal: Deelnemer, day: date, register: Register, municipalities: Municipalities) -> Dekking:
    """The municipalities whose desk is open for this creditor on a day."""
    found = [_covered(gemeente, principal, day, register, municipalities) for gemeente in register.gemeenten.values()]
    return Dekking(schuldeiser=principal.oin, peildatum=day, gemeenten=sorted(filter(None, found), key=lambda g: g.gemeentecode))


def _covered(
    gemeente: GemeenteInstelling, principal: Deelnemer, day: date, register: Register, municipalities: Municipalities
) -> DekkingGemeente | None:
    key = register.sealing_key(gemeente.gemeentecode)
    if key is None or gemeente.loket_open_vanaf > day:
        return None
    return DekkingGemeente(
        gemeentecode=gemeente.gemeentecode,
        naam=gemeente.naam,
        sectoren=sorted(principal.sectoren),
        sinds=gemeente.loket_open_vanaf,
        postcodes=list(_ranges(municipalities.postcodes(gemeente.gemeentecode))),
        sleutel="eigen" if key.wijze == "eigen" else "beheerd",
        drempel_cent=_one_threshold(principal, gemeente, register),
        drempels=_thresholds(principal, gemeente, register),
        optionele_velden=sorted(register.optional_fields(gemeente.gemeentecode)),
        contact=gemeente.contact,
    )


def _thresholds(principal: Deelnemer, gemeente: GemeenteInstelling, register: Register) -> dict[str, int] | None:
    found = {sector: register.threshold(gemeente.gemeentecode, sector) for sector in sorted(principal.sectoren)}
    return {sector: limit for sector, limit in found.items() if limit is not None} or None


def _one_threshold(principal: Deelnemer, gemeente: GemeenteInstelling, register: Register) -> int | None:
    """The threshold, when it is the same for every sector of this creditor."""
    found = {register.threshold(gemeente.gemeentecode, sector) for sector in principal.sectoren}
    return found.pop() if len(found) == 1 else None


def _ranges(postcodes: Iterable[int]) -> Iterable[str]:
    """1011, 1012, 1013, 1020 -> "1011-1013", "1020"."""
    begin = last = None
    for postcode in [*sorted(postcodes), None]:
        if last is not None and begin is not None and postcode != last + 1:
            yield str(begin) if begin == last else f"{begin}-{last}"
            begin = None
        begin = postcode if begin is None else begin
        last = postcode
