"""The invented parties of the sandbox: creditors and three municipalities, with test OINs and real postcode areas.

Municipality codes, places and postcode areas are those of `gateway.routing`; everything else is invented. One municipality has
a key of its own, the others a key that the gateway keeps, so that both ways are always shown.
"""

from typing import NamedTuple

from adapters.synthetic.generator import Creditor, Place


class Schuldeiser(NamedTuple):
    """A creditor of the sandbox."""

    oin: str
    naam: str
    sector: str


class Gemeente(NamedTuple):
    """A municipality of the sandbox; `eigen` tells whether it has a key of its own."""

    oin: str
    naam: str
    code: str
    postcodes: tuple[int, ...]
    eigen: bool


SCHULDEISERS = (
    Schuldeiser("00000099000000011000", "Woningstichting Voorbeeld", "huur"),
    Schuldeiser("00000099000000012000", "Woonmaatschappij De Proef", "huur"),
    Schuldeiser("00000099000000013000", "Verhuur Voorbeeldstad", "huur"),
)
BEVRAAGDEN = (
    Schuldeiser("00000099000000014000", "Energie Voorbeeld", "elektriciteit"),
    Schuldeiser("00000099000000015000", "Zorgverzekeraar De Proef", "zorgverzekering"),
    Schuldeiser("00000099000000016000", "Telefoon Voorbeeldnet", "telecom"),
    Schuldeiser("00000099000000017000", "Drinkwater Voorbeeld", "drinkwater"),
)
"""Creditors that deliver no signals: a municipality only asks them what they claim."""
GEMEENTEN = (
    Gemeente("00000099000000021000", "Haarlem", "0392", (2011, 2012, 2013, 2014, 2015, 2021, 2022, 2023, 2024), eigen=True),
    Gemeente("00000099000000022000", "Utrecht", "0344", (3511, 3512, 3513, 3514, 3515, 3521, 3522, 3523, 3524), eigen=False),
    Gemeente("00000099000000023000", "Zwolle", "0193", (8011, 8012, 8013, 8014, 8015, 8016, 8017), eigen=False),
)
FUNCTIONARISSEN = ("00000099000000031000", "00000099000000032000")
"""Two privacy officers, both of the second municipality: what one asks to see, the other agrees to."""


def places() -> list[Place]:
    """Where the synthetic persons live."""
    return [Place(str(postcode), gemeente.naam, gemeente.code) for gemeente in GEMEENTEN for postcode in gemeente.postcodes]


def creditors() -> list[Creditor]:
    """Who delivers signals about them."""
    return [Creditor(s.oin, s.sector, s.naam) for s in SCHULDEISERS]
