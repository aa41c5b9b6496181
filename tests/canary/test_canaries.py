"""No person leaves a trace outside the sealed payload: not in logs, metrics, answers, tables, WAL or core files.

A whole life of signals runs through a gateway of its own, with every refusal and with the accidents that make programs talkative:
a database that is killed under load and one that breaks a rule half-way. Then every token is searched in everything that was
left behind; each search has a control that must find. What the other tests left is searched at the end of the run (`tests.conftest`).
"""

import http.client
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from adapters.client.connection import Answer, Connection
from adapters.synthetic.defects import BSN_LIKE, KINDS, defects
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from gateway.sandbox.sandbox import Sandbox
from gateway.store.prepare import Dsns
from tests.canaries import CONTROL, Search, Signal, blocks, eleven_test, files, lawful, left_behind, tokens
from tests.conftest import postmaster
from tests.gateways import metrics, running, seconds_until

SIGNALS = "/schuldeiser/v1/signalen"
INBOX = "/gemeente/v1/inbox"
OINS = {schuldeiser.naam: schuldeiser.oin for schuldeiser in SCHULDEISERS}
CLAIM = {"doel": "WGS-3-1-b", "maximum": 100, "leaseSeconden": 3600, "wijze": "onbemand"}


class Traces(NamedTuple):
    """What a scenario left behind: a folder, what was said on the wire, and everything in the tables."""

    folder: Path
    state: Path
    said: list[bytes]
    statuses: set[int]
    tables: dict[str, bytes]


class Traffic:
    """Sends as one of the parties and keeps every answer, headers included."""

    def __init__(self, gateway: Sandbox, stack: ExitStack) -> None:
        self.said: list[bytes] = []
        self.statuses: set[int] = set()
        self.gateway = gateway
        self._stack = stack

    def connect(self, oin: str) -> Connection:
        return self._stack.enter_context(closing(self.gateway.connect(oin)))

    def keep(self, answer: Answer) -> Answer:
        self.said.append(repr(answer.headers).encode() + answer.body)
        self.statuses.add(answer.status)
        return answer

    def send(self, one: Signal) -> Answer:
        with closing(self.gateway.connect(OINS[one["handelsnaam"]])) as connection:
            return self.keep(connection.post(SIGNALS, one))

    def try_to_send(self, one: Signal) -> None:
        with suppress(OSError, http.client.HTTPException):
            self.send(one)

    def look(self) -> None:
        self.said.append(metrics(self.gateway).encode())


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traces]:
    folder = tmp_path_factory.mktemp("canaries")
    signals = iter(lawful(folder, 600, seed=901))
    with running(folder) as gateway, ExitStack() as stack:
        traffic = Traffic(gateway, stack)
        _deliver(traffic, signals)
        _handle(traffic)
        _break(traffic, signals, gateway)
        traffic.look()
        _kill(traffic, signals, gateway)
        tables = _dump(gateway)
        gateway.stop()
        yield Traces(folder, gateway.state, traffic.said, traffic.statuses, tables)


def _deliver(traffic: Traffic, signals: Iterator[Signal]) -> None:
    """Accepted, refused by each rule, malformed, conflicting, repeated, quarantined, withdrawn; one at a time and many at once."""
    accepted = [next(signals) for _ in range(60)]
    receipts = [traffic.send(one) for one in accepted]
    assert {receipt.status for receipt in receipts} == {201}
    for kind in KINDS:
        traffic.send(defects(accepted[0] if kind.repeats else next(signals), kind.name))
    creditor = SCHULDEISERS[0]
    connection = traffic.connect(creditor.oin)
    own = [one for one in (next(signals) for _ in range(150)) if one["handelsnaam"] == creditor.naam]
    records = [*own[:20], *(defects(own[nr], kind.name) for nr, kind in enumerate(KINDS))]
    batch = {"kenmerk": "KANARIE-1", "signalen": records}
    traffic.keep(connection.post("/schuldeiser/v1/aanleveringen/_valideer", batch))
    delivery = traffic.keep(connection.post("/schuldeiser/v1/aanleveringen", batch))
    address = delivery.headers["location"]
    traffic.keep(connection.request("GET", f"{address}/verslag", headers={"Accept": "text/csv"}))
    traffic.keep(connection.get(f"{address}/verslag"))
    traffic.keep(connection.post("/schuldeiser/v1/aanleveringen", {"kenmerk": "KANARIE-1", "signalen": own[:1]}))
    for receipt in receipts[:6]:
        with closing(traffic.gateway.connect(OINS[accepted[receipts.index(receipt)]["handelsnaam"]])) as sender:
            traffic.keep(sender.post(f"{receipt.headers['location']}/intrekking", {"reden": "betaald"}))
            traffic.keep(sender.get(receipt.headers["location"]))
    for body in _misshapen(own[-1]):
        traffic.keep(connection.request("POST", SIGNALS, body))
    name: str = own[-1]["personen"][0]["achternaam"]
    assert name.encode() in connection.post(SIGNALS, {name: 1}).body  # an unknown field is named, to its own sender only


