"""The conversation about a case: open it over messages of the own inbox, write attempts down, give it a result.

A result gives the senders of its messages the feedback that the policy allows, in the same transaction. Authority: contract,
`/gemeente/v1`; DDAS v1.2. Leaves what may follow what to `states`, feedback to `gateway.feedback`, contact data to `contact`.
"""

from collections.abc import Sequence
from uuid import UUID

from gateway.cases import rows, states
from gateway.cases.desk import CaseDesk, Link, error, held, require, show
from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.core.errors import Conflict, Unavailable
from gateway.feedback import recording
from gateway.feedback.recording import Teller
from gateway.mailbox.origin import Origin, origins
from gateway.privacylog import append
from gateway.privacylog.afterwards import ContactpogingVastgelegd, ZaakAfgesloten, ZaakGeopend
from gateway.store.tenant import municipality
from schemas.zaken import Contactpoging, Resultaat, Zaak, ZaakAanvraag, Zaken

IN_HAND = frozenset({"geclaimd", "ontvangen", "verwerkt"})


def open_case(caller: Sender, gemeente: str, trace: Trace, request: ZaakAanvraag, desk: CaseDesk) -> tuple[Zaak, bool]:
    """A case over messages in hand; the flag is False when the same case was opened before.

    Raises:
        Conflict: the number has other messages; a message is not in this inbox, not in hand, or in another case.
    """
    id, wanted = ids.new(), set(request.berichten)
    with desk.database.transaction(municipality(gemeente)) as connection:
        if not rows.add(connection, gemeente, id, request.zaaknummer, caller.party, desk.clock.now()):
            return _again(connection, gemeente, request.zaaknummer, wanted), False
        found = origins(connection, gemeente, request.berichten)
        _require_in_hand(request.berichten, found)
        if not rows.add_messages(connection, gemeente, id, [(origin.id, origin.sector) for origin in found.values()]):
            raise Conflict("BERICHT_IN_ANDERE_ZAAK", "Een van deze berichten hoort al bij een andere zaak.")
        frame = desk.frame(caller, trace)
        append.append(connection, [ZaakGeopend(**frame.fields(), gemeente=gemeente, bericht=b, zaak=id) for b in sorted(wanted)])
        return show(connection, gemeente, id), True


def page(gemeente: str, before: UUID | None, limit: int, desk: CaseDesk) -> Zaken:
    """Cases older than `before`, newest first; `volgende` is the id to go on from, None at the end."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        found = rows.page(connection, gemeente, before, limit + 1)
        zaken = rows.shown(connection, gemeente, found[:limit])
    return Zaken(zaken=zaken, volgende=str(zaken[-1].id) if len(found) > limit else None)


def one(gemeente: str, id: UUID, desk: CaseDesk) -> Zaak:
    """One case. Raises NotFound."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        return show(connection, gemeente, id)


def attempt(caller: Sender, gemeente: str, trace: Trace, id: UUID, poging: Contactpoging, desk: CaseDesk) -> tuple[Zaak, bool]:
    """Write an attempt down; the flag is False for the same attempt again. Raises NotFound, Conflict."""
    desk.require_past(poging.datum)
    with desk.database.transaction(municipality(gemeente)) as connection:
        case = held(connection, gemeente, id)
        zaak = show(connection, gemeente, id)
        if poging in zaak.contactpogingen:
            return zaak, False
        require(case, "attempt")
        if not rows.add_attempt(connection, gemeente, id, poging):
            raise Conflict("KENMERK_IN_GEBRUIK", "Dit kenmerk is in deze zaak al gebruikt voor een andere contactpoging.")
        append.append(connection, [ContactpogingVastgelegd(**desk.frame(caller, trace).fields(), gemeente=gemeente, zaak=id)])
        return show(connection, gemeente, id), True


def finish(caller: Sender, gemeente: str, trace: Trace, id: UUID, resultaat: Resultaat, desk: CaseDesk) -> Zaak:
    """Give a case its result, and its senders what follows from it; the same again changes nothing. Raises NotFound, Conflict."""
    desk.require_past(resultaat.datum)
    with desk.database.transaction(municipality(gemeente)) as connection:
        case = held(connection, gemeente, id)
        before = show(connection, gemeente, id)
        _require_members(resultaat, before)
        if (before.resultaat, before.resultaatdatum) == (resultaat.resultaat, resultaat.datum) and _same_statuses(before, resultaat):
            return before
        require(case, "result")
        rows.close(connection, gemeente, id, resultaat, desk.clock.now())
        append.append(connection, [ZaakAfgesloten(**desk.frame(caller, trace).fields(), gemeente=gemeente, zaak=id)])
        zaak = show(connection, gemeente, id)
        outcomes = {m.bericht: states.outcome(resultaat.resultaat, m.status, m.grond) for m in zaak.berichten}
        recording.tell(connection, desk.feedback, Teller(caller, gemeente, trace), outcomes)
        return zaak


def _again(connection: Link, gemeente: str, zaaknummer: str, wanted: set[UUID]) -> Zaak:
    case = rows.numbered(connection, gemeente, zaaknummer)
    if case is None:
        raise Unavailable("GELIJKTIJDIG_AANGELEVERD", "Deze zaak wordt op dit moment ook door een ander geopend.", retry_after=1)
    zaak = show(connection, gemeente, case.id)
    if {m.bericht for m in zaak.berichten} != wanted:
        raise Conflict("ZAAKNUMMER_IN_GEBRUIK", "Dit zaaknummer is al gebruikt voor andere berichten.")
    return zaak


def _require_in_hand(asked: Sequence[UUID], found: dict[UUID, Origin]) -> None:
    unknown = [nr for nr, id in enumerate(asked) if id not in found]
    if unknown:
        errors = [error("BERICHT_ONBEKEND", "Dit bericht staat niet in uw inbox.", f"/berichten/{nr}") for nr in unknown]
        raise Conflict("BERICHT_ONBEKEND", "Niet elk bericht staat in uw inbox; zie errors.", errors=errors)
    if any(origin.state not in IN_HAND for origin in found.values()):
        raise Conflict("BERICHT_NIET_IN_BEHANDELING", "Claim een bericht eerst; afgewezen, ingetrokken of verlopen past in geen zaak.")


def _require_members(resultaat: Resultaat, zaak: Zaak) -> None:
    members = {m.bericht for m in zaak.berichten}
    named = [m.bericht for m in resultaat.berichten]
    wrong = [nr for nr, bericht in enumerate(named) if bericht not in members or bericht in named[:nr]]
    if wrong:
        melding = "Dit bericht hoort niet bij deze zaak, of staat er twee keer."
        errors = [error("BERICHT_ONBEKEND", melding, f"/berichten/{nr}/bericht") for nr in wrong]
        raise Conflict("BERICHT_ONBEKEND", "Niet elk bericht hoort bij deze zaak; zie errors.", errors=errors)


def _same_statuses(zaak: Zaak, resultaat: Resultaat) -> bool:
    own = {m.bericht: (m.status, m.grond) for m in resultaat.berichten}
    return all((m.status, m.grond) == own.get(m.bericht, ("opgepakt", None)) for m in zaak.berichten)
