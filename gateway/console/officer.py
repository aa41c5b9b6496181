"""The pages of a privacy officer: what is unusual today, the queue, the log, one access with its proof, registers, unsealing.

Each handler calls the flows that its row names and puts their answer on a page; it decides nothing. Authority: contract, "/toezicht/v1";
F65, F67. Whom somebody looks for comes in a form, never in an address.
"""

from datetime import date, timedelta
from typing import Any

import msgspec

from gateway.console import breach, charts, forms, homes, processings, residents
from gateway.console.forms import Fields
from gateway.console.pages import Context, Desks, Go, Handler, Page, Visit
from gateway.console.unsealing import PAGES as UNSEALING
from gateway.oversight import dayview, proof, queue, search
from gateway.oversight.accesses import ACCESS
from gateway.oversight.queue import Period
from gateway.privacylog.entry import Entry
from gateway.privacylog.oversight import DagbeeldGelezen, LogGezocht, LogregelGelezen, ToegangBeoordeeld, WachtrijGelezen
from gateway.retention.terms import PAYLOAD, TERMS
from schemas.toezicht import Adresvraag, Beoordeling, LogVraag, Persoonsvraag
from schemas.types import Wire

DAYS = timedelta(days=30)
FEW = 5
PAGE = 50
DESTROYED = "sleutel.vernietigd"


class Periodevraag(Wire, frozen=True, kw_only=True):
    """The query of the queue; both days count."""

    van: date | None = None
    tot: date | None = None
    afgedaan: bool = False


def dashboard(desks: Desks, visit: Visit) -> Context:
    """Today: who opened how much, what is unusual, how the log stands."""
    seen = dayview.look(*visit.called, visit.day, desks.oversight)
    found = queue.queue(*visit.called, Period(visit.day, 1), desks.oversight)
    hours = sorted({hour for hour, _ in seen.counts})
    rows = [(name, [seen.counts[hour, name] for hour in hours]) for name in seen.names]
    return {"beeld": seen, "wachtrij": found, "eerste": found.gevallen[-FEW:][::-1], "grafiek": charts.per_hour(seen.counts, seen.names),
            "uren": hours, "rijen": rows}  # fmt: skip


def read_period(fields: Fields) -> Periodevraag:
    """The period of the queue."""
    return forms.wire({**forms.filled(fields, "van", "tot"), "afgedaan": fields.get("afgedaan") == "ja"}, Periodevraag)


def listed(desks: Desks, visit: Visit) -> Context:
    """Accesses that need a look, the newest first."""
    asked: Periodevraag = visit.form
    until = asked.tot or visit.day
    begin = asked.van or until - DAYS
    period = Period(begin, max(0, (until - begin).days + 1), asked.afgedaan)
    found = queue.queue(*visit.called, period, desks.oversight)
    return {"wachtrij": found, "gevallen": found.gevallen[::-1], "periode": period}


def read_judgement(fields: Fields) -> Beoordeling:
    """What an officer thinks of an access."""
    return forms.wire(forms.filled(fields, "oordeel"), Beoordeling)


def judge(desks: Desks, visit: Visit) -> Go:
    """Sign an access off."""
    known = (visit.who.naam, visit.who.onderwerp)
    queue.sign_off(*visit.called, visit.key, visit.form.oordeel, desks.oversight, known)
    return Go("/toezicht/toegangen", "beoordeeld")


def line(desks: Desks, visit: Visit) -> Context:
    """One entry, with its proof checked here and now."""
    found = search.entry(*visit.called, visit.key, desks.oversight)
    shown = msgspec.json.format(found.inhoud.encode(), indent=2).decode()
    return {
        "bewijs": found,
        "regel": found.regel,
        "uitkomst": proof.check(found, desks.oversight.vkey),
        "inhoud": shown,
        "sleutel": desks.oversight.vkey,
        "toegang": found.regel.gebeurtenis in ACCESS,
    }


def ask(_desks: Desks, _visit: Visit) -> Context:
    """The empty search form."""
    return {}


