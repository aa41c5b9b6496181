"""What a working day leaves for people to look at: signals that came in, messages taken, cases, and an overview that is asked for.

`console` measures the pages of these; unlike the past (`history`) they can be opened. Everything goes over the doors, as systems do it.
Authority: `docs/performance.md`. Leaves the measuring to `console`.
"""

from contextlib import closing
from typing import Any
from uuid import UUID

from adapters.client.connection import Connection
from gateway.bench import batch
from gateway.bench.world import Failed, World
from gateway.sandbox.parties import SCHULDEISERS, Gemeente

DELIVERIES, TAKEN = 2, 20
CLIENT = {
    "personen": [{"rol": "client", "voorletters": "K.", "achternaam": "Kanarie", "geboortedatum": "1985-03-07"}],
    "adres": {"postcode": "2011AB", "huisnummer": 12, "woonplaats": "Haarlem"},
}


def work(world: World, town: Gemeente) -> None:
    """Deliver signals, take some in `town`, open a case over each, and ask every creditor what somebody owes. Raises Failed."""
    batch.deliver(world, DELIVERIES)
    with closing(world.sandbox.connect(town.oin)) as connection:
        claim = {"doel": "WGS-3-1-b", "maximum": TAKEN, "leaseSeconden": 86_400, "wijze": "onbemand"}
        taken = _made(connection, "/gemeente/v1/inbox/claims", claim)["berichten"]
        for nr, bericht in enumerate(taken):
            _made(connection, "/gemeente/v1/zaken", {"zaaknummer": f"ZAAK-{nr}", "berichten": [bericht["id"]]})
        asked = [{"oin": party.oin, "klantnummer": "K-1"} for party in SCHULDEISERS]
        overview = {"kenmerk": "PLAN-1", "zaaknummer": "PLAN-1", "grond": "plan_van_aanpak", "client": CLIENT, "schuldeisers": asked}
        _made(connection, "/gemeente/v1/schuldenoverzichten", overview)


def signals(world: World, creditor: str, most: int) -> list[UUID]:
    """The last messages of a creditor, which its pages name only to who knows their kenmerk."""
    query = "SELECT id FROM bericht WHERE principal = %s ORDER BY received DESC LIMIT %s"
    return [id for (id,) in world.database.execute(query, (creditor, most))]


def _made(connection: Connection, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever the door answers
    answer = connection.post(path, body)
    if answer.status != 201:
        raise Failed(f"{path} is beantwoord met {answer.status}")
    return answer.json()
