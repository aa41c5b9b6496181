"""Step 5: the keyed pseudonyms of one municipality and one purpose: address, person, contract.

`HMAC-SHA256(K[municipality, purpose, version], canonical identity)`: two municipalities, purposes or versions share nothing, and
without the key nothing can be searched. Authority: architecture, keys; `docs/crypto.md`. Leaves what is equal to
`schemas.identity`, and what follows from equality to the mailbox.
"""

from gateway.core.chain import Named, Routed
from gateway.keys.keystore import KeyStore
from gateway.keys.names import MATCH_VERSION, pseudonym
from schemas import identity
from schemas.keyed import Keyed


def name(routed: list[Routed], keys: KeyStore) -> list[Named]:
    """Name every record of a chunk; one key look-up per municipality and purpose.

    The person is the first on the contract, when a birth date says who it is.
    """
    found: dict[tuple[str, str], Keyed] = {}
    named: list[Named] = []
    for record in routed:
        place = (record.gemeente, record.doel)
        key = found.get(place)
        if key is None:
            key = found[place] = Keyed(keys.key(pseudonym(*place)))
        named.append(_name(record, key))
    return named


def _name(routed: Routed, key: Keyed) -> Named:
    parsed = routed.lawful.fresh.parsed
    signaal = parsed.signaal
    person = identity.person(signaal.personen[0])
    contract = identity.contract(parsed.inbound.sender.principal, signaal.sector, signaal.contractkenmerk)
    return Named(
        routed=routed,
        version=MATCH_VERSION,
        address=key.digest(identity.address(signaal.adres)),
        person=None if person is None else key.digest(person),
        contract=None if contract is None else key.digest(contract),
    )
