"""JSON Schema (2020-12) of the exchange model DDAS v1.2, written by us from its documented facts; not the official file.

Authority: DDAS vroegsignalering v1.2: required members, code lists, unknown names refused on every object, client variant A or B. It
judges the file of any supplier, so it also knows variant A. Compare with the official schema before claiming conformity.
"""

from functools import cache
from typing import Any, get_args

import jsonschema_rs

from schemas.codelijsten import BERICHTSTATUS, CONTACTSOORT, DAGDEEL, EINDRESULTAAT
from schemas.ddas import Signaalpartner

GESLACHT = ("Man", "Vrouw", "Onbekend", "Leeg")
Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_DAY: Schema = {"type": "string", "format": "date"}
_FLAG: Schema = {"type": "boolean"}
_NUMBER: Schema = {"type": "integer"}


def _one_of(values: object) -> Schema:
    return {"type": "string", "enum": sorted(values)}  # type: ignore[call-overload]


def _object(required: str = "", **members: Schema) -> Schema:
    return {"type": "object", "additionalProperties": False, "required": required.split(), "properties": members}


def _list(item: Schema, *, least: int = 0, unique: bool = False) -> Schema:
    return {"type": "array", "items": item, **({"minItems": least} if least else {}), **({"uniqueItems": True} if unique else {})}


_CLIENT: Schema = {
    "oneOf": [
        _object("burgerservicenummer", burgerservicenummer={"type": "string", "minLength": 9, "maxLength": 9}),
        _object(
            "postcode huisnummer",
            postcode=_TEXT,
            huisnummer=_TEXT,
            huisnummertoevoeging=_TEXT,
            geboortedatum=_DAY,
            geslachtsaanduiding=_one_of(GESLACHT),
        ),
    ]
}
_CONTACT = _object(naam=_TEXT, telefoonnummer=_TEXT, email={"type": "string", "format": "email"}, functietitel=_TEXT)
_SIGNAL = _object(
    "ID signaalpartner client",
    ID=_TEXT,
    crisissignaal=_FLAG,
    warmeOverdracht=_FLAG,
    bedrag=_NUMBER,
    ontstaansdatum=_DAY,
    signaaldatum=_DAY,
    status=_one_of(BERICHTSTATUS.values()),
    signaalpartner=_object(type=_one_of(get_args(Signaalpartner))),
    client=_CLIENT,
)
_ATTEMPT = _object(soort=_one_of(CONTACTSOORT.values()), bereikt=_FLAG, datum=_DAY, dagdeel=_one_of(DAGDEEL.values()))
_CASE = _object(
    resultaat=_one_of(EINDRESULTAAT.values()),
    matchingsdatum=_DAY,
    startdatumMatchingperiode=_DAY,
    einddatumMatchingperiode=_DAY,
    datumOpgepakt=_DAY,
    vroegsignalen=_list(_object("ID", ID=_TEXT), least=1, unique=True),
    contactpogingen=_list(_ATTEMPT),
)
_ORGANISATION = _object(naam=_TEXT, contactpersonen=_list(_CONTACT, least=1, unique=True))
_ORGANISATION["properties"]["kvk-nummer"] = _TEXT
_DELIVERY = _object(
    "teller gemeentecode aanleverendeOrganisatie",
    teller=_NUMBER,
    gemeentecode=_TEXT,
    aanleverendeOrganisatie=_ORGANISATION,
    vroegsignalen=_list(_SIGNAL),
    vroegsignaalzaken=_list(_CASE),
)
SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "DDAS vroegsignalering v1.2, uitwisselmodel (eigen beschrijving)",
    **_object(
        "startdatumLevering einddatumLevering aanleverdatumEnTijd codeGegevensleverancier",
        startdatumLevering=_DAY,
        einddatumLevering=_DAY,
        aanleverdatumEnTijd={"type": "string", "format": "date-time"},
        codeGegevensleverancier=_TEXT,
        leveringen=_list(_DELIVERY, least=1, unique=True),
    ),
}


@cache
def _validator() -> Any:  # noqa: ANN401 - the library's own class is not typed as public
    return jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)


def violations(document: Any) -> list[str]:  # noqa: ANN401 - a JSON value
    """JSON pointers of what does not fit the model, formats included; never a value."""
    return sorted({"".join(f"/{part}" for part in error.instance_path) for error in _validator().iter_errors(document)})
