"""Whether the proof of an entry holds, computed from what was given and the log's public key: nothing that says so itself counts.

Authority: RFC 6962 (leaf hash, inclusion), C2SP tlog-checkpoint. Pure; the partner's client has its own (`adapters.client.logcheck`).
"""

from typing import Literal

from gateway.privacylog.checkpoint import NoteVerifier, Untrusted
from gateway.privacylog.tree import is_included, leaf_hash
from schemas.toezicht import Regelbewijs

Outcome = Literal["bewezen", "wacht", "mislukt"]


def check(bewijs: Regelbewijs, vkey: str) -> Outcome:
    """bewezen: the bytes shown are the leaf, and it stands under a checkpoint that the log signed; wacht: no checkpoint covers it yet."""
    leaf = leaf_hash(bewijs.inhoud.encode())
    if leaf.hex() != bewijs.logblad:
        return "mislukt"
    if bewijs.log is None:
        return "wacht"
    try:
        signed = NoteVerifier.of(vkey).checkpoint(bewijs.log.controlepunt)
        path = [bytes.fromhex(part) for part in bewijs.log.pad]
    except (Untrusted, ValueError):
        return "mislukt"
    return "bewezen" if is_included(leaf, bewijs.log.nummer, signed.size, path, signed.root) else "mislukt"
