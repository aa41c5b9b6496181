"""What somebody at the counter changes by himself: what a participant uses and shows, its certificates, and most steps of the life cycle.

What widens rights further (letting in, mandates, agreements, making active, another profile of who is live) goes through `requests`. Every
gate is judged in the transaction of the step. Authority: decisions 0036 and 0040; Digikoppeling PKI001-004 for certificates.
"""

from datetime import date

import psycopg

from adapters.formats import profile
from gateway.core.errors import Conflict, Forbidden, Invalid, NotFound
from gateway.onboarding import certificaten, levenscyclus, registration, toetsen
from gateway.onboarding.counter import Counter, unknown
from gateway.onboarding.registration import save_in
from gateway.partners import administration
from gateway.partners.dossier import Aansluiting, Stuk
from gateway.partners.mailroom import Bestandsprofiel
from gateway.partners.rows import sealer
from schemas.beheer import (
    AansluitingAanvraag,
    CertificaatAanvraag,
    CertificaatIntrekking,
    Certificaatuitgifte,
    StapAanvraag,
    StukAanvraag,
)
from schemas.profielproef import ProfielAanvraag

ALONE = frozenset({("aangemeld", "in_test"), ("in_test", "getoetst"), ("getoetst", "in_test"), ("getoetst", "schaduw"),
                   ("schaduw", "opgeschort"), ("actief", "opgeschort")})  # fmt: skip
"""Steps that an integrator takes by itself; the database holds to the same (migration 0025, a test compares them)."""
LIVE = "actief"


def allowed(counter: Counter, status: str) -> list[str]:
    """The steps that he may take from a status, in the order of the way in; what a gate holds back is one of them."""
    order = (*levenscyclus.PAD, "opgeschort", levenscyclus.EINDE)
    onward = sorted(levenscyclus.OVERGANGEN[status], key=order.index)
    return [naar for naar in onward if naar != LIVE and (counter.is_operator or (status, naar) in ALONE)]


def step(counter: Counter, oin: str, request: StapAanvraag) -> None:
    """Take a step. Raises NotFound; Forbidden: not by him alone; Conflict: no such step, or a gate that stays shut."""
    counter.require(oin)
    if request.naar == LIVE:
        raise _second()
    try:
        registration.set_status(counter.office, oin, request.naar)
    except psycopg.errors.InsufficientPrivilege:
        raise _second() from None


def uses(counter: Counter, oin: str, request: AansluitingAanvraag) -> None:
    """What a participant uses; replaces what stood there. Raises NotFound, Conflict."""
    _save(counter, oin, Aansluiting(oin, frozenset(request.gebruik)))


def require_order(van: date, tot: date | None) -> None:
    """Raises Invalid: a period that ends before it begins."""
    if tot is not None and tot < van:
        raise Invalid("PERIODE_ONGELDIG", "De laatste dag ligt voor de eerste dag; draai ze om.")


def paper(counter: Counter, oin: str, request: StukAanvraag) -> None:
    """Register a paper. Raises NotFound; Invalid: it ends before it begins."""
    counter.require(oin)
    require_order(request.geldig_van, request.geldig_tot)
    _save(counter, oin, Stuk(oin, request.soort, request.kenmerk, request.versie, request.geldig_van, request.geldig_tot))


def tested(counter: Counter, oin: str, result: bytes) -> None:
    """Register a signed conformance result. Raises NotFound, Invalid."""
    counter.require(oin)
    office = counter.office
    _save(counter, oin, toetsen.taken_in(result, oin, office.testkeys, office.clock.now()))


def profiled(counter: Counter, oin: str, request: ProfielAanvraag) -> None:
    """Register a mapping profile of files with these names.

    Raises:
        NotFound. Invalid: the profile itself is wrong. Forbidden: by an integrator alone, of who is live (or suspended): nobody tried it.
    """
    counter.require(oin)
    try:
        _save(counter, oin, mapping(oin, request))
    except psycopg.errors.InsufficientPrivilege:
        raise _second() from None


