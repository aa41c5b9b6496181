"""The checks that a row may name in `toets`: pure functions of one signal, its creditor and the register.

Each factory takes a row's `parameters` and returns a check; a check returns its hits, none when the signal is fine. What a hit
means (verdict, article, words) is the row's. A hit carries dates, amounts and counts only, so that no message can name a
person. Authority: Bgs art. 2 for the evidence, the reference in each row for the rest.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import msgspec

from gateway.partners.register import Deelnemer, Register, holds
from gateway.rules import numbers
from schemas.signaal import Signaal


class Case(msgspec.Struct, frozen=True, gc=False):
    """What the intake rules see. `today` is the Dutch day of receipt."""

    signaal: Signaal
    creditor: Deelnemer
    register: Register
    today: date


class Hit(NamedTuple):
    """A rule that is not met: the value found and the limit; a pointer only where it is narrower than the row's."""

    waarde: date | int | None = None
    grens: date | int | None = None
    pointer: str | None = None


Hits = Sequence[Hit]
Check = Callable[[Case], Hits]
FINE: Hits = ()
HIT: Hits = (Hit(),)


def niet_aangewezen() -> Check:
    """No signal of this sector is lawful (Wgs art. 3 lid 1 onder b: a closed list)."""
    return lambda case: HIT


def sector_geregistreerd() -> Check:
    """The creditor is registered for the sector."""
    return lambda case: FINE if case.signaal.sector in case.creditor.sectoren else HIT


def handelsnaam_geregistreerd() -> Check:
    """The trade name is one of the creditor's."""
    return lambda case: FINE if case.signaal.handelsnaam in case.creditor.handelsnamen else HIT


def verklaring_geldt() -> Check:
    """Evidence by declaration: it is registered for this creditor, sector and day, and was signed by then."""

    def check(case: Case) -> Hits:
        s = case.signaal
        if s.inspanning.wijze != "verklaring":
            return FINE
        v = case.register.declaration(case.creditor.oin, s.inspanning.verklaring or "")
        covered = v and v.sector == s.sector and v.getekend_op <= s.signaaldatum and holds(v.geldig_van, v.geldig_tot, s.signaaldatum)
        return FINE if covered else (Hit(s.signaaldatum),)

    return check


def contactpoging() -> Check:
    """At least one effort of the creditor's, or a contact that did reach the customer, on or before the day of the signal."""

    def check(case: Case) -> Hits:
        i, day = case.signaal.inspanning, case.signaal.signaaldatum
        if i.wijze == "verklaring":
            return FINE
        for c in i.contacten or ():
            if c.datum <= day and (c.initiatief == "schuldeiser" or c.bereikt):
                return FINE
        return HIT

    return check


def gewezen_op_schuldhulp() -> Check:
    """The customer was pointed to debt counselling on or before the day of the signal."""

    def check(case: Case) -> Hits:
        i = case.signaal.inspanning
        done = i.wijze == "verklaring" or (i.gewezen_op_schuldhulp is not None and i.gewezen_op_schuldhulp <= case.signaal.signaaldatum)
        return FINE if done else HIT

    return check


def herinneringen(minimum: int, dagen_ertussen: int = 1) -> Check:
    """At least `minimum` reminders on or before the day of the signal, each `dagen_ertussen` days or more after the one counted before."""

    def check(case: Case) -> Hits:
        i, day = case.signaal.inspanning, case.signaal.signaaldatum
        if i.wijze == "verklaring":
            return FINE
        count, free_from = 0, date.min
        for sent in sorted(i.herinneringen or ()):
            if free_from <= sent <= day:
                count, free_from = count + 1, sent + timedelta(days=dagen_ertussen)
        return FINE if count >= minimum else (Hit(count, minimum),)

    return check


def aanbod_gegevensdeling() -> Check:
    """The customer was offered, on or before the day of the signal, that the data would be passed on."""

    def check(case: Case) -> Hits:
        i = case.signaal.inspanning
        offer = i.gegevensdeling_aangeboden
        return FINE if i.wijze == "verklaring" or (offer and offer.datum <= case.signaal.signaaldatum) else HIT

    return check


def geen_bezwaar() -> Check:
    """The customer did not refuse; no declaration makes up for a refusal."""

    def check(case: Case) -> Hits:
        offer = case.signaal.inspanning.gegevensdeling_aangeboden
        return HIT if offer and offer.reactie == "afwijzend" else FINE

    return check


def natuurlijk_persoon(aan_eind: list[str], aan_begin: list[str]) -> Check:
    """No surname ends in a legal form (`BV`, also `B.V.`) or begins with a word for one; initials are never looked at."""
    ends = "|".join(r"\.?\s?".join(map(re.escape, form)) for form in aan_eind)
    legal = re.compile(rf"(?:^|[\s,])(?:{ends})\.?$|^(?:{'|'.join(map(re.escape, aan_begin))})\b", re.IGNORECASE)

    def check(case: Case) -> Hits:
        personen = case.signaal.personen
        return [Hit(pointer=f"/personen/{n}/achternaam") for n, p in enumerate(personen) if legal.search(p.achternaam.rstrip())]

    return check


