"""Log or deny, at every route: an operation that puts something on record releases nothing while the log cannot be written.

Every operation of the three doors is called at a real gateway, under each fault that the owner of the database can make. What logs
answers 5xx, also when it would have refused: a refusal is logged before it is answered. `SILENT` are those that log nothing; they show no
person data, sealed or not. Released are the bytes of an answer that is no problem. Every fault is for everything that logs; by default
the slow one (a lock) for all that discloses and a fifth of the others, another fifth each day.
"""

import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from adapters.client.connection import Answer, Connection
from gateway.api import creditor, municipality, oversight
from gateway.api.operation import Api, Operation
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from tests.canaries import lawful
from tests.e2e import asked, belongings, officers
from tests.e2e.belongings import CREDITOR, DOOR, FOR_CITY, PARTNER, TOWN, Things, send
from tests.faults import test_failures as failures
from tests.faults.harness import Machine, eventually
from tests.faults.test_failures import counted, small_disk

__all__ = ["small_disk"]  # a fixture

PROOF = bool(os.environ.get("SEINHUIS_PROOF"))
SILENT = {
    "gemeente": {
        "ingang", "lijstBerichten", "lijstMeldingen", "leesMelding", "leesRitme", "lijstBezwaren", "lijstZaken", "leesZaak",
        "leesBereik", "toonTerugkoppeling", "leesTerugkoppelkeuzen", "leesDrempels", "leesVelden", "leesWerkbakken",
        "leesOpvolgpartners", "leesTermijnen", "leesInhaalslag", "probeerWerkbakken", "lijstTermijnen", "lijstOpvolging",
        "lijstGemeentesleutels", "leesTeksten", "leesStatistiek", "lijstSchuldenoverzichten", "lijstKennisgevingen",
        "lijstAfkoelingsperioden", "lijstBetaalvoorstellen", "leesControlepunt", "leesBlad", "leesStiltebewijs",
    },
    "schuldeiser": {
        "ingang", "leesSignaal", "lijstAanleveringen", "leesAanlevering", "leesVerslag", "leesDekking", "leesSleutels",
        "leesInspanningsverslag", "leesBewijs", "leesKwaliteit", "lijstTerugkoppelingen", "lijstSaldoverzoeken", "lijstKennisgevingen",
        "lijstAfkoelingsperioden", "lijstBetaalvoorstellen", "leesControlepunt", "leesBlad",
    },
    "toezicht": {"ingang", "lijstControlepunten", "lijstVerwerkingen", "leesInzageverzoek", "leesOntzegeling"},
}  # fmt: skip
"""What logs nothing: lists and settings without persons, and one's own figures, receipts and proofs."""
SEALED = re.compile(rb'eyJ[\w-]+\.[\w-]*(\.[\w-]+){3}|"(persoonsgegevens|groepssleutels|contentsleutel)":|Q[0-9A-F]{8}Z')
ZWOLLE = GEMEENTEN[2].oin
DOORS: tuple[Api[Any], ...] = (municipality.API, creditor.API, oversight.API)
NUMBERS = count(1)


class Route(NamedTuple):
    """One operation as somebody calls it. `discloses`: it answers with person data when all is well."""

    api: Api[Any]
    id: str
    method: str
    path: str
    oin: str
    headers: dict[str, str] | None
    discloses: bool

    def body(self, world: "World") -> object:
        """A lawful body where it discloses; elsewhere that of the document, for a refusal is logged too."""
        fresh = f"LOG-{next(NUMBERS)}"
        claim = {"doel": "WGS-3-1-b", "maximum": 1, "leaseSeconden": 1, "wijze": "bemand"}
        made = {
            "claimBerichten": claim,
            "claimOpvolging": claim,
            "maakBrievenbestand": {
                "claim": world.zwolle["claim"],
                "kanaal": "brief",
                "kenmerk": fresh,
                "berichten": [world.zwolle["bericht"]],
            },
            "zoekLogregels": world.resident,
            "maakInzageverzoek": {"kenmerk": fresh, **world.resident},
            "vraagOntzegeling": {"kenmerk": fresh, "bericht": world.zwolle["bericht"], "reden": "klacht"},
        }
        if self.id in made:
            return made[self.id]
        (operation,) = [one for one in self.api.operations if one.id == self.id]
        return belongings.example(operation, world.things.claim)

    def ask(self, world: "World") -> Answer:
        """Once, on a connection of its own."""
        with closing(world.machine.sandbox.connect(self.oin)) as connection:
            return send(connection, self.method, self.path, self.body(world), self.headers)


