"""Balance requests and arrangements as files: what a creditor that works with files gets, and how it answers.

Authority: `docs/contract.md`, "Balance requests as files"; members are those of `schemas.schuldenoverzicht` and `schemas.regelingen`. A
file holds what is for one creditor and nothing of any other. `Antwoordrij` is what a mapping profile fills: one row, which is one claim or
the whole of an answer without claims; `docs/schuldenknooppunt.md` lays the columns of the Schuldenknooppunt beside it.
"""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from schemas.regelingen import Grondslag, Partijstaat, Regelingsinhoud, Regelingsoort, Voorstelsoort
from schemas.schuldenoverzicht import Overzichtgrond, SaldoContact, Saldostaat, Saldovraag, Schuldvordering
from schemas.types import Gemeentecode, Kort, Oin, Wire

Antwoordreden = Literal["klant_onbekend", "finale_kwijting", "recent_gestabiliseerd", "geen_samenwerking"]


class OpenSaldoverzoek(Wire, frozen=True, kw_only=True):
    """A question as `Saldoverzoek`, but opened: `vraag` can be read. Absent when it says nothing new, or stands in the CSV beside it."""

    id: UUID
    staat: Saldostaat
    gesteld_op: date
    gemeente: Gemeentecode
    grond: Overzichtgrond
    uiterlijk: date
    herinnerd_op: date | None = None
    ingetrokken_op: date | None = None
    vraag: Saldovraag | None = None


class Saldobestand(Wire, frozen=True, kw_only=True):
    """What is new for one creditor: questions, reminders (with the question once more) and withdrawals."""

    schuldeiser: Oin
    saldoverzoeken: list[OpenSaldoverzoek]


class OpenRegelingbericht(Wire, frozen=True, kw_only=True):
    """A message as `Regelingbericht`, but opened: `inhoud` can be read. Absent when it says nothing new."""

    id: UUID
    soort: Regelingsoort
    staat: Partijstaat
    bezorgd_op: date
    gemeente: Gemeentecode
    begin: date
    einde: date
    grondslag: Grondslag | None = None
    voorstel: Voorstelsoort | None = None
    herinnerd_op: date | None = None
    geeindigd_op: date | None = None
    ingetrokken_op: date | None = None
    inhoud: Regelingsinhoud | None = None


class Regelingbestand(Wire, frozen=True, kw_only=True):
    """What is new for one creditor: messages, reminders (with the message once more), ends and withdrawals."""

    schuldeiser: Oin
    berichten: list[OpenRegelingbericht]


class Antwoordbestand(Wire, frozen=True, kw_only=True):
    """Answers of one creditor. Each of `antwoorden` is an `Antwoordrecord`; one that is not harms no other."""

    namens: Oin | None = None
    antwoorden: Annotated[list[Any], Meta(min_length=1)]


class Antwoordrecord(Wire, frozen=True, kw_only=True):
    """The answer to one question or message; `antwoord` as `POST …/{id}/antwoord` of its kind takes it."""

    id: UUID
    antwoord: Any


class Antwoordrij(Wire, frozen=True, kw_only=True):
    """One row of a file of answers. Rows with the same `kenmerk` (the id of the question) stand together and are one answer.

    `klantOnbekend` or `reden` is a whole answer; else every row has a `vordering`, and the other members are equal in all of them.
    """

    kenmerk: UUID
    klant_onbekend: bool | None = None
    reden: Antwoordreden | None = None
    peildatum: date | None = None
    klantnummer: Kort | None = None
    contact: SaldoContact | None = None
    standaard_akkoord: bool | None = None
    vordering: Schuldvordering | None = None
