"""The examples of systemd units start commands that exist, with settings that exist, and give every process a user of its own."""

import re
from pathlib import Path

import pytest

from gateway.__main__ import run
from gateway.app.settings import Settings
from tests.architecture.tree import ROOT

FOLDER = ROOT / "docs/voorbeelden/systemd"
UNITS = sorted(FOLDER.glob("*.service"))
SETTINGS = {f"SEINHUIS_{name.upper()}" for name in Settings.model_fields}


def told(path: Path, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_unit_starts_a_command_under_its_own_user_in_its_own_folder(unit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (command,), (user,), (folder,) = told(unit, "ExecStart"), told(unit, "User"), told(unit, "StateDirectory")
    _, name, *options = command.split()
    assert run([name, "--help"]) == 0
    explained = capsys.readouterr().out
    assert [word for word in options if word not in explained and not word.isdecimal()] == []
    assert told(unit, "Environment") == [f"SEINHUIS_STATE=/var/lib/{folder}"]
    assert folder == user


def test_processes_share_no_user_and_have_the_same_fences() -> None:
    assert len({told(unit, "User")[0] for unit in UNITS}) == len(UNITS) == 3
    fences = {unit.read_text(encoding="utf-8").partition("# What the process cannot do")[2] for unit in UNITS}
    assert len(fences) == 1


def test_settings_of_the_example_exist() -> None:
    names = re.findall(r"^(SEINHUIS_\w+)=", (FOLDER / "seinhuis.env").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(names) > 10
    assert [name for name in names if name not in SETTINGS] == []
