"""Settings at the municipality's door: read and replace each one, and try baskets on last month.

Authority: contract, "`PUT instellingen/…`". One operation per setting and method, each with its own types. Leaves what fits together
to the flow.
"""

from functools import partial
from typing import Any, NamedTuple

from starlette.responses import Response

from gateway.api import triage_examples as examples
from gateway.api.operation import Call, Handler, Operation, ok
from gateway.api.ports import MunicipalityPort
from gateway.api.who import who
from schemas.instellingen import (
    Drempels,
    DrempelsStand,
    Inhaalslag,
    InhaalslagStand,
    Instellingnaam,
    Opvolgpartners,
    OpvolgpartnersStand,
    Stand,
    Termijnregels,
    TermijnregelsStand,
    Velden,
    VeldenStand,
    Werkbakken,
    Werkbakkenproef,
    WerkbakkenStand,
)
from schemas.types import Wire


class _Setting(NamedTuple):
    naam: Instellingnaam
    kind: type[Wire]
    stand: type[Stand]
    example: Stand
    about: str
    errors: tuple[int, ...] = ()


def read(port: MunicipalityPort, call: Call, kind: Any) -> Response:  # noqa: ANN401 - a type of wire
    """The setting that holds."""
    return ok(port.triage.setting(who(call)[1], kind))


def change(port: MunicipalityPort, call: Call) -> Response:
    """Replace a setting."""
    return ok(port.triage.change(*who(call), call.body))


def trial(port: MunicipalityPort, call: Call) -> Response:
    """Try baskets on last month."""
    return ok(port.triage.trial(who(call)[1], call.body))


def _reader(kind: type[Wire]) -> Handler[MunicipalityPort]:
    return partial(read, kind=kind)


def _pair(setting: _Setting) -> tuple[Operation[MunicipalityPort], Operation[MunicipalityPort]]:
    name = setting.naam.capitalize()
    path, tag = f"/instellingen/{setting.naam}", "Instellingen"
    example: Any = setting.example
    return (
        Operation(
            method="GET",
            path=path,
            id=f"lees{name}",
            tag=tag,
            activity="beheren",
            summary=f"Lees de instelling {setting.naam}",
            description=f"{setting.about} Versie 0 is wat geldt zolang u niets hebt ingesteld.",
            handler=_reader(setting.kind),
            answers={200: setting.stand},
            example=example,
        ),
        Operation(
            method="PUT",
            path=path,
            id=f"wijzig{name}",
            tag=tag,
            activity="beheren",
            summary=f"Vervang de instelling {setting.naam}",
            description=f"{setting.about} Geldt meteen voor nieuwe gegevens; elke versie wordt bewaard en vastgelegd. Herhalen mag.",
            handler=change,
            request=setting.kind,
            request_example=example.instelling,
            answers={200: setting.stand},
            errors=setting.errors,
            example=example,
        ),
    )


_SETTINGS = (
    _Setting("drempels", Drempels, DrempelsStand, examples.DREMPELS, "Drempel per sector; wat lager is, wordt gemarkeerd."),
    _Setting("velden", Velden, VeldenStand, examples.VELDEN, "Optionele velden die u afneemt, en kenmerken om op in te delen."),
    _Setting("werkbakken", Werkbakken, WerkbakkenStand, examples.WERKBAKKEN, "Werkbakken op volgorde; de eerste die past, wint.", (409,)),
    _Setting("opvolgpartners", Opvolgpartners, OpvolgpartnersStand, examples.OPVOLGPARTNERS, "Wie onder uw mandaat opvolgt.", (409,)),
    _Setting("termijnen", Termijnregels, TermijnregelsStand, examples.TERMIJNREGELS, "Uw eigen termijnen, naast die van de wet."),
    _Setting("inhaalslag", Inhaalslag, InhaalslagStand, examples.INHAALSLAG, "Hoeveel inhaalsignalen u per dag claimt; de rest wacht."),
)  # fmt: skip
OPERATIONS: tuple[Operation[MunicipalityPort], ...] = (
    *(operation for setting in _SETTINGS for operation in _pair(setting)),
    Operation(
        method="POST",
        path="/instellingen/werkbakken/_proef",
        id="probeerWerkbakken",
        tag="Instellingen",
        activity="indelen",
        summary="Probeer werkbakken uit",
        description="Hoe de berichten van de vorige maand verdeeld zouden zijn: alleen aantallen. Er wordt niets bewaard.",
        handler=trial,
        request=Werkbakken,
        request_example=examples.WERKBAKKEN.instelling,
        answers={200: Werkbakkenproef},
        example=examples.PROEF,
    ),
)
