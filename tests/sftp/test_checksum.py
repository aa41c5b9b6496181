"""What a checksum file may look like, and what it may not."""

from hashlib import sha256

import pytest

from adapters.sftp.checksum import LONGEST, Checksum, read
from adapters.sftp.port import Refused
from tests.sftp.fake import FakeMailbox

DIGEST = sha256(b"een").digest()
HEX = DIGEST.hex().encode()
OTHER = sha256(b"twee").hexdigest().encode()


@pytest.mark.parametrize(
    "content",
    [
        HEX, HEX.upper(), HEX + b"\n", HEX + b"\r\n", HEX + b"  a.xml\n", HEX + b" *a.xml\n", HEX + b" *a.xml\r\n", HEX + b"  a.xml.part\n",
        HEX + b"  ./a.xml\n", HEX + b"  /data/uit/a.xml\n", HEX + b"\ta.xml  \n", HEX + b"\n\n",
    ],
)  # fmt: skip
def test_checksum_as_programs_write_it_is_read(content: bytes) -> None:
    assert read(content, "a.xml") == DIGEST


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n", HEX[:-1], HEX + b"0", b"g" * 64, HEX + b"a.xml", HEX + b"  b.xml\n", HEX + b"  xa.xml\n", HEX + b"  a.xml.part.part",
        HEX + b"  a.xml\n" + OTHER + b"  b.xml\n", HEX + b"\n" + OTHER, HEX + b" *", HEX + b" **a.xml", b" " + HEX, b"\xef\xbb\xbf" + HEX,
        HEX + b"  a.xml/", HEX + b"  \xffa.xml", HEX.decode().encode("utf-16"), b"SHA256 (a.xml) = " + HEX,
    ],
)  # fmt: skip
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read(content, "a.xml")
    assert refused.value.kind == "failure"


def test_name_with_spaces_and_letters_of_any_language_is_compared_whole() -> None:
    for name in ("huur november.xml", "énquête.csv", "a*b.xml"):
        assert read(HEX + f"  {name}\n".encode(), name) == DIGEST


def test_nothing_happens_before_its_close_and_nothing_is_kept_of_it() -> None:
    mailbox = FakeMailbox(1000)
    upload = mailbox.begin("a.xml")
    upload.write(b"een")
    upload.close()
    for content in (HEX[:40], HEX[40:], b"  a.xml\n"):
        Checksum(mailbox, "a.xml").write(content)
    half = Checksum(mailbox, "a.xml")
    half.write(HEX)
    half.discard()
    assert (list(mailbox.parts), mailbox.taken) == (["a.xml"], {})
    whole = Checksum(mailbox, "a.xml")
    for content in (HEX[:40], HEX[40:], b"  a.xml\n"):
        whole.write(content)
    assert whole.size == 64 + len("  a.xml\n")
    whole.close()
    assert (mailbox.parts, mailbox.taken) == ({}, {"a.xml": b"een"})
    assert [item.name for item in mailbox.items("in")] == ["a.xml"]


def test_longest_name_fits_and_more_does_not() -> None:
    name = "x" * 128
    content = HEX + f"  {name}.part\n".encode()
    assert len(content) <= LONGEST
    assert read(content, name) == DIGEST
    with pytest.raises(Refused):
        Checksum(FakeMailbox(1000), name).write(bytes(LONGEST + 1))
