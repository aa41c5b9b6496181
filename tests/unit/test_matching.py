"""Pseudonyms and fingerprints: equal for the same, different for everything else."""

import hashlib
import hmac

from gateway.keys.keystore import MemoryKeyStore
from gateway.keys.names import FIRST, Versions, pseudonym
from gateway.matching.fingerprints import content, fingerprint
from gateway.matching.naming import name
from schemas import identity
from schemas.keyed import Keyed
from tests.records import CREDITOR, DOEL, HAARLEM, SIGNAL, UTRECHT, routed

ADRES = {"postcode": "2011AB", "huisnummer": 12, "toevoeging": "a-2", "woonplaats": "HAARLEM"}


def first(_: str) -> Versions:
    return FIRST


class CountingKeys(MemoryKeyStore):
    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def key(self, name: str) -> bytes:
        self.asked.append(name)
        return super().key(name)


def test_one_address_spelled_twice_has_one_pseudonym() -> None:
    one, two = name([routed(), routed(adres=ADRES)], MemoryKeyStore(), first)
    assert one.address == two.address
    assert len(one.address) == 32


def test_pseudonyms_differ_per_municipality_and_purpose_and_key_version() -> None:
    keys = MemoryKeyStore()
    found = name([routed(HAARLEM), routed(UTRECHT), routed(HAARLEM, "WGS-9")], keys, first)
    assert len({n.address for n in found}) == len({n.person for n in found}) == len({n.contract for n in found}) == 3
    assert len({keys.key(pseudonym(HAARLEM, DOEL, version)) for version in (1, 2, 3)}) == 3


def test_under_one_key_everything_would_be_equal() -> None:
    """The control of the test above: it is the keys that keep municipalities apart."""
    same = identity.address(routed().lawful.fresh.parsed.signaal.adres)
    assert len({hmac.digest(b"1" * 32, same, "sha256") for _ in (HAARLEM, UTRECHT)}) == 1


def test_address_person_and_contract_are_never_equal_though_one_key_names_them() -> None:
    (named,) = name([routed()], MemoryKeyStore(), first)
    assert len({named.address, named.person, named.contract}) == 3


def test_what_is_not_known_is_absent() -> None:
    person = {k: v for k, v in SIGNAL["personen"][0].items() if k != "geboortedatum"}
    (named,) = name([routed(personen=[person], contractkenmerk=None)], MemoryKeyStore(), first)
    assert (named.person, named.contract) == (None, None)


def test_a_chunk_asks_for_a_key_once_per_municipality() -> None:
    keys = CountingKeys()
    name([routed(HAARLEM), routed(UTRECHT)] * 50, keys, first)
    assert len(keys.asked) == 4  # one more for who the log speaks of


def test_pseudonyms_cannot_be_found_without_the_key() -> None:
    (named,) = name([routed()], MemoryKeyStore(), first)
    guess = identity.address(routed().lawful.fresh.parsed.signaal.adres)
    assert named.address not in {hashlib.sha256(guess).digest(), *(hmac.digest(key, guess, "sha256") for key in (b"", b"1" * 32))}


def test_fingerprints_differ_in_every_part() -> None:
    key = Keyed(b"1" * 32)
    made = [
        fingerprint(CREDITOR, "signaal", "A", key),
        fingerprint(CREDITOR, "signaal", "B", key),
        fingerprint(CREDITOR, "aanlevering", "A", key),
        fingerprint("00000099000000002000", "signaal", "A", key),
        fingerprint(CREDITOR, "signaal", "A", Keyed(b"2" * 32)),
        content(b"A", key),
        content(b"B", key),
    ]
    assert len(set(made)) == 7
    assert made[0] == fingerprint(CREDITOR, "signaal", "A", key)


def test_a_pseudonym_says_its_version_and_in_an_overlap_there_are_two() -> None:
    keys = MemoryKeyStore()
    (before,) = name([routed()], keys, first)
    (during,) = name([routed()], keys, lambda _: Versions(1, 2))
    (after,) = name([routed()], keys, lambda _: Versions(2))
    later = during.later
    assert before.later is None
    assert after.later is None
    assert later is not None
    assert (during.address, during.person, during.contract) == (before.address, before.person, before.contract)
    assert (later.address, later.person, later.contract) == (after.address, after.person, after.contract)
    assert [n.address[0] for n in (before, during, after)] == [1, 1, 2]
    assert (len(later.address), later.address[0], during.version, after.version) == (32, 2, 1, 2)
    assert before.address[1:] != after.address[1:]
