"""What the log can say of arrangements (pause, proposal, cooling-off period) and their messages. Each change of state is one entry.

Authority: AVG art. 5 lid 2 and 30; Wgs art. 3 lid 1 onder a and art. 5; Fw art. 287a. Content appears as commitments; amounts, reasons
and the court's reference nowhere.
"""

from typing import Literal
from uuid import UUID

from gateway.privacylog.entry import Entry
from schemas.regelingen import Grondslag, Partijstaat, Regelingsoort, Regelingstaat
from schemas.types import Gemeentecode, Oin


class OverRegeling(Entry, frozen=True, kw_only=True):
    """An event of one arrangement."""

    gemeente: Gemeentecode
    soort: Regelingsoort
    regeling: UUID


class OverRegelingbericht(OverRegeling, frozen=True, kw_only=True):
    """An event of the message to one creditor."""

    regelingbericht: UUID


class RegelingVerstuurd(OverRegeling, frozen=True, kw_only=True, tag="regeling.verstuurd"):
    """A municipality sent it to so many creditors; `machtiging` commits to the document that it rests on, if any."""

    doel: str
    rij: str
    registerversie: str
    inhoud: str
    aantal: int
    machtiging: str | None = None


class RegelingBijgewerkt(OverRegeling, frozen=True, kw_only=True, tag="regeling.bijgewerkt"):
    """It ended on its day, or was withdrawn."""

    resultaat: Regelingstaat


class RegelingIngetrokken(OverRegeling, frozen=True, kw_only=True, tag="regeling.ingetrokken"):
    """The municipality withdrew it: answers are destroyed, every creditor that got it is told."""

    resultaat: Literal["toestemming_ingetrokken", "traject_beeindigd", "onterecht"]


class RegelingGelezen(OverRegeling, frozen=True, kw_only=True, tag="regeling.gelezen"):
    """Answers went to the municipality: those to these messages."""

    doel: str
    rij: str
    registerversie: str
    vragen: tuple[UUID, ...]


class RegelingberichtBezorgd(OverRegelingbericht, frozen=True, kw_only=True, tag="regelingbericht.bezorgd"):
    """It is at the door of a creditor that can come there; on which ground, and under which registered agreement."""

    ontvanger: Oin
    grondslag: Grondslag | None = None
    afspraak: str | None = None


class RegelingberichtKlaargezet(OverRegelingbericht, frozen=True, kw_only=True, tag="regelingbericht.klaargezet"):
    """Person data of a message was put into a file in the creditor's mailbox; on which ground, and under which registered agreement."""

    doel: str
    rij: str
    registerversie: str
    grondslag: Grondslag | None = None
    afspraak: str | None = None


class RegelingberichtGelezen(OverRegelingbericht, frozen=True, kw_only=True, tag="regelingbericht.gelezen"):
    """Person data of a message went to its creditor: opened at the door, or the file with it was collected."""

    doel: str
    rij: str
    registerversie: str


class RegelingberichtHerinnerd(OverRegelingbericht, frozen=True, kw_only=True, tag="regelingbericht.herinnerd"):
    """A creditor was reminded, so many working days after delivery."""

    werkdagen: int


class RegelingberichtBeantwoord(OverRegelingbericht, frozen=True, kw_only=True, tag="regelingbericht.beantwoord"):
    """A creditor answered, or had agreed beforehand (`afspraak`). A receipt commits to this entry's leaf."""

    resultaat: Partijstaat
    afspraak: str | None = None


class RegelingberichtGeeindigd(OverRegelingbericht, frozen=True, kw_only=True, tag="regelingbericht.geeindigd"):
    """The last day is past and the creditor sees so; `resultaat` is where it stands with this creditor now."""

    resultaat: Partijstaat


class RegelingberichtIngetrokken(OverRegelingbericht, frozen=True, kw_only=True, tag="regelingbericht.ingetrokken"):
    """It was withdrawn and the creditor that got it sees so; `resultaat` is where it stands with this creditor now."""

    resultaat: Partijstaat
