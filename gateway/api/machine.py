"""The listener with client certificates: every door, and its OpenAPI document.

Authority: architecture, "four kinds of users, each with a door of their own". Leaves wiring to `gateway.app`, sockets to
`gateway.api.listeners`.
"""

from starlette.routing import Router

from gateway.api import beheer, creditor, ddas, municipality, oversight
from gateway.api.edge import Edge, nothing_here
from gateway.api.operation import House, routes
from gateway.api.outward_port import StatisticsPort
from gateway.api.port_beheer import BeheerPort
from gateway.api.port_toezicht import OversightPort
from gateway.api.ports import CreditorPort, MunicipalityPort, Report
from gateway.api.public import documents


def machine_app(
    creditors: House[CreditorPort],
    municipalities: House[MunicipalityPort],
    report: Report,
    statistics: House[StatisticsPort] | None = None,
    officers: House[OversightPort] | None = None,
    integrators: House[BeheerPort] | None = None,
) -> Edge:
    """The application of the mTLS listener."""
    found = [
        *documents(creditor.API),
        *documents(municipality.API),
        *routes(creditor.API, creditors),
        *routes(municipality.API, municipalities),
    ]
    if statistics is not None:
        found += [*documents(ddas.API), *routes(ddas.API, statistics)]
    if officers is not None:
        found += [*documents(oversight.API), *routes(oversight.API, officers)]
    if integrators is not None:
        found += [*documents(beheer.API), *routes(beheer.API, integrators)]
    return Edge(Router(found, redirect_slashes=False, default=nothing_here), report)
