"""One municipality, fourteen creditors: sums to the cent, silence that escalates on the day of the law, and how long it took.

Over API, SFTP (OpenSSH's own `sftp`) and the columns of the Schuldenknooppunt mixed. Three terms, each with other days off in between, on
one installation; for one municipality the gateway keeps the key, the other has its own. Sums, days and refusals have their controls.
"""

import json
from collections.abc import Iterator
from datetime import date

import pytest

from tests.e2e.fourteen import CAST, OINS, SILENT, differing, expected, grouped, one_cent_more, shown
from tests.e2e.story import AT_ONCE, DAY, TERMS, Story, Term, expected_night
from tests.e2e.town import Town, open_town

EACH = pytest.mark.parametrize("nr", range(len(TERMS)), ids=[term.name for term in TERMS])
MISSING = {
    "energie": {"onbekend"}, "zorg": {"uit_handen_gegeven"}, "overdrager": {"overgedragen"}, "belasting": {"uit_handen_gegeven"},
    "pakket": {"uit_handen_gegeven", "onbekend"}, "weigeraar": {"geen_medewerking"}, "vreemde": {"klant_onbekend"},
    "late": {"verlopen"}, "zwijger": {"verlopen"}, "zwijgbus": {"verlopen"},
}  # fmt: skip
KINDS = {"openstaand": 12, "uit_handen_gegeven": 3, "overgedragen": 1, "onbekend": 2}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with open_town(tmp_path_factory.mktemp("veertien")) as opened:
        yield opened


@pytest.fixture(scope="module")
def stories(town: Town) -> list[Story]:
    return [Story(town, term) for term in TERMS]


def weekdays_after(day: date, count: int, off: frozenset[date]) -> date:
    """The count-th day after a day that is no Saturday, no Sunday and none of these."""
    while count:
        day += DAY
        count -= day.weekday() < 5 and day not in off
    return day


def test_fourteen_answer_by_three_roads() -> None:
    roads = [one.road for one in CAST.values()]
    assert (len(CAST), len(set(OINS.values())), len(SILENT)) == (14, 14, 2)
    assert [roads.count(road) for road in ("api", "json", "skp", "eigen")] == [6, 4, 3, 1]


@EACH
def test_totals_equal_the_sum_of_what_was_sent(stories: list[Story], nr: int) -> None:
    story = stories[nr]
    assert len(story.sums) == 1 + 8 + 2  # in all, per creditor, per kind
    assert differing(shown(story.made.client), story.sums) == set()
    assert f"€ {grouped(story.sums['totaal'][5])}" in story.made.page
    if story.term.gemeente.eigen:
        assert story.made.gateway == "EIGEN_SLEUTEL"
    else:
        assert story.made.gateway == story.made.client


@EACH
def test_answers_of_the_first_day_are_visible_at_once(stories: list[Story], nr: int) -> None:
    story = stories[nr]
    early, at_once = shown(story.early.client), {OINS[role] for role in AT_ONCE}
    assert differing(early, expected({role: story.given[role] for role in AT_ONCE})) == set()
    assert differing(early, story.sums) == story.sums.keys() - at_once


def test_own_key_and_managed_key_give_equal_totals(stories: list[Story]) -> None:
    managed, own, other = stories
    assert shown(managed.made.gateway) == shown(own.made.client)
    assert shown(other.made.gateway) != shown(own.made.client)  # the control: other amounts


def test_one_cent_at_the_source_is_seen(stories: list[Story]) -> None:
    """The control of every sum above: one creditor answers one cent more than the sums were made from."""
    story, town = stories[-1], stories[-1].town
    asked = town.ask(story.term.gemeente, "SO-een-cent", "woning", "energie")
    assert town.answer("woning", asked["vragen"][0]["id"], one_cent_more(story.given["woning"])).status == 201
    assert town.answer("energie", asked["vragen"][1]["id"], story.given["energie"]).status == 201
    found, sums = shown(town.made(story.term.gemeente, asked["id"]).gateway), expected({role: story.given[role] for role in AT_ONCE})
    assert differing(found, sums) == {"totaal", "openstaand", OINS["woning"]}
    assert [here - there for here, there in zip(found["totaal"], sums["totaal"], strict=True)] == [0, 1, 0, 0, 0, 1, 0]


@EACH
def test_silent_are_reminded_and_escalate_on_the_days_of_the_law(stories: list[Story], nr: int) -> None:
    story, term = stories[nr], TERMS[nr]
    assert story.asked["uiterlijk"] == term.last.isoformat()
    assert story.nights == {night: expected_night(term, night) for night in story.nights}
    assert max(story.nights) == term.ended
    for name in ("first", "second", "ended"):  # the control: a day earlier or later is not what was seen
        for step in (-DAY, DAY):
            other = term._replace(**{name: getattr(term, name) + step})
            assert story.nights != {night: expected_night(other, night) for night in story.nights}


