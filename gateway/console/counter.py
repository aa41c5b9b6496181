"""The pages of the integrator and of the operator: the same counter of the partner register, each with his own sight of it.

A role gets its pages under a path of its own; the counter behind them decides whom he sees and what he may do alone. Each page calls the
flow that the API calls. Authority: contract, "/beheer/v1"; F80 to F82; decision 0040. A participant is named by its OIN, which is public.
"""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from gateway.console import counter_forms as reading
from gateway.console import forms
from gateway.console.forms import Fields
from gateway.console.pages import Context, Desks, Go, Page, Visit
from gateway.core.errors import Forbidden, NotFound
from gateway.onboarding import changes, health, preview, requests, sight
from gateway.onboarding.counter import Counter
from gateway.privacylog.beheer import ToelatingBesloten, ToelatingGevraagd
from gateway.privacylog.entry import Entry
from gateway.privacylog.settings import DeelnemerOvergegaan, RegisterGewijzigd
from schemas.beheer import ActiveringVerzoek, VerzoekAanvraag
from schemas.profielproef import ProfielVerzoek
from schemas.types import Oin

BASES: dict[Literal["integrator", "beheerder"], str] = {"integrator": "/aansluiten", "beheerder": "/beheer"}
ONE = frozenset({"oin"})
"""The query of a page about one participant."""
Standing = Callable[[Counter, Visit], Context | Go]


def start(counter: Counter, _visit: Visit) -> Context:
    """What needs attention."""
    return {"begin": sight.begin(counter)}


def listed(counter: Counter, _visit: Visit) -> Context:
    """Everybody of his."""
    return {"deelnemers": sight.listed(counter).deelnemers}


def partner(counter: Counter, visit: Visit) -> Context:
    """One participant."""
    return {"dossier": sight.one(counter, oin_of(visit)), "beheerder": counter.is_operator}


def form(counter: Counter, visit: Visit) -> Context:
    """An empty form about one participant."""
    found = sight.one(counter, oin_of(visit))
    return {"ingevuld": {**dict.fromkeys(found.gebruik, "ja"), **visit.fields}}


def blank(_counter: Counter, _visit: Visit) -> Context:
    """An empty form about nobody yet."""
    return {}


def use(counter: Counter, visit: Visit) -> Go:
    """What it uses."""
    changes.uses(counter, oin_of(visit), visit.form)
    return _done(counter, visit)


def paper(counter: Counter, visit: Visit) -> Go:
    """A paper."""
    changes.paper(counter, oin_of(visit), visit.form)
    return _done(counter, visit)


def certificate(counter: Counter, visit: Visit) -> Context:
    """A certificate; what was issued is shown once."""
    return {"uitgifte": changes.certificate(counter, oin_of(visit), visit.form)}


def revoke(counter: Counter, visit: Visit) -> Go:
    """Revoke a certificate."""
    changes.revoke(counter, oin_of(visit), visit.form)
    return _done(counter, visit, "certificaat_ingetrokken")


def tested(counter: Counter, visit: Visit) -> Go:
    """A conformance result."""
    changes.tested(counter, oin_of(visit), visit.form.uitslag.encode())
    return _done(counter, visit)


def profile(counter: Counter, visit: Visit) -> Go:
    """A mapping profile; of who is live an integrator asks it."""
    oin, said = oin_of(visit), visit.form
    try:
        changes.profiled(counter, oin, said)
    except Forbidden:
        return _asked(counter, ProfielVerzoek(oin=oin, patroon=said.patroon, profiel=said.profiel))
    return _done(counter, visit)


def example(_counter: Counter, visit: Visit) -> Context:
    """How a profile reads an example."""
    found = preview.preview(visit.form)
    shown = [(one, msgspec.json.format(msgspec.json.encode(one.record), indent=2).decode()) for one in found.records]
    return {"uitkomst": found, "gelezen": shown}


def step(counter: Counter, visit: Visit) -> Go:
    """A step of the life cycle."""
    changes.step(counter, oin_of(visit), visit.form)
    return _done(counter, visit, "stap")


