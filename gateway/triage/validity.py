"""Whether a new setting of a municipality fits together with the others: every finding at its pointer, before anything is kept.

Authority: AVG art. 5 lid 1 onder c (a basket cannot sort on what is not kept), Wgs art. 3a (a follow-up partner acts under a
mandate). What the shape of a value can say is in `schemas.instellingen`; who holds a mandate is asked through a function.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator

from schemas.inbox import Veldgroep
from schemas.instellingen import Opvolgpartners, Velden, Voorwaarden, Werkbakken
from schemas.ontvangst import Bevinding

OUTSIDE = frozenset({
    "OPVOLGPARTNER_ONBEKEND", "OPVOLGPARTNER_ZONDER_MANDAAT", "OPVOLGPARTNER_ZONDER_SLEUTEL", "OPVOLGPARTNER_IN_GEBRUIK",
    "VELDGROEP_NIET_TOEGESTAAN", "TRIAGE_NIET_AAN",
})  # fmt: skip
"""Findings about what else is set or registered: the same setting may fit later."""


def baskets(new: Werkbakken, partners: Opvolgpartners, fields: Velden) -> Iterator[Bevinding]:
    """Codes are unique, partners known, districts drawn, amounts not empty, and nothing is sorted on that is not kept."""
    for n in _doubles([new.standaard.code, *(b.code for b in new.werkbakken)]):
        yield _wrong("WERKBAK_DUBBEL", f"/werkbakken/{n - 1}/code", "Deze code is al van een andere werkbak.")
    known = {p.oin for p in partners.opvolgpartners}
    for n, basket in enumerate(new.all()):
        if basket.opvolgpartner is not None and basket.opvolgpartner not in known:
            pointer = f"/werkbakken/{n}" if n < len(new.werkbakken) else "/standaard"
            yield _wrong("OPVOLGPARTNER_ONBEKEND", f"{pointer}/opvolgpartner", "Leg deze opvolgpartner eerst vast.")
    districts = {wijk.code for wijk in new.wijken}
    for n, own in enumerate(new.werkbakken):
        yield from _criteria(own.voorwaarden, f"/werkbakken/{n}/voorwaarden", districts, fields.triage)
    yield from _districts(new)


def partners(
    new: Opvolgpartners, used: Werkbakken, allowed: Collection[Veldgroep], mandated: Callable[[str], bool], *, own_key: bool
) -> Iterator[Bevinding]:
    """A partner holds a mandate, gets only groups of its purpose row, has a key where one is needed, and goes after its baskets."""
    for n in _doubles(p.oin for p in new.opvolgpartners):
        yield _wrong("OPVOLGPARTNER_DUBBEL", f"/opvolgpartners/{n}/oin", "Deze partner staat er meer dan eens.")
    for n, partner in enumerate(new.opvolgpartners):
        pointer = f"/opvolgpartners/{n}"
        if not mandated(partner.oin):
            yield _wrong("OPVOLGPARTNER_ZONDER_MANDAAT", f"{pointer}/oin", "Er is geen mandaat als uitvoerder geregistreerd.")
        if not set(partner.veldgroepen) <= set(allowed):
            yield _wrong("VELDGROEP_NIET_TOEGESTAAN", f"{pointer}/veldgroepen", f"Toegestaan: {', '.join(allowed)}.")
        if own_key and partner.sleutel is None:
            yield _wrong("OPVOLGPARTNER_ZONDER_SLEUTEL", f"{pointer}/sleutel", "Met een eigen sleutel deelt u sleutels met deze partner.")
    named = {b.opvolgpartner for b in used.all() if b.opvolgpartner}
    for oin in sorted(named - {p.oin for p in new.opvolgpartners}):
        yield _wrong("OPVOLGPARTNER_IN_GEBRUIK", "/opvolgpartners", f"Er is nog een werkbak met opvolgpartner {oin}.")


def _criteria(given: Voorwaarden, pointer: str, districts: set[str], kept: Collection[str]) -> Iterator[Bevinding]:
    if given.bedrag_vanaf_cent is not None and given.bedrag_tot_cent is not None and given.bedrag_vanaf_cent >= given.bedrag_tot_cent:
        yield _wrong("WERKBAK_BEDRAG_LEEG", f"{pointer}/bedragTotCent", "Geen bedrag voldoet aan deze grenzen.")
    for n, code in enumerate(given.wijken or ()):
        if code not in districts:
            yield _wrong("WIJK_ONBEKEND", f"{pointer}/wijken/{n}", "Deze wijk staat niet bij wijken.")
    for name, field in (("wijken", "postcode4"), ("ouderdom", "ouderdom")):
        if getattr(given, name) and field not in kept:
            yield _wrong("TRIAGE_NIET_AAN", f"{pointer}/{name}", f"Zet {field} eerst aan bij de instelling velden.")


def _districts(new: Werkbakken) -> Iterator[Bevinding]:
    for n in _doubles(wijk.code for wijk in new.wijken):
        yield _wrong("WIJK_DUBBEL", f"/wijken/{n}/code", "Deze wijkcode staat er meer dan eens.")
    drawn = Counter(postcode for wijk in new.wijken for postcode in set(wijk.postcodes))
    for n, wijk in enumerate(new.wijken):
        if any(drawn[postcode] > 1 for postcode in wijk.postcodes):
            yield _wrong("POSTCODE_IN_TWEE_WIJKEN", f"/wijken/{n}/postcodes", "Een postcodegebied ligt in één wijk.")


def _doubles(values: Iterator[str] | list[str]) -> Iterator[int]:
    """The positions of values that stood there before."""
    seen: set[str] = set()
    for n, value in enumerate(values):
        if value in seen:
            yield n
        seen.add(value)


def _wrong(code: str, pointer: str, melding: str) -> Bevinding:
    return Bevinding(code=code, oordeel="fout", melding=melding, pointer=pointer)
