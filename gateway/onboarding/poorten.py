"""The gates of the life cycle as data: what each kind of participant has to show, from which status on, and what mends what is missing.

Authority: rules PR-02 (DPIA of a municipality), PR-03 and AVG art. 28 (processor agreement); contract, states; the purpose register, for
who needs an agreement. Pure: `missing` judges a dossier that `dossier` collected. Unknown roles get the gates that everybody has.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from gateway.onboarding.dossier import Dossier
from gateway.onboarding.levenscyclus import PAD
from schemas.toets import Mond

API, BESTAND = "api", "bestand"


class Poort(StrEnum):
    """What is asked."""

    AANSLUITING = "aansluiting"
    CERTIFICAAT = "certificaat"
    GEMACHTIGDE = "gemachtigde"
    MANDAAT = "mandaat"
    TOETS = "toets"
    VERWERKERSOVEREENKOMST = "verwerkersovereenkomst"
    DPIA = "dpia"
    LOKET = "loket"
    OVEREENKOMST = "overeenkomst"
    SCHADUWPROEF = "schaduwproef"


class Gemis(NamedTuple):
    """What is missing: the gate, in Dutch what it lacks, and the command that mends it."""

    poort: Poort
    ontbreekt: str
    opdracht: str


VANAF: Mapping[Poort, str] = {
    Poort.AANSLUITING: "in_test",
    Poort.CERTIFICAAT: "in_test",
    Poort.GEMACHTIGDE: "in_test",
    Poort.TOETS: "getoetst",
    Poort.MANDAAT: "schaduw",
    Poort.VERWERKERSOVEREENKOMST: "schaduw",
    Poort.DPIA: "schaduw",
    Poort.LOKET: "schaduw",
    Poort.OVEREENKOMST: "schaduw",
    Poort.SCHADUWPROEF: "actief",
}
"""The first status that a gate stands before; it stands before every later one too."""
_ALL = frozenset({Poort.AANSLUITING, Poort.CERTIFICAAT, Poort.GEMACHTIGDE, Poort.TOETS, Poort.VERWERKERSOVEREENKOMST})
_UNTRIED = _ALL - {Poort.TOETS}
"""The conformance suite has no scenarios for these: they bring nothing in, and what they take is held by the municipality's mandate."""
_SENDS = _ALL | {Poort.OVEREENKOMST, Poort.SCHADUWPROEF}
POORTEN: Mapping[str, frozenset[Poort]] = {
    "schuldeiser": _ALL,
    "signaalpartner": _SENDS,
    "gemeente": _ALL | {Poort.DPIA, Poort.LOKET},
    "uitvoerder": _UNTRIED | {Poort.MANDAAT},
    "toezichthouder": _UNTRIED - {Poort.GEMACHTIGDE} | {Poort.MANDAAT},
    "verwerker": frozenset({Poort.MANDAAT}),
    "tussenpersoon": _SENDS - {Poort.OVEREENKOMST},
    "cbs": _UNTRIED - {Poort.VERWERKERSOVEREENKOMST},
    "integrator": frozenset({Poort.CERTIFICAAT}),
    "beheerder": frozenset(),
    "experiment_hypotheek": _SENDS,
    "experiment_cak": _SENDS,
    "experiment_belastingdienst": _SENDS,
}
"""Per role; who acts for creditors under a mandate is a `tussenpersoon` besides. A desk sends nothing: its papers stand with its outlet. An
officer may work in the console alone, so that no system of his connects and nobody acts for him."""
_SIGNALS = frozenset({"signaal", "intrekking", "stand"})
_ANSWERS = frozenset({"saldoantwoord", "regelingantwoord"})
_TOWN = frozenset({"bericht", "terugkoppeling", "zaak", "overzicht", "regeling"})
SOORTEN: Mapping[str, frozenset[str]] = {
    "signaalpartner": _SIGNALS,
    "schuldeiser": _SIGNALS | _ANSWERS,
    "tussenpersoon": _SIGNALS | _ANSWERS,
    "gemeente": _TOWN,
    "uitvoerder": _TOWN,
    "toezichthouder": frozenset({"toezicht"}),
    "cbs": frozenset({"ddas"}),
    "experiment_hypotheek": _SIGNALS,
    "experiment_cak": _SIGNALS,
    "experiment_belastingdienst": _SIGNALS,
}
"""Kinds of message of which a role uses at least one."""
MONDEN: frozenset[Mond] = frozenset({"api", "bestand"})


def asked(kinds: Iterable[str]) -> frozenset[Poort]:
    """The gates of a participant of these kinds."""
    return frozenset[Poort]().union(*(POORTEN.get(kind, _ALL) for kind in kinds))


def missing(dossier: Dossier, naar: str) -> list[Gemis]:
    """What a participant still has to show to come to a status, or to keep it; nothing for one that is not on the way in."""
    if naar not in PAD:
        return []
    wanted, reached = asked(dossier.kinds), PAD.index(naar)
    due = [poort for poort in Poort if poort in wanted and PAD.index(VANAF[poort]) <= reached]
    return [Gemis(poort, *lack) for poort in due for lack in _JUDGES[poort](dossier)]


