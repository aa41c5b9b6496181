"""What we seal opens for the right municipality, message and group, and for nobody else."""

import os
from typing import Any
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc.jwk import ECKey, RSAKey

from adapters.client.opening import NotOpened, Opener
from gateway.core import ids
from gateway.core.chain import Sealed
from gateway.core.errors import Misconfigured, Unavailable
from gateway.keys.content import ContentKey
from gateway.keys.keystore import MemoryKeyStore
from gateway.keys.names import managed, storage
from gateway.partners.sealkeys import Gemeentesleutel
from gateway.sealing.jwe import require_usable
from gateway.sealing.opening import Releaser, unwrap
from gateway.sealing.sealing import Meta, seal
from schemas.inbox import Bericht, Sleutels, Veldgroep
from schemas.ontvangst import Bevinding
from schemas.sealed import expand, extract, group_info
from tests.records import DAY, GROUPS, HAARLEM, SIGNAL, UTRECHT, bericht, judged, register, routed

OPTIONAL = frozenset({"geboortedatum", "klantnummer"})
Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def own(gemeente: str, private: Private, kid: str = "eigen-1") -> Gemeentesleutel:
    key = ECKey.import_key(private) if isinstance(private, ec.EllipticCurvePrivateKey) else RSAKey.import_key(private)
    return Gemeentesleutel(gemeente, kid, "eigen", dict(key.as_dict(private=False)))


def pem(private: Private) -> bytes:
    return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def p256() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


class House:
    """One municipality with a managed key and one with its own."""

    def __init__(self) -> None:
        self.keys = MemoryKeyStore()
        self.private = p256()
        kid = managed(HAARLEM)
        self.sleutels = [Gemeentesleutel(HAARLEM, kid, "beheerd", self.keys.create_private(kid)), own(UTRECHT, self.private)]

    def seal(self, gemeente: str, optional: frozenset[str] = OPTIONAL, **changes: Any) -> tuple[Sealed, ContentKey]:
        (sealed,), (row,) = seal(judged(self.keys, [routed(gemeente, **changes)]), register(self.sleutels, optional), self.keys, DAY)
        return sealed, row

    def groups(self, sealed: Sealed) -> dict[Veldgroep, str]:
        return unwrap(sealed.payload, self.keys.key(sealed.storage_key), sealed.header.gemeente, sealed.header.id, sealed.header.meta)

    def claimed(self, sealed: Sealed, row: ContentKey, allowed: tuple[Veldgroep, ...] = GROUPS) -> Bericht:
        groups = self.groups(sealed)
        return bericht(sealed.header.id, groups, Releaser(self.keys).release(row, allowed, sealed.header.id))


@pytest.fixture
def house() -> House:
    return House()


CLEAR: dict[str, Any] = {
    "identiteit": {"personen": SIGNAL["personen"], "adres": SIGNAL["adres"]},
    "contact": SIGNAL["contact"],
    "klant": {"klantnummer": "884412"},
}


def test_a_managed_key_message_opens_with_the_handed_group_keys(house: House) -> None:
    message = house.claimed(*house.seal(HAARLEM))
    assert message.sleutels is not None
    assert message.sleutels.inhoudssleutel is None
    assert Opener().open(message) == CLEAR


def test_an_own_key_message_opens_with_the_private_key_only(house: House) -> None:
    message = house.claimed(*house.seal(UTRECHT))
    assert message.sleutels is not None
    assert message.sleutels.groepssleutels is None
    assert Opener(pem(house.private)).open(message) == CLEAR
    for wrong in (Opener(), Opener(pem(p256()))):
        with pytest.raises(NotOpened):
            wrong.open(message)


def test_an_rsa_key_of_3072_bits_works_and_one_of_2048_is_refused(house: House) -> None:
    private = rsa.generate_private_key(65537, 3072)
    house.sleutels[1] = own(UTRECHT, private, "kluis-1")
    assert Opener(pem(private)).open(house.claimed(*house.seal(UTRECHT))) == CLEAR
    house.sleutels[1] = own(UTRECHT, rsa.generate_private_key(65537, 2048), "kluis-2")
    with pytest.raises(Misconfigured):
        house.seal(UTRECHT)


