"""Keyed fingerprints for idempotency: which record this is, and whether its content is the same.

Authority: `docs/contract.md`, idempotency: unique on (principal, kind, kenmerk) for 24 months. Keyed, so that the table of
fingerprints cannot be searched for a guessed kenmerk or content. Leaves the look-up to the flow.
"""

from typing import Literal

from schemas.identity import join
from schemas.keyed import Keyed
from schemas.types import Kenmerk, Oin

Kind = Literal["signaal", "aanlevering"]
_CONTENT = join("inhoud")


def fingerprint(principal: Oin, kind: Kind, kenmerk: Kenmerk, key: Keyed) -> bytes:
    """32 bytes that name one record of one principal."""
    return key.digest(join("kenmerk", principal, kind, kenmerk))


def content(canonical: bytes, key: Keyed) -> bytes:
    """32 bytes that are equal exactly when the canonical content is."""
    return key.digest(_CONTENT + canonical)
