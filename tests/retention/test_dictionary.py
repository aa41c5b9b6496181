"""Whoever has the whole database and a list of everybody recovers nobody; whoever has two municipalities' exports links nobody.

SEINHUIS_PROOF=1 plants 10,000 persons. The attacker knows how everything is made and tries each construct with every key that is public.
"""

import hashlib
import hmac
import os
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator

import msgspec
import psycopg
from stdnum.nl import bsn

from gateway.keys.keystore import MemoryKeyStore
from gateway.keys.names import FIRST, REGISTER, pseudonym
from gateway.matching.naming import Pseudonyms, namer
from gateway.privacylog.entry import _SUBJECT
from schemas import identity
from schemas.signaal import Adres, Persoon
from tests.flows.world import DOEL, HAARLEM, LANDLORD, UTRECHT
from tests.retention.world import KeptWorld

PROOF = os.environ.get("SEINHUIS_PROOF") == "1"
PERSONS = 10_000 if PROOF else 100
NUMBERS = [text for n in range(100_000) if not bsn.is_valid(text := f"9999{n:05}")]
"""Nine digits, as a BSN has; those that pass the eleven-test are refused at the door."""
SWEPT = NUMBERS if PROOF else NUMBERS[:2_000]
_HEX, _BASE64 = re.compile(rb"[0-9a-f]{64}"), re.compile(rb"[\w-]{43}")
_PUBLIC = (b"", b"seinhuis/v1", REGISTER.encode(), pseudonym(HAARLEM, DOEL, 1).encode(), HAARLEM.encode())
Person = tuple[bytes, ...]


def plant(world: KeptWorld) -> list[Person]:
    """Signals through the real flow; of each the identities that its names are made of."""
    persons: list[Person] = []
    for start in range(0, PERSONS, 500):
        signals = [
            {**signal, "contractkenmerk": NUMBERS[start + n]} for n, signal in enumerate(world.signals(min(500, PERSONS - start)))
        ]
        world.delivered(*signals)
        for signal in signals:
            person = identity.person(msgspec.convert(signal["personen"][0], Persoon))
            contract = identity.contract(LANDLORD.principal, "huur", signal["contractkenmerk"])
            address = identity.address(msgspec.convert(signal["adres"], Adres))
            persons.append(tuple(part for part in (address, person, contract) if part is not None))
    return persons


def dump(world: KeptWorld) -> Iterator[bytes]:
    """Every row of every table, key store and log included."""
    with psycopg.connect(world.dsns.owner) as owner:
        tables = owner.execute("SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        for (table,) in tables.fetchall():
            with owner.cursor().copy(f"COPY {table} TO STDOUT".encode()) as rows:
                yield from (bytes(row) for row in rows)


def stored(rows: Iterator[bytes]) -> set[bytes]:
    """The last 31 bytes of everything of 32 bytes, written as hexadecimal or, in an entry of the log, as base64url."""
    found: set[bytes] = set()
    for row in rows:
        for text in (row, *(bytes.fromhex(part.decode()) for part in re.findall(rb"\\x((?:[0-9a-f]{2}){100,})", row))):
            found |= {bytes.fromhex(value.decode())[1:] for value in _HEX.findall(text)}
            found |= {b"b64:" + value for value in _BASE64.findall(text)}
    return found


def guesses(value: bytes) -> Iterator[bytes]:
    """What an unkeyed or publicly keyed name of a value would be stored as."""
    for made in (hashlib.sha256(value).digest(), *(hmac.digest(key, value, "sha256") for key in _PUBLIC)):
        yield made[1:]
        for inner in (made, b"\x01" + made[1:]):
            for key in _PUBLIC:
                yield b"b64:" + urlsafe_b64encode(hmac.digest(key, _SUBJECT + inner, "sha256"))[:43]


def recovered(persons: list[Person], kept: set[bytes]) -> int:
    """How many persons are found by any of their identities."""
    return sum(any(guess in kept for value in person for guess in guesses(value)) for person in persons)


def test_a_dump_and_a_dictionary_recover_nobody(world: KeptWorld) -> None:
    persons = plant(world)
    kept = stored(dump(world))
    known = namer(world.keys, HAARLEM, FIRST)
    assert all(known.digest(value)[1:] in kept for person in persons for value in person)  # the search sees what is there
    found = recovered(persons, kept)
    numbers = (identity.contract(LANDLORD.principal, "huur", number) or b"" for number in SWEPT)
    swept = sum(any(guess in kept for guess in guesses(number)) for number in numbers)
    unkeyed = {hashlib.sha256(value).digest()[1:] for person in persons for value in person}
    control = recovered(persons, unkeyed)
    print(f"{found} of {PERSONS} persons and {swept} of {len(SWEPT)} numbers recovered; unkeyed {control}")  # noqa: T201 - the figures
    assert (found, swept, control) == (0, 0, PERSONS)


def test_no_person_stands_in_a_dump_in_the_clear(world: KeptWorld) -> None:
    signals = world.signals(20)
    world.delivered(*signals)
    whole = b"\n".join(dump(world))
    texts = {text for s in signals for text in (s["personen"][0]["achternaam"], s["adres"]["postcode"], s["klantnummer"]) if text}
    assert not [text for text in texts if text.encode() in whole or text.encode().hex().encode() in whole]
    assert signals[0]["kenmerk"].encode() in whole  # the control: what is kept in the clear is found


def linked(export: Callable[[str], set[bytes]]) -> int:
    return len(export(HAARLEM) & export(UTRECHT))


def test_two_municipalities_share_no_pseudonym_of_the_same_persons() -> None:
    keys = MemoryKeyStore()
    shared = [value for n in range(10_000) for value in (
        identity.address_of("2011AB", n + 1, None, None), identity.join("persoon", f"testpersoon{n}", "1980-01-02"),
        identity.contract(LANDLORD.principal, "huur", f"C-{n}") or b"",
    )]  # fmt: skip
    one = Pseudonyms(keys.key("one"), 1)
    names = {gemeente: namer(keys, gemeente, FIRST) for gemeente in (HAARLEM, UTRECHT)}
    apart = linked(lambda gemeente: {names[gemeente].digest(value) for value in shared})
    together = linked(lambda _: {one.digest(value) for value in shared})
    print(f"{apart} of {len(shared)} names of 10,000 shared persons linked; under one key {together}")  # noqa: T201 - the figures
    assert (apart, together) == (0, len(shared))


def test_full_exports_of_two_municipalities_share_nothing(world: KeptWorld) -> None:
    """Through the real flow: everything of 32 bytes that stands with one municipality and the other."""
    for gemeente in (HAARLEM, UTRECHT):
        whose = {"achternaam": "Gedeeld", "geboortedatum": "1980-01-02"}
        signals = world.signals(20, gemeente=gemeente, contractkenmerk="C-1")
        world.delivered(*({**s, "personen": [{**s["personen"][0], **whose}]} for s in signals))

    def export(gemeente: str) -> set[bytes]:
        columns = "address, person, contract, sha256(payload), id::text::bytea, content_key::text::bytea"
        return {bytes(value) for row in world.rows(f"SELECT {columns} FROM bericht WHERE gemeente = %s", gemeente) for value in row}

    assert len(export(HAARLEM)) > 60
    assert linked(export) == 0
