"""Conformance results: signed by the gateway that ran the suite, verified before they count.

Authority: `schemas.toets`; contract, states. A result counts when one of the registered keys signed it, it is of this participant, every
scenario passed, and every kind that it speaks for has a scenario. Leaves running scenarios to the suite, and which mouths and kinds must
be covered to `poorten`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from adapters.client.receipts import NotGenuine, verify_receipt
from gateway.core.errors import Invalid
from gateway.keys import names
from gateway.keys.keystore import KeyStore
from gateway.keys.signing import ReceiptSigner
from gateway.partners.dossier import Toets
from schemas.strict import canonical
from schemas.toets import Toetsuitslag


def signer(keys: KeyStore) -> ReceiptSigner:
    """What signs conformance results: a key of its own, so that no receipt passes for a result."""
    return ReceiptSigner(keys, names.TEST)


def published(keys: KeyStore) -> bytes:
    """The keys that this gateway signs results with, as a JWK set (JSON)."""
    return msgspec.json.encode(signer(keys).public_jwks())


def sign(bare: Toetsuitslag, keys: KeyStore) -> Toetsuitslag:
    """A result with the signature of this gateway. Raises Invalid: it says more than its scenarios do."""
    _require_consistent(bare)
    return msgspec.structs.replace(bare, handtekening=signer(keys).sign(bare))


def verified(content: bytes, oin: str, keys: Mapping[str, Any], now: datetime) -> Toets:
    """A result as a row of the register, passed or not. `keys`: the JWK set of gateways whose results count.

    Raises:
        Invalid: unreadable, not signed by one of these keys, of another participant, from the future, or saying more than its scenarios.
    """
    try:
        found = msgspec.json.decode(content, type=Toetsuitslag)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Invalid("TOETSUITSLAG_ONLEESBAAR", "Dit is geen toetsuitslag; geef het JSON-bestand dat de toets schreef.") from None
    try:
        verify_receipt(found, keys)
    except NotGenuine:
        raise Invalid(
            "TOETSUITSLAG_NIET_ECHT", "De handtekening klopt niet, of is van een gateway die hier niet telt (SEINHUIS_TOETSSLEUTELS)."
        ) from None
    if found.deelnemer != oin:
        raise Invalid("TOETSUITSLAG_VAN_ANDER", f"Deze uitslag is van {found.deelnemer}, niet van {oin}.")
    if found.getoetst_op.tzinfo is None or found.getoetst_op > now:
        raise Invalid("TOETSUITSLAG_IN_TOEKOMST", "Het moment van deze uitslag ligt in de toekomst of heeft geen tijdzone.")
    _require_consistent(found)
    return Toets(oin, found.id, found.mond, frozenset(found.soorten), found.geslaagd, found.getoetst_op, canonical(found))


def counts(row: Toets, keys: Mapping[str, Any], now: datetime) -> bool:
    """Whether a kept result says what was signed, and its signature still counts."""
    try:
        return verified(row.uitslag, row.oin, keys, now) == row
    except Invalid:
        return False


def _require_consistent(found: Toetsuitslag) -> None:
    passed = all(scenario.uitkomst == "geslaagd" for scenario in found.scenarios)
    if found.geslaagd != passed or not {scenario.soort for scenario in found.scenarios} >= set(found.soorten):
        raise Invalid("TOETSUITSLAG_TEGENSTRIJDIG", "Deze uitslag zegt iets anders dan haar scenario's; draai de toets opnieuw.")