def _aansluiting(d: Dossier) -> Iterator[tuple[str, str]]:
    how = f"seinhuis deelnemer aansluiting {d.oin} --gebruik MOND/SOORT"
    if d.gebruik is None:
        yield "niet is vastgelegd welke monden en berichtsoorten deze deelnemer gebruikt", how
        return
    soorten = {use.partition("/")[2] for use in d.gebruik}
    for kind in sorted(d.kinds):
        if d.monden and kind in SOORTEN and not soorten & SOORTEN[kind]:
            yield f"voor de rol {kind} is geen berichtsoort vastgelegd ({', '.join(sorted(SOORTEN[kind]))})", how


def _certificaat(d: Dossier) -> Iterator[tuple[str, str]]:
    how = f"seinhuis deelnemer certificaat {d.oin} CERTIFICAAT.pem"
    if API in d.monden and not any(reason is None for reason in d.certificaten):
        reasons = [reason for reason in d.certificaten if reason] or ["er is geen geldig certificaat geregistreerd"]
        yield f"voor de API: {reasons[0]}", how
    if BESTAND in d.declared and not d.sftp:
        yield "voor bestanden is geen SFTP-sleutel of ophaaladres geregistreerd", f"seinhuis deelnemer sftp-sleutel {d.oin} SLEUTEL.pub"


def _gemachtigde(d: Dossier) -> Iterator[tuple[str, str]]:
    if d.gebruik == frozenset() and not d.monden and not d.gemachtigd:
        yield (
            "deze deelnemer sluit zelf niet aan, en niemand die in schaduw of actief is handelt namens hem",
            f"seinhuis deelnemer mandaat GEMACHTIGDE {d.oin} schuldeiser VANAF",
        )


def _mandaat(d: Dossier) -> Iterator[tuple[str, str]]:
    for rol in sorted({"uitvoerder", "toezichthouder", "verwerker"} & d.kinds - d.mandaten):
        yield f"er is geen geldig mandaat van een gemeente als {rol}", f"seinhuis deelnemer mandaat {d.oin} GEMEENTE {rol} VANAF"


def _toets(d: Dossier) -> Iterator[tuple[str, str]]:
    how = f"seinhuis deelnemer toets {d.oin} UITSLAG.json"
    for mond in sorted(d.monden):
        declared = {use.partition("/")[2] for use in d.gebruik or () if use.startswith(f"{mond}/")}
        passed = _passed(d, mond)
        for soort in sorted(declared - passed):  # one each: who uses less afterwards lacks nothing new
            yield f"geen geslaagde toets van {soort} door de mond {mond}", how
        if not declared and not passed:
            yield f"geen geslaagde toets van de mond {mond}, die wel open staat", how


def _passed(d: Dossier, mond: str) -> set[str]:
    """The kinds that passed in the newest result that speaks of them: an older one is not brought back by offering it again."""
    found = sorted((toets for toets in d.toetsen if toets.mond == mond), key=lambda toets: (toets.getoetst_op, toets.geslaagd))
    newest = {soort: toets for toets in found for soort in toets.soorten}
    return {soort for soort, toets in newest.items() if toets.geslaagd}


def _paper(soort: str, what: str) -> Callable[[Dossier], Iterator[tuple[str, str]]]:
    def judge(d: Dossier) -> Iterator[tuple[str, str]]:
        if soort not in d.stukken:
            yield f"er is geen geldige {what} vastgelegd", f"seinhuis deelnemer papieren {d.oin} {soort} KENMERK VERSIE VANAF"

    return judge


def _loket(d: Dossier) -> Iterator[tuple[str, str]]:
    if not d.loket:
        yield "het loket van de gemeente is niet geopend, of heeft geen sleutel", "seinhuis gemeenten open GEMEENTECODE NAAM VANAF"


def _overeenkomst(d: Dossier) -> Iterator[tuple[str, str]]:
    for sector in sorted(d.needs_agreement - d.agreed):
        yield (
            f"voor de sector {sector} is geen geldige overeenkomst met een gemeente vastgelegd, en het doelbindingsregister vraagt die",
            f"seinhuis deelnemer overeenkomst {d.oin} GEMEENTECODE {sector} VANAF",
        )


def _schaduwproef(d: Dossier) -> Iterator[tuple[str, str]]:
    for mond in sorted(d.monden - d.proven):
        yield (
            f"nog geen schaduwaanlevering door de mond {mond} waarin minstens één signaal in orde was",
            f"lever in schaduw aan, en kijk daarna met seinhuis deelnemer ontbreekt {d.oin}",
        )
    if not d.monden and not d.proven_by_others:
        yield "nog geen schaduwaanlevering door een gemachtigde waarin minstens één signaal in orde was", "lever in schaduw aan"


_JUDGES: Mapping[Poort, Callable[[Dossier], Iterator[tuple[str, str]]]] = {
    Poort.AANSLUITING: _aansluiting,
    Poort.CERTIFICAAT: _certificaat,
    Poort.GEMACHTIGDE: _gemachtigde,
    Poort.MANDAAT: _mandaat,
    Poort.TOETS: _toets,
    Poort.VERWERKERSOVEREENKOMST: _paper("verwerkersovereenkomst", "verwerkersovereenkomst"),
    Poort.DPIA: _paper("dpia", "DPIA (met kenmerk en versie)"),
    Poort.LOKET: _loket,
    Poort.OVEREENKOMST: _overeenkomst,
    Poort.SCHADUWPROEF: _schaduwproef,
}
