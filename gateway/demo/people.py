"""Who can log in to the console of the demo: privacy officers and a worker of a municipality, a landlord's, an integrator, the operator's.

Leaves the service to `gateway.sandbox.login`, and what they see to the console.
"""

from datetime import date

from adapters.synthetic.aanmelddienst import Persoon
from adapters.synthetic.generator import Generator
from gateway.sandbox.login import OPERATOR
from gateway.sandbox.parties import FUNCTIONARISSEN, GEMEENTEN, INTEGRATOR, SCHULDEISERS, creditors, places

TOWN = GEMEENTEN[1]
_CLAIMS = {"seinhuis_oin": FUNCTIONARISSEN[0], "seinhuis_gemeente": TOWN.code, "seinhuis_rollen": ["toezichthouder"]}
_RENT = {"seinhuis_oin": SCHULDEISERS[0].oin, "seinhuis_rollen": ["schuldeiser"]}
OFFICERS = tuple(Persoon(naam.split()[0].lower(), naam, _CLAIMS, amr=("geen",)) for naam in ("Anne de Boer", "Bram Visser"))
WORKER = Persoon("els", "Els Balie", {**_CLAIMS, "seinhuis_oin": TOWN.oin, "seinhuis_rollen": ["gemeente"]}, amr=("geen",))
LANDLORD = Persoon("henk", "Henk Huur", _RENT, amr=("geen",))
_BUILDS = {"seinhuis_oin": INTEGRATOR, "seinhuis_rollen": ["integrator"]}
_RUNS = {"seinhuis_oin": OPERATOR, "seinhuis_rollen": ["beheerder"]}
COUNTER = (
    Persoon("ina", "Ina Bouwman", _BUILDS, amr=("geen",)),
    Persoon("olga", "Olga Smit", _RUNS, amr=("geen",)),
    Persoon("piet", "Piet Smit", _RUNS, amr=("geen",)),
)
"""An integrator, and two people of who runs the gateway."""
PEOPLE = (*OFFICERS, WORKER, LANDLORD, *COUNTER)


def invitation(port: int, seed: int, signals: int, defects: float, today: date) -> list[str]:
    """How to look at the month through the console, and for whom to look: a resident of the town with a good signal."""
    made = Generator(seed, places(), today, creditors()).with_defects(signals, defects)
    good = (signal for signal, code in made if code is None and signal["adres"]["woonplaats"] == TOWN.naam)
    signal = next(one for one in good if one["personen"][0].get("geboortedatum"))
    whom, at = signal["personen"][0], signal["adres"]
    return [
        f"De console: https://localhost:{port} (de browser waarschuwt voor het certificaat van de demo).",
        f"Kies Aanmelden en dan {OFFICERS[0].naam}: toezichthouder van {TOWN.naam}, zonder wachtwoord.",
        f"Zoek daar bijvoorbeeld {whom['achternaam']}, geboren {whom['geboortedatum']}, {at['postcode']} {at['huisnummer']}: "
        "wie deed wat met het signaal, met bewijs.",
        f"Of kies {WORKER.naam}: medewerker van {TOWN.naam}, die berichten neemt, een zaak opent en terugkoppelt.",
        f"Of kies {COUNTER[0].naam} (integrator) of {COUNTER[1].naam} (beheerder): wie er is aangesloten en wat er nog ontbreekt.",
        f"Of kies {LANDLORD.naam} van {SCHULDEISERS[0].naam}: één signaal met een formulier, een bestand, een vraag van een gemeente.",
    ]
