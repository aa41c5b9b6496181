"""What the log can say of a schuldenoverzicht and its questions. Each change of state is one entry.

Authority: AVG art. 5 lid 2 and 30; Wgs art. 3 lid 1 onder a. Content and documents appear as commitments; amounts and reasons nowhere.
"""

from typing import Literal
from uuid import UUID

from gateway.privacylog.entry import Entry
from schemas.schuldenoverzicht import Overzichtstaat, Saldostaat
from schemas.types import Gemeentecode, Oin


class OverOverzicht(Entry, frozen=True, kw_only=True):
    """An event of one overview."""

    gemeente: Gemeentecode
    overzicht: UUID


class OverSaldoverzoek(OverOverzicht, frozen=True, kw_only=True):
    """An event of one question of an overview."""

    saldoverzoek: UUID


class SchuldenoverzichtGevraagd(OverOverzicht, frozen=True, kw_only=True, tag="schuldenoverzicht.gevraagd"):
    """A municipality asked; `machtiging` commits to the document that it rests on, when somebody else asked for it."""

    doel: str
    rij: str
    registerversie: str
    inhoud: str
    aantal: int
    machtiging: str | None = None


class SchuldenoverzichtBijgewerkt(OverOverzicht, frozen=True, kw_only=True, tag="schuldenoverzicht.bijgewerkt"):
    """The state of an overview changed, because of its questions."""

    resultaat: Overzichtstaat


class SchuldenoverzichtIngetrokken(OverOverzicht, frozen=True, kw_only=True, tag="schuldenoverzicht.ingetrokken"):
    """The municipality withdrew what it asked: what was sealed is destroyed, every creditor is told."""

    resultaat: Literal["toestemming_ingetrokken", "traject_beeindigd", "onterecht"]


class SchuldenoverzichtGelezen(OverOverzicht, frozen=True, kw_only=True, tag="schuldenoverzicht.gelezen"):
    """Answers went to the municipality: those of these questions."""

    doel: str
    rij: str
    registerversie: str
    vragen: tuple[UUID, ...]


class UittrekselVerstrekt(OverOverzicht, frozen=True, kw_only=True, tag="schuldenoverzicht.uittreksel"):
    """The municipality got the resident's extract: what was asked of and sent to so many creditors, and who looked at it."""

    aantal: int


class SchuldenoverzichtSamengesteld(OverOverzicht, frozen=True, kw_only=True, tag="schuldenoverzicht.samengesteld"):
    """The gateway opened the answers of these questions and made the overview, for this case (`dossier`: a commitment to its number)."""

    doel: str
    rij: str
    registerversie: str
    dossier: str
    vragen: tuple[UUID, ...]


class SaldoverzoekGesteld(OverSaldoverzoek, frozen=True, kw_only=True, tag="saldoverzoek.gesteld"):
    """A creditor was asked; `wijze` says whether with the BSN, for one that is registered to use it."""

    ontvanger: Oin
    wijze: Literal["zonder_bsn", "met_bsn"]


class SaldoverzoekGelezen(OverSaldoverzoek, frozen=True, kw_only=True, tag="saldoverzoek.gelezen"):
    """Person data of a question went to the creditor that it was asked."""

    doel: str
    rij: str
    registerversie: str


class SaldoverzoekHerinnerd(OverSaldoverzoek, frozen=True, kw_only=True, tag="saldoverzoek.herinnerd"):
    """A creditor was reminded, so many working days after it was asked."""

    werkdagen: int


class SaldoverzoekBeantwoord(OverSaldoverzoek, frozen=True, kw_only=True, tag="saldoverzoek.beantwoord"):
    """A creditor answered. The receipt commits to this entry's leaf."""

    resultaat: Saldostaat


class SaldoverzoekVerlopen(OverSaldoverzoek, frozen=True, kw_only=True, tag="saldoverzoek.verlopen"):
    """A creditor did not answer in the term; the question is destroyed, the municipality sees it."""


class SaldoverzoekIngetrokken(OverSaldoverzoek, frozen=True, kw_only=True, tag="saldoverzoek.ingetrokken"):
    """A question was withdrawn; the creditor that got it sees so, whatever it answered."""
