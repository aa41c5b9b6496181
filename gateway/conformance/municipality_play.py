"""The director of a municipality: sends messages, one scenario at a time, and does to a claim what the scenario is about.

Counterparties are three creditors; the last two messages are of the second and the third, whose names stand in the assignments. A lease is
cut short by the gateway itself, as if the municipality had asked for a short one, and the answer is held until it is over. Authority:
contract, "/gemeente/v1".
"""

import secrets
import time
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from adapters.synthetic.generator import Creditor, Generator, Place
from gateway.conformance import judging_municipality as names
from gateway.conformance.cast import SCHULDEISERS, Tegenpartij
from gateway.conformance.director import get, post
from gateway.conformance.observed import Bestand, Feit, Uitwisseling
from gateway.conformance.plants import Json, Plan, Wijzig, new_field
from gateway.conformance.stage import Stage
from gateway.core.chain import Sender, Trace
from gateway.core.errors import Misconfigured
from gateway.inboxes import claiming, reading
from gateway.routing.municipalities import Found
from schemas.inbox import Bericht, ClaimVerlenging

PHASES = (names.EERSTE, names.VERLOPEN, names.ONLEESBAAR, names.INGETROKKEN, names.VELD, names.DUBBEL, names.TERUG, names.ZAAK)
_SENDERS = {names.TERUG: SCHULDEISERS[1], names.ZAAK: SCHULDEISERS[2]}
_SEVERAL = 5
_MANY = 500
_SHORT, _LONG = 1, 10  # seconds of a lease: what is made of one, and from where on
_BASE = "/schuldeiser/v1"
_ANSWERED = frozenset({"beantwoord", "geen_medewerking"})