def test_another_curve_or_a_symmetric_key_is_refused_as_a_municipal_key(house: House) -> None:
    for jwk in ({"kty": "oct", "k": "AAAA"}, dict(ECKey.generate_key("P-384").as_dict(private=False)), {"kty": "EC", "crv": "P-256"}):
        house.sleutels[1] = Gemeentesleutel(UTRECHT, "x", "eigen", jwk)
        with pytest.raises(Misconfigured):
            house.seal(UTRECHT)


@pytest.mark.parametrize("weakness", ["exponent", "factor", "private", "off the curve"])
def test_a_weak_or_private_key_is_refused_at_registration(weakness: str) -> None:
    point = dict(ECKey.generate_key("P-256").as_dict(private=False))
    good = dict(RSAKey.generate_key(3072).as_dict(private=False))
    wrong = {
        "exponent": {**good, "e": "Aw"},
        "factor": {**good, "n": f"{good['n']}"[:-2] + "AA"},
        "private": dict(ECKey.generate_key("P-256").as_dict(private=True)),
        "off the curve": {**point, "y": point["x"]},
    }[weakness]
    with pytest.raises(Misconfigured):
        require_usable(Gemeentesleutel(UTRECHT, "x", "eigen", wrong))
    for jwk in (good, point):  # the control
        require_usable(Gemeentesleutel(UTRECHT, "x", "eigen", jwk))


def test_a_municipality_without_a_key_gets_nothing(house: House) -> None:
    del house.sleutels[1]
    with pytest.raises(Unavailable):
        house.seal(UTRECHT)


def test_group_keys_are_handed_for_allowed_groups_only_and_open_no_other(house: House) -> None:
    sealed, row = house.seal(HAARLEM)
    groups = house.groups(sealed)
    sleutels = Releaser(house.keys).release(row, ["contact"], sealed.header.id)
    assert set(sleutels.groepssleutels or {}) == {"contact"}
    assert Opener().open(bericht(sealed.header.id, {"contact": groups["contact"]}, sleutels)) == {"contact": CLEAR["contact"]}
    misused = Sleutels(wijze="beheerd", kid="", groepssleutels={"identiteit": (sleutels.groepssleutels or {})["contact"]})
    with pytest.raises(NotOpened):
        Opener().open(bericht(sealed.header.id, {"identiteit": groups["identiteit"]}, misused))


def test_a_jwe_of_another_message_or_group_is_refused_by_its_kid_even_with_the_right_key(house: House) -> None:
    sealed, row = house.seal(HAARLEM)
    message = house.claimed(sealed, row)
    groups, keys = message.persoonsgegevens or {}, (message.sleutels or Sleutels(wijze="eigen", kid="")).groepssleutels or {}
    moved = bericht(ids.new(), groups, message.sleutels or Sleutels(wijze="eigen", kid=""))
    with pytest.raises(NotOpened, match="another message"):
        Opener().open(moved)
    swapped = Sleutels(wijze="beheerd", kid="", groepssleutels={"klant": keys["contact"]})
    with pytest.raises(NotOpened, match="another message or group"):
        Opener().open(bericht(sealed.header.id, {"klant": groups["contact"]}, swapped))


def test_the_keys_of_one_message_do_not_open_the_next_under_the_same_content_key(house: House) -> None:
    records = [routed(HAARLEM, nr=0), routed(HAARLEM, nr=1)]
    (one, two), rows = seal(judged(house.keys, records), register(house.sleutels), house.keys, DAY)
    assert len(rows) == 1
    sleutels = Releaser(house.keys).release(rows[0], GROUPS, one.header.id)
    assert Opener().open(bericht(one.header.id, house.groups(one), sleutels)) == CLEAR
    with pytest.raises(NotOpened):
        Opener().open(bericht(two.header.id, house.groups(two), sleutels))


