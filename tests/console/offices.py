"""A console on a bureau: officers of an organisation with a mandate of Haarlem, a login service over real HTTP, and browsers."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import parse_qs, urlsplit

import httpx2
from joserfc.jwk import ECKey
from msgspec import structs
from starlette.testclient import TestClient

from adapters.synthetic.aanmelddienst import Aanmelddienst, Persoon
from gateway.api import openapi
from gateway.console.app import TABLE, console_app
from gateway.console.assets import sheets
from gateway.console.behind import Behind
from gateway.console.gemeente.desk import GemeenteDesk
from gateway.console.identity import Access
from gateway.console.pages import Desks, Page
from gateway.console.render import Pages
from gateway.console.schuldeiser.desk import SchuldeiserDesk
from gateway.console.shell import Shell
from gateway.console.signon import Client, SignOn
from gateway.core.chain import Sender, Trace
from gateway.core.clock import FixedClock
from gateway.feedback.giving import Counter
from gateway.letters.merging import Letters
from gateway.meldingen.matcher import Matcher
from gateway.partners.register import Deelnemer, Leveringsgebied, Mandaat, Register
from gateway.partners.sealkeys import Gemeentesleutel
from gateway.policy import art30
from gateway.privacylog import append
from gateway.privacylog.entries import decode
from gateway.privacylog.entry import Frame
from gateway.privacylog.messages import VerzoekGeweigerd
from gateway.signals.proof import Notary
from gateway.signals.receive import receive
from gateway.signals.turns import Turns
from gateway.store.database import Database
from gateway.store.prepare import Dsns
from schemas.verwerkingsregister import Verwerkingsregister
from tests.files.world import FileWorld
from tests.flows.world import CLERK, HAARLEM, LANDLORD, MUNICIPALITIES, OTHER, PURPOSES, UTRECHT
from tests.oversight.bureau import ABROAD, OFFICER, Bureau
from tests.overviews.hall import CARRIER, CLERK_UTRECHT, WATER
from tests.tenants import SIGNER

HOST = "console.example"
ORIGIN = f"https://{HOST}"
BACK = f"{ORIGIN}/aanmelden/terug"
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
TICKET = re.compile(r'name="vraag" value="([^"]+)"')


def works(oin: str = OFFICER.party, gemeente: str | None = HAARLEM, *rollen: str, **more: Any) -> dict[str, Any]:
    """Claims of somebody who works for an organisation."""
    found = {"seinhuis_oin": oin, "seinhuis_rollen": list(rollen or ("toezichthouder",)), **more}
    return found if gemeente is None else {**found, "seinhuis_gemeente": gemeente}


ANNE = Persoon("anne", "Anne de Boer", works())
BRAM = Persoon("bram", "Bram Visser", works())
ABROADER = Persoon("cees", "Cees Utrecht", works(ABROAD.party, UTRECHT))
STRANGER = Persoon("dirk", "Dirk Zonder", works("00000099000000069000"))
CLERKLY = Persoon("els", "Els Balie", works(CLERK.party, HAARLEM, "gemeente"))
FARAWAY = Persoon("hugo", "Hugo Utrecht", works(CLERK_UTRECHT.party, UTRECHT, "gemeente"))
ROLELESS = Persoon("ida", "Ida Elders", works(CLERK.party, HAARLEM, "archivaris"))
WEAK = Persoon("fem", "Fem Zwak", works(), amr=("pwd",))
BOTH = Persoon("gert", "Gert Beide", works(CLERK.party, HAARLEM, "toezichthouder", "gemeente"))
HENK = Persoon("henk", "Henk Huur", works(LANDLORD.party, None, "schuldeiser"))
ILSE = Persoon("ilse", "Ilse Anders", works(OTHER.party, None, "schuldeiser"))
INA = Persoon("ina", "Ina Bouwman", works("00000099000000051000", None, "integrator"))
OLGA = Persoon("olga", "Olga Beheer", works("00000099000000000000", None, "beheerder"))
PEOPLE = (ANNE, BRAM, ABROADER, STRANGER, CLERKLY, WEAK, BOTH, FARAWAY, ROLELESS, HENK, ILSE, INA, OLGA)


class Service(Aanmelddienst):
    """The login service, on the clock of the bureau; `twist` changes what an ID token says."""

    clock: FixedClock
    twist: Callable[[dict[str, Any]], dict[str, Any]] = staticmethod(lambda claims: claims)

    def now(self) -> float:
        return self.clock.now().timestamp()

    def claims(self, persoon: Persoon, nonce: str) -> dict[str, Any]:
        return self.twist(super().claims(persoon, nonce))


class Browser(TestClient):
    """A browser: it keeps cookies and says where it comes from."""

    def __init__(self, offices: "Offices") -> None:
        super().__init__(offices.app, base_url=ORIGIN, follow_redirects=False)
        self.offices = offices

    def answer(self, who: Persoon) -> str:
        """Begin to log in and answer at the service; where it sends the browser back to."""
        away = self.get("/aanmelden")
        assert away.status_code == 303, away.text
        page = httpx2.get(away.headers["location"])
        ticket = TICKET.search(page.text)
        assert ticket, page.text
        issuer = self.offices.service.issuer
        return str(httpx2.post(f"{issuer}/kies", data={"vraag": ticket[1], "wie": who.sub}).headers["location"])

    def login(self, who: Persoon = ANNE, home: str = "/toezicht") -> Self:
        """Log in; it must succeed, and begin at the page of the role."""
        answer = self.get(self.answer(who))
        assert (answer.status_code, answer.headers["location"]) == (303, home), answer.text
        return self

    @property
    def csrf(self) -> str:
        """What the forms of this session carry."""
        found = CSRF.search(self.get("/rol").text)
        assert found
        return found[1]

    def submit(self, path: str, **fields: str) -> httpx2.Response:
        """Send a form as a page of ours does."""
        return self.post(path, data={"csrf": self.csrf, **fields}, headers={"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"})


class Offices(Bureau):
    """A bureau with a console. `table`: more pages than the real ones."""

    service: Service
    app: Shell
    behind: Behind

    def __init__(self, dsns: Dsns, folder: Path, table: tuple[Page, ...] = TABLE) -> None:
        super().__init__(dsns, folder)
        self.console = Database(dsns.console, name="console", size=4, signer=SIGNER)
        self.strangers: list[str] = []
        self.bugs: list[tuple[str, str]] = []
        self.table = table
        self.access = Access.load(None)
        self.gemeente = GemeenteDesk(
            inbox=self.desk,
            cases=self.cases,
            counter=Counter(self.inbox, self.feedback),
            letters=Letters(self.desk, lambda: self.register),
            overviews=self.overviews,
            matcher=Matcher(self.inbox, self.keys, self.clock, self._wake, PURPOSES.activity),
            register=lambda: self.register,
            changed=self._wake,
        )
        self.filed, self.spool = FileWorld(self, folder), folder / "spool"
        self.creditor = SchuldeiserDesk(
            steps=self.steps,
            post=lambda record: receive([record], self.steps)[0],
            notary=Notary(self.log, self.receipts, MUNICIPALITIES.naam, "https://seinhuis.example/sleutels", self.number),
            overviews=self.overviews,
            turns=Turns(1),
            room=self.filed.room,
        )
        self.employ(Service)

    def employ(self, kind: type[Service]) -> None:
        """From now on this is the login service."""
        if hasattr(self, "service"):
            self.service.__exit__(None, None, None)
        self.service = kind(PEOPLE, "seinhuis", BACK, client_secret="geheim" * 6)
        self.service.clock = self.clock
        self.service.__enter__()
        self.use(secret=self.service.client_secret)

    def use(self, **shown: Any) -> None:
        """Show itself to the service with this key or secret."""
        self.behind = self._behind(Client(self.service.issuer, "seinhuis", BACK, **shown))
        self.app = console_app(self.behind, sheets(None), lambda kind, where, _: self.bugs.append((kind, where)))

    def close(self) -> None:
        self.service.__exit__(None, None, None)
        self.console.close()
        super().close()
        assert self.bugs == []

    def browser(self) -> Browser:
        """A browser without cookies."""
        return Browser(self)

    def users(self) -> list[str | None]:
        """Who each entry of today says has done it, of those that a page left."""
        rows = self.rows("SELECT body FROM log_entry WHERE event LIKE 'toezicht.%%' ORDER BY id")
        return [decode(bytes(body)).gebruiker for (body,) in rows]

    def _behind(self, client: Client) -> Behind:
        return Behind(
            desks=Desks(self.oversight, self.gemeente, self.creditor, cast(Any, None), tuple, self.processings),
            table=self.table,
            pages=Pages(sheets(None)),
            signon=SignOn(client, self.clock),
            access=self.access,
            mfa=True,
            origin=ORIGIN,
            database=self.console,
            keys=self.keys,
            register=lambda: self.register,
            clock=self.clock,
            refused=self._refused,
            strangers=self.strangers.append,
            activity=PURPOSES.activity("beheren"),
            committed=self._wake,
        )

    def processings(self) -> Verwerkingsregister:
        """The register of processing activities."""
        return art30.register(PURPOSES, openapi.activities())

    def _refused(self, caller: Sender, trace: Trace, code: str, page: str) -> None:
        frame = Frame(caller, trace, self.clock.now(), PURPOSES.activity("beheren"))
        with self.console.transaction() as connection:
            append.append(connection, [VerzoekGeweigerd(**frame.fields(), regels=(code,), bewerking=page)])

    def _register(self) -> Register:
        """With both officers' organisations under mandate, and one that is another municipality's."""
        old, day = super()._register(), date(2020, 1, 1)
        officer = frozenset({"toezichthouder"})
        parties = [Deelnemer(oin, "Functionaris Voorbeeld", officer, "actief") for oin in (OFFICER.party, ABROAD.party)]
        counter = (str(who.claims["seinhuis_oin"]) for who in (INA, OLGA))
        roles = zip(counter, ("integrator", "beheerder"), strict=True)
        parties += [Deelnemer(oin, "Aan de balie", frozenset({rol}), "actief") for oin, rol in roles]
        return Register(
            3,
            deelnemers=[*old.deelnemers.values(), *parties],
            gemeenten=old.gemeenten.values(),
            sleutels=[self._sealing(key) for code in (HAARLEM, UTRECHT) if (key := old.sealing_key(code))],
            mandaten=[
                Mandaat(OFFICER.party, CLERK.principal, "toezichthouder", day, self.mandate_until),
                Mandaat(CLERK.party, CLERK.principal, "toezichthouder", day),
                Mandaat(CARRIER.party, CLERK.principal, "uitvoerder", day),
                Mandaat(ABROAD.party, CLERK_UTRECHT.principal, "toezichthouder", day),
            ],
            partijsleutels=self.own,
            gebieden=[Leveringsgebied(WATER.principal, frozenset({"2011-2037"}), day)],
            pseudoniemversies=self.versions,
        )

    mandate_until: date | None = None
    haarlem: Gemeentesleutel | None = None

    def own_key(self) -> None:
        """Haarlem has a key of its own from now on."""
        public = dict(ECKey.generate_key("P-256").as_dict(private=False))
        self.haarlem = Gemeentesleutel(HAARLEM, "eigen-1", "eigen", public)
        self.register = self._register()

    def _sealing(self, key: Gemeentesleutel) -> Gemeentesleutel:
        return self.haarlem if self.haarlem and key.gemeentecode == HAARLEM else key

    def rename(self, naam: str) -> None:
        """Every party is called so."""
        for oin, party in list(self.register.deelnemers.items()):
            self.register.deelnemers[oin] = structs.replace(party, naam=naam)  # type: ignore[index]  # a mapping to all others

    def license(self, oin: str, *sectoren: str) -> None:
        """A creditor is registered for these sectors."""
        party = structs.replace(self.register.deelnemers[oin], sectoren=frozenset(sectoren))
        self.register.deelnemers[oin] = party  # type: ignore[index]  # a mapping to all others

    def end_mandate(self) -> None:
        """The mandate of Haarlem ended long ago."""
        self.mandate_until = date(2021, 1, 1)
        self.register = self._register()


def query(url: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
