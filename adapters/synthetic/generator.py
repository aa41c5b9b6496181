"""Lawful signals about persons who do not exist: the same for the same seed, at any size.

What "lawful" asks: Besluit gemeentelijke schuldhulpverlening art. 2 (effort for personal contact, pointed to debt
counselling, a written reminder, the offer to pass on data not refused), all dated between the origin of the arrears and the
signal; the day bands of the covenant (30 days, health insurance 30 to 100). A part of the addresses is hit by several
creditors. Leaves faults to `defects` and traceable tokens to `canary`; knows the wire form only, never a verdict.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random  # noqa: TID251 - seeded: the same month again, no secret
from typing import Any, NamedTuple

from adapters.synthetic.defects import KINDS, defects
from adapters.synthetic.names import ADDITIONS, INITIALS, MAIL_DOMAINS, POSTCODE_LETTERS, SURNAMES

Signal = dict[str, Any]

_SHARED = 0.15  # share of signals on an address that another creditor signalled too
_REMEMBERED = 512  # households that may come back
_ROLES = {"huur": ("hoofdhuurder", "medehuurder"), "zorgverzekering": ("verzekeringnemer", "verzekeringnemer")}
_REACTIONS = ("geen",) * 16 + ("niet_afwijzend",) * 3 + ("akkoord",)
_CHANNELS = ("telefoon", "telefoon", "huisbezoek", "email", "sms", "whatsapp")


class Place(NamedTuple):
    """A four-digit postcode with its town and CBS municipality code."""

    postcode4: str
    woonplaats: str
    gemeentecode: str


class Creditor(NamedTuple):
    """A creditor as registered: OIN, one sector, one trade name."""

    oin: str
    sector: str
    handelsnaam: str


class _Household(NamedTuple):
    creditor: int
    personen: list[Signal]
    adres: Signal
    contact: Signal


class Generator:
    """A stream of signals; two generators with equal arguments give equal streams."""

    def __init__(self, seed: int, places: Sequence[Place], today: date, creditors: Sequence[Creditor]) -> None:
        """`seed` non-negative; `today` is the last day a signal can have. Raises ValueError without a place or a creditor."""
        if not places or not creditors:
            raise ValueError("a generator needs a place and a creditor")
        self._random = Random(seed)  # noqa: S311
        self._label = f"{today.year}-S{seed % 10_000}N"
        self._places = places
        self._creditors = creditors
        self._days = [(today - timedelta(days=d)).isoformat() for d in range(400)]
        self._count = 0
        self._households: list[_Household] = []

    def signals(self, n: int) -> Iterator[Signal]:
        """The next `n` signals in wire form; a `kenmerk` never repeats. Signals of one address share parts: copy before changing."""
        for _ in range(n):
            yield self._signal()

    def with_defects(self, n: int, share: float) -> Iterator[tuple[Signal, str | None]]:
        """The next `n` records, about `share` (0 to 1) of them defective, each with the code it must be refused with.

        The code is None for a record that must be taken, a warning or a repeated receipt included.
        """
        last: Signal | None = None
        for _ in range(n):
            if last is not None and self._random.random() < share:
                kind = KINDS[self._below(len(KINDS))]
                yield defects(last if kind.repeats else self._signal(), kind.name), kind.code
            else:
                last = self._signal()
                yield last, None

    def _signal(self) -> Signal:
        self._count += 1
        home, creditor = self._situation()
        day = self._below(7)
        age = 31 + self._below(60)
        since = day + age
        return {
            "kenmerk": f"{creditor.sector[:4].upper()}-{self._label}{self._count:06d}",
            "soort": "vroegsignaal",
            "sector": creditor.sector,
            "handelsnaam": creditor.handelsnaam,
            "signaaldatum": self._days[day],
            "achterstand": {"bedragCent": 4_000 + self._below(180_000), "ontstaansdatum": self._days[since]},
            "personen": _with_roles(home.personen, creditor.sector),
            "adres": home.adres,
            "contact": home.contact,
            "klantnummer": str(100_000 + self._below(900_000)),
            "contractkenmerk": f"C-{10_000 + self._below(90_000)}",
            "inspanning": self._effort(day, age, several=creditor.sector == "drinkwater"),
        }

    def _effort(self, day: int, age: int, *, several: bool) -> Signal:
        """Dated facts between origin (`age` days before the signal) and signal (`day` days ago); water asks for `several` reminders."""
        reminded = self._days[day + age - 20]
        called = self._days[day + 1 + self._below(age - 21)]
        roll = self._random.random()
        moment = {"kanaal": _CHANNELS[self._below(len(_CHANNELS))], "datum": called, "initiatief": "schuldeiser", "bereikt": roll < 0.4}
        letter = {"kanaal": "brief", "datum": reminded, "initiatief": "schuldeiser", "bereikt": False}
        return {
            "wijze": "gegevens",
            "contacten": [letter, moment],
            "herinneringen": [reminded, self._days[day + 3]] if several or roll > 0.7 else [reminded],
            "gewezenOpSchuldhulp": reminded,
            "gegevensdelingAangeboden": {"datum": reminded, "reactie": _REACTIONS[self._below(len(_REACTIONS))]},
            "betalingsregeling": "geen" if roll < 0.9 else "niet_nagekomen",
            "klantrelatieActief": True,
        }

    def _situation(self) -> tuple[_Household, Creditor]:
        """A household with a creditor: mostly new, sometimes one that another creditor signalled before."""
        pick = self._below(len(self._creditors))
        if self._households and len(self._creditors) > 1 and self._random.random() < _SHARED:
            home = self._households[self._below(len(self._households))]
            if pick == home.creditor:
                pick = (pick + 1) % len(self._creditors)
            return home, self._creditors[pick]
        home = self._household(pick)
        if len(self._households) < _REMEMBERED:
            self._households.append(home)
        else:
            self._households[self._below(_REMEMBERED)] = home
        return home, self._creditors[pick]

    def _household(self, creditor: int) -> _Household:
        personen = [self._person()]
        if self._random.random() < 0.15:
            personen.append(self._person())
        surname = "".join(c for c in personen[0]["achternaam"].lower() if "a" <= c <= "z")
        contact = {
            "telefoonnummers": [f"+3161234{self._below(10_000):04d}"],
            "emailadressen": [f"{surname}{self._below(1000)}@{MAIL_DOMAINS[self._below(2)]}"],
        }
        return _Household(creditor, personen, self._address(), contact)

    def _person(self) -> Signal:
        prefix, surname = SURNAMES[self._below(len(SURNAMES))]
        born = f"{1940 + self._below(66)}-{1 + self._below(12):02d}-{1 + self._below(28):02d}"
        person = {"voorletters": INITIALS[self._below(len(INITIALS))], "achternaam": surname, "geboortedatum": born}
        if prefix:
            person["voorvoegsel"] = prefix
        return person

    def _address(self) -> Signal:
        place = self._places[self._below(len(self._places))]
        letters = POSTCODE_LETTERS[self._below(len(POSTCODE_LETTERS))]
        address = {"postcode": place.postcode4 + letters, "huisnummer": 1 + self._below(250), "woonplaats": place.woonplaats}
        roll = self._below(10)
        if roll == 0:
            address["huisletter"] = "ABCD"[self._below(4)]
        elif roll == 1:
            address["toevoeging"] = ADDITIONS[self._below(len(ADDITIONS))]
        return address

    def _below(self, n: int) -> int:
        """A number from 0 up to `n`, several times faster than `randrange`."""
        return int(self._random.random() * n)


def _with_roles(personen: list[Signal], sector: str) -> list[Signal]:
    first, second = _ROLES.get(sector, ("contractant", "medecontractant"))
    return [{"rol": second if i else first, **person} for i, person in enumerate(personen)]
