"""What every house behind the SFTP edge keeps: inherit from `HouseContract` and give a fixture `world`. The fake and the real one do.

A world makes partners, and shows what arrived. Its `largest` is how many bytes one file may have there (small, for a quick test).
"""

from hashlib import sha256
from typing import Protocol

import asyncssh
import pytest

from adapters.sftp.port import Folder, House, Item, Mailbox, Refused


class World(Protocol):
    """A house with what a test needs beside it."""

    @property
    def house(self) -> House:
        """The house itself."""
        ...

    @property
    def largest(self) -> int:
        """Bytes of the largest file that may be put."""
        ...

    def partner(self, key: bytes) -> str:
        """A new partner that may log in with this public key (wire form). Returns its OIN."""
        ...

    def suspend(self, partner: str) -> None:
        """Suspend it, and wait until the house knows."""
        ...

    def revoke(self, partner: str, key: bytes) -> None:
        """Take one key away, and wait until the house knows."""
        ...

    def give(self, partner: str, folder: Folder, name: str, content: bytes) -> None:
        """Put a file in `uit` or `terugkoppeling`."""
        ...

    def taken(self, partner: str) -> dict[str, bytes]:
        """What was completed and is not yet read: content by name."""
        ...


def new_key() -> bytes:
    return asyncssh.generate_private_key("ssh-ed25519").public_data


def listed(mailbox: Mailbox, folder: Folder) -> dict[str, int]:
    return {item.name: item.size for item in mailbox.items(folder)}


def put(mailbox: Mailbox, name: str, content: bytes) -> None:
    upload = mailbox.begin(name)
    upload.write(content)
    upload.close()
    mailbox.complete(f"{name}.part", name)


