"""The counterparties of a conformance run: municipalities and creditors that do not exist, with test OINs of their own. Data only."""

from typing import NamedTuple


class Tegenpartij(NamedTuple):
    """A counterparty; `code` of a municipality, `sector` of a creditor."""

    oin: str
    naam: str
    code: str = ""
    sector: str = ""


GEMEENTEN = (Tegenpartij("00000099000000092000", "Utrecht", code="0344"), Tegenpartij("00000099000000093000", "Zwolle", code="0193"))
"""For a creditor: where its signals go. Real places, so that addresses route as they do outside."""
SCHULDEISERS = (
    Tegenpartij("00000099000000094000", "Toets Verhuur Een", sector="huur"),
    Tegenpartij("00000099000000095000", "Toets Verhuur Twee", sector="huur"),
    Tegenpartij("00000099000000096000", "Toets Verhuur Drie", sector="huur"),
)
"""For a municipality: who sends it signals, and whom it can ask. The first answers, the second refuses, the third stays silent."""
