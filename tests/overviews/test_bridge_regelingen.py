"""Arrangements for creditors that work with files: out in `uit/`, answered in `in/`, and what a court may read about delivery.

`LANDLORD` has a mailbox and no certificate. Every property of who sees what, and of what is claimed, has its control.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from gateway.api import stiltepagina
from gateway.core.workdays import add_workdays
from gateway.partners.register import Mandaat
from gateway.partners.sealkeys import Partijsleutel
from gateway.privacylog.arrangements import RegelingberichtBezorgd, RegelingberichtGelezen, RegelingberichtKlaargezet
from gateway.regelingen import extract, silence
from gateway.signals.proof import Notary
from gateway.store.prepare import Dsns
from schemas.regelingen import Regeling, Regelingsoort
from tests.overviews.around import AGREED, FOUND, REFUSED, Square, offer
from tests.overviews.hall import BSN, CLERK, HAARLEM, LANDLORD, NAME, OTHER, UNKNOWN, WATER, claims
from tests.overviews.mailroom import Mailhall

ME = LANDLORD.party
SOORTEN: list[Regelingsoort] = ["kennisgeving", "betaalvoorstel", "afkoelingsperiode"]


class Yard(Mailhall, Square):  # type: ignore[misc]  # `told` is that of the mailbox
    """A square with mailboxes."""

    no_doors = frozenset({ME})

    def make(self, soort: Regelingsoort, *creditors: Any, **more: Any) -> Regeling:
        """Send one of a kind."""
        make: Any = {"kennisgeving": self.pause, "betaalvoorstel": self.proposal, "afkoelingsperiode": self.cooling}[soort]
        return self.send(make(*creditors, **more))

    def facts(self, sent: Regeling, nr: int = 0) -> list[str]:
        """What happened to one message, in order."""
        query = "SELECT soort FROM regelingfeit WHERE bericht = %s ORDER BY at, entry"
        return [row[0] for row in self.rows(query, sent.partijen[nr].id)]

    def logged(self, kind: type) -> list[Any]:
        """Those of a kind in the log."""
        return [entry for entry in self.noted() if isinstance(entry, kind)]

    def answers(self, *given: tuple[Regeling, Any], name: str = "a.json") -> list[tuple[str, str]]:
        """Answer in a file; status and codes of each line."""
        return list(self.bring(name, [record(sent.partijen[0].id, answer) for sent, answer in given])[0].outcomes)


@pytest.fixture
def yard(dsns: Dsns, tmp_path: Path) -> Iterator[Yard]:
    made = Yard(dsns, tmp_path)
    yield made
    made.close()


def record(id: UUID, answer: Any) -> dict[str, Any]:
    return {"id": str(id), "antwoord": msgspec.to_builtins(answer)}


def three(yard: Yard, *creditors: Any) -> list[Regeling]:
    return [yard.make(soort, *(creditors or [LANDLORD])) for soort in SOORTEN]


def notary(yard: Yard) -> Notary:
    return Notary(yard.log, yard.receipts, lambda _: "Gemeente Haarlem", "https://seinhuis.example/", yard.number)


# Out


def test_every_kind_comes_opened_once_and_each_disclosure_is_logged(yard: Yard) -> None:
    sent = three(yard)
    assert yard.tell() == 1
    assert yard.waiting() == [f"regelingen-{ME}-{yard.today}.json"]
    found = yard.arranged()
    assert [(item.id, item.soort, item.staat) for item in found] == [(one.partijen[0].id, one.soort, "open") for one in sent]
    pause, proposal, cooling = (item.inhoud for item in found)
    assert pause
    assert proposal
    assert cooling
    assert (pause.personen[0].achternaam, proposal.vorderingen, found[0].grondslag) == (NAME, [offer()], "verzoek")
    assert cooling.uitspraak is not None
    noted = yard.logged(RegelingberichtKlaargezet)
    assert [(entry.regelingbericht, entry.partij) for entry in noted] == [(item.id, ME) for item in found]
    assert (noted[0].grondslag, noted[0].doel) == ("verzoek", "WGS-3-1-a-plan")
    yard.later()
    assert (yard.tell(), yard.waiting()) == (0, [])


def test_files_of_both_kinds_have_a_day_of_their_own(yard: Yard) -> None:
    yard.ask(LANDLORD)
    assert (yard.tell(), len(yard.told())) == (1, 1)
    yard.make("kennisgeving", LANDLORD)
    assert (yard.tell(), len(yard.arranged())) == (1, 1)
    yard.make("betaalvoorstel", LANDLORD)
    assert yard.tell() == 0
    yard.later()
    assert (yard.tell(), [item.soort for item in yard.arranged()]) == (1, ["betaalvoorstel"])


def test_own_key_gets_no_file_and_is_not_delivered(yard: Yard) -> None:
    yard.own.append(Partijsleutel(ME, "p1", "eigen", yard.keys.create_private("p1")))
    yard.renew()
    sealed = yard.make("kennisgeving", LANDLORD)
    assert (yard.tell(), yard.waiting(), yard.facts(sealed)) == (0, [], [])
    yard.own.clear()
    yard.renew()
    yard.tell()
    assert [item.inhoud for item in yard.arranged()] == [None]  # listed; what was sealed for that key is not opened
    yard.tell()
    assert (yard.facts(sealed), yard.logged(RegelingberichtKlaargezet)) == ([], [])
    yard.later()
    readable = yard.make("betaalvoorstel", LANDLORD)
    yard.tell()
    assert yard.facts(readable) == ["bezorgd"]  # the control


def test_file_says_nothing_of_others(yard: Yard) -> None:
    sent = yard.make("betaalvoorstel", LANDLORD, OTHER, WATER, kenmerk="B-geheim", zaaknummer="ZAAK-geheim")
    yard.tell()
    text = yard.post.collect(yard.waiting()[0]).decode()
    binding = [str(sent.id), "B-geheim", "ZAAK-geheim", OTHER.principal, WATER.principal, *(str(one.id) for one in sent.partijen[1:])]
    assert [one for one in binding if one in text] == []
    assert str(sent.partijen[0].id) in text  # the control


def test_reminder_brings_it_once_more(yard: Yard) -> None:
    yard.make("betaalvoorstel", LANDLORD)
    yard.tell()
    yard.arranged()
    yard.later(8)
    assert yard.tick().reminded == 1
    yard.tell()
    (item,) = yard.arranged()
    assert (item.inhoud is not None, item.herinnerd_op) == (True, yard.today)


@pytest.mark.parametrize("how", ["ended", "withdrawn"])
@pytest.mark.parametrize("answered", [False, True])
def test_end_and_withdrawal_are_told_to_who_got_the_start(yard: Yard, how: str, answered: bool) -> None:
    told = yard.make("kennisgeving", LANDLORD, einde=yard.today + timedelta(days=3))
    unknown = yard.make("afkoelingsperiode", LANDLORD, einde=yard.today + timedelta(days=3))
    yard.tell()
    yard.arranged()
    if answered:
        yard.reply(LANDLORD, "kennisgeving", told.partijen[0].id, FOUND)
    yard.reply(LANDLORD, "afkoelingsperiode", unknown.partijen[0].id, UNKNOWN)
    never = yard.make("betaalvoorstel", LANDLORD)
    if how == "ended":
        yard.later(20)
        yard.tick()
    else:
        for one in (told, unknown, never):
            yard.cancel(one)
        yard.later()
    yard.tell()
    (item,) = yard.arranged()
    state = "bevestigd" if answered else {"ended": "geen_reactie", "withdrawn": "ingetrokken"}[how]
    assert (item.id, item.staat, item.inhoud) == (told.partijen[0].id, state, None)
    assert (item.geeindigd_op is not None, item.ingetrokken_op is not None) == (how == "ended", how == "withdrawn")
    yard.later()
    assert yard.tell() == 0


def test_waiting_file_goes_when_something_in_it_ends_and_the_rest_comes_again(yard: Yard) -> None:
    gone, stays = yard.make("kennisgeving", LANDLORD), yard.make("betaalvoorstel", LANDLORD)
    yard.ask(LANDLORD)
    yard.tell()
    before = yard.files_of("saldoverzoeken")
    yard.cancel(gone)
    yard.tell()
    assert [item.id for item in yard.arranged() if item.inhoud] == [stays.partijen[0].id]
    assert yard.files_of("saldoverzoeken") == before
    assert len(yard.told()) == 1


def test_agreement_beforehand_can_be_read_and_not_answered(yard: Yard) -> None:
    yard.agree("akkoord_vooraf", LANDLORD)
    yard.renew()
    sent = yard.make("betaalvoorstel", LANDLORD)
    yard.tell()
    (item,) = yard.arranged()
    assert (item.staat, item.inhoud is not None) == ("akkoord_vooraf", True)
    assert yard.answers((sent, AGREED)) == [("geweigerd", "AKKOORD_VOORAF")]
    assert "bezorgd" in yard.facts(sent)
    assert yard.logged(RegelingberichtKlaargezet)[0].afspraak == "afspraak-1"


# What is claimed of delivery


def test_delivered_is_when_the_file_is_there_and_read_is_when_it_was_collected(yard: Yard) -> None:
    sent = yard.make("betaalvoorstel", LANDLORD, OTHER)
    assert (yard.facts(sent), yard.facts(sent, 1)) == ([], ["bezorgd"])  # who has a certificate can come and get it
    assert [party.bezorgd_op is None for party in yard.look(sent).partijen] == [True, False]
    yard.clock.advance(timedelta(hours=1))
    yard.tell()
    at = yard.clock.now()
    assert (yard.facts(sent), yard.look(sent).partijen[0].bezorgd_op) == (["bezorgd"], at)
    yard.clock.advance(timedelta(hours=1))
    yard.tell()
    assert yard.look(sent).partijen[0].gelezen_op is None  # written, and not collected
    at = yard.clock.now()
    yard.arranged()
    yard.clock.advance(timedelta(minutes=9))
    yard.tell()
    yard.tell()
    assert (yard.facts(sent), yard.look(sent).partijen[0].gelezen_op) == (["bezorgd", "gelezen"], at)
    (entry,) = yard.logged(RegelingberichtGelezen)
    assert (entry.tijd, entry.partij, entry.regelingbericht) == (at, ME, sent.partijen[0].id)
    assert [entry.ontvanger for entry in yard.logged(RegelingberichtBezorgd)] == [OTHER.principal]


def test_agent_with_a_certificate_brings_it_to_the_door(yard: Yard) -> None:
    yard.mandates = [Mandaat(OTHER.party, ME, "schuldeiser", yard.today)]
    yard.renew()
    sent = yard.make("kennisgeving", LANDLORD)
    assert yard.facts(sent) == ["bezorgd"]
    yard.tell()
    assert (yard.facts(sent), len(yard.arranged())) == (["bezorgd"], 1)


def test_what_is_read_again_with_a_reminder_is_delivered_once(yard: Yard) -> None:
    sent = yard.make("betaalvoorstel", LANDLORD)
    yard.tell()
    yard.arranged()
    yard.later(8)
    yard.tick()
    yard.tell()
    yard.arranged()
    yard.tell()
    assert yard.facts(sent) == ["bezorgd", "gelezen", "herinnerd"]
    assert len(yard.logged(RegelingberichtGelezen)) == 2


@pytest.mark.parametrize("how", ["removed", "begun", "collected", "collected_and_removed", "swept"])
def test_only_a_file_that_was_read_to_its_end_is_read(yard: Yard, how: str) -> None:
    sent = yard.make("betaalvoorstel", LANDLORD)
    yard.tell()
    (name,), box = yard.waiting(), yard.post.room.mailbox(ME)
    if how == "begun":
        download = box.open("uit", name)
        download.read(0, 200)
        download.close()
    if how.startswith("collected"):
        yard.post.collect(name)
    if how.endswith("removed"):
        box.remove("uit", name)
    if how == "swept":
        yard.later(10)
        yard.run("UPDATE bestand_uit SET created = created - interval '9 days'")
        yard.sweep_files()
    yard.tell()
    assert ("gelezen" in yard.facts(sent)) is how.startswith("collected")
    assert yard.waiting() == ([name] if how == "begun" else [])


def test_who_collects_only_the_end_did_not_read_the_message(yard: Yard) -> None:
    sent = yard.make("betaalvoorstel", LANDLORD)
    yard.tell()
    yard.post.room.mailbox(ME).remove("uit", yard.waiting()[0])
    yard.cancel(sent)
    yard.later()
    yard.tell()
    assert [item.staat for item in yard.arranged()] == ["ingetrokken"]
    yard.tell()
    assert yard.facts(sent) == ["bezorgd", "ingetrokken"]


def test_resident_sees_when_it_stood_ready_and_when_it_was_read(yard: Yard) -> None:
    asked = yard.ask(OTHER)
    yard.make("betaalvoorstel", LANDLORD)

    def looks() -> list[str]:
        return [line.wat for line in extract.extract(CLERK, HAARLEM, asked.id, yard.overviews).inzage]

    assert looks() == []
    yard.tell()
    assert looks() == ["bericht_klaargezet"]
    yard.arranged()
    yard.tell()
    assert looks() == ["bericht_klaargezet", "bericht_gelezen"]


@pytest.mark.parametrize("reached", [True, False])
def test_evidence_of_silence_says_what_reached_the_creditor(yard: Yard, reached: bool) -> None:
    if not reached:
        yard.logins = []
        yard.renew()
    sent = yard.make("betaalvoorstel", LANDLORD)
    yard.tell()
    for days in (5, 8):
        yard.on(add_workdays(sent.begin, days))
        yard.tick()
        yard.tell()
    yard.on(sent.einde + timedelta(days=1))
    yard.tick()
    yard.number()
    bundle = silence.prove(CLERK, HAARLEM, sent.partijen[0].id, yard.overviews, notary(yard))
    facts = ["herinnerd", "herinnerd", "geeindigd"]
    assert [fact.soort for fact in bundle.feiten] == (["bezorgd", *facts] if reached else facts)
    assert ("niet bezorgd" in stiltepagina.page(bundle)) is not reached


# Answers in


def test_answer_to_each_kind_is_as_at_the_door(yard: Yard) -> None:
    sent, asked = three(yard), yard.ask(LANDLORD)
    question = asked.vragen[0].id
    answers: list[Any] = [FOUND, REFUSED, UNKNOWN]
    lines = [record(one.partijen[0].id, answer) for one, answer in zip(sent, answers, strict=True)]
    found, proofs = yard.bring("a.json", [*lines, record(question, claims(yard.today))])
    assert list(found.outcomes) == [("bevestigd", ""), ("voorstel_geweigerd", ""), ("klant_onbekend", ""), ("beantwoord", "")]
    assert [row["soort"] for row in found.rows] == [*SOORTEN, "saldoantwoord"]
    assert (found.outcome.resultaat, found.outcome.aantallen.bezorgd) == ("volledig", 4)
    seen = [yard.look(one, disclose=True).partijen[0] for one in sent]
    assert [party.staat for party in seen] == ["bevestigd", "geweigerd", "klant_onbekend"]
    assert yard.open(seen[1].antwoord, seen[1].id, "antwoord") == msgspec.to_builtins(REFUSED)
    for one, answer in zip(sent, answers, strict=True):
        id = one.partijen[0].id
        assert yard.reply(LANDLORD, one.soort, id, answer) == proofs[id]  # as the door gives it for the same answer
    again, _ = yard.bring("b.json", lines)
    assert list(again.outcomes) == [("eerder_ontvangen", "")] * 3


def test_wrong_answers_harm_no_other_and_have_the_codes_of_the_door(yard: Yard) -> None:
    pause, proposal, cooling = three(yard)
    foreign = yard.make("betaalvoorstel", OTHER, kenmerk="B-9")
    late = yard.make("betaalvoorstel", LANDLORD, kenmerk="B-late", termijn_werkdagen=5)
    gone = yard.make("kennisgeving", LANDLORD, kenmerk="K-gone")
    yard.cancel(gone)
    yard.on(late.einde + timedelta(days=1))
    given = [
        (foreign, AGREED), (late, AGREED), (gone, FOUND), (pause, AGREED),
        (cooling, {"soort": "geen_medewerking", "reden": "geen_samenwerking"}),
        (pause, {"soort": "bevestigd"}), (pause, {"soort": "bevestigd", "klantnummer": BSN}), (pause, FOUND), (pause, UNKNOWN),
        (proposal, {"soort": "geweigerd", "redenen": [{"reden": "zekerheid", "toelichting": "geen_zin"}]}), (proposal, AGREED),
        (cooling, FOUND),
    ]  # fmt: skip
    assert yard.answers(*given) == [
        ("geweigerd", "NIET_GEVONDEN"), ("geweigerd", "TERMIJN_VERSTREKEN"), ("geweigerd", "BERICHT_INGETROKKEN"),
        ("geweigerd", "WAARDE_ONBEKEND"), ("geweigerd", "ANTWOORD_PAST_NIET"), ("geweigerd", "VELD_VERPLICHT"),
        ("geweigerd", "BSN_NIET_TOEGESTAAN"), ("bevestigd", ""), ("geweigerd", "AL_BEANTWOORD"),
        ("geweigerd", "WAARDE_ONBEKEND"), ("akkoord", ""), ("bevestigd", ""),
    ]  # fmt: skip
    assert yard.look(foreign).partijen[0].staat == "open"
