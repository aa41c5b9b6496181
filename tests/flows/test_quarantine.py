"""What is in quarantine or refused leaves no person data anywhere in the database."""

from typing import Any

from adapters.synthetic.canary import canary, token_source
from tests.flows.world import World

_TABLES = "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"


def traces(world: World, tokens: tuple[str, ...]) -> set[str]:
    """The tables that hold one of these tokens, as text or as bytes."""
    shapes = [f"%{shape}%" for token in tokens for shape in (token, token.encode().hex())]
    tables = [str(name) for (name,) in world.rows(_TABLES)]
    return {t for t in tables if world.rows(f"SELECT 1 FROM {t} AS t WHERE t::text LIKE ANY (%s) LIMIT 1", shapes)}


def test_a_quarantined_signal_leaves_its_kenmerk_a_code_and_a_date(world: World) -> None:
    made = canary(world.signal(), token_source("quarantaine"))
    (outcome,) = world.deliver({**made.signal, "adres": {**made.signal["adres"], "postcode": "1999AA"}})
    assert outcome.status == "in_quarantaine"
    ((principal, kenmerk, code),) = world.rows("SELECT principal, kenmerk, code FROM quarantine")
    assert (kenmerk, code) == (made.signal["kenmerk"], "POSTCODE_ONBEKEND")
    assert traces(world, (kenmerk,)) == {"quarantine"}
    assert traces(world, (*made.tokens, "1999AA")) == set()
    assert world.entries("signaal.in_quarantaine")[0].principaal == principal
    assert world.count("bericht") == 0


def test_a_refused_signal_leaves_a_code_only(world: World) -> None:
    made = canary(world.signal(), token_source("geweigerd"))
    effort: dict[str, Any] = made.signal["inspanning"]
    effort["gegevensdelingAangeboden"]["reactie"] = "afwijzend"
    (outcome,) = world.deliver(made.signal)
    assert outcome.status == "geweigerd"
    assert traces(world, (*made.tokens, made.signal["kenmerk"])) == set()
    assert "KLANT_MAAKT_BEZWAAR" in world.entries("signaal.geweigerd")[0].regels


def test_an_accepted_signal_leaves_no_clear_person_data_either(world: World) -> None:
    made = canary(world.signal(), token_source("bezorgd"))
    world.delivered(made.signal)
    assert traces(world, (made.signal["kenmerk"],)) >= {"bericht"}  # the control: the search finds what is there
    assert traces(world, made.tokens) == set()


def test_the_search_finds_a_token_in_text_and_in_bytes(world: World) -> None:
    (id,) = world.delivered(world.signal())
    world.run("UPDATE bericht SET payload = 'abcQ0000000ZZdef' WHERE id = %s", id)
    world.run("UPDATE inbox_item SET zaaknummer = 'Q0000000ZZ'")
    assert {name.split("_2")[0] for name in traces(world, ("Q0000000ZZ",))} == {"bericht", "inbox_item"}