@EACH
def test_silent_mailbox_gets_each_reminder_and_nothing_stays(stories: list[Story], nr: int) -> None:
    """What is not collected goes after five working days, which for the first file is the night after the first reminder."""
    term = TERMS[nr]
    asked, first, second = (
        [f"saldoverzoeken-{OINS['zwijgbus']}-{day}.{ending}" for ending in ("csv", "json")] for day in (term.asked, term.first, term.second)
    )
    assert stories[nr].mailbox == {term.first: asked + first, term.last: first + second, term.ended: []}


@EACH
def test_each_day_off_in_between_moves_the_last_day(nr: int) -> None:
    """The control of the days above: each by itself, not counted, would give another last day."""
    term: Term = TERMS[nr]
    days = {5: term.first, 8: term.second, 10: term.last}
    assert {count: weekdays_after(term.asked, count, term.off) for count in days} == days
    assert term.ended == term.last + DAY
    for day in term.off:
        assert weekdays_after(term.asked, 10, term.off - {day}) != term.last


@EACH
def test_second_and_late_answers_are_refused_with_a_reason(stories: list[Story], nr: int) -> None:
    story = stories[nr]
    assert story.second == [("geweigerd", "AL_BEANTWOORD"), (409, "AL_BEANTWOORD")]
    assert story.late == [(409, "TERMIJN_VERSTREKEN")] * 2  # before the jobs looked, and after
    assert story.answered["zorg"] == story.term.last  # the control: half a minute before midnight it counts


@EACH
def test_what_is_missing_is_said_with_its_reason(stories: list[Story], nr: int) -> None:
    whole, roles = stories[nr].made.client, {oin: role for role, oin in OINS.items()}
    found: dict[str, set[str]] = {}
    for gap in whole["ontbreekt"]:
        found.setdefault(roles[gap["schuldeiser"]], set()).add(gap["reden"])
    assert (whole["staat"], found) == ("verlopen", MISSING)
    assert {deel["soort"]: deel["vorderingen"] for deel in whole["soorten"]} == KINDS
    asked_on = {(gap["navraag"]["naam"], gap["navraag"].get("dossiernummer")) for gap in whole["ontbreekt"] if "navraag" in gap}
    assert asked_on == {
        ("Incasso Ibis", "D-zorg"), ("Incasso Ibis", "D-pakket"), ("Deurwaarder Draaihals", "D-belasting"), ("Inkoop IJsvogel", None),
    }  # fmt: skip


def test_proposal_goes_out_and_comes_back_as_a_file(stories: list[Story]) -> None:
    story, town = stories[-1], stories[-1].town
    gemeente, bus = story.term.gemeente, story.town.buses["bank"]
    sent = town.propose(gemeente, "B-bestand", "bank")
    town.work()
    (name,) = [name for name in bus.waiting() if name.startswith("regelingen-")]
    assert town.proposed(gemeente, sent["id"])[0].gelezen_op is None  # the control: it waits, and nobody collected it
    (item,) = json.loads(bus.get(name))["berichten"]
    assert (item["soort"], item["inhoud"]["klantnummer"]) == ("betaalvoorstel", "K-bank")
    town.work()
    refusal = {"soort": "geweigerd", "redenen": [{"reden": "aanbod_te_laag", "toelichting": "afloscapaciteit_hoger"}]}
    given = [{"id": item["id"], "antwoord": {"soort": "bevestigd"}}, {"id": item["id"], "antwoord": refusal}]
    bus.put("voorstel.json", json.dumps({"antwoorden": given}).encode())
    assert town.report("bank", "voorstel.json") == [("geweigerd", "WAARDE_ONBEKEND"), ("voorstel_geweigerd", "")]
    party, answer = town.proposed(gemeente, sent["id"])
    assert (party.staat, answer, party.gelezen_op is not None) == ("geweigerd", refusal, True)


def test_elapsed_time_is_printed(stories: list[Story], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        for story in stories:
            answered, ended = ((day - story.term.asked).days for day in (max(story.answered.values()), story.term.ended))
            print(  # noqa: T201 - the figure is the point
                f"\n{story.term.name}: {len(story.answered)} of {len(CAST)} answered in {answered} days, silence escalated after {ended} "
                f"({story.term.ended:%a %d %B %Y}); {story.took:.1f} s by the clock on the wall",
                end="",
            )
    assert all(len(story.answered) == len(CAST) - 3 for story in stories)
    assert sum(story.took for story in stories) < 60
