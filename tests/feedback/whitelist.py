"""What a creditor may see, written from the rules FB-01 to FB-07 and not from the product: fields, values, which outcome allows what."""

import re
from typing import Any, NamedTuple

FIELDS = {"kenmerk", "code", "omschrijving", "week", "pauzeTot"}
SENTENCES = {
    "herhaalde_melding": "De gemeente heeft deze achterstand al eerder van u ontvangen en opgepakt; het bedrag was niet hoger.",
    "onterecht_signaal": "Dit signaal voldeed niet aan de voorwaarden en is niet opgepakt.",
    "geen_inwoner": "Deze persoon is geen inwoner (meer) van deze gemeente.",
    "niet_opgepakt": "Dit signaal is niet opgepakt.",
    "overleden": "Deze persoon is overleden.",
    "schuldhulpverlening_loopt": "Deze klant ontvangt schuldhulpverlening.",
    "schuldhulpverlening_beeindigd": "Deze klant ontvangt geen schuldhulpverlening meer.",
    "hulp_geaccepteerd": "Er is hulp aangenomen. Wacht met incasseren tot en met pauzeTot.",
    "afgerond_zonder_detail": "De gemeente heeft dit signaal afgerond.",
}
_OTHER_RESULTS = {
    "al_bekend", "ander_traject", "bemoeizorg", "budgetadvies_quick_fix", "geen_contact", "geen_hulp_nodig", "geen_reactie_na_contact",
    "vervolghulp", "vervolghulp_financieel", "vervolghulp_niet_financieel", "zelf_betaald",
}  # fmt: skip


class Happened(NamedTuple):
    """One outcome as the test caused it: `resultaat.overleden`, by a debt counsellor or not, with a recorded ground or not."""

    key: str
    counsellor: bool = False
    ground: bool = False


def allows(happened: Happened, code: str) -> bool:  # noqa: PLR0911 - a line per rule
    """Whether the rules let an outcome be told as a code."""
    kind, _, value = happened.key.partition(".")
    if code in {"herhaalde_melding", "onterecht_signaal", "geen_inwoner"}:  # FB-03
        return value == code
    if code == "overleden":  # FB-03: as a case result only
        return happened.key == "resultaat.overleden"
    if code == "niet_opgepakt":  # FB-04
        return value in {"andere_reden", "onleesbaar"} or happened.key == "verzoek.niet_opgepakt"
    if code == "schuldhulpverlening_loopt":  # FB-01
        return happened.counsellor and happened.key in {"resultaat.al_bekend", "verzoek.schuldhulpverlening_loopt"}
    if code == "schuldhulpverlening_beeindigd":
        return happened.counsellor and happened.key == "verzoek.schuldhulpverlening_beeindigd"
    if code == "hulp_geaccepteerd":  # FB-05
        return happened.ground and happened.key == "verzoek.hulp_geaccepteerd"
    return code == "afgerond_zonder_detail" and kind == "resultaat" and value in _OTHER_RESULTS  # FB-06


def violations(item: dict[str, Any], own: dict[str, set[Happened]]) -> list[str]:
    """What is wrong with one item of a creditor's feed; `own` has what happened per kenmerk of this creditor."""
    code = item.get("code", "")
    wrong = [f"field {name}" for name in item.keys() - FIELDS]
    if item.get("omschrijving") != SENTENCES.get(code):
        wrong.append("text")
    if not re.fullmatch(r"[0-9]{4}-W[0-9]{2}", item.get("week", "")):
        wrong.append("week")
    if ("pauzeTot" in item) != (code == "hulp_geaccepteerd"):
        wrong.append("pauzeTot")
    if item.get("kenmerk") not in own:
        wrong.append("kenmerk of another")
    elif not any(allows(happened, code) for happened in own[item["kenmerk"]]):
        wrong.append(f"{code} after {sorted(h.key for h in own[item['kenmerk']])}")
    return wrong
