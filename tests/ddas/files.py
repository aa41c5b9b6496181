"""A DDAS file that is right, and how to spoil a copy of it."""

import copy
from collections.abc import Callable
from typing import Any

Document = dict[str, Any]


def signal(id: str, **changes: Any) -> Document:
    return {
        "ID": id,
        "crisissignaal": False,
        "warmeOverdracht": False,
        "bedrag": 450,
        "ontstaansdatum": "2026-06-01",
        "signaaldatum": "2026-07-06",
        "status": "Opgepakt",
        "signaalpartner": {"type": "Huur"},
        "client": {"postcode": "2011AB", "huisnummer": "12", "huisnummertoevoeging": "A2", "geboortedatum": "1985-03-07"},
        **changes,
    }


def case(*ids: str, **changes: Any) -> Document:
    return {
        "resultaat": "Vervolghulp en/of verwijzing",
        "startdatumMatchingperiode": "2026-07-01",
        "einddatumMatchingperiode": "2026-07-31",
        "datumOpgepakt": "2026-07-08",
        "vroegsignalen": [{"ID": id} for id in ids],
        "contactpogingen": [{"soort": "Telefoon", "bereikt": True, "datum": "2026-07-09", "dagdeel": "Avond"}],
        **changes,
    }


RIGHT: Document = {
    "startdatumLevering": "2026-07-01",
    "einddatumLevering": "2026-09-30",
    "aanleverdatumEnTijd": "2026-10-05T08:00:00Z",
    "codeGegevensleverancier": "Seinhuis 1.0.0",
    "leveringen": [
        {
            "teller": 1,
            "gemeentecode": "0392",
            "aanleverendeOrganisatie": {
                "naam": "Gemeente Voorbeeld",
                "kvk-nummer": "34369366",
                "contactpersonen": [{"naam": "A. Jansen", "email": "cijfers@voorbeeld.example"}],
            },
            "vroegsignalen": [
                signal("a1"),
                signal("a2"),
                signal("b1", status="Niet opgepakt: herhaalde melding"),
                signal("c1", status="Nog niet opgepakt", client={"burgerservicenummer": "999990019"}),
            ],
            "vroegsignaalzaken": [case("a1", "a2"), case("b1", resultaat="Niet opgepakt: herhaalde melding")],
        }
    ],
}


def spoiled(spoil: Callable[[Document], object]) -> Document:
    """A copy of the right file with one thing wrong; `spoil` gets the whole file."""
    document = copy.deepcopy(RIGHT)
    spoil(document)
    return document
