"""What every key store promises; a subclass gives the fixture `store`."""

from base64 import urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.core.errors import Misconfigured
from gateway.keys.keystore import KeyStore


class KeyStoreContract:
    """Inherited by the tests of both key stores."""

    def test_a_key_is_32_bytes_and_stays_the_same(self, store: KeyStore) -> None:
        key = store.key("D-log/1")
        assert len(key) == 32
        assert store.key("D-log/1") == key

    def test_each_name_has_a_random_key_of_its_own(self, store: KeyStore) -> None:
        assert len({store.key(f"opslag/0392/2026-W{week}") for week in range(20)}) == 20

    def test_a_key_pair_is_made_once_and_its_kid_is_its_name(self, store: KeyStore) -> None:
        public = store.create_private("gemeente/0392/1")
        assert store.create_private("gemeente/0392/1") == public
        assert (public["kid"], public["kty"], public["crv"]) == ("gemeente/0392/1", "EC", "P-256")
        assert "d" not in public

    def test_the_private_key_belongs_to_the_public_one(self, store: KeyStore) -> None:
        public = store.create_private("gemeente/0392/1")
        numbers = store.private("gemeente/0392/1").public_key().public_numbers()
        x = numbers.x.to_bytes(32, "big")
        assert isinstance(numbers.curve, ec.SECP256R1)
        assert public["x"] == urlsafe_b64encode(x).rstrip(b"=").decode()

    def test_a_key_pair_that_was_never_made_is_refused(self, store: KeyStore) -> None:
        with pytest.raises(Misconfigured):
            store.private("gemeente/0392/9")

    def test_a_key_and_a_key_pair_are_not_confused(self, store: KeyStore) -> None:
        store.create_private("gemeente/0392/1")
        store.key("D-log/1")
        with pytest.raises(Misconfigured):
            store.key("gemeente/0392/1")
        with pytest.raises(Misconfigured):
            store.private("D-log/1")
