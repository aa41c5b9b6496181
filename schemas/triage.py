"""Triage attributes: the little about a message that a municipality may sort on, and the words that baskets are made of.

Authority: AVG art. 5 lid 1 onder c; contract, "what the municipality gets" (district code, age of arrears); decision 0018. Kept
beside a message are the four digits of the postcode and a class of days, only when the purpose row names them and the municipality
switched them on. Leaves sorting to `gateway.triage`.
"""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from schemas.types import Wire

Triageveld = Literal["postcode4", "ouderdom"]
Ouderdom = Literal["tot_30_dagen", "tot_90_dagen", "tot_180_dagen", "vanaf_180_dagen"]
Kanaal = Literal["brief", "sms", "telefoon", "huisbezoek", "mail"]
Postcode4 = Annotated[str, Meta(pattern=r"^[1-9][0-9]{3}$(?!\n)", description="Vier cijfers van de postcode", examples=["2011"])]
Wijkcode = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,19}$(?!\n)", description="Wijkcode van de gemeente", examples=["wk-0392-01"])
]
Werkbakcode = Annotated[
    str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$(?!\n)", description="Eigen code van een werkbak", examples=["huisbezoek-noord"])
]
_CLASSES: tuple[tuple[int, Ouderdom], ...] = ((30, "tot_30_dagen"), (90, "tot_90_dagen"), (180, "tot_180_dagen"))


class Triage(Wire, frozen=True, kw_only=True):
    """What is kept beside a sealed message to sort on; both members only where allowed and switched on."""

    postcode4: Postcode4 | None = None
    ouderdom: Ouderdom | None = None


class Triagekenmerken(Wire, frozen=True, kw_only=True):
    """What an inbox shows of it: the municipality's own district code instead of the postcode."""

    wijk: Wijkcode | None = None
    ouderdom: Ouderdom | None = None


def age_class(arose: date, signalled: date) -> Ouderdom:
    """The class of the days between the origin of the arrears and the signal; a boundary belongs to the older class."""
    days = (signalled - arose).days
    return next((name for limit, name in _CLASSES if days < limit), "vanaf_180_dagen")