def _misshapen(one: Signal) -> Iterator[bytes]:
    whole = repr(one).replace("'", '"').replace("True", "true").replace("False", "false").encode()
    yield whole[:-9]
    yield whole[:-1] + b"," + whole[1:]
    yield whole.replace(b'"huisnummer": ', b'"huisnummer": NaN, "x": ')
    yield whole + b"\xff"


def _handle(traffic: Traffic) -> None:
    """Claimed, read, acknowledged, rejected, released; and asked for by somebody else."""
    for gemeente in GEMEENTEN:
        connection = traffic.connect(gemeente.oin)
        claim = _claimed(traffic, connection)
        first, second, *_ = [bericht["id"] for bericht in claim["berichten"]]
        traffic.keep(connection.get(f"{INBOX}/berichten/{first}"))
        for path, value in (
            (f"{INBOX}/berichten/{first}/bevestiging", b'{"claim":"%s","status":"verwerkt","zaaknummer":"ZAAK-1"}'),
            (f"{INBOX}/claims/{claim['id']}", b'{"leaseSeconden":60}'),
        ):
            traffic.keep(connection.request("PUT", path, value.replace(b"%s", claim["id"].encode())))
        traffic.keep(connection.post(f"{INBOX}/berichten/{second}/afwijzing", {"claim": claim["id"], "reden": "geen_inwoner"}))
        traffic.keep(connection.request("DELETE", f"{INBOX}/claims/{claim['id']}"))
        traffic.keep(connection.get(f"{INBOX}/berichten?limiet=500"))
        stranger = traffic.connect(GEMEENTEN[GEMEENTEN.index(gemeente) - 1].oin)
        traffic.keep(stranger.get(f"{INBOX}/berichten/{first}"))


def _claimed(traffic: Traffic, connection: Connection) -> Any:
    """A claim with at least two messages; these come once the sequencer has numbered them."""
    numbered = partial(connection.get, f"{INBOX}/berichten?limiet=2")
    assert seconds_until(2, lambda: len(numbered().json()["berichten"])) < 5
    return traffic.keep(connection.post(f"{INBOX}/claims", CLAIM)).json()


@contextmanager
def _owner(gateway: Sandbox) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect((gateway.state / "pg" / "verbinding").read_text("utf-8"), autocommit=True) as connection:
        yield connection


def _break(traffic: Traffic, signals: Iterator[Signal], gateway: Sandbox) -> None:
    """A rule of the database that every row breaks: its error quotes the whole row, and the sender gets a 5xx."""
    for name in ("bericht", "fingerprint", "log_queue"):
        with _owner(gateway) as connection:
            connection.execute(f"ALTER TABLE {name} ADD CONSTRAINT stuk CHECK (false) NOT VALID")
            assert traffic.send(next(signals)).status >= 500
            connection.execute(f"ALTER TABLE {name} DROP CONSTRAINT stuk")
    assert traffic.send(next(signals)).status == 201


