"""A conversation without a socket: whatever bytes come, there is one answer or an end; and each refusal has its status."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sftp.limits import Limits
from adapters.sftp.port import Folder, Item, Refused
from adapters.sftp.session import Session
from adapters.sftp.wire import Malformed, Mode, Reply, Request, Status
from tests.sftp.edges import Answer, string, u32
from tests.sftp.fake import FakeMailbox, FakeUpload

PIECES = st.one_of(
    st.binary(max_size=40),
    st.integers(0, 2**32 - 1).map(u32),
    st.sampled_from([b"in/a.part", b"in/a", b"uit", b"/", b"limits@openssh.com", b"posix-rename@openssh.com"]).map(string),
    st.sampled_from([u32(0), u32(1), u32(26), u32(4, 0o777), bytes(8)]),
)
PACKETS = st.tuples(st.sampled_from([*Request, 0, 99, 255]), st.lists(PIECES, max_size=5)).map(
    lambda drawn: bytes([drawn[0]]) + u32(7) + b"".join(drawn[1])
)


def converse(mailbox: FakeMailbox, *packets: bytes) -> list[Answer]:
    """The answers to packets, each on the state that the one before left."""

    async def run() -> list[Answer]:
        with ThreadPoolExecutor(1) as threads:
            session = Session(mailbox, threads, Limits(), lambda: False)
            try:
                replies = [await session.answer(packet) for packet in packets]
            finally:
                await session.close()
        return [Answer(reply[4], reply[9:]) for reply in replies]

    return asyncio.run(run())


@settings(max_examples=400, deadline=None)
@given(st.lists(PACKETS, min_size=1, max_size=4))
def test_any_bytes_get_an_answer_or_end_the_conversation(packets: list[bytes]) -> None:
    mailbox = FakeMailbox(1000)
    mailbox.out["uit"]["bon.json"] = b"bon"
    try:
        answers = converse(mailbox, *packets)
    except Malformed:
        return
    assert {answer.kind for answer in answers} <= set(Reply)
    assert set(mailbox.parts) | set(mailbox.taken) <= {"a"}


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_noise_gets_an_answer_or_ends_the_conversation(noise: bytes) -> None:
    try:
        converse(FakeMailbox(1000), noise)
    except Malformed:
        return


class Refusing(FakeMailbox):
    """Refuses everything, for the reason given."""

    def __init__(self, refusal: Refused) -> None:
        super().__init__(0)
        self._refusal = refusal

    def begin(self, name: str) -> FakeUpload:
        raise self._refusal

    def items(self, folder: Folder) -> list[Item]:
        raise self._refusal


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("absent", Status.NO_SUCH_FILE), ("denied", Status.PERMISSION_DENIED), ("quota", Status.FAILURE), ("failure", Status.FAILURE),
    ],
)  # fmt: skip
def test_refusal_of_the_house_has_its_status_and_reason(kind: str, code: Status) -> None:
    mailbox = Refusing(Refused(kind, "Omdat het zo is."))  # type: ignore[arg-type]
    begin = bytes([Request.OPEN]) + u32(1) + string("in/a.part") + u32(Mode.WRITE | Mode.CREATE | Mode.TRUNCATE, 0)
    for answer in converse(mailbox, begin, bytes([Request.OPENDIR]) + u32(2) + string("uit")):
        assert (answer.code, answer.reason) == (code, "Omdat het zo is.")
