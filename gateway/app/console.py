"""The console of this node, when a login service is set: its settings checked, its parts wired.

Authority: `docs/operations.md`, "The console". What would let somebody in too easily refuses to start (`Misconfigured`).
"""

from functools import partial
from urllib.parse import urlsplit

from gateway.app.counters import counters
from gateway.app.creditordesk import creditor_desk
from gateway.app.house import House
from gateway.app.oversightdoor import OversightDoor
from gateway.app.settings import Settings
from gateway.app.strangers import Strangers
from gateway.console.app import TABLE, console_app
from gateway.console.assets import sheets
from gateway.console.behind import Behind
from gateway.console.gemeente.desk import GemeenteDesk
from gateway.console.identity import Access
from gateway.console.pages import Desks
from gateway.console.render import Pages
from gateway.console.shell import Report, Shell
from gateway.console.signon import Client, SignOn, is_local
from gateway.core.chain import Sender, Trace
from gateway.core.errors import Misconfigured
from gateway.feedback.giving import Counter
from gateway.letters.merging import Letters
from gateway.onboarding.health import Round
from gateway.privacylog import append
from gateway.privacylog.entry import Frame
from gateway.privacylog.messages import VerzoekGeweigerd
from gateway.store.private import read_private

BACK = "/aanmelden/terug"


def refuse(house: House, caller: Sender, trace: Trace, code: str, page: str) -> None:
    """Write a refusal of somebody who logged in on record, in a transaction of its own."""
    frame = Frame(caller, trace, house.clock.now(), house.steps.activity("beheren"))
    with house.console.transaction() as connection:
        append.append(connection, [VerzoekGeweigerd(**frame.fields(), regels=(code,), bewerking=page)])
    house.sequencer.wake()


def municipality(house: House) -> GemeenteDesk:
    """What stands behind the pages of a municipality."""
    return GemeenteDesk(
        inbox=house.desk,
        cases=house.cases,
        counter=Counter(house.inbox, house.feedback),
        letters=Letters(house.desk, house.register.current),
        overviews=house.overviews,
        matcher=house.matcher,
        register=house.register.current,
        changed=house.register.refresh,
    )


def console(settings: Settings, house: House, strangers: Strangers, report: Report) -> Shell | None:
    """The application; None without a login service. Raises Misconfigured."""
    if settings.oidc_issuer is None:
        return None
    access = Access.load(settings.oidc_access)
    if not settings.oidc_mfa and not is_local(settings.oidc_issuer):
        raise Misconfigured("SEINHUIS_OIDC_MFA=false kan alleen met een aanmelddienst op deze machine zelf (de demo).")
    origin = origin_of(settings)
    styles = sheets(settings.console_theme)
    pages = Pages(styles)
    behind = Behind(
        desks=Desks(
            house.oversight,
            municipality(house),
            creditor_desk(house),
            counters(settings, house),
            lambda: [Round(*loop.state) for loop in house.loops],
            OversightDoor(house).processings,
        ),
        table=TABLE,
        pages=pages,
        signon=SignOn(client_of(settings, settings.oidc_issuer, origin, access), house.clock),
        access=access,
        mfa=settings.oidc_mfa,
        origin=origin,
        database=house.console,
        keys=house.keys,
        register=house.register.current,
        clock=house.clock,
        refused=partial(refuse, house),
        strangers=strangers,
        activity=house.steps.activity("beheren"),
        committed=house.sequencer.wake,
    )
    return console_app(behind, styles, report)


def origin_of(settings: Settings) -> str:
    """The address of the console, as a browser says it in `Origin`. Raises Misconfigured."""
    url = settings.console_url or f"https://localhost:{settings.console_port}"
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        raise Misconfigured("SEINHUIS_CONSOLE_URL moet een adres zijn als https://console.example, zonder pad.")
    return f"https://{parts.netloc.lower().removesuffix(':443')}"


def client_of(settings: Settings, issuer: str, origin: str, access: Access) -> Client:
    """This installation at the login service. Raises Misconfigured."""
    key, secret = settings.oidc_client_key, settings.oidc_client_secret
    if (key is None) == (secret is None):
        raise Misconfigured("Zet precies een van SEINHUIS_OIDC_CLIENT_KEY en SEINHUIS_OIDC_CLIENT_SECRET.")
    return Client(
        issuer=issuer,
        client_id=settings.oidc_client_id,
        back=origin + BACK,
        key=read_private(key) if key else None,
        secret=read_private(secret).decode("ascii", "strict").strip() if secret else None,
        acr=access.acr,
    )