class World(NamedTuple):
    """A gateway with one of everything, and how to make more that can be claimed."""

    machine: Machine
    things: Things
    zwolle: dict[str, str]
    resident: dict[str, Any]
    signals: Iterator[dict[str, Any]]
    elsewhere: Iterator[dict[str, Any]]

    def refill(self) -> None:
        """Something to claim for the town and for the partner of the city, leases of before have ended; and a name that may be opened."""
        with closing(self.machine.sandbox.connect(CREDITOR)) as sender:
            made = [sender.post("/schuldeiser/v1/signalen", next(row)).json()["id"] for row in (self.signals, self.elsewhere)]
        query = "SELECT count(*) FROM inbox_item WHERE bericht = ANY (%s::uuid[])"
        assert eventually(lambda: counted(self.machine, query, made) == 2)
        first, second = (self.machine.sandbox.connect(oin) for oin in officers.OFFICERS)
        with closing(first), closing(second):
            self.zwolle["ontzegeling"] = officers.agreed(first, second, self.zwolle["bericht"])


DISCLOSING = {
    "gemeente": {
        "leesBericht", "claimBerichten", "leesContactgegevens", "claimOpvolging", "maakBrievenbestand", "leesSchuldenoverzicht",
        "maakSchuldenoverzicht", "leesUittreksel", "leesKennisgeving", "leesAfkoelingsperiode", "leesBetaalvoorstel",
    },
    "schuldeiser": {"leesSaldoverzoek", "leesKennisgeving", "leesAfkoelingsperiode", "leesBetaalvoorstel"},
    "toezicht": {"zoekLogregels", "leesLogregel", "maakInzageverzoek", "leesUittreksel", "lijstBeoordelingen", "openOntzegeling"},
}  # fmt: skip
ANSWERED = {"maakSchuldenoverzicht", "maakBrievenbestand", *(one for one in DISCLOSING["schuldeiser"]), "leesSchuldenoverzicht"}
"""What shows something only of what has an answer, or where the gateway keeps the key: asked by the municipality of `World.zwolle`."""
OWNED = {
    "signalen": "signaal", "aanleveringen": "aanlevering", "inbox/berichten": "bericht", "inbox/claims": "claim", "zaken": "zaak",
    "meldingen": "melding", "instellingen/bezwaren": "bezwaar", "opvolging/claims": "opvolging", "schuldenoverzichten": "overzicht",
    "saldoverzoeken": "saldoverzoek", "partijen": "betaalvoorstel_bericht", "logregels": "regel", "beoordelingen": "regel",
    "inzageverzoeken": "inzageverzoek", "ontzegelingen": "ontzegeling", **{path: kind for kind, path in asked.ARRANGED.items()},
}  # fmt: skip


def route(api: Api[Any], operation: Operation[Any], world: World) -> Route:
    """An operation on a thing of the caller's own."""
    path = operation.path.replace("{peildatum}", belongings.TODAY.isoformat())
    if "{id}" in path:
        (kind,) = [kind for part, kind in OWNED.items() if path.startswith(f"/{part}/{{id}}")]
        here = api is oversight.API or (operation.id in ANSWERED and api is municipality.API)
        own = world.zwolle if here else world.things.asked
        name = f"{kind}_bericht" if api is creditor.API and kind in asked.ARRANGED else kind
        path = path.replace("{id}", own.get(name) or world.things.id(name))
    partner = operation.rol is not None and api is municipality.API
    oin = CREDITOR if api is creditor.API else PARTNER if partner else ZWOLLE if operation.id in ANSWERED else TOWN
    if api is oversight.API:
        oin = ZWOLLE if operation.rol else officers.OFFICERS[0]
        path += f"?van={belongings.TODAY}" if operation.id == "lijstBeoordelingen" else ""
    discloses = operation.id in DISCLOSING[api.name]
    return Route(api, operation.id, operation.method, api.base + path, oin, FOR_CITY if partner else None, discloses)