def read_search(fields: Fields) -> LogVraag:
    """What to look for."""
    value: dict[str, Any] = forms.filled(fields, "van", "tot", "medewerker", "gebeurtenis", "bericht")
    if person := forms.filled(fields, "achternaam", "geboortedatum"):
        value["persoon"] = forms.wire(person, Persoonsvraag)
    if forms.filled(fields, *forms.ADDRESS):
        value["adressen"] = [forms.wire(forms.address(fields), Adresvraag)]
    if "na" in fields:
        value["na"] = forms.whole(fields["na"])
    built = {name: part if isinstance(part, str | int) else msgspec.to_builtins(part) for name, part in value.items()}
    return forms.wire({**built, "maximum": PAGE}, LogVraag)


def find(desks: Desks, visit: Visit) -> Context:
    """What was found."""
    return {"uitkomst": search.search(*visit.called, visit.form, desks.oversight)}


def purposes(desks: Desks, visit: Visit) -> Context:
    """The purpose register as it holds today."""
    return {"doelen": list(desks.oversight.purposes.purposes()), "versie": desks.oversight.purposes.version, "dag": visit.day}


def retention(desks: Desks, visit: Visit) -> Context:
    """How long what is kept, and what was destroyed."""
    vraag = LogVraag(gebeurtenis=DESTROYED, maximum=PAGE)
    return {
        "termijnen": TERMS,
        "inhoud": PAYLOAD,
        "doelen": list(desks.oversight.purposes.purposes()),
        "vernietigd": search.search(*visit.called, vraag, desks.oversight).regels[::-1],
    }


def chain(desks: Desks, _visit: Visit) -> Context:
    """The signed checkpoints."""
    return {"keten": search.checkpoints(desks.oversight)}


def _page(path: str, titel: str, handler: Handler, leaves: type[Entry] | None, *flow: str, **more: Any) -> Page:  # noqa: ANN401 - fields of Page
    name = path.partition("/{")[0].rpartition("/")[2]
    fields: dict[str, Any] = {"method": "GET", "template": f"toezicht/{name}.html", **more}
    return Page(path=path, rol="toezichthouder", titel=titel, handler=handler, leaves=leaves, flow=flow, **fields)


_QUEUE, _SEARCH, _ONE = "gateway.oversight.queue.queue", "gateway.oversight.search.search", "gateway.oversight.search.entry"
PAGES: tuple[Page, ...] = (
    _page("/toezicht", "Vandaag", dashboard, DagbeeldGelezen, "gateway.oversight.dayview.look", _QUEUE, menu="Vandaag",
          template="toezicht/vandaag.html"),
    _page("/toezicht/toegangen", "Te beoordelen", listed, WachtrijGelezen, _QUEUE, read=read_period, menu="Te beoordelen",
          query=frozenset({"van", "tot", "afgedaan"})),
    _page("/toezicht/toegangen/{id}", "Te beoordelen", judge, ToegangBeoordeeld, "gateway.oversight.queue.sign_off", method="POST",
          read=read_judgement, template="fouten.html"),
    _page("/toezicht/regels/{id}", "Regel uit de log", line, LogregelGelezen, _ONE),
    _page("/toezicht/zoeken", "Zoeken in de log", ask, None, menu="Zoeken"),
    _page("/toezicht/zoeken", "Zoeken in de log", find, LogGezocht, _SEARCH, method="POST", read=read_search),
    *UNSEALING,
    *residents.PAGES,
    *breach.PAGES,
    *homes.PAGES,
    *processings.PAGES,
    _page("/toezicht/doelen", "Doelregister", purposes, None, "gateway.policy.register.PurposeRegister.purposes", menu="Doelen"),
    _page("/toezicht/bewaring", "Bewaartermijnen", retention, LogGezocht, _SEARCH, menu="Bewaring"),
    _page("/toezicht/keten", "Controlepunten", chain, None, "gateway.oversight.search.checkpoints", menu="Controlepunten"),
)  # fmt: skip
