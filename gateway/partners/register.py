"""The partner register as an immutable snapshot: who a certificate is, for whom it may act, in which roles and sectors.

Authority: architecture, "who is who"; Digikoppeling IdAuth (authenticate on organisation level, by OIN). Dates are Dutch
calendar days, a `geldig_tot` is the last day it holds; null is open-ended. Leaves loading to `gateway.partners.source`, and
what a role may do to `gateway.policy` and the edges.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import msgspec

from gateway.keys.names import FIRST, Versions
from gateway.partners.agreements import Afspraak, newest
from gateway.partners.mailroom import Bestandsprofiel, Ophaaladres, SftpSleutel, Uitlaat, opens
from gateway.partners.sealkeys import Gemeentesleutel, Partijsleutel, Pseudoniemversie
from schemas.types import Gemeentecode, Oin


class Deelnemer(msgspec.Struct, frozen=True):
    """A participating organisation.

    `nummerformaten`: fields whose numbers may pass the eleven-test; `instructies`: rule ids it wants enforced.
    """

    oin: Oin
    naam: str
    rollen: frozenset[str]
    status: str
    sectoren: frozenset[str] = frozenset()
    handelsnamen: frozenset[str] = frozenset()
    gemeentecode: Gemeentecode | None = None
    nummerformaten: frozenset[str] = frozenset()
    instructies: frozenset[str] = frozenset()
    contact: str | None = None

    @property
    def actief(self) -> bool:
        """Whether it takes part now: neither waiting nor suspended nor ended."""
        return self.status == "actief"

    @property
    def in_schaduw(self) -> bool:
        """Whether what it delivers is judged and reported, and delivered to nobody."""
        return self.status == "schaduw"


class Certificaat(msgspec.Struct, frozen=True):
    """A registered client certificate, known by the SHA-256 of its DER form."""

    vingerafdruk: bytes
    oin: Oin
    geldig_van: datetime
    geldig_tot: datetime
    ingetrokken_op: datetime | None = None


class Mandaat(msgspec.Struct, frozen=True):
    """`gemachtigde` may act for `principaal` in one role."""

    gemachtigde: Oin
    principaal: Oin
    rol: str
    geldig_van: date
    geldig_tot: date | None = None


class Overeenkomst(msgspec.Struct, frozen=True):
    """An agreement of a creditor with a municipality for one sector."""

    schuldeiser: Oin
    gemeentecode: Gemeentecode
    sector: str
    geldig_van: date
    geldig_tot: date | None = None


class Verklaring(msgspec.Struct, frozen=True):
    """A signed, dated declaration of social collection (`sociaal-incassoverklaring`)."""

    principaal: Oin
    id: str
    sector: str
    getekend_op: date
    geldig_van: date
    geldig_tot: date


class GemeenteInstelling(msgspec.Struct, frozen=True):
    """What a municipality set: since when its desk is open, its threshold (euro cents), the optional fields it takes."""

    gemeentecode: Gemeentecode
    naam: str
    loket_open_vanaf: date
    drempel_cent: int | None = None
    optionele_velden: frozenset[str] = frozenset()
    contact: str | None = None


class Keuzes(msgspec.Struct, frozen=True):
    """What a municipality set itself, over its registration: thresholds per sector (euro cents), optional fields, triage attributes.

    None: never set, so what was registered holds.
    """

    gemeentecode: Gemeentecode
    drempels: Mapping[str, int] | None = None
    optionele_velden: frozenset[str] | None = None
    triage: frozenset[str] = frozenset()


class Bsnregistratie(msgspec.Struct, frozen=True):
    """A party may be asked with a BSN over a period, on a ground."""

    oin: Oin
    grond: str
    geldig_van: date
    geldig_tot: date | None = None


class Leveringsgebied(msgspec.Struct, frozen=True):
    """Where a water company delivers over a period: ranges of four-digit postcodes (`2011-2037`, or one: `2011`)."""

    oin: Oin
    postcodes: frozenset[str]
    geldig_van: date
    geldig_tot: date | None = None


def holds(van: date, tot: date | None, day: date) -> bool:
    """Whether a period covers a day; both ends count."""
    return van <= day and (tot is None or day <= tot)


class Register:
    """One version of the register. Look-ups never raise: what is not registered is None, False or empty."""

    def __init__(  # noqa: PLR0913, PLR0917 - one argument per table
        self,
        versie: int,
        deelnemers: Iterable[Deelnemer] = (),
        certificaten: Iterable[Certificaat] = (),
        mandaten: Iterable[Mandaat] = (),
        overeenkomsten: Iterable[Overeenkomst] = (),
        verklaringen: Iterable[Verklaring] = (),
        gemeenten: Iterable[GemeenteInstelling] = (),
        sleutels: Iterable[Gemeentesleutel] = (),
        keuzes: Iterable[Keuzes] = (),
        sftp_sleutels: Iterable[SftpSleutel] = (),
        profielen: Iterable[Bestandsprofiel] = (),
        partijsleutels: Iterable[Partijsleutel] = (),
        bsnregistraties: Iterable[Bsnregistratie] = (),
        gebieden: Iterable[Leveringsgebied] = (),
        ophaaladressen: Iterable[Ophaaladres] = (),
        afspraken: Iterable[Afspraak] = (),
        sleutelhouders: Iterable[Oin] = (),
        pseudoniemversies: Iterable[Pseudoniemversie] = (),
        uitlaten: Iterable[Uitlaat] = (),
    ) -> None:
        self.versie = versie
        self.deelnemers: Mapping[Oin, Deelnemer] = {d.oin: d for d in deelnemers}
        self.gemeenten: Mapping[Gemeentecode, GemeenteInstelling] = {g.gemeentecode: g for g in gemeenten}
        self._certificaten = {c.vingerafdruk: c for c in certificaten}
        self._mandaten: dict[tuple[Oin, str], list[Mandaat]] = {}
        for m in mandaten:
            self._mandaten.setdefault((m.gemachtigde, m.rol), []).append(m)
        self._keuzes = {k.gemeentecode: k for k in keuzes}
        self._overeenkomsten: dict[tuple[Oin, Gemeentecode, str], list[Overeenkomst]] = {}
        for o in overeenkomsten:
            self._overeenkomsten.setdefault((o.schuldeiser, o.gemeentecode, o.sector), []).append(o)
        self._verklaringen = {(v.principaal, v.id): v for v in verklaringen}
        self._sftp = {s.vingerafdruk: s for s in sftp_sleutels}
        self._profielen: dict[Oin, list[Bestandsprofiel]] = {}
        for p in profielen:
            self._profielen.setdefault(p.oin, []).append(p)
        self._partijsleutels = {s.oin: s for s in partijsleutels if s.geldig_tot is None}
        self._sleutelhouders = {*self._partijsleutels, *sleutelhouders}
        self._bsn, self._gebieden = list(bsnregistraties), list(gebieden)
        self.remotes: Mapping[Oin, Ophaaladres] = {a.oin: a for a in ophaaladressen if a.ingetrokken_op is None}
        self.outlets: Mapping[Gemeentecode, Uitlaat] = {u.gemeentecode: u for u in uitlaten if u.ingetrokken_op is None}
        self._afspraken = list(afspraken)
        self._pseudoniemen = {p.gemeentecode: Versions(p.leidend, p.volgend) for p in pseudoniemversies}
        self._sleutels = {s.gemeentecode: s for s in sleutels}

    def pseudonym_versions(self, gemeente: Gemeentecode) -> Versions:
        """The versions that pseudonyms of a municipality are made in; the first one alone when nothing was changed."""
        return self._pseudoniemen.get(gemeente, FIRST)

    def certificate(self, vingerafdruk: bytes) -> Certificaat | None:
        """The registered certificate with this SHA-256 thumbprint."""
        return self._certificaten.get(vingerafdruk)

    def certificates(self) -> list[Certificaat]:
        """The registered certificates of participants that did not end."""
        return [c for c in self._certificaten.values() if (d := self.partner(c.oin)) and d.status != "beeindigd"]

    def certified(self, now: datetime) -> list[Deelnemer]:
        """Active participants with a registered certificate that counts now, in order."""
        live = (c for c in self._certificaten.values() if c.ingetrokken_op is None and c.geldig_van <= now <= c.geldig_tot)
        oins = {c.oin for c in live}
        return sorted((d for d in self.active() if d.oin in oins), key=lambda d: d.oin)

    def sftp_key(self, vingerafdruk: bytes) -> SftpSleutel | None:
        """The registered SFTP key with this SHA-256."""
        return self._sftp.get(vingerafdruk)

    def sftp_parties(self, now: datetime) -> list[Deelnemer]:
        """Active participants with an SFTP key that opens their mailbox now, in order."""
        oins = {sleutel.oin for sleutel in self._sftp.values() if opens(sleutel, now)}
        return sorted((d for d in self.active() if d.oin in oins), key=lambda d: d.oin)

    def profiles(self, oin: Oin, day: date) -> list[Bestandsprofiel]:
        """The mapping profiles of a partner on a day; of each name the one that began last."""
        found: dict[str, Bestandsprofiel] = {}
        for p in sorted(self._profielen.get(oin, ()), key=lambda p: p.geldig_van):
            if p.geldig_van <= day:
                found[p.naam] = p
        return [p for p in found.values() if holds(p.geldig_van, p.geldig_tot, day)]

    def partner(self, oin: Oin) -> Deelnemer | None:
        """The participant with this OIN."""
        return self.deelnemers.get(oin)

    def number_formats(self, oin: Oin) -> frozenset[str]:
        """Fields in which this participant's own numbers may pass the eleven-test; none of who is unknown."""
        found = self.deelnemers.get(oin)
        return found.nummerformaten if found else frozenset()

    def principals(self, party: Oin, rol: str, day: date) -> frozenset[Oin]:
        """For whom `party` holds a mandate in this role on this day (itself not included)."""
        return frozenset(m.principaal for m in self._mandaten.get((party, rol), ()) if _runs(m, day))

    def has_agreement(self, schuldeiser: Oin, gemeentecode: Gemeentecode, sector: str, day: date) -> bool:
        """Whether an agreement holds on this day."""
        return any(_runs(o, day) for o in self._overeenkomsten.get((schuldeiser, gemeentecode, sector), ()))

    def agreements(self) -> list[Overeenkomst]:
        """Every agreement, whatever its dates."""
        return [row for rows in self._overeenkomsten.values() for row in rows]

    def declaration(self, principaal: Oin, id: str) -> Verklaring | None:
        """The registered declaration, whatever its dates."""
        return self._verklaringen.get((principaal, id))

    def sealing_key(self, gemeentecode: Gemeentecode) -> Gemeentesleutel | None:
        """The key that new messages are sealed to; None when the municipality has none (then nothing can be delivered)."""
        return self._sleutels.get(gemeentecode)

    def party_key(self, oin: Oin) -> Partijsleutel | None:
        """The key that a party registered for what is sealed to it."""
        return self._partijsleutels.get(oin)

    def has_own_key(self, oin: Oin) -> bool:
        """Whether a key of its own stands in the register, also one that lost its seal: the gateway then keeps none for it instead."""
        return oin in self._sleutelhouders

    def may_use_bsn(self, oin: Oin, day: date) -> bool:
        """Whether a party may be asked with a BSN on a day."""
        return any(row.oin == oin and holds(row.geldig_van, row.geldig_tot, day) for row in self._bsn)

    def supplies(self, oin: Oin, postcode: str, day: date) -> bool:
        """Whether a postcode lies where a party delivers on a day."""
        areas = (row.postcodes for row in self._gebieden if row.oin == oin and holds(row.geldig_van, row.geldig_tot, day))
        return any(_covers(part, postcode[:4]) for area in areas for part in area)

    def general_agreement(self, soort: str, oin: Oin, gemeentecode: Gemeentecode, day: date) -> Afspraak | None:
        """The newest general agreement of this kind that binds a creditor towards a municipality on a day."""
        return newest(self._afspraken, soort, oin, gemeentecode, day)

    def threshold(self, gemeentecode: Gemeentecode, sector: str) -> int | None:
        """The municipality's own threshold (euro cents) for a sector; a signal below it is marked, never dropped."""
        chosen, place = self._keuzes.get(gemeentecode), self.gemeenten.get(gemeentecode)
        if chosen is not None and chosen.drempels is not None:
            return chosen.drempels.get(sector)
        return place.drempel_cent if place else None

    def optional_fields(self, gemeentecode: Gemeentecode) -> frozenset[str]:
        """The optional fields that the municipality takes."""
        chosen, place = self._keuzes.get(gemeentecode), self.gemeenten.get(gemeentecode)
        if chosen is not None and chosen.optionele_velden is not None:
            return chosen.optionele_velden
        return place.optionele_velden if place else frozenset()

    def triage(self, gemeentecode: Gemeentecode) -> frozenset[str]:
        """The triage attributes that the municipality switched on."""
        chosen = self._keuzes.get(gemeentecode)
        return chosen.triage if chosen else frozenset()

    def active(self) -> Iterable[Deelnemer]:
        """Participants that may use the doors now."""
        return (d for d in self.deelnemers.values() if d.actief)


def _covers(part: str, digits: str) -> bool:
    first, _, last = part.partition("-")
    return first <= digits <= (last or first)


def _runs(row: Mandaat | Overeenkomst, day: date) -> bool:
    return holds(row.geldig_van, row.geldig_tot, day)
