"""A conformance run from beginning to end: open the stage, let the partner do its work, judge what was seen, sign the result.

Flow: (1) look the partner up, (2) choose scenarios, (3) open stage and doors, (4) hand out the assignments, (5) watch until all scenarios
passed or the time is over, and a moment longer, (6) judge, (7) sign with the key of this installation. Authority: contract, states
(`getoetst`); decision 0038. The command line and the page both call `run`. Leaves taking the result in to `gateway.onboarding`.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from gateway.app.settings import Settings
from gateway.conformance import cards as decks
from gateway.conformance.cards import Kaart
from gateway.conformance.cast import GEMEENTEN, SCHULDEISERS
from gateway.conformance.creditor_play import Schuldeiserregie
from gateway.conformance.director import Regisseur
from gateway.conformance.file_play import Bestandsregie, open_mailbox
from gateway.conformance.filescenarios import SCHULDEISER_BESTAND
from gateway.conformance.municipality_play import Gemeenteregie
from gateway.conformance.observed import Waargenomen
from gateway.conformance.plants import Plannen
from gateway.conformance.recording import Cards
from gateway.conformance.scenario import Oordeel, Proef, judge
from gateway.conformance.scenarios import GEMEENTE_API, SCHULDEISER_API
from gateway.conformance.stage import Kandidaat, Stage, open_doors, open_stage, playing
from gateway.core import ids
from gateway.core.clock import Clock
from gateway.core.errors import Conflict, SeinhuisError
from gateway.onboarding.poorten import SOORTEN
from gateway.signals import deliveries
from schemas.ontvangst import VerslagRegel
from schemas.toets import SUITE, Mond, Toetssoort, Toetsuitslag

PROEVEN = (*SCHULDEISER_API, *SCHULDEISER_BESTAND, *GEMEENTE_API)
LOOK_SECONDS = 0.3
SETTLE_SECONDS = 1.5
"""How long is watched after all went well: what is sent too often comes after what was asked."""


class Opdracht(NamedTuple):
    """What is to be run. `soorten` empty: all that the partner's roles have. `duur` and `venster` are seconds: of the run, and of one
    scenario."""

    mond: Mond = "api"
    soorten: frozenset[Toetssoort] = frozenset()
    duur: float = 600.0
    venster: float = 60.0
    port: int = 0


class Begin(NamedTuple):
    """What the partner is told when the door is open. `hostsleutel` is that of the mailbox (OpenSSH form); the API has none."""

    port: int
    proeven: tuple[Proef, ...]
    kaarten: Mapping[str, Kaart]
    hostsleutel: str = ""


class Verslag(NamedTuple):
    """How a run ended; `uitslag` has no signature yet. `waargenomen` is what it was judged by."""

    oordelen: tuple[Oordeel, ...]
    uitslag: Toetsuitslag
    waargenomen: Waargenomen


def run(
    installation: Settings,
    partner: Kandidaat,
    opdracht: Opdracht,
    clock: Clock,
    *,
    ready: Callable[[Begin], None],
    watched: Callable[[Sequence[Oordeel]], bool] = lambda _: False,
) -> Verslag:
    """Run the suite against one partner; blocks until it is over. `ready` hears when the door is open, `watched` how it
    stands, again and again; it ends the run by saying so.

    Raises:
        Conflict: there is no scenario for this partner, mouth and kinds. Misconfigured, Unavailable: the stage did not open.
    """
    proeven = chosen(partner, opdracht)
    creditor, partner = proeven[0].rol == "schuldeiser", playing(partner, proeven[0].rol)
    with open_stage(installation, clock, partner, GEMEENTEN if creditor else SCHULDEISERS, opdracht.port) as stage:
        deck = decks.cards(partner.row, stage.today) if creditor else {}
        used = {name for proef in proeven for name in proef.kaarten}
        handed = {name: kaart for name, kaart in deck.items() if name in used}
        regie = _regie(stage, deck, opdracht, creditor)
        with _opened(stage, installation, opdracht.mond, deck, regie) as (port, key):
            ready(Begin(port, proeven, handed, key))
            seen = _watch(stage, regie, proeven, opdracht.duur, watched)
    oordelen = tuple(judge(proeven, seen))
    return Verslag(oordelen, result(partner.row.oin, opdracht.mond, oordelen, clock), seen)


def chosen(partner: Kandidaat, opdracht: Opdracht) -> tuple[Proef, ...]:
    """The scenarios of a run: of the kinds that are asked, else of those that the partner said it uses, else of all. A run has one part:
    of who is a municipality and a creditor the first that has any of these, and the other by its kinds. Raises Conflict: none."""
    beyond = frozenset[str]() if decks.may_signal(partner.row) else SOORTEN["signaalpartner"]
    fit = (p for p in PROEVEN if p.rol in partner.row.rollen and p.mond == opdracht.mond and p.soort not in beyond)
    uses = frozenset(use.partition("/")[2] for use in partner.gebruik if use.startswith(f"{opdracht.mond}/"))
    wanted: frozenset[str] = opdracht.soorten or uses
    fitting = [p for p in fit if not wanted or p.soort in wanted]
    part = next((rol for rol in ("gemeente", "schuldeiser") if any(p.rol == rol for p in fitting)), None)
    found = tuple(p for p in fitting if p.rol == part)
    missing = sorted(map(str, opdracht.soorten - {p.soort for p in found}))
    if missing or not found:
        raise Conflict("TOETS_ONBEKEND", f"Voor deze deelnemer en mond is er geen toets van: {', '.join(missing) or opdracht.mond}.")
    return found


def result(oin: str, mond: Mond, oordelen: Sequence[Oordeel], clock: Clock) -> Toetsuitslag:
    """The result, unsigned; it speaks for the kinds of which there were scenarios."""
    scenarios = [one.regel() for one in oordelen]
    return Toetsuitslag(
        id=ids.new(),
        deelnemer=oin,
        mond=mond,
        soorten=sorted({one.soort for one in scenarios}),
        suite=SUITE,
        scenarios=scenarios,
        geslaagd=all(one.gezien.goed for one in oordelen),
        getoetst_op=clock.now(),
    )


@contextmanager
def _opened(stage: Stage, installation: Settings, mond: Mond, deck: Mapping[str, Kaart], regie: Regisseur) -> Iterator[tuple[int, str]]:
    """The door of this mouth: its port, and the host key of a mailbox."""
    if mond == "bestand":
        with open_mailbox(stage, installation) as mailbox:
            yield mailbox
        return
    cards = Cards({kaart.place: kaart.naam for kaart in deck.values()}, lambda id: _report(stage, id))
    with open_doors(stage, installation, cards, Plannen(regie.plans)):
        yield stage.ports["mtls"], ""


def _regie(stage: Stage, deck: Mapping[str, Kaart], opdracht: Opdracht, creditor: bool) -> Regisseur:
    if opdracht.mond == "bestand":
        return Bestandsregie(stage, deck)
    return Schuldeiserregie(stage) if creditor else Gemeenteregie(stage, opdracht.venster)


def _watch(
    stage: Stage, regie: Regisseur, proeven: Sequence[Proef], duur: float, watched: Callable[[Sequence[Oordeel]], bool]
) -> Waargenomen:
    until, passed = stage.seconds() + duur, float("inf")
    while True:
        regie.stap()
        seen = _observed(stage, regie)
        now, oordelen = stage.seconds(), judge(proeven, seen)
        passed = min(passed, now) if all(one.gezien.goed for one in oordelen) else float("inf")
        if watched(oordelen) or now > until or now - passed > SETTLE_SECONDS:
            return seen
        time.sleep(LOOK_SECONDS)


def _observed(stage: Stage, regie: Regisseur) -> Waargenomen:
    seen = tuple(stage.door.seen) if stage.door else ()
    return Waargenomen(seen, regie.berichten(), regie.bestanden(), regie.uitkomsten())


def _report(stage: Stage, id: Any) -> Sequence[VerslagRegel]:  # noqa: ANN401 - text of an answer of ours
    try:
        return deliveries.report(stage.kandidaat.row.oin, id, stage.house.steps).regels
    except SeinhuisError:
        return ()
