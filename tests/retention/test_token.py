"""The key-encryption key in a PKCS#11 token: the same promises as a file, and what only a token has. SoftHSM stands for the hardware."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pkcs11
import pytest
from pkcs11 import Attribute, KeyType

from gateway.app.kek import kek_place
from gateway.app.settings import Settings
from gateway.core.clock import FixedClock
from gateway.core.errors import Misconfigured, Unavailable
from gateway.keys.database import DatabaseKeyStore
from gateway.keys.kekfile import KekFile
from gateway.keys.session import Slot
from gateway.keys.token import LABEL, TokenKek, TokenKeks
from gateway.keys.wrapping import KekPlace
from gateway.retention import keeping
from tests.flows.world import UTRECHT
from tests.kekplaces import KekPlaceContract
from tests.retention.test_kek import opened
from tests.retention.world import KeptWorld, backup
from tests.tokens import PIN, written

Again = Callable[[], KekPlace]


class TestFile(KekPlaceContract):
    @pytest.fixture
    def again(self, tmp_path: Path) -> Again:
        return lambda: KekFile(tmp_path / "sleutels" / "hoofdsleutel")

    @pytest.fixture
    def place(self, again: Again) -> KekPlace:
        return again()


class TestToken(KekPlaceContract):
    @pytest.fixture
    def again(self, slot: Slot) -> Again:
        return lambda: TokenKeks(slot)

    @pytest.fixture
    def place(self, again: Again) -> KekPlace:
        return again()


def in_token(world: KeptWorld, slot: Slot) -> TokenKeks:
    """Put the keys of this world under a key in the token."""
    place = TokenKeks(slot)
    place.make()
    assert keeping.move_kek(world.keeper, world.kek, place)
    world.keeper = world.keeper._replace(keys=DatabaseKeyStore(world.beheer, place.keks), kek=place)
    return place


def test_the_key_cannot_be_taken_out_of_the_token(slot: Slot) -> None:
    TokenKeks(slot).make()
    session = pkcs11.lib(str(slot.module)).get_token(token_label=slot.label).open(rw=True)
    key = session.get_key(label=LABEL)
    with pytest.raises(pkcs11.AttributeSensitive):
        key[Attribute.VALUE]
    assert (key[Attribute.NEVER_EXTRACTABLE], key[Attribute.ALWAYS_SENSITIVE], key[Attribute.LOCAL]) == (True, True, True)


@pytest.mark.parametrize(("bits", "template"), [(128, {}), (256, {Attribute.EXTRACTABLE: True}), (256, {Attribute.SENSITIVE: False})])
def test_a_key_that_is_short_or_can_be_taken_out_is_refused(slot: Slot, bits: int, template: dict[Attribute, bool]) -> None:
    TokenKeks(slot).destroy()  # logs in
    session = pkcs11.lib(str(slot.module)).get_token(token_label=slot.label).open(rw=True)
    hard = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.ENCRYPT: True, Attribute.DECRYPT: True}
    session.generate_key(KeyType.AES, bits, id=b"12345678", label=LABEL, store=True, template={**hard, **template})
    with pytest.raises(Misconfigured, match="niet uit het token"):
        TokenKeks(slot).keks()


def test_a_backup_opens_nothing_once_the_old_key_was_destroyed_in_the_token(world: KeptWorld, slot: Slot) -> None:
    world.delivered(*world.signals(5))
    world.delivered(*world.signals(5, gemeente=UTRECHT))
    place = in_token(world, slot)
    (last_week,) = place.keks()
    with backup(world.dsns) as copy:
        control = opened(copy, last_week)
        later = world.keeper._replace(clock=FixedClock(world.clock.now() + timedelta(weeks=27)))
        done = keeping.run(later, again=True)
        assert done is not None
        assert (len(done.keys), done.replaced) == (2, True)
        (today,) = place.keks()
        with pytest.raises(Unavailable):
            last_week.wrap("D-log/1", b"x")  # the handle leads nowhere: the object is gone from the token
        found = opened(copy, today)
    assert (control, found) == ((10, 2), (0, 0))


class Cut(Exception):
    """Power went."""


class CutToken(TokenKeks):
    """Loses power at one of its steps."""

    def __init__(self, slot: Slot, at: str) -> None:
        super().__init__(slot)
        self._at, self._settled = at, 0

    def prepare(self) -> TokenKek:
        made = super().prepare()
        if self._at == "prepared":
            raise Cut
        return made

    def settle(self, used: str) -> bool:
        self._settled += 1
        if self._at == "committed" and self._settled == 2:
            raise Cut
        return super().settle(used)


@pytest.mark.parametrize("at", ["prepared", "committed"])
def test_power_that_goes_in_between_loses_no_key(world: KeptWorld, slot: Slot, at: str) -> None:
    place = in_token(world, slot)
    key = world.keeper.keys.key("opslag/0392/2099-W01")
    with pytest.raises(Cut):
        keeping.replace_kek(world.keeper._replace(kek=CutToken(slot, at)), anyway=True)
    assert len(place.keks()) == 2
    assert DatabaseKeyStore(world.beheer, place.keks).key("opslag/0392/2099-W01") == key
    keeping.replace_kek(world.keeper)
    (left,) = place.keks()
    assert DatabaseKeyStore(world.beheer, lambda: [left]).key("opslag/0392/2099-W01") == key


def test_keys_move_from_the_file_to_the_token_and_the_file_goes(world: KeptWorld, slot: Slot) -> None:
    key = world.keys.key("opslag/0392/2099-W01")
    (filed,) = world.kek.keks()
    place = in_token(world, slot)
    assert not world.kek.path.exists()
    assert DatabaseKeyStore(world.beheer, place.keks).key("opslag/0392/2099-W01") == key
    with pytest.raises(Misconfigured):
        DatabaseKeyStore(world.beheer, lambda: [filed]).key("opslag/0392/2099-W01")
    assert not keeping.move_kek(world.keeper, world.kek, place)  # once more does no harm


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the search of the lost session, when it is collected
def test_a_session_that_was_lost_is_opened_again(slot: Slot) -> None:
    kek = TokenKeks(slot).make()
    wrapped = kek.wrap("D-log/1", b"secret")
    pkcs11.lib(str(slot.module)).reinitialize()  # every handle and the login are gone
    assert kek.unwrap("D-log/1", wrapped) == b"secret"


def test_a_token_that_is_gone_is_said_and_gives_nothing(world: KeptWorld, slot: Slot) -> None:
    in_token(world, slot)
    elsewhere = TokenKeks(slot._replace(label="weggehaald"))
    with pytest.raises(Unavailable) as error:
        elsewhere.keks()
    assert (error.value.code, "weggehaald" in error.value.detail) == ("TOKEN_NIET_BEREIKBAAR", True)
    with pytest.raises(Unavailable):
        DatabaseKeyStore(world.beheer, elsewhere.keks)


def test_a_pin_that_is_refused_is_tried_once(slot: Slot, tmp_path: Path) -> None:
    pkcs11.lib(str(slot.module)).reinitialize()
    wrong = TokenKeks(slot._replace(pin=written(tmp_path / "pin", "een-andere-pin\n")))
    for said in ("weigert de PIN", "weigerde deze PIN al"):
        with pytest.raises(Misconfigured, match=said):
            wrong.keks()
    assert PIN not in repr(wrong)


@pytest.mark.parametrize(("text", "mode"), [("", 0o600), (PIN, 0o644), (PIN, 0o640)])
def test_a_pin_file_that_is_empty_or_open_to_others_is_refused(slot: Slot, tmp_path: Path, text: str, mode: int) -> None:
    with pytest.raises(Misconfigured, match="PIN"):
        TokenKeks(slot._replace(pin=written(tmp_path / "pin", text, mode))).keks()


def test_half_a_setting_a_missing_pin_and_a_missing_module_refuse_to_start(slot: Slot, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="SEINHUIS_PKCS11_PIN"):
        kek_place(Settings(pkcs11_module=slot.module))
    with pytest.raises(Misconfigured, match="SEINHUIS_PKCS11_PIN"):
        kek_place(Settings(pkcs11_module=slot.module, pkcs11_pin=tmp_path / "weg")).keks()
    with pytest.raises(Misconfigured, match="SEINHUIS_PKCS11_MODULE"):
        kek_place(Settings(pkcs11_module=tmp_path / "niets.so", pkcs11_pin=slot.pin)).keks()
    assert isinstance(kek_place(Settings()), KekFile)  # control