def routes(world: World, *, silent: bool) -> list[Route]:
    """All that log, or all that do not."""
    found = [(api, o) for api in DOORS for o in api.operations if (o.id in SILENT[api.name]) == silent]
    return [route(api, operation, world) for api, operation in found]


def managed(reader: Connection, sender: Connection, signal: dict[str, Any]) -> dict[str, str]:
    """A claimed message in a case, and a question and arrangements with their answers."""
    bericht = str(sender.post("/schuldeiser/v1/signalen", signal).json()["id"])
    asked_for = {"doel": "WGS-3-1-b", "maximum": 10, "leaseSeconden": 3600, "wijze": "bemand"}
    taken: list[Answer] = []

    def claim() -> bool:
        taken.append(reader.post(f"{DOOR}/inbox/claims", asked_for))
        return bool(taken[-1].json()["berichten"])

    assert eventually(claim)
    assert reader.post(f"{DOOR}/zaken", {"zaaknummer": "LOG-1", "berichten": [bericht]}).status == 201
    given = asked.ask(reader, sender, CREDITOR, 2)
    for kind, path in {"saldoverzoek": "saldoverzoeken", **asked.ARRANGED}.items():
        (operation,) = [o for o in creditor.API.operations if o.path == f"/{path}/{{id}}/antwoord"]
        id = given["saldoverzoek" if kind == "saldoverzoek" else f"{kind}_bericht"]
        body = belongings.example(operation, "")
        body |= {"peildatum": belongings.TODAY.isoformat()} if "peildatum" in body else {}
        answer = sender.post(f"/schuldeiser/v1/{path}/{id}/antwoord", body)
        assert answer.status == 201, answer.body
    return given | {"claim": str(taken[-1].json()["id"]), "bericht": bericht}


def overseen(machine: Machine, zwolle: dict[str, str], resident: dict[str, Any]) -> dict[str, str]:
    """Two officers of the municipality of `zwolle`, a line of its log and a request of its resident that it confirmed."""
    officers.appoint(machine.sandbox, ZWOLLE)
    officer, second, town = (machine.sandbox.connect(oin) for oin in (*officers.OFFICERS, ZWOLLE))
    with closing(officer), closing(second), closing(town):
        officers.wait(second)
        found = officer.post(f"{officers.BASE}/logregels/_zoek", {"bericht": zwolle["bericht"]}).json()["regels"]
        made = officer.post(f"{officers.BASE}/inzageverzoeken", {"kenmerk": "AVG-1", **resident}).json()["id"]
        said = town.post(f"{officers.BASE}/inzageverzoeken/{made}/_bevestig", {"berichten": [zwolle["bericht"]]})
        unsealing = officers.agreed(officer, second, zwolle["bericht"])
    assert said.status == 200, said.body
    return {"regel": str(found[-1]["id"]), "inzageverzoek": str(made), "ontzegeling": unsealing}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    machine = Machine(tmp_path_factory.mktemp("log"))
    machine.start()
    made = [s for s in lawful(tmp_path_factory.mktemp("canaries"), 900, seed=601) if s["handelsnaam"] == SCHULDEISERS[0].naam]
    here, there = ([s for s in made if int(s["adres"]["postcode"][:4]) in gemeente.postcodes] for gemeente in GEMEENTEN[:2])
    speakers: dict[str, Connection] = {}

    def speak(oin: str) -> Connection:
        return speakers.setdefault(oin, machine.sandbox.connect(oin)) if oin not in speakers else speakers[oin]

    things = belongings.things(machine.sandbox, speak, here, there[0])
    signal = next(
        s for s in made if int(s["adres"]["postcode"][:4]) in GEMEENTEN[2].postcodes and s["personen"][0].get("geboortedatum")
    )
    resident, zwolle = officers.resident(signal), managed(speak(ZWOLLE), speak(CREDITOR), signal)
    zwolle |= overseen(machine, zwolle, resident)
    for connection in speakers.values():
        connection.close()
    yield World(machine, things, zwolle, resident, iter(here[2:]), iter(there[1:]))
    machine.stop()


