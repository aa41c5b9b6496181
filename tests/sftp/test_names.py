"""Paths: what they mean, and that whatever is let through is a plain name in one of three folders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sftp.names import FOLDERS, Place, locate, oddity, resolve, uploaded
from adapters.sftp.port import Refused
from tests.sftp.hostile import paths


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (b"", Place()), (b".", Place()), (b"/", Place()), (b"//", Place()), (b"/./", Place()), (b"in", Place("in")),
        (b"/in/", Place("in")), (b"/in/.", Place("in")), (b"/uit/a b.json", Place("uit", "a b.json")),
        (b"terugkoppeling//x", Place("terugkoppeling", "x")), ("in/é.xml.part".encode(), Place("in", "é.xml.part")),
    ],
)  # fmt: skip
def test_path_means_a_place(path: bytes, place: Place) -> None:
    assert locate(path) == place


@pytest.mark.parametrize(
    ("path", "place"),
    [(b"..", "/"), (b"/in/..", "/"), (b"/../../..", "/"), (b"/in/../uit/", "/uit"), (b"in/x/../y", "/in/y"), (b"/a/../in", "/in")],
)
def test_realpath_goes_up_and_never_out(path: bytes, place: str) -> None:
    assert resolve(path).path == place


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (b"/etc", "absent"), (b"IN", "absent"), (b"in/a/b", "absent"), (b"..", "denied"), (b"in/..", "denied"), (b"in/../uit", "denied"),
        (b"in/.x", "denied"), (b"in/x\0", "denied"), (b"in/x\ny", "denied"), (b"in/\xff", "denied"), (b"in/" + b"x" * 256, "denied"),
        (b"/" * 1025, "denied"), (b"uit/a\\b", "denied"),
    ],
)  # fmt: skip
def test_other_path_is_refused(path: bytes, kind: str) -> None:
    with pytest.raises(Refused) as refused:
        locate(path)
    assert refused.value.kind == kind


def test_upload_has_a_name_of_at_most_128_bytes() -> None:
    assert uploaded(Place("in", "x" * 128 + ".part")) == "x" * 128
    for place in (Place(), Place("in"), Place("in", "x"), Place("uit", "x.part"), Place("in", ".part"), Place("in", "x.part.part")):
        with pytest.raises(Refused):
            uploaded(place)
    with pytest.raises(Refused):
        uploaded(Place("in", "é" * 64 + "x.part"))


@given(st.one_of(st.binary(max_size=300), st.sampled_from(paths("00000099000000000001"))), st.sampled_from([locate, resolve]))
def test_what_is_let_through_is_a_plain_name(path: bytes, function: object) -> None:
    try:
        place = locate(path) if function is locate else resolve(path)
    except Refused:
        return
    assert place.folder is None or place.folder in FOLDERS
    if place.name is not None:
        assert oddity(place.name, 255) is None
        assert not {"/", "\\", "\0", "\n"} & set(place.name)
        assert place.name not in {".", ".."}
    assert locate(place.path.encode()) == place
