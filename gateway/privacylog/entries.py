"""The declared events together: one per kind of processing, each with its own closed list of fields.

Authority: AVG art. 5 lid 2 and 30, `docs/crypto.md`, log. Persons and content appear only as commitments, and an event has no free
field, so the log cannot carry anything else. Leaves the form of an entry to `entry`, storage to `append`, order to the sequencer.
"""

import msgspec

from gateway.privacylog.afterwards import (
    BerichtDoorgezonden,
    BerichtGedeeld,
    BrievenGemaakt,
    ContactgegevensGelezen,
    ContactgegevensVastgelegd,
    ContactpogingVastgelegd,
    MijlpaalVastgelegd,
    OpvolgingBeeindigd,
    OpvolgingGeclaimd,
    StatistiekAanvaard,
    StatistiekGeleverd,
    TerugkoppelingOnthouden,
    TerugkoppelingVastgelegd,
    ZaakAfgesloten,
    ZaakGeopend,
)
from gateway.privacylog.arrangements import (
    RegelingberichtBeantwoord,
    RegelingberichtBezorgd,
    RegelingberichtGeeindigd,
    RegelingberichtGelezen,
    RegelingberichtHerinnerd,
    RegelingberichtIngetrokken,
    RegelingberichtKlaargezet,
    RegelingBijgewerkt,
    RegelingGelezen,
    RegelingIngetrokken,
    RegelingVerstuurd,
)
from gateway.privacylog.beheer import ToelatingBesloten, ToelatingGevraagd
from gateway.privacylog.console import ConsoleAangemeld, ConsoleAfgemeld, ConsoleBeeindigd
from gateway.privacylog.destroying import (
    BewaartermijnToegepast,
    HoofdsleutelVervangen,
    PseudoniemversieGewijzigd,
    SleutelVernietigd,
)
from gateway.privacylog.messages import (
    AanleveringGevalideerd,
    BerichtAfgewezen,
    BerichtBevestigd,
    BerichtGeclaimd,
    BerichtGelezen,
    BerichtIntrekkingGemeld,
    BerichtUitgelaten,
    BerichtVerlopen,
    BestandAangeboden,
    BestandGeweigerd,
    BestandOntvangen,
    BestandVerwerkt,
    ClaimVerlengd,
    ClaimVrijgegeven,
    OnopgehaaldGemeld,
    SchaduwBeproefd,
    SignaalBezorgd,
    SignaalEerderOntvangen,
    SignaalGeweigerd,
    SignaalIngetrokken,
    SignaalInQuarantaine,
    StandVerwerkt,
    VerzoekGeweigerd,
)
from gateway.privacylog.oversight import (
    DagbeeldGelezen,
    EigenAdresVastgelegd,
    InzageBevestigd,
    InzageVerstrekt,
    InzageVerzocht,
    LekOnderzocht,
    LogGezocht,
    LogregelGelezen,
    NaamOntzegeld,
    OntzegelingBesloten,
    OntzegelingGevraagd,
    ToegangBeoordeeld,
    WachtrijGelezen,
)
from gateway.privacylog.overviews import (
    SaldoverzoekBeantwoord,
    SaldoverzoekGelezen,
    SaldoverzoekGesteld,
    SaldoverzoekHerinnerd,
    SaldoverzoekIngetrokken,
    SaldoverzoekVerlopen,
    SchuldenoverzichtBijgewerkt,
    SchuldenoverzichtGelezen,
    SchuldenoverzichtGevraagd,
    SchuldenoverzichtIngetrokken,
    SchuldenoverzichtSamengesteld,
    UittrekselVerstrekt,
)
from gateway.privacylog.settings import (
    BezwaarBeeindigd,
    BezwaarVastgelegd,
    DeelnemerOvergegaan,
    HistorieGeladen,
    InstellingGewijzigd,
    LogtermijnGewijzigd,
    LogVernietigd,
    NummerveldAangehouden,
    NummerveldVrijgegeven,
    RegisterGewijzigd,
    RitmeGewijzigd,
    StatistiekIngesteld,
    TekstenGewijzigd,
    TerugkoppelkeuzeGewijzigd,
)

Event = (
    SignaalBezorgd
    | SignaalGeweigerd
    | SignaalInQuarantaine
    | SignaalEerderOntvangen
    | SignaalIngetrokken
    | StandVerwerkt
    | BestandAangeboden
    | BestandOntvangen
    | BestandVerwerkt
    | BestandGeweigerd
    | AanleveringGevalideerd
    | SchaduwBeproefd
    | BerichtGeclaimd
    | BerichtGelezen
    | BerichtUitgelaten
    | BerichtIntrekkingGemeld
    | BerichtBevestigd
    | BerichtAfgewezen
    | ClaimVerlengd
    | ClaimVrijgegeven
    | DeelnemerOvergegaan
    | RitmeGewijzigd
    | HistorieGeladen
    | BezwaarVastgelegd
    | BezwaarBeeindigd
    | ZaakGeopend
    | ContactpogingVastgelegd
    | ZaakAfgesloten
    | ContactgegevensVastgelegd
    | ContactgegevensGelezen
    | TerugkoppelingVastgelegd
    | TerugkoppelingOnthouden
    | TerugkoppelkeuzeGewijzigd
    | OpvolgingGeclaimd
    | OpvolgingBeeindigd
    | BerichtGedeeld
    | MijlpaalVastgelegd
    | BerichtVerlopen
    | OnopgehaaldGemeld
    | InstellingGewijzigd
    | BerichtDoorgezonden
    | BrievenGemaakt
    | TekstenGewijzigd
    | StatistiekGeleverd
    | StatistiekAanvaard
    | StatistiekIngesteld
    | SchuldenoverzichtGevraagd
    | SchuldenoverzichtBijgewerkt
    | SchuldenoverzichtIngetrokken
    | SchuldenoverzichtGelezen
    | SchuldenoverzichtSamengesteld
    | UittrekselVerstrekt
    | SaldoverzoekGesteld
    | SaldoverzoekGelezen
    | SaldoverzoekHerinnerd
    | SaldoverzoekBeantwoord
    | SaldoverzoekVerlopen
    | SaldoverzoekIngetrokken
    | RegelingVerstuurd
    | RegelingIngetrokken
    | RegelingGelezen
    | RegelingBijgewerkt
    | RegelingberichtIngetrokken
    | RegelingberichtHerinnerd
    | RegelingberichtGelezen
    | RegelingberichtKlaargezet
    | RegelingberichtGeeindigd
    | RegelingberichtBezorgd
    | RegelingberichtBeantwoord
    | NummerveldAangehouden
    | NummerveldVrijgegeven
    | BewaartermijnToegepast
    | SleutelVernietigd
    | HoofdsleutelVervangen
    | PseudoniemversieGewijzigd
    | InzageBevestigd
    | InzageVerstrekt
    | InzageVerzocht
    | LekOnderzocht
    | LogGezocht
    | LogregelGelezen
    | NaamOntzegeld
    | ToelatingGevraagd
    | ToelatingBesloten
    | EigenAdresVastgelegd
    | OntzegelingBesloten
    | OntzegelingGevraagd
    | ToegangBeoordeeld
    | WachtrijGelezen
    | DagbeeldGelezen
    | ConsoleAangemeld
    | ConsoleAfgemeld
    | ConsoleBeeindigd
    | VerzoekGeweigerd
    | RegisterGewijzigd
    | LogVernietigd
    | LogtermijnGewijzigd
)
_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def decode(body: bytes) -> Event:
    """The event of stored bytes. Raises msgspec.ValidationError when it is none of the declared ones."""
    return _DECODER.decode(body)