def read_activation(fields: Fields) -> ActiveringVerzoek:
    """Whom to make active."""
    return forms.wire({"soort": "activering", "oin": fields.get("oin", "")}, ActiveringVerzoek)


def ask(counter: Counter, visit: Visit) -> Go:
    """What somebody may not do alone; the operator's people do most of it at once."""
    return _asked(counter, visit.form)


def _asked(counter: Counter, what: VerzoekAanvraag) -> Go:
    made = requests.ask(counter, what)
    return Go(f"{_base(counter)}/verzoeken", "aangevraagd" if made else "vastgelegd")


def list_preview(counter: Counter, visit: Visit) -> Context:
    """What a list would change."""
    return {"uitkomst": requests.preview(counter, visit.form.lijst)}


def asked(counter: Counter, _visit: Visit) -> Context:
    """The requests."""
    return {"verzoeken": requests.listed(counter).verzoeken, "beheerder": counter.is_operator}


def request(counter: Counter, visit: Visit) -> Context:
    """One request, with what it would change."""
    row = requests.one(counter, visit.key)
    what = row.what
    shown = msgspec.to_builtins(what)
    lijst, profiel = shown.pop("lijst", None), shown.pop("profiel", None)
    dossier = sight.one(counter, what.oin) if isinstance(what, ActiveringVerzoek) else None
    return {
        "verzoek": row.told(), "inhoud": shown, "lijst": lijst, "profiel": profiel, "dossier": dossier,
        "uitkomst": requests.preview(counter, lijst) if lijst else None,
        "mag": counter.is_operator and row.besluit is None, "eigen": counter.caller.may_be(row.aanvrager, row.gebruiker),
    }  # fmt: skip


def decide(counter: Counter, visit: Visit) -> Go:
    """The second person."""
    requests.decide(counter, visit.key, visit.form.besluit)
    return Go(f"{_base(counter)}/verzoeken", "besloten")


def figures(desks: Desks, visit: Visit) -> Context:
    """How the gateway is doing."""
    counter = at(desks, visit, "beheerder")
    return {"stand": health.look(counter.office.database, desks.rounds), "grens": health.LAG_MAX}


def at(desks: Desks, visit: Visit, rol: str) -> Counter:
    """Where this visitor stands. Raises Forbidden."""
    who = desks.counters.operator if rol == "beheerder" else desks.counters.integrator
    return who(visit.caller, visit.trace)


def oin_of(visit: Visit) -> str:
    """The participant that a page is about. Raises NotFound."""
    try:
        found: str = msgspec.convert(visit.fields.get("oin"), Oin)
    except msgspec.ValidationError:
        raise NotFound("DEELNEMER_ONBEKEND", "Er is geen deelnemer met dit OIN.") from None
    return found


def _base(counter: Counter) -> str:
    return BASES["beheerder" if counter.is_operator else "integrator"]


def _done(counter: Counter, visit: Visit, note: str = "vastgelegd") -> Go:
    return Go(f"{_base(counter)}/deelnemer?oin={oin_of(visit)}", note)


