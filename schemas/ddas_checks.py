"""What a DDAS v1.2 file must satisfy beyond its JSON Schema: one function per check, each with an id.

Authority: the definitions of DDAS v1.2, which its schema does not enforce (unique ids, references, dates in order, forms of client
data). Pure; judges the file of any supplier. A finding has a pointer and never a value. Leaves the shape to `schemas.ddas_schema`;
a document that does not fit it is not looked at further.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from schemas.codelijsten import BERICHTSTATUS
from schemas.ddas import CASES_MAX, SIGNALS_MAX, euros
from schemas.ddas_build import NOT_TAKEN_UP
from schemas.ddas_schema import violations

Document = dict[str, Any]
TAKEN_UP = BERICHTSTATUS["opgepakt"]
_NOT_TAKEN_UP = frozenset(BERICHTSTATUS[status] for status in NOT_TAKEN_UP.values())
_POSTCODE = re.compile(r"[1-9][0-9]{3}[A-Z]{2}", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)
_BSN = re.compile(r"[0-9]{9}", re.ASCII)


class Bevonden(NamedTuple):
    """One finding: the check, where, and what is wrong in Dutch."""

    check: str
    pointer: str
    melding: str


class Outside(NamedTuple):
    """What a file alone does not tell: which codes exist on a day, and, for who made it, the cents behind each `ID`."""

    known_code: Callable[[str, date], bool] = lambda _code, _day: True
    cents: Mapping[str, int] = {}


class _Delivery(NamedTuple):
    """A delivery, with where it stands."""

    at: str
    value: Document

    def signals(self) -> Iterator[tuple[str, Document]]:
        for nr, signal in enumerate(self.value.get("vroegsignalen", ())):
            yield f"{self.at}/vroegsignalen/{nr}", signal

    def cases(self) -> Iterator[tuple[str, Document]]:
        for nr, case in enumerate(self.value.get("vroegsignaalzaken", ())):
            yield f"{self.at}/vroegsignaalzaken/{nr}", case

    def by_id(self) -> dict[str, Document]:
        return {signal["ID"]: signal for _, signal in self.signals()}

    def references(self) -> Iterator[tuple[str, Document, str]]:
        for at, case in self.cases():
            for nr, reference in enumerate(case.get("vroegsignalen", ())):
                yield f"{at}/vroegsignalen/{nr}", case, reference["ID"]


Found = Iterator[tuple[str, str]]


def check(document: Any, outside: Outside = Outside()) -> list[Bevonden]:  # noqa: ANN401, B008 - a JSON value; a constant
    """Every finding on a decoded file; none: it may go out."""
    shape = [Bevonden("DDAS-00", pointer, "Past niet in het uitwisselmodel v1.2.") for pointer in violations(document)]
    if shape:
        return shape
    return [Bevonden(id, pointer, melding) for id, one in CHECKS.items() for pointer, melding in one(document, outside)]


def _deliveries(document: Document) -> Iterator[_Delivery]:
    for nr, value in enumerate(document.get("leveringen", ())):
        yield _Delivery(f"/leveringen/{nr}", value)


def _unique_ids(document: Document, _: Outside) -> Found:
    seen: Counter[str] = Counter()
    for at, signal in (pair for delivery in _deliveries(document) for pair in delivery.signals()):
        seen[signal["ID"]] += 1
        if seen[signal["ID"]] > 1:
            yield f"{at}/ID", "Dit ID komt vaker voor in het bestand."


def _references_resolve(document: Document, _: Outside) -> Found:
    for delivery in _deliveries(document):
        known = delivery.by_id()
        for at, _case, id in delivery.references():
            if id not in known:
                yield f"{at}/ID", "Deze levering heeft geen signaal met dit ID."


def _one_case_per_signal(document: Document, _: Outside) -> Found:
    for delivery in _deliveries(document):
        seen: set[str] = set()
        for at, _case, id in delivery.references():
            if id in seen:
                yield f"{at}/ID", "Dit signaal staat al in een zaak."
            seen.add(id)


def _taken_up_is_in_a_case(document: Document, _: Outside) -> Found:
    for delivery in _deliveries(document):
        used = {id for _, _, id in delivery.references()}
        for at, signal in delivery.signals():
            if signal.get("status") == TAKEN_UP and signal["ID"] not in used:
                yield f"{at}/status", "Opgepakt, maar het signaal staat in geen zaak."


def _in_a_case_is_taken_up(document: Document, _: Outside) -> Found:
    for delivery in _deliveries(document):
        known = delivery.by_id()
        for at, case, id in delivery.references():
            result = case.get("resultaat")
            allowed = {result} if result in _NOT_TAKEN_UP else {TAKEN_UP, result}
            if id in known and known[id].get("status") not in allowed:
                yield at, "De status van dit signaal past niet bij zijn zaak en haar resultaat."


def _case_has_signals(document: Document, _: Outside) -> Found:
    for delivery in _deliveries(document):
        for at, case in delivery.cases():
            if not case.get("vroegsignalen"):
                yield f"{at}/vroegsignalen", "Een zaak zonder signalen."


def _arrears_before_signal(document: Document, _: Outside) -> Found:
    for delivery in _deliveries(document):
        for at, signal in delivery.signals():
            if _after(signal.get("ontstaansdatum"), signal.get("signaaldatum")):
                yield f"{at}/ontstaansdatum", "De achterstand ontstond na de signaaldatum."


def _signal_before_case(document: Document, _: Outside) -> Found:
    for delivery in _deliveries(document):
        known = delivery.by_id()
        for at, case, id in delivery.references():
            if _after(known.get(id, {}).get("signaaldatum"), case.get("datumOpgepakt")):
                yield at, "De zaak is opgepakt voor de signaaldatum."


def _case_before_contact(document: Document, _: Outside) -> Found:
    for delivery in _deliveries(document):
        for at, case in delivery.cases():
            for nr, attempt in enumerate(case.get("contactpogingen", ())):
                if _after(case.get("datumOpgepakt"), attempt.get("datum")):
                    yield f"{at}/contactpogingen/{nr}/datum", "De contactpoging was voor de zaak is opgepakt."


def _matching_period(document: Document, _: Outside) -> Found:
    for delivery in _deliveries(document):
        for at, case in delivery.cases():
            if _after(case.get("startdatumMatchingperiode"), case.get("einddatumMatchingperiode")):
                yield f"{at}/einddatumMatchingperiode", "De matchingperiode eindigt voor zij begint."


def _period(document: Document, _: Outside) -> Found:
    if _after(document["startdatumLevering"], document["einddatumLevering"]):
        yield "/einddatumLevering", "De leveringsperiode eindigt voor zij begint."


def _signal_in_period(document: Document, _: Outside) -> Found:
    first, last = document["startdatumLevering"], document["einddatumLevering"]
    for delivery in _deliveries(document):
        for at, signal in delivery.signals():
            if not first <= signal.get("signaaldatum", "") <= last:
                yield f"{at}/signaaldatum", "De signaaldatum ligt buiten de leveringsperiode, of ontbreekt."


def _municipality(document: Document, outside: Outside) -> Found:
    last = date.fromisoformat(document["einddatumLevering"])
    for delivery in _deliveries(document):
        code = delivery.value["gemeentecode"]
        if not (re.fullmatch(r"[0-9]{4}", code, re.ASCII) and outside.known_code(code, last)):
            yield f"{delivery.at}/gemeentecode", "Geen CBS-gemeentecode die aan het eind van de periode geldt."


def _count(document: Document, _: Outside) -> Found:
    total = len(document.get("leveringen", ()))
    for delivery in _deliveries(document):
        if delivery.value["teller"] != total:
            yield f"{delivery.at}/teller", "De teller is niet het aantal leveringen."


def _organisation(document: Document, _: Outside) -> Found:
    for delivery in _deliveries(document):
        found = delivery.value["aanleverendeOrganisatie"]
        if not found.get("naam") or not re.fullmatch(r"[0-9]{8}", found.get("kvk-nummer", ""), re.ASCII):
            yield f"{delivery.at}/aanleverendeOrganisatie", "Naam en KvK-nummer (8 cijfers) zijn nodig."
        if not any(contact.get("email") for contact in found.get("contactpersonen", ())):
            yield f"{delivery.at}/aanleverendeOrganisatie/contactpersonen", "Er is een contactpersoon met e-mailadres nodig."


def _partner_kind(document: Document, _: Outside) -> Found:
    for delivery in _deliveries(document):
        for at, signal in delivery.signals():
            if "type" not in signal["signaalpartner"]:
                yield f"{at}/signaalpartner", "De soort signaalpartner ontbreekt."


def _status(document: Document, _: Outside) -> Found:
    for delivery in _deliveries(document):
        for at, signal in delivery.signals():
            if "status" not in signal:
                yield f"{at}/status", "De status ontbreekt."


def _client_address(document: Document, _: Outside) -> Found:
    for delivery in _deliveries(document):
        for at, signal in delivery.signals():
            client = signal["client"]
            if "postcode" in client and not _is_address(client):
                yield f"{at}/client", "Postcode, huisnummer of toevoeging heeft niet de vorm die is afgesproken."


def _client_number(document: Document, _: Outside) -> Found:
    for delivery in _deliveries(document):
        for at, signal in delivery.signals():
            number = signal["client"].get("burgerservicenummer")
            if number is not None and not _passes_eleven(number):
                yield f"{at}/client/burgerservicenummer", "Doorstaat de elfproef niet."


def _amount(document: Document, outside: Outside) -> Found:
    for delivery in _deliveries(document):
        for at, signal in delivery.signals():
            cents, amount = outside.cents.get(signal["ID"]), signal.get("bedrag", 0)
            if amount < 0 or (cents is not None and amount != euros(cents)):
                yield f"{at}/bedrag", "Geen bedrag in hele euro's, of niet het afgeronde bedrag van de bron."


def _supplier(document: Document, _: Outside) -> Found:
    if not document["codeGegevensleverancier"].strip():
        yield "/codeGegevensleverancier", "Naam en versie van de software ontbreken."


def _volume(document: Document, _: Outside) -> Found:
    deliveries = list(_deliveries(document))
    signals, cases = (sum(len(d.value.get(name, ())) for d in deliveries) for name in ("vroegsignalen", "vroegsignaalzaken"))
    if signals > SIGNALS_MAX or cases > CASES_MAX:
        yield "/leveringen", "Meer dan 50.000 signalen of 25.000 zaken in een bericht."


CHECKS: dict[str, Callable[[Document, Outside], Found]] = {
    "DDAS-01": _unique_ids,
    "DDAS-02": _references_resolve,
    "DDAS-03": _one_case_per_signal,
    "DDAS-04": _taken_up_is_in_a_case,
    "DDAS-05": _in_a_case_is_taken_up,
    "DDAS-06": _case_has_signals,
    "DDAS-07": _arrears_before_signal,
    "DDAS-08": _signal_before_case,
    "DDAS-09": _case_before_contact,
    "DDAS-10": _matching_period,
    "DDAS-11": _period,
    "DDAS-12": _signal_in_period,
    "DDAS-13": _municipality,
    "DDAS-14": _count,
    "DDAS-15": _organisation,
    "DDAS-16": _partner_kind,
    "DDAS-17": _status,
    "DDAS-18": _client_address,
    "DDAS-19": _client_number,
    "DDAS-20": _amount,
    "DDAS-21": _supplier,
    "DDAS-22": _volume,
}


def _after(first: str | None, second: str | None) -> bool:
    """Whether the first of two ISO days is later; an absent one is not."""
    return first is not None and second is not None and first > second


def _is_address(client: Document) -> bool:
    addition = client.get("huisnummertoevoeging", "0")
    return bool(_POSTCODE.fullmatch(client["postcode"]) and _NUMBER.fullmatch(client["huisnummer"]) and 1 <= len(addition) <= 4)


def _passes_eleven(number: str) -> bool:
    if not _BSN.fullmatch(number):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11 == 0