class HouseContract:
    """The contract. A subclass has a fixture `world` that gives a new World."""

    @pytest.fixture
    def own(self, world: World) -> Mailbox:
        return world.house.mailbox(world.partner(new_key()))

    def test_login_is_of_one_user_and_key(self, world: World) -> None:
        first, second = new_key(), new_key()
        one, two = world.partner(first), world.partner(second)
        assert (world.house.partner_of(one, first), world.house.partner_of(two, second)) == (one, two)
        for user, key in ((one, second), (two, first), ("root", first), ("", first), (one, b""), (one.lower() + " ", first)):
            assert world.house.partner_of(user, key) is None

    def test_suspended_or_revoked_may_not_stay_nor_come_in(self, world: World) -> None:
        keys = [new_key() for _ in range(3)]
        partners = [world.partner(key) for key in keys]
        assert all(world.house.may_stay(*each) for each in zip(partners, keys, strict=True))
        world.suspend(partners[0])
        world.revoke(partners[1], keys[1])
        assert [world.house.may_stay(*each) for each in zip(partners, keys, strict=True)] == [False, False, True]
        assert [world.house.partner_of(*each) for each in zip(partners, keys, strict=True)] == [None, None, partners[2]]

    def test_upload_is_seen_by_nobody_before_its_rename(self, world: World) -> None:
        partner = world.partner(new_key())
        mailbox = world.house.mailbox(partner)
        upload = mailbox.begin("stand.xml")
        upload.write(b"een")
        upload.write(b"twee")
        assert upload.size == 7
        upload.close()
        assert (world.taken(partner), listed(mailbox, "in")) == ({}, {"stand.xml.part": 7})
        mailbox.complete("stand.xml.part", "stand.xml")
        assert world.taken(partner) == {"stand.xml": b"eentwee"}
        assert "stand.xml.part" not in listed(mailbox, "in")

    def test_file_without_content_arrives(self, world: World) -> None:
        partner = world.partner(new_key())
        mailbox = world.house.mailbox(partner)
        mailbox.begin("leeg.csv").close()
        mailbox.complete("leeg.csv.part", "leeg.csv")
        assert world.taken(partner) == {"leeg.csv": b""}

    def test_rename_waits_for_the_close(self, own: Mailbox) -> None:
        upload = own.begin("a.xml")
        upload.write(b"half")
        with pytest.raises(Refused):
            own.complete("a.xml.part", "a.xml")
        upload.discard()

    def test_rename_of_nothing_is_absent(self, own: Mailbox) -> None:
        put(own, "a.xml", b"a")
        with pytest.raises(Refused) as refused:
            own.complete("b.xml.part", "b.xml")
        assert refused.value.kind == "absent"
        with pytest.raises(Refused):
            own.complete("a.xml.part", "a.xml")

    def test_rename_changes_nothing_but_the_ending(self, own: Mailbox) -> None:
        own.begin("a.xml").close()
        for part, name in (("a.xml.part", "b.xml"), ("a.xml", "a.xml"), ("", ""), (".part", ""), ("../a.xml.part", "../a.xml")):
            with pytest.raises(Refused):
                own.complete(part, name)
        assert listed(own, "in") == {"a.xml.part": 0}

    def test_digest_completes_what_came_in_and_nothing_else(self, world: World) -> None:
        partner = world.partner(new_key())
        mailbox = world.house.mailbox(partner)
        upload = mailbox.begin("a.xml")
        upload.write(b"een")
        fits, other = sha256(b"een").digest(), sha256(b"twee").digest()
        with pytest.raises(Refused) as still:
            mailbox.complete("a.xml.part", "a.xml", fits)
        upload.close()
        with pytest.raises(Refused) as refused:
            mailbox.complete("a.xml.part", "a.xml", other)
        assert (still.value.kind, refused.value.kind) == ("failure", "failure")
        assert (world.taken(partner), listed(mailbox, "in")) == ({}, {"a.xml.part": 3})
        mailbox.complete("a.xml.part", "a.xml", fits)
        assert world.taken(partner) == {"a.xml": b"een"}
        with pytest.raises(Refused):
            mailbox.complete("a.xml.part", "a.xml", fits)

    def test_digest_of_nothing_is_absent(self, own: Mailbox) -> None:
        with pytest.raises(Refused) as refused:
            own.complete("a.xml.part", "a.xml", sha256(b"").digest())
        assert refused.value.kind == "absent"

    def test_name_that_waits_is_not_overwritten(self, world: World) -> None:
        partner = world.partner(new_key())
        mailbox = world.house.mailbox(partner)
        put(mailbox, "a.xml", b"eerste")
        with pytest.raises(Refused):
            put(mailbox, "a.xml", b"tweede")
        assert world.taken(partner) == {"a.xml": b"eerste"}

    def test_discarded_upload_leaves_nothing(self, own: Mailbox) -> None:
        upload = own.begin("a.xml")
        upload.write(b"half")
        upload.discard()
        assert listed(own, "in") == {}
        with pytest.raises(Refused):
            own.complete("a.xml.part", "a.xml")
        put(own, "a.xml", b"heel")

    def test_closed_part_is_replaced_and_an_open_one_is_not(self, world: World) -> None:
        partner = world.partner(new_key())
        mailbox = world.house.mailbox(partner)
        first = mailbox.begin("a.xml")
        first.write(b"half")
        with pytest.raises(Refused):
            mailbox.begin("a.xml")
        first.close()
        put(mailbox, "a.xml", b"heel")
        assert world.taken(partner) == {"a.xml": b"heel"}

    def test_part_is_removed_and_a_file_that_is_the_gateways_is_not(self, own: Mailbox) -> None:
        own.begin("a.xml").close()
        own.remove("in", "a.xml.part")
        assert listed(own, "in") == {}
        put(own, "b.xml", b"b")
        for name in ("b.xml", "a.xml.part", "b.xml.part"):
            with pytest.raises(Refused):
                own.remove("in", name)

    def test_file_that_is_too_large_is_refused(self, world: World, own: Mailbox) -> None:
        upload = own.begin("a.xml")
        for _ in range(world.largest // 1024):
            upload.write(bytes(1024))
        with pytest.raises(Refused) as refused:
            upload.write(bytes(1025))
        assert refused.value.kind == "quota"
        upload.discard()
        put(own, "a.xml", b"klein genoeg")

    @pytest.mark.parametrize("name", ["", ".", "..", ".a", "a/b", "/a", "../a", "a\\b", "a\x00b", "a\nb", "a\u202eb", "é" * 65, "x" * 129])
    def test_odd_name_is_refused(self, own: Mailbox, name: str) -> None:
        with pytest.raises(Refused):
            own.begin(name)
        assert listed(own, "in") == {}

    @pytest.mark.parametrize("folder", ["uit", "terugkoppeling"])
    def test_file_that_was_read_to_its_end_is_collected(self, world: World, folder: Folder) -> None:
        partner = world.partner(new_key())
        world.give(partner, folder, "a.json", b"0123456789")
        mailbox = world.house.mailbox(partner)
        assert listed(mailbox, folder) == {"a.json": 10}
        assert isinstance(mailbox.items(folder)[0], Item)
        download = mailbox.open(folder, "a.json")
        assert [download.read(at, 4) for at in (0, 4, 8, 10, 99)] == [b"0123", b"4567", b"89", b"", b""]
        download.close()
        assert listed(mailbox, folder) == {}
        mailbox.remove(folder, "a.json")
        with pytest.raises(Refused) as refused:
            mailbox.open(folder, "a.json")
        assert refused.value.kind == "absent"

    def test_file_that_was_read_in_part_or_over_a_broken_connection_waits(self, world: World) -> None:
        partner = world.partner(new_key())
        world.give(partner, "uit", "a.json", b"0123456789")
        mailbox = world.house.mailbox(partner)
        half = mailbox.open("uit", "a.json")
        assert half.read(2, 4) == b"2345"
        half.close()
        broken = mailbox.open("uit", "a.json")
        assert (broken.read(0, 99), broken.read(10, 99)) == (b"0123456789", b"")
        broken.discard()
        assert listed(mailbox, "uit") == {"a.json": 10}

    def test_file_is_removed_unread(self, world: World) -> None:
        partner = world.partner(new_key())
        world.give(partner, "uit", "a.json", b"x")
        mailbox = world.house.mailbox(partner)
        mailbox.remove("uit", "a.json")
        assert listed(mailbox, "uit") == {}
        for what in (mailbox.open, mailbox.remove):
            with pytest.raises(Refused) as refused:
                what("uit", "b.json")
            assert refused.value.kind == "absent"

    def test_folder_in_is_not_read(self, own: Mailbox) -> None:
        put(own, "a.xml", b"a")
        with pytest.raises(Refused):
            own.open("in", "a.xml")

    def test_partner_reaches_nothing_of_another(self, world: World) -> None:
        one, two = world.partner(new_key()), world.partner(new_key())
        world.give(one, "uit", "geheim.json", b"van een")
        mine, other = world.house.mailbox(one), world.house.mailbox(two)
        mine.begin("deel.xml").close()
        put(mine, "heel.xml", b"van een")
        assert [listed(other, folder) for folder in ("in", "uit", "terugkoppeling")] == [{}, {}, {}]
        for name in ("geheim.json", f"../{one}/geheim.json", f"{one}/geheim.json"):
            with pytest.raises(Refused):
                other.open("uit", name)
            with pytest.raises(Refused):
                other.remove("uit", name)
        with pytest.raises(Refused):
            other.complete("deel.xml.part", "deel.xml")
        with pytest.raises(Refused):
            other.remove("in", "deel.xml.part")
        put(other, "heel.xml", b"van twee")
        assert (world.taken(one), world.taken(two)) == ({"heel.xml": b"van een"}, {"heel.xml": b"van twee"})
