"""Past the gates: by the command line of a production installation, and by SQL as each role. Nothing moves until it is shown.

Beside `test_gates`, which takes the functions and the office's own role; a signal in each state is in `tests.e2e.test_schaduw`.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from gateway.__main__ import run
from gateway.app.house import open_office
from gateway.app.settings import Settings
from gateway.core.clock import SystemClock
from gateway.keys.names import CONTEXT
from gateway.onboarding import levenscyclus, registration
from gateway.onboarding.poorten import VANAF, Poort
from gateway.onboarding.registration import Office
from gateway.store.database import Database
from gateway.store.prepare import ROLES, Dsns
from gateway.store.tenant import Signer, Tenant
from tests.isolation.hall import site
from tests.onboarding.test_gates import CASES, FORGED, RAN
from tests.onboarding.world import GIVES, LANDLORD, ROWS, TENANTLESS, TOWN, USES, Hall, apply
from tests.tenants import acting

COMMANDS = {"in_test": "in-test", "getoetst": "getoetst", "schaduw": "schaduw", "actief": "activeer"}
Said = Callable[..., tuple[int, str]]


class Counter(Hall):
    """The office as the command line opens it: keys of the database, authorities in the state folder, no trial."""

    def __post_init__(self) -> None:
        self.folder = self.state = site(self.dsns, self.folder).state  # the PKI of the installation is that of the test
        self.stack = ExitStack()
        super().__post_init__()

    def made(self, *, trial: bool) -> Office:
        opened = self.stack.enter_context(open_office(Settings(state=self.state, database_url=self.dsns.owner, proef=trial), self.clock))
        self.keys = opened.keys  # type: ignore[assignment]  # whatever keeps keys
        self.ingest.close()
        self.ingest = Database(self.dsns.ingest, name="ingest", size=1, signer=Signer(self.keys.key(CONTEXT), SystemClock()))
        return opened

    def close(self) -> None:
        super().close()
        self.stack.close()


@pytest.fixture
def counter(dsns: Dsns, tmp_path: Path) -> Iterator[Counter]:
    made = Counter(dsns, tmp_path)
    yield made
    made.close()


@pytest.fixture
def said(counter: Counter, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Said:
    monkeypatch.setenv("SEINHUIS_STATE", str(counter.state))
    monkeypatch.setenv("SEINHUIS_DATABASE_URL", counter.dsns.owner)
    monkeypatch.delenv("SEINHUIS_PROEF", raising=False)

    def command(*words: str) -> tuple[int, str]:
        capfd.readouterr()
        status = run(["deelnemer", *words])
        shown = capfd.readouterr()
        return status, shown.out + shown.err

    return command


@pytest.mark.parametrize(("oin", "poort"), CASES, ids=[f"{ROWS[oin].naam.split()[0].lower()}-{poort}" for oin, poort in CASES])
def test_no_command_goes_round_a_gate(counter: Counter, said: Said, oin: str, poort: Poort) -> None:
    apply(counter, oin, without=poort)
    reached, held = counter.climb(oin)
    assert poort in held
    for words in _ways(counter, oin, good=False):
        status, shown = said(*words)
        assert (status, counter.status(oin)) == (2, reached), (words, shown)
    again = ["registreer", oin, "Anders", *(f"--rol={rol}" for rol in sorted(ROWS[oin].rollen))]
    place = [f"--gemeentecode={ROWS[oin].gemeentecode}"] if ROWS[oin].gemeentecode else []
    said(*again, *place, *(f"--sector={sector}" for sector in sorted(ROWS[oin].sectoren)))
    assert counter.status(oin) == reached
    GIVES[oin][poort](counter, oin)  # the control: the same command now does it
    *_, last = _ways(counter, oin, good=True)
    assert said(*last)[0] == 0
    assert counter.status(oin) == VANAF[poort]


def _ways(counter: Counter, oin: str, *, good: bool) -> Iterator[list[str]]:
    """Every command that could change a status for the better; the last is the one that this gate stands before."""
    reached = counter.status(oin)
    result = counter.folder / f"uitslag-{good}.json"
    result.write_bytes(counter.result(oin, frozenset(use.partition("/")[2] for use in USES[oin]) or frozenset({"signaal"})))
    if not good:
        result.write_bytes(result.read_bytes().replace(b'"geslaagd":true', b'"geslaagd":false'))
    ways = [["status", oin, "actief"], ["toets", oin, str(result)], *([command, oin] for command in COMMANDS.values())]
    tested = "toets" if USES[oin] else "getoetst"  # who does not connect itself has nothing to show there
    after = {"aangemeld": "in-test", "in_test": tested, "getoetst": "schaduw", "schaduw": "activeer"}[reached]
    here = next(way for way in ways if way[0] == after)
    yield from (way for way in ways if way is not here and way[0] not in _back(reached))
    yield here


def _back(reached: str) -> set[str]:
    """The commands for where a partner is or was: the first changes nothing, the others are no way on."""
    return {COMMANDS[status] for status in levenscyclus.PAD[: levenscyclus.PAD.index(reached) + 1] if status in COMMANDS}


TENANTS = (Tenant(), Tenant("0392"), Tenant(partijen=(LANDLORD,)), Tenant(taak="bewaring"))
STATEMENTS = [*((statement, 1) for statement in FORGED.values()), ("UPDATE deelnemer SET status = 'in_test' WHERE oin = %s", 1)]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "beheer"])
def test_no_other_role_writes_what_a_gate_looks_at(hall: Hall, role: str) -> None:
    apply(hall, LANDLORD, without=Poort.AANSLUITING)
    for tenant in TENANTS:
        if role == "integrator" and tenant.partijen:  # it writes papers of its own participants, whose seal it has not: test_counter
            continue
        tried = STATEMENTS[:-1] if role == "integrator" else STATEMENTS  # an update that sees no row touches none
        for statement, values in [*tried, *([] if role == "ingest" else [(RAN, 2)])]:
            with pytest.raises(psycopg.errors.InsufficientPrivilege), acting(getattr(hall.dsns, role), tenant) as connection:
                connection.execute(statement.encode(), (LANDLORD,) * values)
    assert hall.status(LANDLORD) == "aangemeld"


def test_control_the_role_of_the_office_can_write_and_shows_nothing_by_it(hall: Hall) -> None:
    apply(hall, LANDLORD, without=Poort.AANSLUITING)
    registration.save(hall.office, ROWS[TOWN])
    for poort, statement in FORGED.items():
        owner = TOWN if poort in {Poort.LOKET, Poort.GEMACHTIGDE} else LANDLORD
        hall.past(f"{statement} ON CONFLICT DO NOTHING", owner)
    assert hall.climb(LANDLORD) == ("aangemeld", {"aansluiting"})
    hall.past(STATEMENTS[-1][0], LANDLORD)
    assert hall.status(LANDLORD) == "telt niet"


def test_who_connects_through_somebody_else_comes_in_by_commands_alone(counter: Counter, said: Said) -> None:
    apply(counter, TENANTLESS)
    for command, status in (("in-test", "in_test"), ("getoetst", "getoetst"), ("schaduw", "schaduw"), ("activeer", "actief")):
        assert said(command, TENANTLESS) == (0, f"{TENANTLESS}: {status}\n")
