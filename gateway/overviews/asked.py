"""What a municipality may ask, of whom, and by which document: the rules on a request, and what each creditor gets of it.

Authority: Wgs art. 3 lid 1 onder a and art. 8 lid 1 (SO-01, SO-02), AVG art. 5 lid 1 onder c (SO-03: named creditors, no broadcast, however
a case is split), Wgs art. 8c and UAVG art. 46 (SO-04: the BSN only to who may use it), Vewin addendum (SO-10: earlier addresses and meter
readings). Pure: facts in, findings out. What hangs on the register or the day is a conflict, but for what the law forbids. Leaves sealing
to `envelopes`.
"""

import base64
import binascii
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import NamedTuple

from stdnum.nl import bsn as eleven

from gateway.core.chain import Sender
from gateway.core.errors import Conflict, Invalid
from gateway.core.workdays import add_workdays
from gateway.overviews.desk import bsn_like, error
from gateway.partners.register import Register
from gateway.rules import numbers
from schemas.ontvangst import Bevinding
from schemas.schuldenoverzicht import (
    GevraagdeSchuldeiser,
    Machtiging,
    Machtigingsbewijs,
    Machtigingsoort,
    OverzichtPersoon,
    Overzichtsaanvraag,
    Saldovraag,
)
from schemas.signaal import Adres
from schemas.types import Oin

TERM = 10
LONGEST = timedelta(days=60)
MOST_NAMED = 20
MAX_DOCUMENT = 1024 * 1024
WATER = "drinkwater"
COUNSELLORS = frozenset({"schuldhulpverlener", "kredietverstrekker"})


class Asking(NamedTuple):
    """Who asks what on a day, and the register as it is then."""

    caller: Sender
    request: Overzichtsaanvraag
    register: Register
    day: date


def deadline(asking: Asking) -> date:
    """The last day on which an answer counts. Raises Conflict: not after today, or too far off."""
    asked = asking.request.uiterlijk
    if asked is None:
        return add_workdays(asking.day, TERM)
    if not asking.day < asked <= asking.day + LONGEST:
        melding = f"De laatste dag ligt na vandaag en hoogstens {LONGEST.days} dagen verder."
        raise Conflict("TERMIJN_ONGELDIG", melding, errors=[error("TERMIJN_ONGELDIG", melding, "/uiterlijk")])
    return asked


def check(asking: Asking) -> None:
    """Everything that must hold. Raises Conflict (whom), Invalid (what) with every finding."""
    _require_named(asking)
    findings = [
        *_machtiging(asking), *_persons(asking), *_bsn(asking), *_addresses(asking), *_meters(asking), *_numbers(asking),
    ]  # fmt: skip
    if findings:
        raise Invalid(findings[0].code, findings[0].melding, errors=findings)


def required_document(caller: Sender, register: Register, day: date) -> Machtigingsoort | None:
    """The document that this asker needs: none for the municipality, and who carries out its task under mandate."""
    party = register.partner(caller.party)
    if caller.party == caller.principal or party is None or caller.principal in register.principals(caller.party, "uitvoerder", day):
        return None
    if "bewindvoerder" in party.rollen:
        return "beschikking"
    return "toestemmingsverklaring" if party.rollen & COUNSELLORS else None


def only_of(caller: Sender, register: Register, day: date) -> Oin | None:
    """Whose requests this caller sees: its own alone when each rests on a document of its client, else (None) all of the municipality."""
    return caller.party if required_document(caller, register, day) else None


