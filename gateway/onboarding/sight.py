"""What somebody at the counter sees: his participants, and of one all that it showed and what it lacks. Nothing of it is about a person.

Read in one transaction under his own rights, so that it is as it stands and never another's. Authority: decisions 0036 and 0040. Leaves
what a gate asks to `poorten`.
"""

from collections import Counter as Tally
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from gateway.onboarding import certificaten, dossier, levenscyclus, poorten, toetsen
from gateway.onboarding.certificaten import Einde
from gateway.onboarding.changes import allowed
from gateway.onboarding.counter import Counter, unknown
from gateway.onboarding.dossier import Dossier
from gateway.onboarding.registration import Connection
from gateway.partners import administration
from gateway.partners.dossier import Certificaatinhoud, Schaduwproef, Stuk, Toets
from gateway.partners.mailroom import Bestandsprofiel
from gateway.partners.register import Certificaat, Deelnemer, Mandaat, Overeenkomst
from gateway.partners.rows import read, sealer
from schemas import beheer
from schemas.keyed import Keyed
from schemas.toets import Toetsuitslag

SOON = timedelta(days=60)
MOST = 50
"""Participants on the way in of which a list says what they lack."""
_WAITS = frozenset({*levenscyclus.PAD[:-1], "opgeschort"})
_SHADOWS = 20


class Aflopend(NamedTuple):
    """An agreement that ends soon."""

    oin: str
    naam: str
    overeenkomst: Overeenkomst


class Begin(NamedTuple):
    """The first page: how many in each status, which certificates and agreements end, who is on the way in and what they lack.

    `meer`: more are on the way than are shown.
    """

    standen: dict[str, int]
    eindigend: list[tuple[str, Einde]]
    aflopend: list[Aflopend]
    onderweg: list[tuple[beheer.Deelnemerkaart, list[beheer.Gemis]]]
    meer: bool


def listed(counter: Counter) -> beheer.Deelnemers:
    """Every participant of his, by name."""
    with counter.office.database.transaction() as connection:
        keyed = sealer(counter.office.keys)
        ends = _ends(connection, keyed)
        cards = [_card(row, ends.get(row.oin), _lacking(counter, connection, row, keyed)) for row in _rows(counter, connection, keyed)]
    return beheer.Deelnemers(deelnemers=cards)


def begin(counter: Counter) -> Begin:
    """What needs attention."""
    now = counter.office.clock.now()
    with counter.office.database.transaction() as connection:
        keyed = sealer(counter.office.keys)
        rows = _rows(counter, connection, keyed)
        names, ends = {row.oin: row.naam for row in rows}, _ends(connection, keyed)
        going = [row for row in rows if row.status in _WAITS]
        shown = [(row, _lacking(counter, connection, row, keyed)) for row in going[:MOST]]
        certificates = [row for row, sealed in read(connection, Certificaat, keyed) if sealed and row.oin in names]
        agreements = [row for row, sealed in read(connection, Overeenkomst, keyed, "ORDER BY geldig_tot") if sealed]
    alive = {row.oin for row in rows if row.status != levenscyclus.EINDE}
    return Begin(
        dict(Tally(row.status for row in rows)),
        [(names[end.oin], end) for end in certificaten.ending((c for c in certificates if c.oin in alive), now)],
        [Aflopend(a.schuldeiser, names[a.schuldeiser], a) for a in agreements if a.schuldeiser in alive and _ends_soon(a, now)],
        [(_card(row, ends.get(row.oin), gaps), gaps) for row, gaps in shown],
        len(going) > MOST,
    )


def one(counter: Counter, oin: str) -> beheer.Deelnemerdossier:
    """One participant. Raises NotFound."""
    counter.require(oin)
    office, keyed = counter.office, sealer(counter.office.keys)
    with office.database.transaction() as connection:
        found = dossier.collect(connection, oin, keyed, office.outside)
        rows = [row for _, row, sealed in administration.about(connection, oin, keyed) if sealed]
    partner = next((row for row in rows if isinstance(row, Deelnemer)), None)
    if found is None or partner is None:
        raise unknown()
    return _told(counter, partner, found, rows)


def _told(counter: Counter, partner: Deelnemer, found: Dossier, rows: list[Any]) -> beheer.Deelnemerdossier:
    office = counter.office
    now = office.clock.now()
    return beheer.Deelnemerdossier(
        oin=partner.oin,
        naam=partner.naam,
        status=_status(partner.status),
        rollen=sorted(partner.rollen),
        sectoren=sorted(partner.sectoren),
        gemeentecode=partner.gemeentecode,
        gebruik=sorted(found.gebruik or ()),
        stappen=[_status(step) for step in allowed(counter, partner.status)],
        ontbreekt=_gaps(found),
        certificaten=_certificates(rows, office.trusted, now),
        stukken=[msgspec.convert(row, beheer.Stukstand, from_attributes=True) for row in rows if isinstance(row, Stuk)],
        mandaten=[msgspec.convert(row, beheer.Mandaatstand, from_attributes=True) for row in rows if isinstance(row, Mandaat)],
        overeenkomsten=[
            msgspec.convert(row, beheer.Overeenkomststand, from_attributes=True) for row in rows if isinstance(row, Overeenkomst)
        ],
        toetsen=sorted((_run(row, counter) for row in rows if isinstance(row, Toets)), key=lambda run: run.getoetst_op, reverse=True),
        schaduwproeven=_rehearsals(rows),
        profielen=[msgspec.convert(row, beheer.Profielstand, from_attributes=True) for row in rows if isinstance(row, Bestandsprofiel)],
    )


