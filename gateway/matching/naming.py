"""Step 5: the keyed pseudonyms of one municipality and one purpose: address, person, contract.

`version || HMAC-SHA256(K[municipality, purpose, version], canonical identity)[1:]`, 32 bytes: two municipalities, purposes or versions
share nothing, a pseudonym says of which version it is, and without the key nothing can be searched. During an overlap both versions are
made on arrival, because nobody can turn one into the other without the identity. Authority: architecture, keys; rule PR-05;
`docs/crypto.md`. Leaves what is equal to `schemas.identity`, which versions there are to the register, and what follows from equality
to the mailbox.
"""

from collections.abc import Callable

from gateway.core.chain import Later, Named, Routed
from gateway.keys.keystore import KeyStore
from gateway.keys.names import Versions, log_subject, pseudonym
from schemas import identity
from schemas.keyed import Keyed

SIGNAL_PURPOSE = "WGS-3-1-b"
"""The purpose that signals travel for; what a municipality tells of itself is named under it too, or it would match nothing."""


class Pseudonyms:
    """Names identities (canonical bytes) of one municipality and purpose in one version: 32 bytes, the first is the version."""

    __slots__ = ("_keyed", "_prefix", "version")

    def __init__(self, key: bytes, version: int) -> None:
        self._keyed, self._prefix, self.version = Keyed(key), bytes((version,)), version

    def digest(self, identity: bytes) -> bytes:
        """The pseudonym."""
        return self._prefix + self._keyed.digest(identity)[1:]


class Namer:
    """Names identities in the leading version, and during an overlap in the next one too (`later`, else None).

    `subject` names an address or person for the log: see `log_names`.
    """

    __slots__ = ("_digest", "later", "subject", "version")

    def __init__(self, keys: KeyStore, gemeente: str, doel: str, versions: Versions) -> None:
        leading = Pseudonyms(keys.key(pseudonym(gemeente, doel, versions.leading)), versions.leading)
        self._digest, self.version = leading.digest, leading.version
        self.subject = log_names(keys, gemeente)
        self.later = None if versions.next is None else Pseudonyms(keys.key(pseudonym(gemeente, doel, versions.next)), versions.next)

    def digest(self, identity: bytes) -> bytes:
        """The pseudonym in the leading version."""
        return self._digest(identity)

    def afterwards(self, identity: bytes | None) -> bytes | None:
        """The pseudonym in the next version; None outside an overlap, or without an identity."""
        return None if self.later is None or identity is None else self.later.digest(identity)


def namer(keys: KeyStore, gemeente: str, versions: Versions) -> Namer:
    """Names identities as the signals of this municipality are named."""
    return Namer(keys, gemeente, SIGNAL_PURPOSE, versions)


def log_names(keys: KeyStore, gemeente: str) -> Callable[[bytes], bytes]:
    """Names identities (address, person) for the log, 32 bytes: in no version, so that an entry is found as long as the log lives."""
    return Keyed(keys.key(log_subject(gemeente))).digest


def name(routed: list[Routed], keys: KeyStore, versions: Callable[[str], Versions]) -> list[Named]:
    """Name every record of a chunk; one key look-up per municipality, purpose and version. `versions` gives those of a municipality.

    The person is the first on the contract, when a birth date says who it is.
    """
    found: dict[tuple[str, str], Namer] = {}
    named: list[Named] = []
    for record in routed:
        place = (record.gemeente, record.doel)
        key = found.get(place)
        if key is None:
            key = found[place] = Namer(keys, *place, versions(record.gemeente))
        named.append(_name(record, key))
    return named


def _name(routed: Routed, key: Namer) -> Named:
    parsed = routed.lawful.fresh.parsed
    signaal = parsed.signaal
    address = identity.address(signaal.adres)
    person = identity.person(signaal.personen[0])
    contract = identity.contract(parsed.inbound.sender.principal, signaal.sector, signaal.contractkenmerk)
    return Named(
        routed=routed,
        version=key.version,
        address=key.digest(address),
        person=None if person is None else key.digest(person),
        contract=None if contract is None else key.digest(contract),
        subject=key.subject(address),
        subject_person=None if person is None else key.subject(person),
        later=None if key.later is None else Later(key.later.digest(address), key.afterwards(person), key.afterwards(contract)),
    )