def mapping(oin: str, request: ProfielAanvraag) -> Bestandsprofiel:
    """A mapping profile as a row of the register. Raises Invalid."""
    try:
        found = profile.load(request.profiel.encode())
    except profile.Ongeldig as error:
        first = error.fouten[0]
        raise Invalid("MAPPINGPROFIEL_ONGELDIG", f"{first.plek}: {first.melding}") from None
    if found.partner != oin:
        raise Invalid("PROFIEL_VAN_ANDER", "Het profiel noemt een andere deelnemer; zet er dit OIN in.")
    return Bestandsprofiel(oin, found.naam, found.geldig_van, request.patroon, request.profiel)


def certificate(counter: Counter, oin: str, request: CertificaatAanvraag) -> Certificaatuitgifte:
    """Register a certificate of its own, or issue one on a request: the proof that it has the key is the request's signature.

    Raises:
        NotFound. Invalid: not one of the two, unreadable, of another OIN, weak, not trusted by the doors. Conflict: issuing is for trials.
    """
    counter.require(oin)
    if (request.certificaat is None) == (request.aanvraag is None):
        raise Invalid("CERTIFICAAT_OF_AANVRAAG", "Geef een certificaat of een aanvraag, en niet allebei.")
    chain = request.certificaat or _issued(counter, oin, request.aanvraag or "")
    known, inhoud = certificaten.rows(oin, certificaten.read(chain.encode()))
    if reason := certificaten.wrong(inhoud.der, oin, counter.office.trusted, counter.office.clock.now()):
        raise Invalid("CERTIFICAAT_ONGESCHIKT", f"Dit certificaat is niet te gebruiken: {reason}.")
    try:
        _save(counter, oin, known, inhoud)
    except psycopg.errors.InsufficientPrivilege:  # the thumbprint stands with somebody else; with this OIN in it, that cannot last
        raise unknown() from None
    return Certificaatuitgifte(
        vingerafdruk=known.vingerafdruk.hex(), geldig_tot_op=known.geldig_tot, keten=chain if request.aanvraag else None
    )


def revoke(counter: Counter, oin: str, request: CertificaatIntrekking) -> None:
    """Revoke a certificate of a participant; works within 5 seconds. Raises NotFound: it has none such, or it was revoked."""
    counter.require(oin)
    wanted = bytes.fromhex(request.vingerafdruk)
    office, keyed = counter.office, sealer(counter.office.keys)
    with office.database.transaction() as connection:
        mine = administration.certificate_of(connection, oin, wanted, keyed)
        if not mine or not administration.revoke_certificate(connection, wanted, office.clock.now(), keyed):
            raise NotFound("CERTIFICAAT_ONBEKEND", "Er is geen geldig certificaat met deze vingerafdruk.")
        registration.note(office, connection, "certificaat")


def _issued(counter: Counter, oin: str, pem: str) -> str:
    if counter.issue is None:
        raise Conflict("UITGIFTE_ALLEEN_IN_PROEF", "Alleen een proefopstelling geeft certificaten uit; vraag PKIoverheid er een.")
    csr = certificaten.request(pem.encode(), oin)
    with counter.office.database.transaction() as connection:
        partner = administration.partner(connection, oin, sealer(counter.office.keys))
    if partner is None:
        raise unknown()
    return counter.issue(csr, oin, partner.naam).decode()


def _save(counter: Counter, oin: str, *rows: administration.Row) -> None:
    counter.require(oin)
    office = counter.office
    with office.database.transaction() as connection:
        if administration.partner(connection, oin, sealer(office.keys)) is None:
            raise unknown()
        save_in(office, connection, rows)


def _second() -> Forbidden:
    return Forbidden("NIET_ALLEEN", "Dit kan niet alleen; vraag het aan, dan besluit een tweede persoon van de beheerder.")
