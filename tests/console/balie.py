"""A console at the counter of the partner register: the operator's people, two integrators, and participants on their way in."""

import re
from pathlib import Path
from typing import Any, Self, cast

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.synthetic.aanmelddienst import Persoon
from gateway.console.app import TABLE, console_app
from gateway.console.assets import sheets
from gateway.console.behind import Behind
from gateway.console.identity import Access
from gateway.console.pages import Desks
from gateway.console.render import Pages
from gateway.console.signon import Client, SignOn
from gateway.core.chain import Sender, Trace
from gateway.onboarding import levenscyclus, registration
from gateway.onboarding.counter import Counters
from gateway.onboarding.health import Round
from gateway.partners.register import Deelnemer, Mandaat
from gateway.privacylog import append
from gateway.privacylog.entries import Event, decode
from gateway.privacylog.entry import Frame
from gateway.privacylog.messages import VerzoekGeweigerd
from gateway.store.database import Database
from gateway.store.prepare import Dsns
from tests.console.offices import BACK, CSRF, ORIGIN, Browser, Service
from tests.onboarding.world import LANDLORD, OPERATOR, ROWS, TODAY, TOWN, Hall
from tests.tenants import SIGNER

BUILDER, OTHER = "00000099000000070000", "00000099000000071000"
ACTIVITY = "urn:test:beheer"


def works(oin: str, rol: str) -> dict[str, Any]:
    return {"seinhuis_oin": oin, "seinhuis_rollen": [rol]}


OLGA = Persoon("olga", "Olga Beheer", works(OPERATOR, "beheerder"))
PIET = Persoon("piet", "Piet Beheer", works(OPERATOR, "beheerder"))
INA = Persoon("ina", "Ina Integrator", works(BUILDER, "integrator"))
IVO = Persoon("ivo", "Ivo Ander", works(OTHER, "integrator"))
FAKE = Persoon("fred", "Fred Vals", works(BUILDER, "beheerder"))


class Window(Browser):
    """A browser of somebody at the counter; `base` is where his pages begin."""

    base: str

    def login(self, who: Persoon = OLGA, home: str = "") -> Self:
        answer = self.get(self.answer(who))
        assert answer.status_code == 303, answer.text
        self.base = answer.headers["location"]
        return self

    @property
    def csrf(self) -> str:
        found = CSRF.search(self.get(f"{self.base}/verzoeken").text)
        assert found
        return found[1]

    def asks(self, path: str, **fields: str) -> str:
        """Ask something of a second person; the page of the request."""
        before = set(self.asked())
        answer = self.submit(f"{self.base}{path}", **fields)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{self.base}/verzoeken?melding=aangevraagd"), answer.text
        (made,) = set(self.asked()) - before
        return made

    def asked(self) -> list[str]:
        """The pages of the requests that he sees, in their order."""
        return re.findall(rf"{self.base}(/verzoeken/[0-9a-f-]{{36}})", self.get(f"{self.base}/verzoeken").text)


class Balie(Hall):
    """The counter; who is registered there is an operator, two integrators and who `ROWS` has."""

    def __init__(self, dsns: Dsns, folder: Path) -> None:
        self.dsns, self.folder = dsns, folder
        super().__init__(dsns, folder)
        self.console = Database(dsns.console, name="console", size=2, signer=SIGNER)
        self.integrators = Database(dsns.integrator, name="integrator", size=2, signer=SIGNER)
        self.counters = Counters(self.office, self.integrators, self.load)
        self.bugs: list[tuple[str, str]] = []
        self.service = Service((OLGA, PIET, INA, IVO, FAKE), "seinhuis", BACK, client_secret="geheim" * 6)
        self.service.clock = self.clock
        self.service.__enter__()
        self._open()

    def close(self) -> None:
        self.service.__exit__(None, None, None)
        self.console.close()
        self.integrators.close()
        super().close()
        assert self.bugs == []

    def window(self, who: Persoon = OLGA) -> Window:
        """Somebody who logged in."""
        return Window(cast(Any, self)).login(who)

    def join(self, oin: str, naam: str, rol: str) -> None:
        """A participant without gates, active."""
        registration.save(self.office, Deelnemer(oin, naam, frozenset({rol}), "aangemeld"))
        for status in levenscyclus.PAD[1:]:
            registration.set_status(self.office, oin, status)

    def looks_after(self, oin: str, integrator: str = BUILDER) -> None:
        """From today this integrator looks after a participant."""
        registration.save(self.office, ROWS[oin], Mandaat(integrator, oin, "integrator", TODAY))

    def entries(self, *names: str) -> list[Event]:
        """What stands in the log under these names."""
        with self.ends() as connection:
            rows = connection.execute("SELECT body FROM log_entry WHERE event = ANY (%s) ORDER BY id", (list(names),)).fetchall()
        return [decode(bytes(body)) for (body,) in rows]

    def ends(self) -> Any:
        """A connection that sees all."""
        return psycopg.connect(self.dsns.owner)

    def _open(self) -> None:
        styles, none = sheets(None), cast(Any, None)
        self.behind = Behind(
            desks=Desks(none, none, none, self.counters, lambda: [Round("register", 1.0, "")], none),
            table=TABLE,
            pages=Pages(styles),
            signon=SignOn(Client(self.service.issuer, "seinhuis", BACK, secret=self.service.client_secret), self.clock),
            access=Access.load(None),
            mfa=True,
            origin=ORIGIN,
            database=self.console,
            keys=self.keys,
            register=self.load,
            clock=self.clock,
            refused=self._refused,
            strangers=lambda _: None,
            activity=ACTIVITY,
            committed=lambda: None,
        )
        self.serve()

    def serve(self) -> None:
        """With what stands behind it now."""
        self.app = console_app(self.behind, sheets(None), lambda kind, where, _: self.bugs.append((kind, where)))

    def _refused(self, caller: Sender, trace: Trace, code: str, page: str) -> None:
        frame = Frame(caller, trace, self.clock.now(), ACTIVITY)
        with self.console.transaction() as connection:
            append.append(connection, [VerzoekGeweigerd(**frame.fields(), regels=(code,), bewerking=page)])


def begun(dsns: Dsns, folder: Path) -> Balie:
    """With the operator and both integrators active; Ina's looks after the landlord, Ivo's after the town."""
    made = Balie(dsns, folder)
    for oin, naam, rol in ((OPERATOR, "Beheer Voorbeeld", "beheerder"), (BUILDER, "Bouwer", "integrator"), (OTHER, "Ander", "integrator")):
        made.join(oin, naam, rol)
    made.looks_after(LANDLORD)
    made.looks_after(TOWN, OTHER)
    return made


def csr(oin: str | None) -> str:
    """A request (PKCS #10) with its own key."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = [x509.NameAttribute(NameOID.COMMON_NAME, "proef")]
    if oin:
        names.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, oin))
    made = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(names)).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()
