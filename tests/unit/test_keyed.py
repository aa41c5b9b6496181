import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.keyed import Keyed


@given(st.binary(max_size=64), st.lists(st.binary(max_size=3000), min_size=1, max_size=3))
def test_digest_equals_the_library(key: bytes, values: list[bytes]) -> None:
    keyed = Keyed(key)
    assert [keyed.digest(value) for value in values] == [hmac.digest(key, value, "sha256") for value in values]


def test_long_key_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        Keyed(b"k" * 65)
