"""The answer to a balance request as a form: from its fields to the wire, and from an error back to its field.

Four claims at most; who has more answers by file or API. Pure. Authority: contract, section on the schuldenoverzicht (SO-06, SO-07, SO-09).
Leaves the sums, and what belongs to which kind of claim, to `gateway.overviews.answered`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from gateway.console.forms import Fields
from gateway.console.schuldeiser.signalform import Filled, day, euros, place, telephone
from gateway.core.errors import Invalid
from schemas import strict
from schemas.schuldenoverzicht import Saldoantwoord
from schemas.strict import Fout, Refused

CLAIMS = range(1, 5)
AMOUNTS = {"hoofdsomCent": "hoofdsom", "renteCent": "rente", "kostenCent": "kosten", "betaaldCent": "betaald", "saldoCent": "saldo"}
REACHED = {"telefoonnummer": "telefoon", "emailadres": "email", "naam": "naam"}
_NOT = {
    "TYPE_ONJUIST": "Vul een bedrag in euro's in, zoals 450,12.",
    "SOM_KLOPT_NIET": "Hoofdsom, rente en kosten samen, min wat al is betaald, is niet wat er overblijft.",
    "WAARDE_ONBEKEND": "Kies een van de mogelijkheden.",
}


def read(fields: Fields) -> Filled:
    """The answer that somebody filled in."""
    soort = fields.get("antwoord", "")
    places = {"/soort": "antwoord", "/reden": "reden", "/peildatum": "peildatum", "/vorderingen": "kenmerk-1", "": "antwoord"}
    value: dict[str, Any] = {"soort": soort}
    if soort == "geen_medewerking":
        value |= _kept(("reden", fields.get("reden")))
    elif soort == "vorderingen":
        places |= {"/klantnummer": "klantnummer", **{f"/contact/{member}": name for member, name in REACHED.items()}}
        rows = [nr for nr in CLAIMS if _is_used(fields, nr)]
        value |= {
            **_kept(("peildatum", day(fields.get("peildatum", ""))), ("klantnummer", fields.get("klantnummer"))),
            **_kept(("contact", _contact(fields)), ("standaardAkkoord", fields.get("standaard") == "ja" or None)),
            "vorderingen": [_claim(fields, nr, f"/vorderingen/{at}", places) for at, nr in enumerate(rows)],
        }
    return Filled(value, places)


def _is_used(fields: Fields, nr: int) -> bool:
    return any(fields.get(f"{name}-{nr}") for name in ("kenmerk", *AMOUNTS.values()))


def _contact(fields: Fields) -> dict[str, Any] | None:
    phone = telephone(fields.get("telefoon", ""))
    return _kept(("naam", fields.get("naam")), ("telefoonnummer", phone), ("emailadres", fields.get("email"))) or None


def _claim(fields: Fields, nr: int, at: str, places: dict[str, str]) -> dict[str, Any]:
    def typed(member: str, name: str, under: str = "") -> tuple[str, str]:
        places[f"{at}{under}/{member}"] = f"{name}-{nr}"
        return member, fields.get(f"{name}-{nr}", "")

    def dated(member: str, name: str, under: str = "") -> tuple[str, str]:
        return member, day(typed(member, name, under)[1])

    title, seized, collector, holder = "/titel", "/beslag", "/uitHandenGegevenAan", "/overgedragenAan"
    parts = {
        "titel": _kept(typed("soort", "titel", title), dated("datum", "titeldatum", title)),
        "beslag": _kept(typed("soort", "beslag", seized), dated("sinds", "beslagdatum", seized)),
        "uitHandenGegevenAan": _kept(
            typed("naam", "incasso", collector), typed("soort", "incassosoort", collector), typed("dossiernummer", "dossier", collector)
        ),
        "overgedragenAan": _kept(typed("naam", "houder", holder)),
    }
    places |= {f"{at}{title}": f"titel-{nr}", f"{at}{collector}": f"incasso-{nr}", f"{at}{holder}": f"houder-{nr}"}
    amounts = [(member, euros(typed(member, name)[1])) for member, name in AMOUNTS.items()]
    preferred = fields.get(f"preferent-{nr}") == "ja" or None
    own = (typed("soort", "soort"), typed("kenmerk", "kenmerk"), dated("ontstaansdatum", "ontstaan"), ("preferent", preferred))
    return _kept(*own, *amounts, *parts.items())


def _kept(*pairs: tuple[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in pairs if value not in ("", None, {})}


def converted(filled: Filled) -> Saldoantwoord:
    """The answer as the wire has it. Raises Refused."""
    found: Saldoantwoord = strict.convert(dict(filled.value), cast(Any, Saldoantwoord))  # a union is no type[T]
    return found


@contextmanager
def at_fields(places: Mapping[str, str]) -> Iterator[None]:
    """Raises Refused for every error of the block, each at the field that it is about."""
    try:
        yield
    except Refused as refused:
        found = [(fout.pointer, fout.code, fout.melding) for fout in refused.fouten]
    except Invalid as error:
        found = [(one.pointer or "", one.code, one.melding) for one in error.errors or []] or [("", error.code, error.detail)]
    else:
        return
    raise Refused([Fout(f"/{place(at, places) or 'antwoord'}", code, _NOT.get(code, words)) for at, code, words in found]) from None
