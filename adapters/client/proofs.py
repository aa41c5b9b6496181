"""How anybody checks a proof: the gateway's signature, the log's signature under the checkpoint, and the path from leaf to root.

Written apart from the gateway, from the standards alone: RFC 9162 section 2.1.3.2 (inclusion). Needs the gateway's published keys and the
log's verifier key (`name+keyid+base64`). Leaves notes to `logcheck`, checkpoints over time to `witness`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.client.logcheck import Signed, Untrusted, node
from adapters.client.receipts import NotGenuine, verify_receipt
from schemas.bewijs import Bewijs


def verify_proof(bewijs: Bewijs, jwks: Mapping[str, Any], vkey: str) -> int:
    """Check a proof completely.

    Returns:
        The size of the log that its leaf stands in.

    Raises:
        NotGenuine: a signature, the path or the form is wrong, or no checkpoint covers the leaf yet.
    """
    verify_receipt(bewijs, jwks)
    if bewijs.log is None or bewijs.log.nummer + 1 != bewijs.bezorgd_als_nummer:  # inboxes count from 1, leaves from 0
        raise NotGenuine("no checkpoint covers this leaf yet")
    try:
        size, root = Signed(vkey).checkpoint(bewijs.log.controlepunt)
        path = [bytes.fromhex(part) for part in bewijs.log.pad]
        leaf = bytes.fromhex(bewijs.logblad)
    except Untrusted as error:
        raise NotGenuine(str(error)) from None
    except ValueError:
        raise NotGenuine("malformed") from None
    if climb(leaf, bewijs.log.nummer, size, path) != root:
        raise NotGenuine("the leaf is not in the log")
    return size


def climb(leaf: bytes, number: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that the path leads to from leaf `number` (from 0), or None when the path has not the right length."""
    if not 0 <= number < size:
        return None
    found, position, last = leaf, number, size - 1
    for sibling in path:
        if last == 0:
            return None
        if position & 1 or position == last:
            found = node(sibling, found)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            found = node(found, sibling)
        position, last = position >> 1, last >> 1
    return found if last == 0 else None