def released(answer: Answer) -> int:
    """How many bytes of data an answer gave away."""
    is_problem = answer.headers.get("content-type") == "application/problem+json" and not SEALED.search(answer.body)
    return 0 if is_problem else len(answer.body)


def logged(world: World) -> int:
    return counted(world.machine, "SELECT count(*) FROM log_entry")


def claimed(world: World) -> int:
    return counted(world.machine, "SELECT count(*) FROM inbox_item WHERE lease_until > now()")


def test_every_operation_is_in_one_list() -> None:
    for api in DOORS:
        names = {operation.id for operation in api.operations}
        assert SILENT[api.name] | DISCLOSING[api.name] <= names
        assert not SILENT[api.name] & DISCLOSING[api.name]


def test_what_is_silent_logs_nothing_and_shows_no_person(world: World) -> None:
    for one in routes(world, silent=True):
        before = logged(world)
        answer = one.ask(world)
        assert (one.id, answer.status < 500) == (one.id, True)
        assert (one.id, SEALED.search(answer.body)) == (one.id, None)
        if answer.status < 300:
            assert (one.id, logged(world) - before) == (one.id, 0)


def test_what_discloses_does_so_and_logs_it_when_all_is_well(world: World) -> None:
    """The control: these requests are lawful, and what they give is found by the search."""
    world.refill()
    for one in routes(world, silent=False):
        if one.discloses:
            before = logged(world)
            answer = one.ask(world)
            assert (one.id, answer.status in {200, 201}, logged(world) > before) == (one.id, True, True), answer.body
            assert released(answer) > 50


def under(world: World, chosen: list[Route], lanes: int = 1) -> Counter[str]:
    """Ask them all; bytes released by operation, of those that released any."""
    with ThreadPoolExecutor(lanes) as pool:
        answers = list(pool.map(lambda one: one.ask(world), chosen))
    found = Counter[str]()
    for one, answer in zip(chosen, answers, strict=True):
        assert (one.id, answer.status) in {(one.id, 500), (one.id, 503)}, answer.body
        found[one.id] += released(answer)
    return +found


def say(record: Callable[[str, object], None], fault: str, chosen: list[Route], found: Counter[str]) -> None:
    record(f"released: {fault}", f"{found.total()} bytes, {len(chosen)} operations")
    sys.stdout.write(f"{fault}: {len(chosen)} bewerkingen, {found.total()} bytes vrijgegeven\n")


@contextmanager
def revoked(machine: Machine) -> Iterator[None]:
    """No role may write the log, whichever way."""
    functions = ("log_append", "log_append_delivered", "log_append_forwarded")
    roles = "gw_ingest, gw_inbox, gw_log, gw_beheer, gw_toezicht, gw_console"
    with machine.owner() as owner:
        query = "SELECT proname, proacl::text FROM pg_proc WHERE proname = ANY (%s)"
        before = owner.execute(query, (list(functions),)).fetchall()
        owner.execute(f"REVOKE EXECUTE ON FUNCTION {', '.join(functions)} FROM {roles}".encode())
        try:
            yield
        finally:
            for name, acl in before:
                for role in re.findall(r"(gw_(?!eigenaar)\w+)=X", acl):
                    owner.execute(f"GRANT EXECUTE ON FUNCTION {name} TO {role}".encode())


