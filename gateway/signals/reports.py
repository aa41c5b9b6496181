"""What the creditor reads back: a receipt of one outcome, a report line, the counts of a delivery.

Authority: contract, "ontvangstbewijs". A receipt is a function of the outcome alone and its signature is deterministic, so a
repeated delivery gives the same bytes. Nothing here comes from another creditor's data.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Literal

import msgspec

from gateway.core.chain import Outcome
from gateway.keys.signing import ReceiptSigner
from schemas.ontvangst import Aanlevering, Aantallen, Ontvangstbewijs, VerslagRegel


def receipt(outcome: Outcome, signer: ReceiptSigner) -> Ontvangstbewijs:
    """The signed receipt of an accepted outcome. Raises ValueError for an outcome that was not accepted."""
    if outcome.id is None or outcome.kenmerk is None or outcome.gemeente is None or outcome.sector is None or outcome.received is None:
        raise ValueError("no receipt for an outcome that was not accepted")
    bare = Ontvangstbewijs(
        id=outcome.id,
        kenmerk=outcome.kenmerk,
        gemeente=outcome.gemeente,
        sector=outcome.sector,
        ontvangen_op=outcome.received,
        status=outcome.status,
        bevindingen=list(outcome.findings),
        inhoud_hash=(outcome.content_hash or b"").hex(),
        logblad=(outcome.leaf or b"").hex(),
        schaduw=outcome.shadow or None,
    )
    return msgspec.structs.replace(bare, handtekening=signer.sign(bare))


def line(volgnummer: int, outcome: Outcome) -> VerslagRegel:
    """The report line of one record; `volgnummer` counts from 1 in the order of delivery."""
    return VerslagRegel(
        volgnummer=volgnummer,
        status=outcome.status,
        bevindingen=list(outcome.findings),
        eerder_ontvangen=outcome.repeated or None,
        kenmerk=outcome.kenmerk,
        id=outcome.id,
        gemeente=outcome.gemeente,
        ontvangen_op=outcome.received,
        inhoud_hash=outcome.content_hash.hex() if outcome.content_hash else None,
        logblad=outcome.leaf.hex() if outcome.leaf else None,
    )


def verdict(accepted: int, offered: int) -> Literal["volledig", "deels", "geen"]:
    """How much of a delivery was accepted."""
    return "volledig" if accepted == offered else "deels" if accepted else "geen"


def delivery(bare: Aanlevering, outcomes: Sequence[Outcome], signer: ReceiptSigner) -> Aanlevering:
    """The finished, signed delivery: one signature over the hash of all leaf hashes in the order of the report."""
    counts = Aantallen(
        aangeboden=len(outcomes),
        bezorgd=sum(o.status == "bezorgd" and not o.repeated for o in outcomes),
        eerder_ontvangen=sum(o.repeated for o in outcomes),
        geweigerd=sum(o.status == "geweigerd" for o in outcomes),
        in_quarantaine=sum(o.status == "in_quarantaine" for o in outcomes),
    )
    accepted = counts.bezorgd + counts.eerder_ontvangen
    done = msgspec.structs.replace(
        bare,
        status="verwerkt",
        resultaat=verdict(accepted, len(outcomes)),
        aantallen=counts,
        bladen_hash=sha256(b"".join(o.leaf for o in outcomes if o.leaf)).hexdigest(),
    )
    return msgspec.structs.replace(done, handtekening=signer.sign(done))
