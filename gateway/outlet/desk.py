"""What the outlet works with: the inbox of the municipality, the spool, and who the desk is. Leaves what is done to its neighbours."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from adapters.desk import layout
from adapters.desk.cells import Layout
from adapters.formats.profile import Ongeldig
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day, dutch_midnight
from gateway.core.errors import Misconfigured
from gateway.core.workdays import add_workdays
from gateway.files.flow import Files
from gateway.inboxes.desk import Desk
from gateway.partners.outlets import Outlet
from gateway.partners.register import Register
from gateway.privacylog.entry import Frame
from gateway.store.database import Database
from gateway.store.tenant import Tenant, municipality

DOEL, FROM, KIND, ROL = "WGS-3-1-b", "gemeente", "uitlaat", "verwerker"
WORKING_DAYS = 5
"""That a file waits for its desk."""
FILE = 1_000
"""Records of a file, well under the most that one may have: its messages are locked while it is made, and a withdrawal waits for that."""
GRACE = timedelta(days=1)
"""That its messages stay held after that: what is being read then is not in two places."""


class OutletDesk(NamedTuple):
    """Made by the composition root. `tasks` (role gw_taken) sees where a file has not ended; `most`: records of a file."""

    inbox: Desk
    files: Files
    tasks: Database
    register: Callable[[], Register]
    trace: Callable[[], Trace]
    most: int = FILE

    @property
    def now(self) -> datetime:
        """The instant, in UTC."""
        return self.inbox.clock.now()

    @property
    def today(self) -> date:
        """The day in the Netherlands."""
        return dutch_day(self.now)


class Handing(NamedTuple):
    """One municipality with its desk, in one trace."""

    desk: OutletDesk
    outlet: Outlet
    layout: Layout
    frame: Frame

    @property
    def gemeente(self) -> str:
        """The municipality's code."""
        return self.outlet.uitlaat.gemeentecode

    @property
    def loket(self) -> str:
        """The OIN of the desk."""
        return self.outlet.uitlaat.loket

    @property
    def sender(self) -> Sender:
        """The desk, for the municipality."""
        return self.frame.sender

    @property
    def profiel(self) -> str:
        """Name and version of the layout."""
        return f"{self.layout.profiel.naam}/{self.layout.profiel.versie}"

    @property
    def tenant(self) -> Tenant:
        """The municipality's inbox, and the desk's folder."""
        return municipality(self.gemeente, self.loket)

    @property
    def until(self) -> datetime:
        """Until when a file of now may be opened: its working days, and no longer than the agreement."""
        last = add_workdays(self.desk.today, WORKING_DAYS)
        if self.outlet.uitlaat.geldig_tot is not None:
            last = min(last, self.outlet.uitlaat.geldig_tot)
        return dutch_midnight(last + timedelta(days=1))


def handing(desk: OutletDesk, outlet: Outlet) -> Handing:
    """Raises Misconfigured: the stored profile does not read (any more), or the activity is unknown."""
    try:
        made = Layout(layout.load(outlet.uitlaat.inhoud.encode()))
    except Ongeldig as error:
        first = error.fouten[0]
        raise Misconfigured(f"Uitlaatprofiel van {outlet.uitlaat.gemeentecode}, {first.plek}: {first.melding}") from None
    frame = Frame(Sender(outlet.uitlaat.loket, outlet.gemeente), desk.trace(), desk.now, desk.inbox.activity(KIND))
    return Handing(desk, outlet, made, frame)
