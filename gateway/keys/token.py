"""A key-encryption key that stands in a PKCS#11 token (a hardware module, or SoftHSM) and never leaves it.

The token makes an AES key of 256 bits, sensitive and not extractable, and does the AES-256-GCM itself; layout and associated data are
those of `kek`. The key in use has the label `seinhuis-kek`, the next one `seinhuis-kek.nieuw`. Destroying one is C_DestroyObject: then no
copy of the database opens with anything. Authority: PKCS #11 3.0 (OASIS), 5.7 and 6.13; NIST SP 800-38D. Leaves the session to `session`.
"""

import os
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, cast

from gateway.core.errors import Misconfigured
from gateway.keys.kek import NONCE
from gateway.keys.session import Slot, TokenSession

try:
    import pkcs11
    from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, ObjectClass
    from pkcs11.types import Session
except ImportError:  # `session` says so at first use
    pkcs11 = None  # type: ignore[assignment]

LABEL = "seinhuis-kek"
NEW = LABEL + ".nieuw"
_BITS = 256


class AesKey(Protocol):
    """What `pkcs11` gives for a secret key that encrypts; its own types leave the last two to a mixin."""

    key_type: "KeyType"
    key_length: int

    def __getitem__(self, key: "Attribute") -> Any:  # noqa: ANN401 - its type is the attribute's
        """The value of an attribute."""

    def __setitem__(self, key: "Attribute", value: str) -> None:
        """Change an attribute."""

    def destroy(self) -> None:
        """C_DestroyObject."""

    def encrypt(self, data: bytes, **mechanism: object) -> bytes:
        """C_Encrypt."""
        ...

    def decrypt(self, data: bytes, **mechanism: object) -> bytes:
        """C_Decrypt."""
        ...


class TokenKek(NamedTuple):
    """A key in a token, by its identifier; see `Wrapping`."""

    session: TokenSession
    id: str

    def wrap(self, name: str, key: bytes) -> bytes:
        """See `Wrapping.wrap`."""
        nonce = os.urandom(NONCE)
        return nonce + self.session.work(lambda session: _cipher(_key(session, self.id).encrypt, key, nonce, name))

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """See `Wrapping.unwrap`."""
        opened = self.session.work(lambda session: _opened(_key(session, self.id), name, wrapped))
        if opened is None:
            raise Misconfigured(f"Sleutel {name} opent niet onder hoofdsleutel {self.id}.")
        return opened


class TokenKeks:
    """The key-encryption key in a token; see `KekPlace`. Another process may replace it meanwhile."""

    def __init__(self, slot: Slot) -> None:
        self._label = slot.label
        self._session = TokenSession(slot)

    def make(self) -> TokenKek:
        """See `KekPlace.make`."""
        if self._ids():
            raise Misconfigured(f"Er is al een hoofdsleutel in token {self._label}; die blijft staan. Er hoeft niets te gebeuren.")
        return self._generate(LABEL)

    def keks(self) -> list[TokenKek]:
        """See `KekPlace.keks`."""
        ids = self._ids()
        if not ids:
            raise Misconfigured(f"In token {self._label} staat geen hoofdsleutel. Maak er een met `seinhuis sleutels maak`.")
        return [TokenKek(self._session, id) for id in ids]

    def prepare(self) -> TokenKek:
        """See `KekPlace.prepare`."""
        self._session.work(lambda session: _destroy(session, NEW))
        return self._generate(NEW)

    def settle(self, used: str) -> bool:
        """See `KekPlace.settle`."""
        return self._session.work(lambda session: _settle(session, used))

    def destroy(self) -> None:
        """See `KekPlace.destroy`."""
        self._session.work(lambda session: _destroy(session, NEW, LABEL))

    def _ids(self) -> list[str]:
        return self._session.work(lambda session: [_checked(key) for label in (LABEL, NEW) for key in _found(session, label)])

    def _generate(self, label: str) -> TokenKek:
        return TokenKek(self._session, self._session.work(lambda session: _checked(_made(session, label))))


def _settle(session: "Session", used: str) -> bool:
    """The old one goes before the new one takes its label: it is of no use any more, and cut off here the new one still opens all."""
    begun = _found(session, NEW)
    for key in begun:
        if _id(key) != used:
            key.destroy()
            continue
        _destroy(session, LABEL)
        key[Attribute.LABEL] = LABEL
    return bool(begun)


def _made(session: "Session", label: str) -> AesKey:
    template = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.ENCRYPT: True, Attribute.DECRYPT: True}
    template |= dict.fromkeys((Attribute.WRAP, Attribute.UNWRAP, Attribute.SIGN, Attribute.VERIFY, Attribute.DERIVE), False)
    return cast(AesKey, session.generate_key(KeyType.AES, _BITS, id=os.urandom(8), label=label, store=True, template=template))


def _cipher(do: Callable[..., bytes], text: bytes, nonce: bytes, name: str) -> bytes:
    return do(text, mechanism=Mechanism.AES_GCM, mechanism_param=GCMParams(nonce, name.encode(), 128))


def _opened(key: AesKey, name: str, wrapped: bytes) -> bytes | None:
    """None: it does not fit. Modules say `general error` of that, so it is what that means here."""
    nonce, text = wrapped[:NONCE], wrapped[NONCE:]
    try:
        return _cipher(key.decrypt, text, nonce, name) if len(nonce) == NONCE and text else None
    except (pkcs11.GeneralError, pkcs11.EncryptedDataInvalid, pkcs11.EncryptedDataLenRange):
        return None


def _found(session: "Session", label: str) -> list[AesKey]:
    return cast(list[AesKey], list(session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: label})))


def _destroy(session: "Session", *labels: str) -> None:
    for label in labels:
        for key in _found(session, label):
            key.destroy()


def _key(session: "Session", id: str) -> AesKey:
    return cast(AesKey, session.get_key(object_class=ObjectClass.SECRET_KEY, id=bytes.fromhex(id)))


def _id(key: AesKey) -> str:
    return bytes(key[Attribute.ID]).hex()


def _checked(key: AesKey) -> str:
    """The identifier of a key that may be a key-encryption key. Raises Misconfigured: shorter, or one that can be taken out."""
    if key.key_type != KeyType.AES or key.key_length != _BITS or key[Attribute.EXTRACTABLE] or not key[Attribute.SENSITIVE]:
        raise Misconfigured(f"Hoofdsleutel {_id(key)} in het token moet AES-{_BITS} zijn, en niet uit het token te halen.")
    return _id(key)
