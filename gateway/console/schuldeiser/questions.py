"""What municipalities ask a creditor about a client in debt counselling: the list with its last days, one question, and the answer.

Opening a question is a disclosure, logged as who opened it. With a key that the gateway keeps its content is shown; with an own key the
page gives what opens it at the creditor's side, and the answer goes by the same form. Authority: SO-05, SO-07; contract, section on the
schuldenoverzicht. Leaves what an answer must be to `gateway.overviews.answering`.
"""

from functools import partial
from typing import Any, get_args

import msgspec

from gateway.console.pages import Context, Desks, Go, Page, Visit
from gateway.console.schuldeiser import answerform
from gateway.overviews import answering, envelopes
from gateway.overviews.envelopes import Place
from gateway.privacylog.overviews import SaldoverzoekBeantwoord, SaldoverzoekGelezen
from schemas.schuldenoverzicht import Saldostaat, Saldovraag, Verzegeld

PATH = "/schuldeiser/vragen"
PAGE = 100


def listed(desks: Desks, visit: Visit) -> Context:
    """What asks for attention, or all of one state."""
    asked = visit.fields.get("staat", "")
    staat: Saldostaat | None = next((one for one in get_args(Saldostaat) if one == asked), None)
    found = answering.page(visit.caller.principal, None, PAGE, staat, desks.schuldeiser.overviews)
    namen = {one.gemeente: desks.schuldeiser.name_of(one.gemeente) for one in found.saldoverzoeken if one.gemeente}
    return {"lijst": found, "namen": namen, "staat": staat or ""}


def one(desks: Desks, visit: Visit) -> Context:
    """One question, opened."""
    found = answering.question(visit.caller, visit.trace, visit.key, desks.schuldeiser.overviews, disclose=True)
    return {
        "vraag": found,
        "gemeente": desks.schuldeiser.name_of(found.gemeente) if found.gemeente else "",
        "ingevuld": {"peildatum": visit.day.isoformat(), **visit.fields},
        "rijen": answerform.CLAIMS,
        **_content(found.vraag, visit),
    }


def _content(sealed: Verzegeld | None, visit: Visit) -> dict[str, Any]:
    """`inhoud` when the gateway keeps the key, else `verzegeld`: what the own key opens."""
    if sealed is None:
        return {"inhoud": None, "verzegeld": None}
    clear = envelopes.clear(sealed, Place(visit.key, "vraag"))
    if clear is None:
        return {"inhoud": None, "verzegeld": msgspec.json.format(msgspec.json.encode(sealed)).decode()}
    return {"inhoud": msgspec.json.decode(clear, type=Saldovraag), "verzegeld": None}


def answer(desks: Desks, visit: Visit) -> Go:
    """Answer it."""
    with answerform.at_fields(visit.form.places):
        given = answerform.converted(visit.form)
        answering.answer(visit.caller, visit.trace, visit.key, given, desks.schuldeiser.overviews)
    return Go(PATH, "beantwoord")


_page = partial(Page, rol="schuldeiser")
_ONE: dict[str, Any] = {"titel": "Vraag van een gemeente", "template": "schuldeiser/vraag.html"}
PAGES: tuple[Page, ...] = (
    _page(
        method="GET",
        path=PATH,
        titel="Vragen van gemeenten",
        template="schuldeiser/vragen.html",
        handler=listed,
        flow=("gateway.overviews.answering.page",),
        leaves=None,
        menu="Vragen",
        query=frozenset({"staat"}),
    ),
    _page(
        method="GET",
        path=f"{PATH}/{{id}}",
        handler=one,
        flow=("gateway.overviews.answering.question",),
        leaves=SaldoverzoekGelezen,
        **_ONE,
    ),
    _page(
        method="POST",
        path=f"{PATH}/{{id}}",
        handler=answer,
        flow=("gateway.overviews.answering.answer",),
        leaves=SaldoverzoekBeantwoord,
        read=answerform.read,
        again=one,
        **_ONE,
    ),
)
