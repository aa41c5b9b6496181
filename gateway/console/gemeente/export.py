"""A basket as a file, and letters: messages are taken under a purpose and leave in one go, each with its entry in the log.

In a file no cell can be a formula (`adapters.formats`). With an own key the gateway opens nothing, and says so before anything is taken.
Authority: F37; contract, "who can read what"; ASVS 1.2.10. Leaves merge files to `gateway.letters`.
"""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from adapters.formats import writing, xlsxwriting
from gateway.cases import casework, finding
from gateway.console import forms
from gateway.console.forms import Fields
from gateway.console.gemeente import inbox
from gateway.console.opened import Opened
from gateway.console.pages import Context, Desks, File, Go, Visit
from gateway.core.errors import Conflict
from gateway.inboxes import claiming, holding, openings
from gateway.letters import merging
from schemas.brieven import BrievenAanvraag, Kanaal
from schemas.inbox import Bericht, ClaimAanvraag
from schemas.letters import as_csv
from schemas.types import Kenmerk, Wire
from schemas.zaken import ZaakAanvraag

MOST = 500
CLAIMS = "/gemeente/claims"
COLUMNS = (
    "bericht", "volgnummer", "schuldeiser", "sector", "soort", "signaaldatum", "achterstand", "indeling", "naam", "geboortedatum",
    "postcode", "huisnummer", "huisletter", "toevoeging", "woonplaats", "telefoonnummers", "emailadressen", "klantnummer",
)  # fmt: skip
OWN_KEY = "Uw gemeente heeft een eigen sleutel: de console kan geen namen en adressen in een bestand zetten. Gebruik het clientpakket."


class Uitvoervraag(Wire, frozen=True, kw_only=True):
    """The form of a file."""

    doel: str
    maximum: int
    vorm: Literal["xlsx", "csv"]
    werkbak: str | None = None


class Brievenvraag(Wire, frozen=True, kw_only=True):
    """The form of a merge file."""

    kanaal: Kanaal
    kenmerk: Kenmerk


class Zakenvraag(Wire, frozen=True, kw_only=True):
    """How the cases of a claim are numbered: this, a dash and the number of the message."""

    voorvoegsel: Kenmerk


def choose(desks: Desks, visit: Visit) -> Context:
    """The form."""
    return {**inbox.choose(desks, visit), "meest": MOST}


def read_export(fields: Fields) -> Uitvoervraag:
    """For which purpose, which basket, how many, in which form."""
    asked = forms.wire(
        {**forms.filled(fields, "doel", "werkbak", "vorm"), "maximum": forms.whole(fields.get("maximum", ""))}, Uitvoervraag
    )
    inbox.require_between("maximum", asked.maximum, MOST)
    return asked


def export(desks: Desks, visit: Visit) -> Context | File:
    """Take the oldest of a basket and give them as a file; nothing waits: say so."""
    asked: Uitvoervraag = visit.form
    _require_managed(desks, visit)
    values = {"doel": asked.doel, "maximum": asked.maximum, "leaseSeconden": inbox.LEASE, "wijze": "bemand"}
    request = forms.wire({**values, **({"werkbak": asked.werkbak} if asked.werkbak else {})}, ClaimAanvraag)
    openings.require_room(visit.caller, visit.gemeente, asked.maximum, desks.gemeente.inbox)
    claim = claiming.claim(*visit.called, request, desks.gemeente.inbox)
    if not claim.berichten:
        return {**choose(desks, visit), "leeg": True}
    rows = [COLUMNS, *(_row(*one) for one in inbox.clear(desks, visit, claim.berichten))]
    name = f"berichten-{visit.day.isoformat()}.{asked.vorm}"
    if asked.vorm == "xlsx":
        return File(name, xlsxwriting.MEDIA, xlsxwriting.workbook(rows))
    return File(name, "text/csv; charset=utf-8", b"\xef\xbb\xbf" + "".join(writing.lines(rows, ";")).encode())


def held(desks: Desks, visit: Visit) -> Context:
    """What a claim holds, and which of it has a case; without person data."""
    doel, berichten = holding.claimed(visit.gemeente, visit.key, desks.gemeente.inbox)
    zaken = finding.of_messages(visit.gemeente, [b.id for b in berichten], desks.gemeente.cases)
    return {"claim": visit.key, "doel": doel, "berichten": berichten, "zaken": zaken,
            "eigen": desks.gemeente.own_key(visit.gemeente)}  # fmt: skip


def read_cases(fields: Fields) -> Zakenvraag:
    """How to number them."""
    return forms.wire(forms.filled(fields, "voorvoegsel"), Zakenvraag)


def open_cases(desks: Desks, visit: Visit) -> Go:
    """A case for each message of a claim that has none; one that fails leaves those before it."""
    _, berichten = holding.claimed(visit.gemeente, visit.key, desks.gemeente.inbox)
    known = finding.of_messages(visit.gemeente, [b.id for b in berichten], desks.gemeente.cases)
    for bericht in berichten:
        if bericht.id not in known:
            number = f"{visit.form.voorvoegsel}-{bericht.volgnummer}"
            request = forms.wire({"zaaknummer": number, "berichten": [str(bericht.id)]}, ZaakAanvraag)
            casework.open_case(*visit.called, request, desks.gemeente.cases)
    return Go(f"{CLAIMS}/{visit.key}", "zaken")


def read_letters(fields: Fields) -> Brievenvraag:
    """By which channel, and the kenmerk of the attempts."""
    return forms.wire(forms.filled(fields, "kanaal", "kenmerk"), Brievenvraag)


def letters(desks: Desks, visit: Visit) -> File:
    """The merge file of a claim; the attempts are written with it."""
    request = BrievenAanvraag(claim=visit.key, kanaal=visit.form.kanaal, kenmerk=visit.form.kenmerk)
    found = merging.make(*visit.called, request, desks.gemeente.letters)
    return File(f"{visit.form.kanaal}-{visit.day.isoformat()}.csv", "text/csv; charset=utf-8", as_csv(found))


def _require_managed(desks: Desks, visit: Visit) -> None:
    if desks.gemeente.own_key(visit.gemeente):
        raise Conflict("EIGEN_SLEUTEL", OWN_KEY)


def _row(bericht: Bericht, open: Opened) -> Sequence[object]:
    return (*_signal(bericht.id, bericht), *_whom(open), open.klant.klantnummer if open.klant else None)


def _signal(id: UUID, bericht: Bericht) -> Sequence[object]:
    amount = f"{bericht.bedrag_cent // 100},{bericht.bedrag_cent % 100:02}"
    return (id, bericht.volgnummer, bericht.schuldeiser.handelsnaam, bericht.sector, bericht.soort, bericht.signaaldatum, amount,
            bericht.indeling)  # fmt: skip


def _whom(open: Opened) -> Sequence[object]:
    if open.identiteit is None:
        return (None,) * 9
    people, at, contact = open.identiteit.personen, open.identiteit.adres, open.contact
    names = " en ".join(" ".join(part for part in (p.voorletters, p.voorvoegsel, p.achternaam) if part) for p in people)
    born = ", ".join(p.geboortedatum.isoformat() for p in people if p.geboortedatum)
    phones, mails = (contact.telefoonnummers or [], contact.emailadressen or []) if contact else ([], [])
    return (names, born, at.postcode, at.huisnummer, at.huisletter, at.toevoeging, at.woonplaats,
            ", ".join(one.replace("+", "00", 1) for one in phones), ", ".join(mails))  # fmt: skip
