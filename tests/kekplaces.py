"""What every place of a key-encryption key promises; a subclass gives the fixtures `place` (empty) and `again` (the same place anew)."""

from collections.abc import Callable

import pytest

from gateway.core.errors import Misconfigured
from gateway.keys.wrapping import KekPlace, Wrapping

SECRET = bytes(range(138))  # as long as a key pair
Again = Callable[[], KekPlace]


def opens(wrapping: Wrapping, wrapped: bytes, name: str = "D-log/1") -> bool:
    try:
        return wrapping.unwrap(name, wrapped) == SECRET
    except Misconfigured:
        return False


class KekPlaceContract:
    """Inherited by the tests of both places."""

    def test_nothing_is_there_until_it_is_made_and_it_is_made_once(self, place: KekPlace) -> None:
        with pytest.raises(Misconfigured):
            place.keks()
        made = place.make()
        with pytest.raises(Misconfigured):
            place.make()
        assert [kek.id for kek in place.keks()] == [made.id]
        assert len(bytes.fromhex(made.id)) == 8

    def test_what_is_wrapped_opens_under_this_key_and_this_name_only(self, place: KekPlace) -> None:
        kek = place.make()
        wrapped = kek.wrap("D-log/1", SECRET)
        assert kek.unwrap("D-log/1", wrapped) == SECRET
        assert wrapped != kek.wrap("D-log/1", SECRET)
        assert SECRET not in wrapped
        damaged = wrapped[:-1] + bytes([wrapped[-1] ^ 1])
        attempts = [(wrapped, "D-log/2"), (damaged, "D-log/1"), (wrapped[:20], "D-log/1"), (wrapped[:5], "D-log/1"), (b"", "D-log/1")]
        assert [opens(kek, data, name) for data, name in attempts] == [False] * len(attempts)

    def test_the_next_key_stands_beside_the_first_until_it_is_used(self, place: KekPlace, again: Again) -> None:
        old = place.make()
        under_old = old.wrap("D-log/1", SECRET)
        new = place.prepare()
        assert [kek.id for kek in again().keks()] == [old.id, new.id]
        assert opens(again().keks()[0], under_old)
        under_new = new.wrap("D-log/1", SECRET)
        assert not opens(new, under_old)
        assert place.settle(new.id)
        (left,) = again().keks()
        assert (left.id, opens(left, under_new), opens(left, under_old)) == (new.id, True, False)

    def test_a_next_key_that_was_never_used_goes(self, place: KekPlace, again: Again) -> None:
        old = place.make()
        wrapped = old.wrap("D-log/1", SECRET)
        place.prepare()
        assert again().settle(old.id)
        (left,) = again().keks()
        assert (left.id, opens(left, wrapped)) == (old.id, True)

    def test_what_an_earlier_attempt_left_is_replaced(self, place: KekPlace, again: Again) -> None:
        old = place.make()
        first = place.prepare()
        second = again().prepare()
        assert [kek.id for kek in place.keks()] == [old.id, second.id]
        assert first.id != second.id

    def test_nothing_is_settled_when_nothing_was_begun(self, place: KekPlace) -> None:
        made = place.make()
        assert not place.settle(made.id)
        assert not place.settle("")
        assert [kek.id for kek in place.keks()] == [made.id]

    def test_a_destroyed_place_is_empty(self, place: KekPlace, again: Again) -> None:
        place.make()
        place.prepare()
        place.destroy()
        with pytest.raises(Misconfigured):
            again().keks()
        place.destroy()  # once more does no harm
