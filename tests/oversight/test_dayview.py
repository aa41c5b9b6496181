"""A day at a glance, and a proof that is checked and not believed."""

import msgspec
import pytest

from gateway.core.chain import Sender
from gateway.core.clock import dutch
from gateway.oversight import dayview, proof, search
from schemas.toezicht import Regelbewijs
from tests.flows.world import HAARLEM, TRACE, UTRECHT
from tests.oversight.bureau import OFFICER, Bureau


def test_day_counts_accesses_by_hour_and_name_and_is_on_record(bureau: Bureau) -> None:
    bureau.delivered(bureau.of(12), bureau.of(14, "Bakker"))
    bureau.take("m.jansen", 1)
    bureau.take(None, 1)
    seen = dayview.look(Sender(OFFICER.party, OFFICER.principal, "u" * 43), HAARLEM, TRACE, bureau.today, bureau.oversight)
    assert (seen.total, len(seen.names), "m.jansen" in seen.names) == (2, 2, True)
    assert {hour for hour, _ in seen.counts} == {dutch(bureau.clock.now()).hour}
    assert seen.chain.size > 0
    assert [(entry.aantal, entry.gebruiker) for entry in bureau.entries("toezicht.dagbeeld_gelezen")] == [(2, "u" * 43)]
    assert dayview.look(OFFICER, UTRECHT, TRACE, bureau.today, bureau.oversight).total == 0


def proven(bureau: Bureau) -> Regelbewijs:
    bureau.delivered(bureau.of())
    (line,) = bureau.look(gebeurtenis="signaal.bezorgd").regels
    return search.entry(OFFICER, HAARLEM, TRACE, line.id, bureau.oversight)


def test_true_proof_holds_and_waits_without_a_checkpoint(bureau: Bureau) -> None:
    found = proven(bureau)
    assert proof.check(found, bureau.oversight.vkey) == "bewezen"
    assert proof.check(msgspec.structs.replace(found, log=None), bureau.oversight.vkey) == "wacht"


@pytest.mark.parametrize("change", ["inhoud", "logblad", "nummer", "pad", "controlepunt", "sleutel"])
def test_changed_proof_fails(bureau: Bureau, change: str) -> None:
    found, vkey = proven(bureau), bureau.oversight.vkey
    assert found.log is not None
    log = {
        "nummer": msgspec.structs.replace(found.log, nummer=found.log.nummer + 1),
        "pad": msgspec.structs.replace(found.log, pad=["00" * 32, *found.log.pad]),
        "controlepunt": msgspec.structs.replace(found.log, controlepunt=found.log.controlepunt.replace("\n", "\n1", 1)),
    }.get(change, found.log)
    changed = msgspec.structs.replace(
        found,
        log=log,
        inhoud=found.inhoud.replace("signaal", "signaaI") if change == "inhoud" else found.inhoud,
        logblad="00" * 32 if change == "logblad" else found.logblad,
    )
    assert proof.check(changed, "x+00000000+AA==" if change == "sleutel" else vkey) == "mislukt"
