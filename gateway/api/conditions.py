"""What must hold between the members of one message, as JSON Schema for the documents: a type says what each member is, not when.

Authority: the checks of the flows themselves; a message that the document allows is not refused for what stands in it. Leaves what hangs
on the day, the register or another setting to 409, and what no schema can say to the flows.
"""

from typing import Any, Final, get_args

from gateway.overviews import answered
from gateway.regelingen.replied import REASONS
from schemas.inbox import Veldgroep

Schema = dict[str, Any]
_FIRST, _LAST = "aanleverperiodeStartdatum", "aanleverperiodeEinddatum"
_TEXT: Schema = {"type": "string"}
_NOTHING: Schema = {"type": "null"}
_THERE: Schema = {"type": "object"}


def _with(**members: Schema) -> Schema:
    """These members are there, and like this."""
    return {"properties": members, "required": [*members]}


def _when(known: Schema, then: Schema) -> Schema:
    return {"if": known, "then": then}


def _by_group(member: str) -> Schema:
    """The names in this member are field groups; a type of keys is not in the schema that is made of it."""
    return {"allOf": [{"properties": {member: {"propertyNames": {"enum": [*get_args(Veldgroep)]}}}}]}


def _claims() -> list[Schema]:
    """Per kind of claim: what is there, and what is not."""
    out = []
    for soort, needed in answered.NEEDED.items():
        absent = {answered.WIRE[name]: _NOTHING for name in answered.MEMBERS if name not in answered.ALLOWED[soort]}
        there = _with(**{answered.WIRE[name]: {"not": _NOTHING} for name in needed})
        out.append(_when(_with(soort={"const": soort}), {"allOf": [{"properties": absent}, there]}))
    return out


_CASE_NUMBER = _when(_with(status={"const": "verwerkt"}), _with(zaaknummer=_TEXT))
OF: Final[dict[str, Schema]] = {
    "Bevestiging": _CASE_NUMBER,
    "ClaimBevestiging": _CASE_NUMBER,
    "RitmeAanvraag": {
        **_when(_with(wijze={"const": "maandelijks"}), _with(dag={"type": "integer"})),
        "else": {"properties": {"dag": _NOTHING}},
    },
    "StandAanvraag": _when(_with(signalen={"maxItems": 0}), _with(redenVervallen=_TEXT)),
    "StatistiekInstelling": _when(_with(levering={"const": "gateway"}), _with(organisatie=_THERE)),
    "Terugkoppelkeuze": _when(_with(code={"const": "hulp_geaccepteerd"}, aan={"const": True}), _with(grond=_THERE)),
    "Bevestigd": {"if": _with(klantnummer=_TEXT), "else": _with(factuurnummers={"type": "array"})},
    "Geweigerd": {"allOf": [{"properties": {"redenen": {"uniqueItems": True}}}]},
    "Schuldvordering": {"allOf": _claims()},
    "Weigering": {
        "allOf": [_when(_with(reden={"const": reden}), _with(toelichting={"enum": sorted(codes)})) for reden, codes in REASONS.items()]
    },
    "Deling": _by_group("sleutels"),
    "Doorzending": _by_group("persoonsgegevens"),
    "GegevensVraag": {
        "allOf": [_when(_with(**{one: _TEXT}), _with(**{other: _TEXT})) for one, other in ((_FIRST, _LAST), (_LAST, _FIRST))],
    },
}
"""Per type, beside its members."""