FAULTS: dict[str, Callable[[Machine], Any]] = {
    "trigger on the entries": lambda machine: failures.broken(machine, *failures.trigger("log_entry")),
    "trigger on the queue": lambda machine: failures.broken(machine, *failures.trigger("log_queue")),
    "revoked grant": revoked,
    "failing commit": lambda machine: failures.broken(machine, *failures.trigger("log_entry", deferred=True)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_released_while_the_log_cannot_be_written(
    world: World, fault: str, record_testsuite_property: Callable[[str, object], None]
) -> None:
    world.refill()
    chosen, before = routes(world, silent=False), claimed(world)
    with FAULTS[fault](world.machine):
        found = under(world, chosen, lanes=4)
    say(record_testsuite_property, fault, chosen, found)
    assert found == Counter()
    assert claimed(world) <= before
    assert [one.id for one in chosen if one.discloses and one.ask(world).status >= 300] == []  # and afterwards all is well


def test_nothing_is_released_while_the_log_is_locked(world: World, record_testsuite_property: Callable[[str, object], None]) -> None:
    world.refill()
    turn = belongings.TODAY.toordinal()
    chosen = [one for nr, one in enumerate(routes(world, silent=False)) if PROOF or one.discloses or (nr + turn) % 5 == 0]
    with failures.locked(world.machine):
        found = under(world, chosen, lanes=8)
    say(record_testsuite_property, "lock time-out", chosen, found)
    assert found == Counter()


def test_nothing_is_disclosed_while_the_sequencer_is_stuck(world: World, record_testsuite_property: Callable[[str, object], None]) -> None:
    world.refill()
    chosen = [one for one in routes(world, silent=False) if one.discloses]
    with world.machine.owner() as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", (failures.SEQUENCER_LOCK,))
        with closing(world.machine.sandbox.connect(CREDITOR)) as sender:
            assert sender.post("/schuldeiser/v1/signalen", next(world.signals)).status == 201
        assert {one.ask(world).status for one in chosen} <= {200, 201}  # not yet: it may be late for a minute
        owner.execute("UPDATE log_queue SET created = created - interval '61 seconds'")
        found = under(world, chosen)
        owner.execute("SELECT pg_advisory_unlock(%s)", (failures.SEQUENCER_LOCK,))
    say(record_testsuite_property, "stuck sequencer", chosen, found)
    assert found == Counter()
    assert eventually(lambda: counted(world.machine, "SELECT count(*) FROM log_queue") == 0)


@contextmanager
def full(machine: Machine, disk: Path) -> Iterator[None]:
    """The queue of the log lies on a volume without a page left."""
    with machine.owner() as owner:
        data = owner.execute("SHOW data_directory").fetchone()
        assert data is not None
        place, rights = disk / "pg", Path(data[0]).stat()
        place.mkdir()
        shutil.chown(place, rights.st_uid, rights.st_gid)
        owner.execute(f"CREATE TABLESPACE klein LOCATION '{place}'".encode())
        owner.execute("CREATE TABLE vulling (x bytea) TABLESPACE klein")
        owner.execute("ALTER TABLE vulling ALTER x SET STORAGE PLAIN")
        owner.execute("VACUUM FULL log_queue")  # no room in its own pages either
        owner.execute("ALTER TABLE log_queue SET TABLESPACE klein")
        for rows in (50, 1):
            with suppress(psycopg.errors.DiskFull):
                while True:
                    owner.execute("INSERT INTO vulling SELECT decode(repeat('00', 7000), 'hex') FROM generate_series(1, %s)", (rows,))
        try:
            yield
        finally:
            owner.execute("DROP TABLE vulling")
            owner.execute("ALTER TABLE log_queue SET TABLESPACE pg_default")
            owner.execute("DROP TABLESPACE klein")


def test_nothing_is_released_while_the_disk_of_the_log_is_full(
    world: World, small_disk: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    world.refill()
    assert eventually(lambda: counted(world.machine, "SELECT count(*) FROM log_queue") == 0)
    chosen = routes(world, silent=False)
    with full(world.machine, small_disk):
        found = under(world, chosen, lanes=4)
    say(record_testsuite_property, "full tablespace", chosen, found)
    assert found == Counter()


def test_a_fault_beside_the_log_stops_no_disclosure(world: World) -> None:
    """The control: it is the log that the answers above wait for."""
    world.refill()
    with failures.broken(world.machine, *failures.trigger("quarantine")):
        chosen = [one for one in routes(world, silent=False) if one.discloses]
        assert [one.id for one in chosen if one.ask(world).status >= 300] == []


def test_the_log_still_holds(world: World) -> None:
    report = world.machine.verify()
    assert report.ok, report.findings