def klantrelatie_actief() -> Check:
    """The person is a customer today."""
    return lambda case: HIT if case.signaal.inspanning.klantrelatie_actief is False else FINE


def geen_lopende_regeling() -> Check:
    """No payment arrangement is running and kept."""
    return lambda case: HIT if case.signaal.inspanning.betalingsregeling == "lopend" else FINE


def leeftijd(minimum: int, maximum: int | None = None) -> Check:
    """Days between the origin of the arrears and the signal, both limits included."""

    def check(case: Case) -> Hits:
        age = (case.signaal.signaaldatum - case.signaal.achterstand.ontstaansdatum).days
        if age < minimum:
            return (Hit(age, minimum),)
        return (Hit(age, maximum),) if maximum is not None and age > maximum else FINE

    return check


def bedrag(minimum: int) -> Check:
    """The height of the arrears in euro cents."""
    return lambda case: FINE if case.signaal.achterstand.bedrag_cent >= minimum else (Hit(case.signaal.achterstand.bedrag_cent, minimum),)


def niet_in_toekomst() -> Check:
    """The signal is dated on or before the day of receipt."""
    return lambda case: FINE if case.signaal.signaaldatum <= case.today else (Hit(case.signaal.signaaldatum, case.today),)


def niet_ouder_dan(maanden: int) -> Check:
    """The signal is dated no more than `maanden` months before the day of receipt."""

    def check(case: Case) -> Hits:
        oldest = months_before(case.today, maanden)
        return FINE if case.signaal.signaaldatum >= oldest else (Hit(case.signaal.signaaldatum, oldest),)

    return check


def verwijzing_past() -> Check:
    """An update points to an earlier signal, a first signal to none, and nothing to itself."""

    def check(case: Case) -> Hits:
        s = case.signaal
        if s.eerder_kenmerk is None:
            return HIT if s.soort == "actualisering" else FINE
        return HIT if s.soort == "vroegsignaal" or s.eerder_kenmerk == s.kenmerk else FINE

    return check


_DATED = (
    ("/gewezenOpSchuldhulp", "gewezen_op_schuldhulp"),
    ("/kostenInRekeningOp", "kosten_in_rekening_op"),
    ("/aanmaningOp", "aanmaning_op"),
    ("/geenUitstelOp", "geen_uitstel_op"),
)


def bewijs_niet_na_signaal() -> Check:
    """Nothing that the creditor did is dated after the signal."""

    def check(case: Case) -> Hits:
        i, day = case.signaal.inspanning, case.signaal.signaaldatum
        offer = i.gegevensdeling_aangeboden
        late = [(f"/contacten/{n}/datum", c.datum) for n, c in enumerate(i.contacten) if c.datum > day] if i.contacten else []
        late += [(f"/herinneringen/{n}", d) for n, d in enumerate(i.herinneringen) if d > day] if i.herinneringen else []
        if offer and offer.datum > day:
            late.append(("/gegevensdelingAangeboden/datum", offer.datum))
        late += [(pointer, at) for pointer, name in _DATED if (at := getattr(i, name)) and at > day]
        return [Hit(found, day, f"/inspanning{pointer}") for pointer, found in late] if late else FINE

    return check


def ontstaan_niet_na_signaal() -> Check:
    """The arrears began on or before the day of the signal."""

    def check(case: Case) -> Hits:
        began, day = case.signaal.achterstand.ontstaansdatum, case.signaal.signaaldatum
        return FINE if began <= day else (Hit(began, day),)

    return check


def geboren_voor_signaal() -> Check:
    """A birth date lies before the signal. The hit carries no date: a birth date is personal."""

    def check(case: Case) -> Hits:
        day = case.signaal.signaaldatum
        return [
            Hit(pointer=f"/personen/{n}/geboortedatum")
            for n, p in enumerate(case.signaal.personen)
            if p.geboortedatum and p.geboortedatum >= day
        ]

    return check


def geen_bsn() -> Check:
    """No nine-digit number that passes the eleven-test, but in a number field of a registered format."""

    def check(case: Case) -> Hits:
        found = numbers.suspicious(case.signaal, case.creditor.nummerformaten)
        return [Hit(pointer=pointer) for pointer in found] if found else FINE

    return check


@lru_cache(maxsize=256)
def months_before(day: date, months: int) -> date:
    """The same day of the month `months` earlier, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_ALL: Iterable[Callable[..., Check]] = (
    niet_aangewezen, sector_geregistreerd, handelsnaam_geregistreerd, verklaring_geldt, contactpoging, gewezen_op_schuldhulp,
    herinneringen, aanbod_gegevensdeling, geen_bezwaar, natuurlijk_persoon, klantrelatie_actief, geen_lopende_regeling, leeftijd,
    bedrag, niet_in_toekomst, niet_ouder_dan, verwijzing_past, bewijs_niet_na_signaal, ontstaan_niet_na_signaal,
    geboren_voor_signaal, geen_bsn,
)  # fmt: skip
CHECKS: dict[str, Callable[..., Check]] = {check.__name__: check for check in _ALL}
"""What a row's `toets` may name for the first round."""