def _rows(counter: Counter, connection: Connection, keyed: Keyed) -> list[Deelnemer]:
    found = [row for row, sealed in read(connection, Deelnemer, keyed, "ORDER BY naam, oin") if sealed]
    return found if counter.own is None else [row for row in found if row.oin in counter.own]


def _ends(connection: Connection, keyed: Keyed) -> dict[str, datetime]:
    """When the last certificate of each participant ends."""
    found: dict[str, datetime] = {}
    for row, sealed in read(connection, Certificaat, keyed, "WHERE ingetrokken_op IS NULL"):
        if sealed:
            found[row.oin] = max(found.get(row.oin, row.geldig_tot), row.geldig_tot)
    return found


def _ends_soon(row: Overeenkomst, now: datetime) -> bool:
    return row.geldig_tot is not None and now.date() <= row.geldig_tot <= (now + SOON).date()


def _lacking(counter: Counter, connection: Connection, row: Deelnemer, keyed: Keyed) -> list[beheer.Gemis]:
    if row.status not in _WAITS:
        return []
    found = dossier.collect(connection, row.oin, keyed, counter.office.outside)
    return _gaps(found) if found else []


def _gaps(found: Dossier) -> list[beheer.Gemis]:
    """What is missing, each with the first status that it stands before."""
    told: list[poorten.Gemis] = []
    made = []
    for status in levenscyclus.PAD:
        fresh = [gap for gap in poorten.missing(found, status) if gap not in told]
        told += fresh
        made += [
            beheer.Gemis(poort=gap.poort.value, voor=_status(status), ontbreekt=gap.ontbreekt, opdracht=gap.opdracht) for gap in fresh
        ]
    return made


def _card(row: Deelnemer, end: datetime | None, gaps: list[beheer.Gemis]) -> beheer.Deelnemerkaart:
    at = levenscyclus.PAD.index(row.status) if row.status in levenscyclus.PAD else -1
    onward = levenscyclus.PAD[at + 1] if 0 <= at < len(levenscyclus.PAD) - 1 else "actief" if row.status == "opgeschort" else None
    return beheer.Deelnemerkaart(
        oin=row.oin,
        naam=row.naam,
        status=_status(row.status),
        rollen=sorted(row.rollen),
        ontbreekt=len(gaps),
        volgende=_status(onward) if onward else None,
        certificaat_tot_op=end,
    )


def _certificates(rows: list[Any], trusted: bytes, now: datetime) -> list[beheer.Certificaatstand]:
    contents = {row.vingerafdruk: row for row in rows if isinstance(row, Certificaatinhoud)}
    found = sorted((row for row in rows if isinstance(row, Certificaat)), key=lambda row: row.geldig_tot, reverse=True)
    return [
        beheer.Certificaatstand(
            vingerafdruk=row.vingerafdruk.hex(),
            geldig_van_op=row.geldig_van,
            geldig_tot_op=row.geldig_tot,
            dagen=(row.geldig_tot - now) // timedelta(days=1),
            ingetrokken_op=row.ingetrokken_op,
            bezwaar=None if row.ingetrokken_op else _objection(row, contents.get(row.vingerafdruk), trusted, now),
        )
        for row in found
    ]


def _objection(row: Certificaat, inhoud: Certificaatinhoud | None, trusted: bytes, now: datetime) -> str | None:
    if inhoud is None:
        return "van dit certificaat is alleen de vingerafdruk bekend; registreer het zelf"
    return certificaten.wrong(inhoud.der, row.oin, trusted, now)


def _run(row: Toets, counter: Counter) -> beheer.Toetsstand:
    office = counter.office
    result = msgspec.json.decode(row.uitslag, type=Toetsuitslag)
    failed = (one for one in result.scenarios if one.uitkomst == "gezakt")
    return beheer.Toetsstand(
        id=row.id,
        mond=result.mond,
        soorten=result.soorten,
        geslaagd=row.geslaagd,
        telt=toetsen.counts(row, office.testkeys, office.clock.now()),
        scenarios=len(result.scenarios),
        gezakt=[f"{one.naam}: {one.toelichting}" if one.toelichting else one.naam for one in failed],
        getoetst_op=row.getoetst_op,
    )


def _rehearsals(rows: list[Any]) -> list[beheer.Schaduwstand]:
    found = sorted((row for row in rows if isinstance(row, Schaduwproef)), key=lambda row: row.tijd, reverse=True)
    return list(_shadows(found[:_SHADOWS]))


def _shadows(rows: list[Schaduwproef]) -> Iterator[beheer.Schaduwstand]:
    for row in rows:
        values = {"mond": row.mond, "aangeboden": row.aangeboden, "inOrde": row.in_orde, "beproefdOp": row.tijd}
        yield msgspec.convert(values, beheer.Schaduwstand)


def _status(status: str) -> beheer.Status:
    known: beheer.Status = msgspec.convert(status, beheer.Status)
    return known
