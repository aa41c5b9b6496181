"""The proof: true, complete, without a person, after the payload is gone; and every change to it shows."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from adapters.client.proofs import verify_proof
from adapters.client.receipts import NotGenuine
from gateway.api import bewijspagina
from gateway.core.errors import Gone, NotFound
from gateway.privacylog import proofs, tree
from gateway.signals import afterwards, proof
from gateway.signals.proof import Notary
from schemas.bewijs import Bewijs
from schemas.signaal import IntrekkingAanvraag
from tests.flows.world import LANDLORD, MUNICIPALITIES, OTHER, TRACE, World

SCRIPT = Path(__file__).parents[2] / "docs" / "voorbeelden" / "log" / "controleer_bewijs.py"
ADDRESS = "https://seinhuis.example/schuldeiser/v1/sleutels"


def prove(world: World, id: UUID, principal: str = LANDLORD.principal) -> Bewijs:
    return proof.prove(principal, id, world.steps, Notary(world.log, world.receipts, MUNICIPALITIES.naam, ADDRESS, world.number))


def covered(world: World) -> None:
    """Let a checkpoint be due."""
    world.clock.advance(timedelta(minutes=2))
    world.deliver(world.signal())
    world.number()


def check(world: World, bewijs: Bewijs) -> int:
    return verify_proof(bewijs, world.receipts.public_jwks(), world.checkpoints.verifier.vkey)


def test_proof_verifies_and_follows_claim_and_withdrawal(world: World) -> None:
    (id,) = world.delivered(world.signal())
    covered(world)
    before = prove(world, id)
    assert (before.opgehaald_op, before.gemeentenaam) == (None, "Haarlem")
    world.claim()
    afterwards.withdraw(LANDLORD, TRACE, id, IntrekkingAanvraag(reden="betaald"), world.steps, world.number)
    after = prove(world, id)
    assert after.opgehaald_op is not None
    assert (after.ingetrokken_op is not None, after.reden_intrekking) == (True, "betaald")
    assert check(world, before) <= check(world, after)


def test_leaf_is_that_of_the_receipt_and_no_neighbours(world: World) -> None:
    first, second = world.deliver(*world.signals(2))
    world.number()
    covered(world)
    for outcome in (first, second):
        assert outcome.id
        assert outcome.leaf
        bewijs = prove(world, outcome.id)
        assert bewijs.log
        assert bewijs.logblad == outcome.leaf.hex()
        with world.log.transaction() as connection:
            beside = proofs.prove(connection, bewijs.log.nummer + 1)
        assert beside is not None
        shifted = msgspec.structs.replace(bewijs.log, nummer=bewijs.log.nummer + 1, pad=[h.hex() for h in beside.path])
        forged = msgspec.structs.replace(bewijs, logblad=beside.leaf.hex(), log=shifted, handtekening=None)
        with pytest.raises(NotGenuine):  # the control: another's leaf under this number does not pass, though we sign it
            check(world, msgspec.structs.replace(forged, handtekening=world.receipts.sign(forged)))


def test_newest_message_of_the_log_has_its_leaf_at_once(world: World) -> None:
    (id,) = world.delivered(world.signal())
    assert prove(world, id).log is None


def test_proof_holds_no_person_and_survives_its_payload(world: World) -> None:
    signal = world.signal()
    (id,) = world.delivered(signal)
    covered(world)
    world.run("UPDATE bericht SET payload = NULL, address = NULL, person = NULL, contract = NULL")
    bewijs = prove(world, id)
    assert check(world, bewijs)
    text = bewijspagina.page(bewijs)
    assert signal["kenmerk"] in text  # the control: the page does show the signal
    for secret in (signal["personen"][0]["achternaam"], signal["adres"]["postcode"]):
        assert secret not in text


@pytest.mark.parametrize("change", [{"kenmerk": "ANDER"}, {"logblad": "00" * 32}, {"opgehaald_op": None}, {"handtekening": None}])
def test_a_changed_proof_is_not_genuine(world: World, change: dict[str, object]) -> None:
    (id,) = world.delivered(world.signal())
    covered(world)
    world.claim()
    bewijs = prove(world, id)
    assert check(world, bewijs)
    with pytest.raises(NotGenuine):
        check(world, msgspec.structs.replace(bewijs, **change))


def test_another_log_or_a_leaf_beside_it_does_not_pass(world: World) -> None:
    (id,) = world.delivered(world.signal())
    covered(world)
    bewijs = prove(world, id)
    assert bewijs.log
    wrong = msgspec.structs.replace(bewijs.log, pad=[*bewijs.log.pad, "00" * 32])
    forged = msgspec.structs.replace(bewijs, log=wrong, handtekening=None)
    forged = msgspec.structs.replace(forged, handtekening=world.receipts.sign(forged))
    with pytest.raises(NotGenuine, match="not in the log"):
        check(world, forged)


def test_somebody_elses_and_old_proofs(world: World) -> None:
    (id,) = world.delivered(world.signal())
    with pytest.raises(NotFound):
        prove(world, id, OTHER.principal)
    world.clock.advance(proof.TERM + timedelta(days=1))
    with pytest.raises(Gone, match="BEWIJS_VERLOPEN"):
        prove(world, id)


def test_page_escapes_and_loads_nothing(world: World) -> None:
    (id,) = world.delivered(world.signal())
    covered(world)
    bewijs = msgspec.structs.replace(prove(world, id), gemeentenaam="<script>alert(1)</script>")
    text = bewijspagina.page(bewijs)
    assert "<script" not in text
    assert "src=" not in text
    assert "href=" not in text


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 1500])
def test_paths_from_the_database_equal_those_of_the_tree(world: World, size: int) -> None:
    leaves = [tree.leaf_hash(str(n).encode()) for n in range(size)]
    world.run("DELETE FROM log_leaf")
    world.run("DELETE FROM log_checkpoint")
    rows = ", ".join(f"({nr}, decode('{leaf.hex()}', 'hex'), gen_random_uuid())" for nr, leaf in enumerate(leaves))
    world.run(f"INSERT INTO log_leaf (nr, leaf, entry) VALUES {rows}")
    world.run("INSERT INTO log_checkpoint (size, at, note) VALUES (%s, now(), 'briefje')", size)
    for nr in {0, size // 2, size - 1}:
        for _ in range(2):  # computed, and kept
            with world.log.transaction() as connection:
                found = proofs.prove(connection, nr)
            assert found is not None
            assert list(found.path) == tree.inclusion(leaves, nr)


@pytest.fixture
def alone(world: World, tmp_path: Path) -> Path:
    """A proof, the published keys, an older checkpoint and the growth since, beside a copy of the script that stands alone."""
    (id,) = world.delivered(world.signal())
    old = world.rows("SELECT size, note FROM log_checkpoint ORDER BY size LIMIT 1")[0]
    for _ in range(3):
        covered(world)
    size, note = world.rows("SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1")[0]
    leaves = [bytes(row[0]) for row in world.rows("SELECT leaf FROM log_leaf WHERE nr < %s ORDER BY nr", size)]
    keys = {**world.receipts.public_jwks(), "logsleutel": world.checkpoints.verifier.vkey}
    growth = {"pad": [part.hex() for part in tree.consistency(leaves, old[0])], "controlepunt": note}
    (tmp_path / "bewijs.json").write_bytes(msgspec.json.encode(prove(world, id)))
    (tmp_path / "sleutels.json").write_text(json.dumps(keys))
    (tmp_path / "oud.txt").write_text(old[1])
    (tmp_path / "groei.json").write_text(json.dumps(growth))
    (tmp_path / SCRIPT.name).write_bytes(SCRIPT.read_bytes())
    return tmp_path


def run_alone(folder: Path) -> int:
    command = [sys.executable, "-I", SCRIPT.name, "bewijs.json", "sleutels.json", "oud.txt", "groei.json"]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, check=False).returncode


def test_a_script_of_150_lines_without_our_packages_checks_a_proof(alone: Path) -> None:
    assert len(SCRIPT.read_text().splitlines()) <= 150
    assert run_alone(alone) == 0


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("bewijs.json", '"kenmerk":"', '"kenmerk":"X'),
        ("bewijs.json", '"nummer":1', '"nummer":0'),
        ("bewijs.json", "\\n\\n\u2014 ", "\\n1\\n\\n\u2014 "),
        ("sleutels.json", "seinhuis.example", "seinhuis.voorbeeld"),
        ("oud.txt", "\n1\n", "\n2\n"),
        ("groei.json", '{"pad": ["', '{"pad": ["00'),
    ],
)
def test_the_script_refuses_what_was_changed(alone: Path, file: str, old: str, new: str) -> None:
    text = (alone / file).read_text()
    assert old in text
    (alone / file).write_text(text.replace(old, new, 1))
    assert run_alone(alone) == 1
