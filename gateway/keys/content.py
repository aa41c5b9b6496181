"""A content key as it is kept and travels: one per chunk and municipality, wrapped to that municipality's key.

Authority: `docs/crypto.md`, sealing. It stands here because `gateway.sealing` makes it and `gateway.mailbox` keeps it.
"""

from uuid import UUID

import msgspec

from schemas.types import Gemeentecode


class ContentKey(msgspec.Struct, frozen=True):
    """`wrapped` is a compact JWE to the key `kid` (`wijze`: eigen or beheerd); it holds an `oct` JWK whose own `kid` is `id`."""

    id: UUID
    gemeente: Gemeentecode
    kid: str
    wijze: str
    wrapped: str