def test_each_municipality_of_a_chunk_has_a_content_key_of_its_own(house: House) -> None:
    records = [routed(HAARLEM, nr=0), routed(UTRECHT, nr=1), routed(HAARLEM, nr=2)]
    sealed, rows = seal(judged(house.keys, records), register(house.sleutels), house.keys, DAY)
    assert [row.gemeente for row in rows] == [HAARLEM, UTRECHT]
    assert [s.nr for s in sealed] == [0, 1, 2]
    assert [s.content_key_id for s in sealed] == [rows[0].id, rows[1].id, rows[0].id]


def test_a_row_moved_to_another_municipality_or_message_does_not_unwrap(house: House) -> None:
    sealed, _ = house.seal(HAARLEM)
    key = house.keys.key(sealed.storage_key)
    for gemeente, message in ((UTRECHT, sealed.header.id), (HAARLEM, ids.new())):
        with pytest.raises(Misconfigured):
            unwrap(sealed.payload, key, gemeente, message, sealed.header.meta)
    with pytest.raises(Misconfigured):
        unwrap(sealed.payload, os.urandom(32), HAARLEM, sealed.header.id, sealed.header.meta)
    with pytest.raises(Misconfigured):  # another amount than the one that was delivered
        unwrap(sealed.payload, key, HAARLEM, sealed.header.id, sealed.header.meta.replace(b"bedragCent", b"bedragcent"))
    assert set(unwrap(sealed.payload, key, HAARLEM, sealed.header.id, sealed.header.meta)) == set(GROUPS)


def test_a_managed_content_key_under_another_id_is_refused(house: House) -> None:
    sealed, row = house.seal(HAARLEM)
    with pytest.raises(Misconfigured):
        Releaser(house.keys).release(ContentKey(ids.new(), row.gemeente, row.kid, row.wijze, row.wrapped), GROUPS, sealed.header.id)


def test_the_storage_key_is_of_the_week_in_which_the_payload_expires(house: House) -> None:
    assert house.seal(HAARLEM)[0].storage_key == storage(HAARLEM, "2027-W07")


def test_empty_and_switched_off_fields_do_not_travel(house: House) -> None:
    empty = house.claimed(*house.seal(HAARLEM, contact={}, klantnummer=None))
    assert set(Opener().open(empty)) == {"identiteit"}
    off = Opener().open(house.claimed(*house.seal(HAARLEM, optional=frozenset())))
    assert set(off) == {"identiteit", "contact"}
    assert "geboortedatum" not in off["identiteit"]["personen"][0]


def test_a_group_that_may_not_travel_is_not_sealed(house: House) -> None:
    assert set(house.groups(house.seal(HAARLEM, groups=("identiteit",))[0])) == {"identiteit"}


PERSONAL = ["Testpersoon", "1985", "2011AB", "31612345678", "example.nl", "884412", "C-55120"]


def test_nothing_personal_is_readable_after_sealing(house: House) -> None:
    sealed, row = house.seal(HAARLEM)
    seen = repr(sealed) + repr(row)
    assert [word for word in PERSONAL if word in seen] == []
    assert "Testpersoon" in repr(judged(house.keys, [routed()]))  # the check can fail


def test_meta_has_no_kenmerk_no_person_and_no_other_municipality(house: House) -> None:
    finding = Bevinding(code="X", oordeel="waarschuwing", melding="x", kandidaten=[HAARLEM, UTRECHT])
    (sealed,), _ = seal(judged(house.keys, [routed()], (finding,)), register(house.sleutels), house.keys, DAY)
    text = sealed.header.meta.decode()
    assert "HUUR-2026" not in text
    assert UTRECHT not in text
    meta = msgspec.json.decode(sealed.header.meta, type=Meta)
    assert (meta.bedrag_cent, meta.schuldeiser.handelsnaam) == (45012, "Woningstichting Voorbeeld")
    assert sealed.header.findings == (finding,)


def test_group_keys_equal_hkdf_of_the_library() -> None:
    content_key, message = os.urandom(32), UUID(int=7)
    for group in GROUPS:
        library = HKDF(SHA256(), 32, salt=b"seinhuis/v1", info=group_info(message, group)).derive(content_key)
        assert expand(extract(content_key), message, group) == library
