"""The register of processing activities as the officer's door and the command line give it.

Authority: AVG art. 30 lid 1 and 2. Leaves filling it to `gateway.policy.art30`.
"""

from datetime import date

from schemas.types import Wire


class Doelrij(Wire, frozen=True, kw_only=True):
    """One row: from whom to whom, under which article, with which fields (JSON pointers); `tot` absent: still holds.

    `afzender` is empty where nothing travels and the receiver may look.
    """

    id: str
    artikel: str
    van: date
    tot: date | None = None
    afzender: str
    ontvanger: str
    sectoren: tuple[str, ...]
    berichtsoorten: tuple[str, ...]
    velden: tuple[str, ...]
    onopgehaald_werkdagen: int | None = None
    na_ontvangst_werkdagen: int | None = None


class Verwerkingsactiviteit(Wire, frozen=True, kw_only=True):
    """One processing activity with the columns of art. 30 and the operations that carry it out."""

    stroom: str
    uri: str
    doel: str
    grondslag: str
    omschrijving: str
    verantwoordelijken: tuple[str, ...]
    verwerker: str
    betrokkenen: tuple[str, ...]
    gegevens: tuple[str, ...]
    ontvangers: tuple[str, ...]
    bewaring: str
    doorgifte: str
    beveiliging: str
    bewerkingen: tuple[str, ...]
    rijen: tuple[Doelrij, ...]


class Verwerkingsregister(Wire, frozen=True, kw_only=True):
    """The whole register, with its version (SHA-256)."""

    registerversie: str
    verwerkingen: tuple[Verwerkingsactiviteit, ...]
