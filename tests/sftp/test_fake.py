"""The fake that the tests of the edge lean on keeps the contract of a house."""

import pytest

from tests.sftp.contract import HouseContract
from tests.sftp.fake import FakeHouse


class TestFakeHouse(HouseContract):
    @pytest.fixture
    def world(self) -> FakeHouse:
        return FakeHouse(largest=64 * 1024)