class Gemeenteregie:
    """See `director.Regisseur`. `venster`: seconds that each scenario gets before the next one is planted."""

    def __init__(self, stage: Stage, venster: float, phases: tuple[str, ...] = PHASES) -> None:
        self._stage = stage
        self._code = stage.kandidaat.row.gemeentecode or ""
        self._venster = venster
        self._waiting = list(phases)
        self._since = 0.0
        self._planted: dict[str, dict[str, str]] = {}
        self._asked: set[str] = set()
        self._signals = self._generate()
        self.plans = self._plans()

    def stap(self) -> None:
        """The next scenario, when the one before is over or had its time; and what the creditors answer."""
        self._answer()
        done = all(feit.staat in {"verwerkt", "ingetrokken"} for feiten in self.berichten().values() for feit in feiten)
        if self._waiting and (done or self._stage.seconds() - self._since > self._venster):
            self._since = self._stage.seconds()
            self._plant(self._waiting.pop(0))

    def berichten(self) -> Mapping[str, tuple[Feit, ...]]:
        """What was planted, by scenario."""
        found = {str(one.id): one for one in self._inbox()}
        return {name: tuple(_fact(found.get(id), id, number) for id, number in ids.items()) for name, ids in self._planted.items()}

    def bestanden(self) -> tuple[Bestand, ...]:
        """A municipality has no files."""
        return ()

    def uitkomsten(self) -> Mapping[str, tuple[str, ...]]:
        """What the creditor of the last message reads, and who was asked for an overview."""
        with self._stage.connect(SCHULDEISERS[1]) as creditor:
            told = get(creditor, f"{_BASE}/terugkoppelingen")["terugkoppelingen"]
        return {names.TERUG: tuple(one["code"] for one in told), "gevraagd": tuple(sorted(self._asked))}

    def _inbox(self) -> list[Bericht]:
        return reading.page(self._code, self._stage.house.desk, after=0, limit=_MANY).berichten

    def _plant(self, scenario: str) -> None:
        party = _SENDERS.get(scenario, SCHULDEISERS[0])
        with self._stage.connect(party) as creditor:
            made = {}
            for _ in range(_SEVERAL if scenario == names.EERSTE else 1):
                signal = {**deepcopy(next(self._signals)), "handelsnaam": party.naam}
                made[str(post(creditor, f"{_BASE}/signalen", signal)["id"])] = signal["klantnummer"]
        self._planted[scenario] = made

    def _generate(self) -> Iterator[dict[str, Any]]:
        towns, day = self._stage.house.municipalities, self._stage.today
        name = towns.naam(self._code) or ""
        where = (str(p) for p in towns.postcodes(self._code, day) if towns.route(f"{p}AB", name, self._code, 1, day) == Found(self._code))
        if (postcode := next(where, None)) is None:
            raise Misconfigured(f"Gemeente {self._code} staat niet in de gemeentetabel; de toets heeft een adres in die gemeente nodig.")
        creditor = Creditor(SCHULDEISERS[0].oin, SCHULDEISERS[0].sector, SCHULDEISERS[0].naam)
        for signal in Generator(84, [Place(postcode, name, self._code)], day, [creditor]).signals(100):
            token = secrets.token_hex(4)
            yield {**signal, "klantnummer": f"K{token}", "adres": {**signal["adres"], "gemeentecode": self._code}}

    def _plans(self) -> list[Plan]:
        return [
            self._at_claim(names.VERLOPEN, self._hold),
            self._at_claim(names.ONLEESBAAR, self._break),
            self._at_claim(names.INGETROKKEN, self._withdraw),
            self._at_claim(names.VELD, new_field),
            self._at_claim(names.DUBBEL, self._double),
            Plan("antwoorden opgehaald", "weigering_is_een_antwoord", _both_answered),
        ]

    def _at_claim(self, scenario: str, change: Any) -> Plan:  # noqa: ANN401 - Callable[[Json], Json]
        def fits(one: Uitwisseling) -> bool:
            return one.handeling == "claimen" and one.gelukt and bool(self._planted.get(scenario, {}).keys() & set(one.berichten))

        return Wijzig(scenario.replace("_", " "), scenario, fits, change)

    def _hold(self, claim: Json) -> Json:
        """Until the lease is over; a long one is cut short, and the answer says so."""
        until, now = msgspec.convert(claim["vervaltOp"], datetime), self._stage.house.clock.now()
        if (until - now).total_seconds() > _LONG:
            sender, desk = Sender(self._stage.kandidaat.row.oin, self._stage.kandidaat.row.oin), self._stage.house.desk
            stand = claiming.extend(sender, self._code, _trace(), UUID(claim["id"]), ClaimVerlenging(lease_seconden=_SHORT), desk)
            until = stand.vervalt_op or now
        time.sleep(max(0.0, (until - self._stage.house.clock.now()).total_seconds()) + 0.2)
        return {**claim, "vervaltOp": msgspec.to_builtins(until)}

    def _break(self, claim: Json) -> Json:
        """One message no longer opens."""
        mine = self._planted[names.ONLEESBAAR]
        return {**claim, "berichten": [_broken(one) if one["id"] in mine else one for one in claim["berichten"]]}

    def _withdraw(self, claim: Json) -> Json:
        """The creditor withdraws it now."""
        with self._stage.connect(SCHULDEISERS[0]) as creditor:
            for id in self._planted[names.INGETROKKEN]:
                post(creditor, f"{_BASE}/signalen/{id}/intrekking", {"reden": "betaald"})
        return claim

    def _double(self, claim: Json) -> Json:
        """One message stands in it twice."""
        twice = [one for one in claim["berichten"] if one["id"] in self._planted[names.DUBBEL]]
        return {**claim, "berichten": [*claim["berichten"], *twice]}

    def _answer(self) -> None:
        """The first creditor answers what it is asked, the second refuses, the third says nothing."""
        for party in SCHULDEISERS:
            if party.oin not in self._asked:
                self._answer_as(party)
        with self._stage.connect(SCHULDEISERS[0]) as creditor:
            for pause in get(creditor, f"{_BASE}/kennisgevingen?staat=open")["berichten"]:
                post(creditor, f"{_BASE}/kennisgevingen/{pause['id']}/antwoord", {"soort": "bevestigd", "klantnummer": "K-1"})

    def _answer_as(self, party: Tegenpartij) -> None:
        refusal = {"soort": "geen_medewerking", "reden": "geen_samenwerking"}
        replies = {SCHULDEISERS[0].oin: _claims(self._stage), SCHULDEISERS[1].oin: refusal}
        with self._stage.connect(party) as creditor:
            asked = get(creditor, f"{_BASE}/saldoverzoeken?staat=open")["saldoverzoeken"]
            for question in asked:
                self._asked.add(party.oin)
                if party.oin in replies:
                    post(creditor, f"{_BASE}/saldoverzoeken/{question['id']}/antwoord", replies[party.oin])


def _both_answered(one: Uitwisseling) -> bool:
    return one.handeling == "overzicht_lezen" and one.gelukt and set(one.berichten) >= _ANSWERED


def _claims(stage: Stage) -> Json:
    amounts = {"hoofdsomCent": 10_000, "renteCent": 0, "kostenCent": 0, "betaaldCent": 0, "saldoCent": 10_000}
    claim = {"soort": "openstaand", "kenmerk": "T-1", **amounts}
    return {"soort": "vorderingen", "peildatum": stage.today.isoformat(), "vorderingen": [claim]}


def _broken(message: Json) -> Json:
    """The same message with sealed groups that were tampered with."""
    sealed = {group: _tampered(token) for group, token in (message.get("persoonsgegevens") or {}).items()}
    return {**message, "persoonsgegevens": sealed}


def _tampered(token: str) -> str:
    *head, content, tag = token.split(".")
    return ".".join([*head, content[:-2] + ("AA" if content[-2:] != "AA" else "BB"), tag])


def _fact(message: Bericht | None, id: str, number: str) -> Feit:
    if message is None:
        return Feit(id, "bezorgd")
    return Feit(id, message.staat, message.bedrag_cent, zaak=number in (message.zaaknummer or ""))


def _trace() -> Trace:
    return Trace(secrets.token_hex(16), secrets.token_hex(8))
