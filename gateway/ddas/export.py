"""The export for the statistics: messages, cases and residues of municipalities over a period, as the exchange model DDAS v1.2.

Nothing goes out that does not pass every check of `schemas.ddas_checks`, nor without a row of the purpose register and an entry in the
log per municipality. Authority: Wgs art. 9; DDAS vroegsignalering v1.2. A page holds whole records: a case never leaves its signals.
Leaves the model to `schemas.ddas_build`, the signature to `signature`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
import psycopg

from gateway.cases import rows as case_rows
from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock, dutch_day
from gateway.core.errors import Conflict, Forbidden, Invalid, Unavailable
from gateway.keys import names
from gateway.keys.keystore import KeyStore
from gateway.mailbox import residue as rows
from gateway.partners.rows import sealer
from gateway.policy.register import PurposeRegister, Row
from gateway.privacylog import append
from gateway.privacylog.afterwards import StatistiekGeleverd
from gateway.privacylog.entry import Frame
from gateway.sealing.residue import Kept, open_residue
from gateway.sealing.sealing import Meta
from gateway.store.database import Database
from gateway.store.tenant import municipality, task
from schemas.ddas import DdasLevering, Gegevens, GegevensVraag, Organisatie, Paginering, Uitwisselmodel
from schemas.ddas_build import Bron, Eenheid, pseudonym, units
from schemas.ddas_checks import Bevonden, Outside, check
from schemas.keyed import Keyed

DOEL, RECEIVER = "WGS-9-statistiek", "cbs"
PAGE = 10_000
LAG_MAX_SECONDS = 60.0
LONGEST = timedelta(days=366)
_META = msgspec.json.Decoder(Meta)
Link = psycopg.Connection[Any]


class Statistics(NamedTuple):
    """Made by the composition root. `known_code`: whether a code is that of a municipality on a day; `supplier`: software and version."""

    database: Database
    keys: KeyStore
    purposes: PurposeRegister
    clock: Clock
    known_code: Callable[[str, date], bool]
    supplier: str


class Period(NamedTuple):
    """Both days count."""

    van: date
    tot: date


class Made(NamedTuple):
    """A file, what is wrong with it, and how many messages of the period had nothing kept for the statistics."""

    model: Uitwisselmodel
    findings: list[Bevonden]
    without: int


def answer(caller: Sender, trace: Trace, vraag: GegevensVraag, statistics: Statistics) -> Gegevens:
    """One page of what CBS asks. A page that does not exist is the first one (DDAS-VS).

    Raises:
        Invalid: half a period, or a wrong one. Forbidden: no row of the purpose register. Conflict: a check fails. Unavailable.
    """
    period = _asked(vraag, dutch_day(statistics.clock.now()))
    size = vraag.page_size or PAGE
    with statistics.database.transaction(task("statistiek")) as connection:
        _require_log(connection)
        row = _require_row(statistics)
        wanted = _chosen(rows.delivering(connection, sealer(statistics.keys)), vraag.aanleverende_organisatie)
        records, cents = _records(connection, wanted, period, statistics)
        pages = max(1, -(-len(records) // size))
        page = vraag.page if vraag.page and vraag.page <= pages else 1
        part = records[(page - 1) * size : page * size]
        model = _model(part, wanted, period, statistics)
        _require_right(check(_plain(model), Outside(statistics.known_code, cents)), [d.gemeentecode for d in model.leveringen or ()])
        _note(connection, caller, trace, part, period, row, statistics)
    shown = Paginering(page_size=size, current_page=page, total_pages=pages, total_records=len(records))
    return Gegevens(gegevens=model, paginering=shown)


def export(caller: Sender, trace: Trace, gemeente: str, period: Period, statistics: Statistics) -> Made:
    """The whole file of one municipality, for its operator. Written down only when it is right. Raises Invalid, Forbidden, Conflict."""
    _require_period(period)
    with statistics.database.transaction(municipality(gemeente)) as connection:
        _require_log(connection)
        row = _require_row(statistics)
        wanted = {code: found for code, found in rows.delivering(connection, sealer(statistics.keys)).items() if code == gemeente}
        if not wanted:
            raise Conflict("DDAS_NIET_INGESTELD", "Deze gemeente laat Seinhuis geen DDAS leveren; zie instellingen/statistiek.")
        records, cents = _records(connection, wanted, period, statistics)
        model = _model(records, wanted, period, statistics)
        findings = check(_plain(model), Outside(statistics.known_code, cents))
        if not findings:
            _note(connection, caller, trace, records, period, row, statistics)
        return Made(model, findings, rows.without(connection, gemeente, period.van, period.tot))


def last_quarter(day: date) -> Period:
    """The last whole quarter before a day."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    tot = first - timedelta(days=1)
    return Period(date(tot.year, (tot.month - 1) // 3 * 3 + 1, 1), tot)


class _Record(NamedTuple):
    gemeente: str
    unit: Eenheid


def _records(
    connection: Link, wanted: Mapping[str, Organisatie], period: Period, statistics: Statistics
) -> tuple[list[_Record], dict[str, int]]:
    """Every record of these municipalities in a fixed order, and the cents behind each id."""
    records: list[_Record] = []
    cents: dict[str, int] = {}
    for gemeente in sorted(wanted):
        statistics.database.act(connection, municipality(gemeente))
        key = Keyed(statistics.keys.key(names.statistics_ids(gemeente)))
        sources = list(_sources(connection, gemeente, period, statistics.keys))
        cents |= {pseudonym(source.id, key): source.bedrag_cent for source in sources}
        cases = case_rows.of_messages(connection, gemeente, [source.id for source in sources])
        opened = [(zaak, dutch_day(zaak.geopend_op)) for zaak in cases]
        records += [_Record(gemeente, unit) for unit in units(sources, opened, key)]
    return records, cents


def _sources(connection: Link, gemeente: str, period: Period, keys: KeyStore) -> Iterator[Bron]:
    for found in rows.period(connection, gemeente, period.van, period.tot):
        meta = _META.decode(found.meta)
        yield Bron(
            id=found.bericht,
            sector=found.sector,
            signaaldatum=found.signaaldatum,
            bedrag_cent=meta.bedrag_cent,
            crisis=meta.crisis is not None,
            warme_overdracht=bool(meta.warme_overdracht),
            staat=found.state,
            reden=found.reason,
            residu=open_residue(Kept(gemeente, found.bericht, found.signaaldatum, found.storage_key, found.content), keys),
        )


def _model(records: Sequence[_Record], wanted: Mapping[str, Organisatie], period: Period, statistics: Statistics) -> Uitwisselmodel:
    parts = [(gemeente, [r.unit for r in found]) for gemeente, found in groupby(records, lambda r: r.gemeente)]
    deliveries = [
        DdasLevering(
            teller=len(parts),
            gemeentecode=gemeente,
            aanleverende_organisatie=wanted[gemeente],
            vroegsignalen=[signal for unit in found for signal in unit.signalen],
            vroegsignaalzaken=[unit.zaak for unit in found if unit.zaak is not None],
        )
        for gemeente, found in parts
    ]
    return Uitwisselmodel(
        startdatum_levering=period.van,
        einddatum_levering=period.tot,
        aanleverdatum_en_tijd=statistics.clock.now().astimezone(UTC).replace(microsecond=0),
        code_gegevensleverancier=statistics.supplier,
        leveringen=deliveries or None,
    )


def _note(
    connection: Link, caller: Sender, trace: Trace, records: Sequence[_Record], period: Period, row: Row, statistics: Statistics
) -> None:
    frame = Frame(caller, trace, statistics.clock.now(), row.activity)
    entries = [
        StatistiekGeleverd(
            **frame.fields(),
            gemeente=gemeente,
            doel=DOEL,
            rij=row.id,
            registerversie=statistics.purposes.version,
            van=period.van,
            tot=period.tot,
            aantal=sum(len(record.unit.signalen) for record in found),
        )
        for gemeente, found in groupby(records, lambda record: record.gemeente)
    ]
    append.append(connection, entries)


def _asked(vraag: GegevensVraag, today: date) -> Period:
    van, tot = vraag.aanleverperiode_startdatum, vraag.aanleverperiode_einddatum
    if van is None and tot is None:
        return last_quarter(today)
    if van is None or tot is None:
        raise Invalid("PERIODE_ONGELDIG", "Geef de eerste en de laatste dag van de periode, of geen van beide.")
    period = Period(van, tot)
    _require_period(period)
    return period


def _require_period(period: Period) -> None:
    if not timedelta(0) <= period.tot - period.van <= LONGEST:
        raise Invalid("PERIODE_ONGELDIG", "De periode eindigt voor zij begint, of is langer dan een jaar.")


def _chosen(found: Mapping[str, Organisatie], asked: str | None) -> Mapping[str, Organisatie]:
    return {code: o for code, o in found.items() if asked is None or asked in (code, o.naam, o.kvk_nummer)}


def _require_row(statistics: Statistics) -> Row:
    row = statistics.purposes.reading(DOEL, RECEIVER, dutch_day(statistics.clock.now()))
    if row is None:
        raise Forbidden("DOEL_NIET_TOEGESTAAN", "Het doelbindingsregister heeft vandaag geen rij voor levering aan de statistiek.")
    return row


def _require_right(findings: Sequence[Bevonden], gemeenten: Sequence[str]) -> None:
    """Nothing goes out; but who asked hears of which municipalities, so that these do not hold up the others."""
    if findings:
        kinds = ", ".join(sorted({finding.check for finding in findings}))
        parts = (finding.pointer.split("/")[1:3] for finding in findings)
        wrong = sorted({gemeenten[int(part[1])] for part in parts if len(part) == 2 and part[0] == "leveringen"})
        of = f" van {', '.join(wrong)}" if wrong else ""
        raise Conflict("DDAS_NIET_OP_ORDE", f"{len(findings)} bevindingen{of} bij de controle ({kinds}); er is niets geleverd.")


def _require_log(connection: Link) -> None:
    row = connection.execute("SELECT log_lag_seconds()").fetchone()
    if row is None or row[0] > LAG_MAX_SECONDS:
        raise Unavailable("LOG_LOOPT_ACHTER", "De verwerkingslog loopt achter; er worden nu geen gegevens verstrekt.", retry_after=30)


def _plain(model: Uitwisselmodel) -> Any:  # noqa: ANN401 - a JSON value
    return msgspec.json.decode(msgspec.json.encode(model))
