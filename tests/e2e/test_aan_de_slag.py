"""Each getting-started page in a fresh folder, from `aanmelden` to `actief`: under twenty commands, a quarter of an hour, each gate met."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.onboarding.levenscyclus import PAD
from tests.e2e.guides import PAGES, Newcomer, blocks, commands
from tests.tools import need

SECONDS, COMMANDS = 900, 20
OIN = "00000099000000081000"
AFTER = {
    "gemeente.md": {
        "begin": None,
        "aanmelden": "aangemeld",
        "certificaat": "in_test",
        "toets": "getoetst",
        "papieren": "schaduw",
        "actief": "actief",
    },
    "integrator.md": {
        "begin": None,
        "aanmelden": "in_test",
        "toets": "getoetst",
        "schaduw": "schaduw",
        "signaal": "schaduw",
        "actief": "actief",
    },
    "schuldeiser-bestanden.md": {
        "begin": None,
        "aanmelden": "in_test",
        "toets": "getoetst",
        "schaduw": "schaduw",
        "bestand": "schaduw",
        "actief": "actief",
    },
    "schuldeiser-api.md": {
        "begin": None,
        "aanmelden": "aangemeld",
        "certificaat": "in_test",
        "toets": "getoetst",
        "schaduw": "schaduw",
        "signaal": "schaduw",
        "actief": "actief",
    },
}
"""Each page, and the status that a reader comes to with each block."""
GATES = {
    "gemeente.md": {"certificaat", "toets", "verwerkersovereenkomst", "DPIA", "loket"},
    "integrator.md": {"toets", "verwerkersovereenkomst", "schaduwaanlevering"},
    "schuldeiser-bestanden.md": {"toets", "verwerkersovereenkomst", "schaduwaanlevering"},
    "schuldeiser-api.md": {"certificaat", "toets", "verwerkersovereenkomst", "schaduwaanlevering"},
}
"""Words of what `ontbreekt` has to name somewhere on the way: the gates of this kind of partner that are shut at first."""

ENDS = {
    "gemeente.md": '"berichten":[]',
    "integrator.md": '"status":"bezorgd"',
    "schuldeiser-api.md": '"status":"bezorgd"',
    "schuldeiser-bestanden.md": '"bezorgd"',
}
"""What the last command of a page shows: the door is open in earnest."""


@pytest.fixture
def newcomer(ports_of_the_demo: None, tmp_path: Path) -> Iterator[Newcomer]:
    for program in ("bash", "openssl", "curl", "sftp", "ssh-keygen"):
        need(program)
    with Newcomer(tmp_path) as found:
        yield found


def test_every_page_is_run() -> None:
    assert sorted(path.name for path in PAGES.glob("*.md")) == sorted(AFTER) == sorted(GATES)
    for page, after in AFTER.items():
        assert list(blocks(page)) == list(after)


@pytest.mark.parametrize("page", sorted(AFTER))
def test_page_is_short(page: str) -> None:
    assert 0 < commands(page, since="aanmelden") < COMMANDS


@pytest.mark.parametrize("page", sorted(AFTER))
def test_page_leads_a_newcomer_to_live(newcomer: Newcomer, page: str) -> None:
    begin, lacked, said = time.monotonic(), "", ""
    for name, block in blocks(page).items():
        said = newcomer.do(block)
        status = AFTER[page][name]
        if status is not None:
            lacked += _no_way_on(newcomer, status)
    assert time.monotonic() - begin < SECONDS
    assert {word for word in GATES[page] if word in lacked} == GATES[page]
    assert ENDS[page] in said
    assert "schaduw" not in said.splitlines()[-2]


def _no_way_on(newcomer: Newcomer, status: str) -> str:
    """At the end of a block nobody becomes live but from the last step, and nothing changed by asking (a step too far: `test_gates`).

    Gives what still lacks.
    """
    if PAD.index("actief") > PAD.index(status) + 1:
        assert newcomer.ask(f"seinhuis deelnemer activeer {OIN}").returncode == 2
    shown = newcomer.ask(f"seinhuis deelnemer ontbreekt {OIN}").stdout
    assert shown.splitlines()[0] == f"{OIN}: {status}"
    return shown
