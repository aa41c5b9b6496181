"""For which municipality somebody calls: the code that its registration names. Leaves who may call at all to `caller`."""

from gateway.api.operation import Call
from gateway.core.chain import Sender, Trace
from gateway.core.errors import Forbidden
from schemas.types import Gemeentecode


def who(call: Call) -> tuple[Sender, Gemeentecode, Trace]:
    """Caller, municipality and trace. Raises Forbidden: the principal has no municipality code."""
    gemeente = call.caller.principal.gemeentecode
    if gemeente is None:
        raise Forbidden("GEMEENTE_ONBEKEND", "Bij deze deelnemer is geen gemeentecode geregistreerd; neem contact op met de beheerder.")
    return call.sender, gemeente, call.trace