def _pages(rol: Literal["integrator", "beheerder"]) -> tuple[Page, ...]:
    """The pages of a role. Of the operator's people more is done at once, so other entries are left."""
    base, at_once = BASES[rol], RegisterGewijzigd if rol == "beheerder" else ToelatingGevraagd

    def page(path: str, titel: str, handler: Standing, leaves: type[Entry] | None, *flow: str, **more: Any) -> Page:  # noqa: ANN401 - of Page
        def handle(desks: Desks, visit: Visit) -> Context | Go:
            return handler(at(desks, visit, rol), visit)

        fields: dict[str, Any] = {"method": "GET", "template": f"balie/{path.strip('/').partition('/')[0] or 'begin'}.html", **more}
        flows = tuple(f"gateway.onboarding.{name}" for name in flow)
        return Page(path=base + path, rol=rol, titel=titel, handler=handle, flow=flows, leaves=leaves, **fields)

    def asking(
        path: str, titel: str, handler: Standing, leaves: type[Entry], flow: str, read: Callable[[Fields], Any]
    ) -> tuple[Page, Page]:
        """A form, and what takes it."""
        empty = page(path, titel, form, None, "sight.one", query=ONE)
        return empty, page(path, titel, handler, leaves, flow, method="POST", read=read)

    return (
        page("", "Deelnemers", start, None, "sight.begin", menu="Overzicht"),
        page("/deelnemers", "Alle deelnemers", listed, None, "sight.listed", menu="Deelnemers"),
        page("/deelnemer", "Deelnemer", partner, None, "sight.one", query=ONE),
        page("/aanmelden", "Deelnemer aanmelden", blank, None, menu="Aanmelden"),
        page("/aanmelden", "Deelnemer aanmelden", ask, at_once, "requests.ask", method="POST", read=reading.applicant),
        *asking("/aansluiting", "Wat de deelnemer gebruikt", use, RegisterGewijzigd, "changes.uses", reading.use),
        *asking("/papier", "Papier vastleggen", paper, RegisterGewijzigd, "changes.paper", reading.paper),
        *asking("/certificaat", "Certificaat", certificate, RegisterGewijzigd, "changes.certificate", reading.certificate),
        page("/intrekken", "Certificaat intrekken", revoke, RegisterGewijzigd, "changes.revoke", method="POST", read=reading.revocation,
             template="fouten.html"),
        *asking("/toets", "Toetsuitslag", tested, RegisterGewijzigd, "changes.tested", reading.result),
        page("/profiel", "Mappingprofiel vastleggen", form, None, "sight.one", query=ONE),
        page("/profiel", "Mappingprofiel vastleggen", profile, RegisterGewijzigd, "changes.profiled", "requests.ask", method="POST",
             read=reading.profile),
        page("/proef", "Mappingprofiel proberen", blank, None, menu="Profiel proberen"),
        page("/proef", "Mappingprofiel proberen", example, None, "preview.preview", method="POST", read=reading.example),
        page("/stap", "Stap zetten", step, DeelnemerOvergegaan, "changes.step", method="POST", read=reading.step, template="fouten.html"),
        page("/activeren", "Activeren", ask, ToelatingGevraagd, "requests.ask", method="POST", read=read_activation,
             template="fouten.html"),
        *asking("/mandaat", "Mandaat", ask, at_once, "requests.ask", reading.mandate),
        page("/overeenkomsten", "Lijst van overeenkomsten", blank, None, menu="Overeenkomsten"),
        page("/overeenkomsten", "Lijst van overeenkomsten", list_preview, None, "requests.preview", method="POST", read=reading.agreements),
        page("/overeenkomsten/overnemen", "Lijst van overeenkomsten", ask, at_once, "requests.ask", method="POST", read=reading.agreements),
        page("/verzoeken", "Verzoeken", asked, None, "requests.listed", menu="Verzoeken"),
        page("/verzoeken/{id}", "Verzoek", request, None, "requests.one", template="balie/verzoek.html"),
    )  # fmt: skip


def _standing(desks: Desks, visit: Visit) -> Context | Go:
    return decide(at(desks, visit, "beheerder"), visit)


OPERATOR: tuple[Page, ...] = (
    *_pages("beheerder"),
    Page(
        method="POST",
        path="/beheer/verzoeken/{id}",
        rol="beheerder",
        titel="Verzoek",
        template="fouten.html",
        handler=_standing,
        flow=("gateway.onboarding.requests.decide",),
        leaves=ToelatingBesloten,
        read=reading.decision,
    ),
    Page(
        method="GET",
        path="/beheer/gezondheid",
        rol="beheerder",
        titel="Gezondheid",
        template="balie/gezondheid.html",
        handler=figures,
        flow=("gateway.onboarding.health.look",),
        leaves=None,
        menu="Gezondheid",
    ),
)
INTEGRATOR: tuple[Page, ...] = _pages("integrator")
