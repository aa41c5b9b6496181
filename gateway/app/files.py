"""The flow of files, wired: spool, readers of every format, and the workers of this process.

Authority: architecture, "the composition root". Leaves what a worker does to `gateway.files`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from adapters.formats import antwoordjson, canonical, profile, reading
from adapters.formats.mapping import Mapping
from gateway.app.settings import Settings
from gateway.core.chain import Outcome
from gateway.files.flow import Files
from gateway.files.reading import FirstBytes, Leeswijze, Readers
from gateway.files.spool import Spool
from gateway.keys.keystore import KeyStore
from gateway.keys.signing import ReceiptSigner
from gateway.overviews.desk import OverviewDesk
from gateway.signals.receive import Steps
from gateway.store.database import Database
from schemas.bestand import Onleesbaar

LOOK_SECONDS = 0.5
SWEEP_SECONDS = 3_600.0
TELL_SECONDS = 600.0
OUTLET_SECONDS = 15.0


def spool_path(settings: Settings) -> Path:
    """Where partners' files stand."""
    return settings.spool or settings.state / "spool"


def open_spool(settings: Settings, keys: KeyStore) -> Spool:
    """The spool of this installation."""
    return Spool(spool_path(settings), keys)


def wired(
    settings: Settings,
    steps: Steps,
    tasks: Database,
    signer: ReceiptSigner,
    number: Callable[[], object],
    tally: Callable[[Sequence[Outcome]], None],
    overviews: OverviewDesk,
) -> Files:
    """What the workers work with."""
    return Files(
        steps=steps,
        tasks=tasks,
        spool=open_spool(settings, steps.keys),
        signer=signer,
        choose=Readers(steps.register, canonical.read, profiled, antwoordjson.read).choose,
        scanner=FirstBytes(),
        number=number,
        tally=tally,
        overviews=overviews,
    )


def profiled(inhoud: str, naam: str) -> Leeswijze:
    """The reader of a mapping profile. Raises Onleesbaar."""
    try:
        found = profile.load(inhoud.encode())
    except profile.Ongeldig:
        raise Onleesbaar("PROFIEL_ONGELDIG", "Het profiel voor dit bestand is niet te gebruiken; meld het de beheerder.", "naam") from None
    return Leeswijze(reading.lezer(Mapping(found), naam), archief=found.formaat == "xlsx")