def document(machtiging: Machtiging) -> bytes | None:
    """The document itself; None when it is no base64 or too large."""
    try:
        found = base64.b64decode(machtiging.document, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if 0 < len(found) <= MAX_DOCUMENT else None


def proof(machtiging: Machtiging, content: bytes) -> Machtigingsbewijs:
    """What a creditor sees of the document."""
    digest = base64.urlsafe_b64encode(sha256(content).digest()).rstrip(b"=").decode()
    return Machtigingsbewijs(soort=machtiging.soort, datum=machtiging.datum, hash=digest)


def registered(asking: Asking) -> list[numbers.Field]:
    """What stands in number fields of a registered format."""
    return [field for field, free in _fields(asking) if free]


def question(asking: Asking, named: GevraagdeSchuldeiser, shown: Machtigingsbewijs | None) -> Saldovraag:
    """What one creditor gets, of a request that `check` let through: its own numbers, and no other creditor's."""
    client = asking.request.client
    earlier = [place for place in client.eerdere_adressen or () if _reaches(asking, named, place)]
    return Saldovraag(
        personen=client.personen,
        adres=client.adres,
        eerdere_adressen=earlier or None,
        bsn=client.bsn if named.met_bsn else None,
        klantnummer=named.klantnummer,
        factuurnummers=named.factuurnummers,
        meterstanden=named.meterstanden,
        machtiging=shown,
    )


def require_few(request: Overzichtsaanvraag, before: frozenset[Oin] = frozenset()) -> None:
    """Raises Conflict: with those that were asked `before` under the same zaaknummer these are more creditors than one person may ask."""
    if len(before.union(one.oin for one in request.schuldeisers)) > MOST_NAMED:
        melding = f"Meer dan {MOST_NAMED} schuldeisers in één zaak vragen kan alleen met een tweede persoon; die weg is er nog niet."
        raise Conflict("TWEEDE_PERSOON_NODIG", melding, errors=[error("TWEEDE_PERSOON_NODIG", melding, "/schuldeisers")])


def _require_named(asking: Asking) -> None:
    named = [one.oin for one in asking.request.schuldeisers]
    require_few(asking.request)
    unknown = [nr for nr, oin in enumerate(named) if not _takes_part(asking.register, oin)]
    if unknown:
        melding = "Deze schuldeiser neemt niet deel."
        errors = [error("SCHULDEISER_ONBEKEND", melding, f"/schuldeisers/{nr}/oin") for nr in unknown]
        raise Conflict("SCHULDEISER_ONBEKEND", "Niet elke schuldeiser neemt deel; zie errors.", errors=errors)
    double = [nr for nr, oin in enumerate(named) if oin in named[:nr]]
    if double:
        melding = "Deze schuldeiser staat er twee keer."
        errors = [error("SCHULDEISER_DUBBEL", melding, f"/schuldeisers/{nr}/oin") for nr in double]
        raise Conflict("SCHULDEISER_DUBBEL", "Vraag elke schuldeiser één keer; zie errors.", errors=errors)


def _takes_part(register: Register, oin: str) -> bool:
    found = register.partner(oin)
    return found is not None and found.actief and "schuldeiser" in found.rollen


def _machtiging(asking: Asking) -> Iterator[Bevinding]:
    given, needed = asking.request.machtiging, required_document(asking.caller, asking.register, asking.day)
    if needed is not None and (given is None or given.soort != needed):
        yield error("MACHTIGING_ONTBREEKT", f"In uw rol vraagt u met een document van soort {needed}.", "/machtiging", "SO-02")
    if given is not None and given.datum > asking.day:
        yield error("DATUM_IN_TOEKOMST", "Deze datum ligt na vandaag.", "/machtiging/datum")
    if given is not None and document(given) is None:
        yield error("DOCUMENT_ONGELDIG", "Het document is geen base64, of groter dan 1 MiB.", "/machtiging/document")


def _persons(asking: Asking) -> Iterator[Bevinding]:
    persons = asking.request.client.personen
    if [person.rol for person in persons] not in (["client"], ["client", "partner"]):
        yield error("ROL_ONGELDIG", "Noem eerst de cliënt, en daarna hoogstens één partner.", "/client/personen")
    for nr, person in enumerate(persons):
        if person.geboortedatum >= asking.day:
            yield error("GEBOORTEDATUM_IN_TOEKOMST", "De geboortedatum ligt niet voor vandaag.", f"/client/personen/{nr}/geboortedatum")


def _bsn(asking: Asking) -> Iterator[Bevinding]:
    given, named = asking.request.client.bsn, asking.request.schuldeisers
    for nr, one in enumerate(named):
        if one.met_bsn and not asking.register.may_use_bsn(one.oin, asking.day):
            melding = "Deze schuldeiser is niet geregistreerd om het BSN te gebruiken."
            yield error(numbers.CODE, melding, f"/schuldeisers/{nr}/metBsn", "SO-04")
        elif one.met_bsn and given is None:
            yield error("VELD_VERPLICHT", "De variant met BSN vraagt om een BSN.", "/client/bsn")
    if given is not None and not any(one.met_bsn for one in named):
        yield error(numbers.CODE, "Een BSN gaat alleen mee naar een schuldeiser met metBsn.", "/client/bsn", "SO-04")
    elif given is not None and not eleven.is_valid(given):
        yield error("BSN_ONGELDIG", "Dit is geen geldig BSN.", "/client/bsn")


def _addresses(asking: Asking) -> Iterator[Bevinding]:
    for nr, place in enumerate(asking.request.client.eerdere_adressen or ()):
        if not any(_reaches(asking, one, place) for one in asking.request.schuldeisers):
            melding = "Een eerder adres mag alleen mee naar een waterbedrijf dat daar levert; geen genoemde schuldeiser is dat."
            yield error("EERDER_ADRES_NIET_TOEGESTAAN", melding, f"/client/eerdereAdressen/{nr}", "SO-10")


def _reaches(asking: Asking, named: GevraagdeSchuldeiser, place: Adres) -> bool:
    return _is_water(asking, named) and asking.register.supplies(named.oin, place.postcode, asking.day)


def _is_water(asking: Asking, named: GevraagdeSchuldeiser) -> bool:
    party = asking.register.partner(named.oin)
    return party is not None and WATER in party.sectoren


def _meters(asking: Asking) -> Iterator[Bevinding]:
    for nr, one in enumerate(asking.request.schuldeisers):
        if one.meterstanden and not _is_water(asking, one):
            melding = "Meterstanden gaan alleen mee naar een waterbedrijf."
            yield error("METERSTAND_NIET_TOEGESTAAN", melding, f"/schuldeisers/{nr}/meterstanden", "SO-10")


def _numbers(asking: Asking) -> Iterator[Bevinding]:
    """Nine-digit numbers that pass the eleven-test, wherever they are not of a registered format."""
    request = asking.request
    for nr, person in enumerate(request.client.personen):
        yield from (bsn_like(f"/client/personen/{nr}/{field}") for field, text in _names(person) if numbers.named(text))
    places = {"/client/adres": request.client.adres}
    places |= {f"/client/eerdereAdressen/{nr}": place for nr, place in enumerate(request.client.eerdere_adressen or ())}
    for pointer, place in places.items():
        yield from (bsn_like(f"{pointer}/{field}") for field, text in _lines(place) if numbers.passes(text))
    yield from (bsn_like(pointer) for (_, pointer, text), free in _fields(asking) if not free and numbers.passes(text))


def _names(person: OverzichtPersoon) -> list[tuple[str, str]]:
    return [("voorletters", person.voorletters), ("voorvoegsel", person.voorvoegsel or ""), ("achternaam", person.achternaam)]


def _lines(place: Adres) -> list[tuple[str, str]]:
    addition = place.toevoeging or ""
    return [("toevoeging", f"{addition}x{place.huisnummer}{addition}"), ("woonplaats", place.woonplaats)]


def _fields(asking: Asking) -> Iterator[tuple[numbers.Field, bool]]:
    """Every number field, and whether its format is registered: by the asker for its own, by the creditor for the rest."""
    request, own = asking.request, asking.register.number_formats(asking.caller.principal)
    yield ("kenmerk", "/kenmerk", request.kenmerk), "kenmerk" in own
    yield ("zaaknummer", "/zaaknummer", request.zaaknummer), "zaaknummer" in own
    for nr, one in enumerate(request.schuldeisers):
        theirs, at = asking.register.number_formats(one.oin), f"/schuldeisers/{nr}"
        yield ("klantnummer", f"{at}/klantnummer", one.klantnummer or ""), "klantnummer" in theirs
        for at_nr, text in enumerate(one.factuurnummers or ()):
            yield ("factuurnummer", f"{at}/factuurnummers/{at_nr}", text), "factuurnummer" in theirs
