"""The example profiles give what stands beside them, and a change of any of them shows."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.formats import golden, profile, reading
from adapters.formats.mapping import Mapping
from adapters.formats.profilechecks import missing
from schemas.signaal import Signaal
from tests.architecture.tree import ROOT

FOLDER = ROOT / "docs/voorbeelden/profielen"
FILES = {
    "verhuurder": "verhuurder.csv",
    "energieleverancier": "energieleverancier.xml",
    "zorgverzekeraar": "zorgverzekeraar.xlsx",
    "schuldenknooppunt": "schuldenknooppunt.csv",
    "stand": "openstaand_20261101.csv",
}


def read(name: str) -> dict[str, Any]:
    found = profile.load((FOLDER / f"{name}.toml").read_bytes())
    with (FOLDER / FILES[name]).open("rb") as stream:
        return golden.shape(reading.lezer(Mapping(found), FILES[name])(stream))


def expected(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_example_gives_its_golden_file(name: str) -> None:
    assert list(golden.differences(expected(name), read(name))) == []


def test_every_example_is_tested() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(FILES)
    assert {path.name for path in FOLDER.iterdir()} == {f"{n}.{e}" for n in FILES for e in ("toml", "json")} | set(FILES.values())


@pytest.mark.parametrize("name", [name for name in FILES if name != "schuldenknooppunt"])
def test_complete_example_fills_every_signal(name: str) -> None:
    """A record without findings is a well-formed signal once the defaults of the file are in."""
    found = read(name)
    defaults = {key: found["kop"][key] for key in ("sector", "handelsnaam") if key in found["kop"]}
    good = [r["value"] for r in found["records"] if r["soort"] == "signaal" and "bevindingen" not in r]
    assert good
    for value in good:
        msgspec.convert({**defaults, **value}, Signaal)
    assert missing(profile.load((FOLDER / f"{name}.toml").read_bytes())) == []


def test_schuldenknooppunt_names_what_is_not_known() -> None:
    """The columns from W on and the inside of H and J are not published: nothing is made up for them."""
    found = profile.load((FOLDER / "schuldenknooppunt.toml").read_bytes())
    assert {"/achterstand/bedragCent", "/personen/0/achternaam", "/adres/postcode"} <= set(missing(found))
    assert max(Mapping(found).sources) <= "V"


@pytest.mark.parametrize("name", FILES)
def test_positive_control_a_changed_value_is_a_difference(name: str) -> None:
    changed = expected(name)
    changed["records"][0]["value"]["kenmerk"] = "X"
    changed["records"].append(changed["records"][0])
    found = list(golden.differences(changed, read(name)))
    assert len(found) == 2
    assert found[0].startswith('/records/0/value/kenmerk: verwacht "X", gelezen "')


def test_examples_hold_no_person_but_made_up_ones() -> None:
    for path in Path(FOLDER).glob("*.json"):
        names = {
            person["achternaam"]
            for record in json.loads(path.read_text(encoding="utf-8"))["records"]
            for person in record["value"].get("personen", [])
            if "achternaam" in person
        }
        assert [name for name in names if not name.endswith("-Testpersoon")] == []
