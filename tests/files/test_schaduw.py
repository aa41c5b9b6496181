"""A file of a partner in shadow: the report of the same file in earnest, and nothing delivered."""

from typing import Any

from tests.files.test_flow import MIXED, mixed
from tests.files.test_stand import stand
from tests.files.world import FileWorld, Result
from tests.flows.test_schaduw import in_state

OWN = {"id", "inhoudHash", "logblad", "ontvangenOp"}


def judged(result: Result) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in OWN} for row in result.rows]


def test_file_in_shadow_gets_the_report_of_the_same_file(files: FileWorld) -> None:
    records, active = mixed(files.world), files.world.register
    files.world.register = in_state(files.world, "schaduw")
    shadow = files.deliver("proef.xml", records)
    assert (shadow.outcomes, files.world.count("bericht"), files.world.count("fingerprint")) == (MIXED, 0, 0)
    assert (shadow.receipt.schaduw, shadow.outcome.schaduw) == (True, True)
    files.world.register = active
    real = files.deliver("echt.xml", records)
    assert judged(shadow) == judged(real)
    assert (real.receipt.schaduw, real.outcome.schaduw, files.world.count("bericht")) == (None, None, 2)
    assert shadow.outcome.aantallen == real.outcome.aantallen


def test_list_in_shadow_withdraws_and_delivers_nothing(files: FileWorld) -> None:
    signals = files.world.signals(3)
    files.world.register = in_state(files.world, "schaduw")
    found = stand(files, signals)
    assert {row["status"] for row in found.rows} == {"nieuw"}
    assert (files.world.count("bericht"), files.world.count("stand"), found.outcome.schaduw) == (0, 0, True)
