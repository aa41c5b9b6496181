"""A municipality with a key of its own shares derived group keys of a message with a follow-up partner, sealed to that partner's key.

The gateway cannot open what it stores here; it checks that the purpose register allows it, that the partner is the municipality's, and
that each token names the partner's registered key. Authority: contract, "`POST …/delingen`"; Wgs art. 3a; AVG art. 28.
"""

from base64 import urlsafe_b64decode
from typing import Any
from uuid import UUID

import msgspec

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Forbidden, Gone, NotFound
from gateway.inboxes.desk import Desk
from gateway.inboxes.followup import FROM, KIND
from gateway.inboxes.settings import PARTNER, follow_up
from gateway.mailbox import followup, inbox
from gateway.policy.register import Allowed
from gateway.privacylog import append
from gateway.privacylog.afterwards import BerichtGedeeld
from gateway.privacylog.entry import Frame
from gateway.sealing.sealing import Meta
from gateway.store.tenant import municipality
from schemas.inbox import Veldgroep
from schemas.instellingen import Opvolgpartner
from schemas.ontvangst import Bevinding
from schemas.opvolging import SEALING, Deling, Delingstand

_META = msgspec.json.Decoder(Meta)


def share(caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Deling, desk: Desk) -> Delingstand:
    """Keep the sealed keys for the partner's claim; repeated, they are replaced.

    Raises:
        NotFound: not in this inbox. Gone: the content is destroyed. Conflict: the key is managed, nothing needs sharing; unknown
        partner, other groups, or not sealed to the partner. Forbidden: the purpose register does not allow it.
    """
    now = desk.clock.now()
    with desk.database.transaction(municipality(gemeente)) as connection:
        item = inbox.find(connection, gemeente, id, payload=True)
        if item is None:
            raise NotFound
        if item.payload is None:
            raise Gone("BERICHT_VERNIETIGD", "De inhoud van dit bericht is vernietigd.")
        if inbox.content_keys(connection, gemeente, [item.content_key])[item.content_key].wijze == "beheerd":
            raise Conflict("DELING_NIET_NODIG", "De sleutel wordt beheerd; de opvolgpartner krijgt zijn groepen bij zijn claim.")
        permit = desk.purposes.decide(FROM, _META.decode(item.meta).sector, KIND, PARTNER, dutch_day(now))
        if not isinstance(permit, Allowed):
            raise Forbidden(permit.code, "Het doelbindingsregister staat deze deling niet toe.")
        partner = next((p for p in follow_up(connection, gemeente, desk.seals).opvolgpartners if p.oin == request.opvolgpartner), None)
        _require_fit(request, partner, permit.groups)
        followup.share(connection, gemeente, id, request.opvolgpartner, request.sleutels, now)
        groups = tuple(sorted(request.sleutels))
        entry = BerichtGedeeld(
            **Frame(caller, trace, now, permit.activity).fields(),
            gemeente=gemeente,
            bericht=id,
            doel=permit.doel,
            rij=permit.row,
            registerversie=permit.register_version,
            artikel=permit.artikel,
            ontvanger=request.opvolgpartner,
            veldgroepen=groups,
        )
        append.append(connection, [entry])
    return Delingstand(bericht=id, opvolgpartner=request.opvolgpartner, veldgroepen=list(groups), gedeeld_op=now)


def _require_fit(request: Deling, partner: Opvolgpartner | None, allowed: tuple[Veldgroep, ...]) -> None:
    if partner is None or partner.sleutel is None:
        raise _conflict("OPVOLGPARTNER_ONBEKEND", "/opvolgpartner", "Leg deze opvolgpartner met zijn sleutel eerst vast.")
    for group, token in request.sleutels.items():
        if group not in allowed or group not in partner.veldgroepen:
            raise _conflict("VELDGROEP_NIET_TOEGESTAAN", f"/sleutels/{group}", "Deze groep is niet voor deze opvolgpartner.")
        if not sealed_to(token, partner.sleutel.kid):
            raise _conflict("NIET_VOOR_DEZE_SLEUTEL", f"/sleutels/{group}", "Verzegel voor de geregistreerde sleutel van de partner.")


def sealed_to(token: str, kid: str) -> bool:
    """Whether the header of a compact JWE names this key and our algorithms. Nothing is opened."""
    part = token.partition(".")[0]
    try:
        header: dict[str, Any] = msgspec.json.decode(urlsafe_b64decode(part + "=" * (-len(part) % 4)), type=dict[str, Any])
    except (ValueError, msgspec.DecodeError):
        return False
    return header.get("kid") == kid and all(header.get(name) == value for name, value in SEALING.items())


def _conflict(code: str, pointer: str, text: str) -> Conflict:
    return Conflict(code, text, errors=[Bevinding(code=code, oordeel="fout", melding=text, pointer=pointer)])