def _kill(traffic: Traffic, signals: Iterator[Signal], gateway: Sandbox) -> None:
    """Kill a working backend, then the whole PostgreSQL, while signals stream in; start again and send on."""
    with ThreadPoolExecutor(4) as pool:
        pool.map(traffic.try_to_send, [next(signals) for _ in range(60)])
        with _owner(gateway) as connection:
            found = connection.execute("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'seinhuis-%'").fetchall()
        for (pid,) in found[:3]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        pool.map(traffic.try_to_send, [next(signals) for _ in range(60)])
        with suppress(ProcessLookupError):
            os.kill(postmaster(gateway.state), signal.SIGKILL)
    gateway.stop()
    gateway.start()
    assert traffic.send(next(signals)).status == 201


def _dump(gateway: Sandbox) -> dict[str, bytes]:
    """Every row of every table, in the binary form of COPY: text and bytea stand in it as they are."""
    with _owner(gateway) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {name: _copy(connection, f"SELECT * FROM {name}") for (name,) in names}


def _copy(connection: psycopg.Connection[Any], query: str) -> bytes:
    with connection.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as copy:
        return b"".join(bytes(block) for block in copy)


@pytest.fixture(scope="module")
def search(traces: Traces) -> Search:
    return Search(tokens(traces.folder))


def test_scenario_saw_every_kind_of_answer(traces: Traces) -> None:
    assert traces.statuses >= {200, 201, 400, 404, 409}
    assert traces.statuses & {500, 503}
    assert len(tokens(traces.folder)) > 3_000
    assert {"bericht", "log_entry", "fingerprint", "aanlevering_verslag"} <= traces.tables.keys()
    assert b"signaal.bezorgd" in traces.tables["log_entry"]


def test_no_canary_in_files(traces: Traces, search: Search) -> None:
    assert {str(path): found for path in files(traces.state) if (found := search.within_file(path))} == {}


def test_no_canary_in_answers_or_metrics(traces: Traces, search: Search) -> None:
    assert [found for said in traces.said if (found := search.within(said))] == []


def test_no_canary_in_tables(traces: Traces, search: Search) -> None:
    assert {name: found for name, rows in traces.tables.items() if (found := search.within(rows))} == {}


def test_no_number_of_the_eleven_test_in_logs_answers_or_entries(traces: Traces) -> None:
    logs = [traces.state / "gateway.log", *(traces.state / "pg" / "log").iterdir()]
    texts = [block for path in logs for block in blocks(path)] + traces.said + [traces.tables["log_entry"], traces.tables["quarantine"]]
    assert [found for text in texts if (found := eleven_test(text))] == []
    assert eleven_test(b"naam " + BSN_LIKE.encode() + b".")  # the control


@pytest.mark.parametrize("where", [lambda state: state / "gateway.log", lambda state: state / "pg" / "log" / "start.log"])
def test_canary_that_is_logged_on_purpose_is_found(traces: Traces, search: Search, tmp_path: Path, where: Callable[[Path], Path]) -> None:
    copy = tmp_path / "log"
    shutil.copy(where(traces.state), copy)
    assert search.within_file(copy) == set()
    for token in (min(tokens(traces.folder)), max(tokens(traces.folder))):  # a phone number and a name
        with copy.open("ab") as log:
            log.write(b'{"event":"x","detail":"DETAIL: (' + token.encode() + b',)"}\n')
        assert token in search.within_file(copy)
    assert [path for path in files(tmp_path) if search.within_file(path)] == [copy]


def test_canary_in_a_row_is_found(traces: Traces, search: Search, dsns: Dsns) -> None:
    token = max(tokens(traces.folder))
    with psycopg.connect(dsns.log) as connection:
        assert search.within(_copy(connection, f"SELECT '{token}'::bytea, 1")) == {token}
        assert search.within(_copy(connection, f"SELECT jsonb_build_object('naam', '{token}')")) == {token}


def test_canary_that_is_left_behind_is_found_after_the_run_but_not_that_of_a_control(tmp_path: Path) -> None:
    for folder in ("pg", f"{CONTROL}0"):
        (tmp_path / folder).mkdir()
        lawful(tmp_path / folder, 1, seed=902)
        (tmp_path / folder / "log").write_text(min(tokens(tmp_path / folder)), "ascii")
    assert left_behind(tmp_path) == [str(tmp_path / "pg" / "log")]
