"""The feedback policy: every outcome against a table written from the rules, dates, conditions, and what refuses to start."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import msgspec
import pytest

from gateway.core.errors import Misconfigured
from gateway.feedback.outcomes import Choice, Facts, Inner, Told, Withheld
from gateway.feedback.policy import BELEID, FeedbackPolicy, iso_week, release_at
from schemas.codelijsten import Berichtstatus, Eindresultaat
from schemas.inbox import Afwijzing
from schemas.terugkoppeling import Terugkoppelcode, Terugkoppeling
from tests.feedback.whitelist import SENTENCES, Happened, allows

POLICY = FeedbackPolicy.load()
NOW = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)  # a Wednesday
FACTS = Facts(
    now=NOW, counsellor=False, receiver=True, silenced=False, withdrawn=False, told=frozenset(), choices={}, amount=45_012, threshold=None
)
GROUND = {"hulp_geaccepteerd": Choice(True, date(2026, 11, 25))}
REASONS = get_args(msgspec.structs.fields(Afwijzing)[1].type)
CODES = get_args(Terugkoppelcode)
OUTCOMES = [
    *(("resultaat", v) for v in get_args(Eindresultaat)),
    *(("status", v) for v in get_args(Berichtstatus)),
    *(("afwijzing", v) for v in REASONS),
    *(("verzoek", v) for v in CODES),
]
KINDS = ("resultaat", "status", "afwijzing", "verzoek")
CLOSING = ("herhaalde_melding", "onterecht_signaal", "geen_inwoner", "niet_opgepakt", "overleden")
# outcome -> (code, released) for a clerk without choices; what is not here is silent
EXPECTED = {
    **{f"{kind}.herhaalde_melding": ("herhaalde_melding", "direct") for kind in KINDS},
    **{f"{kind}.onterecht_signaal": ("onterecht_signaal", "direct") for kind in KINDS},
    **{f"{kind}.geen_inwoner": ("geen_inwoner", "week") for kind in KINDS},
    **{f"{kind}.andere_reden": ("niet_opgepakt", "week") for kind in ("resultaat", "status", "afwijzing")},
    "afwijzing.onleesbaar": ("niet_opgepakt", "week"),
    "verzoek.niet_opgepakt": ("niet_opgepakt", "week"),
    "resultaat.overleden": ("overleden", "direct"),
    **{
        f"resultaat.{value}": ("afgerond_zonder_detail", "week")
        for value in (
            "al_bekend", "ander_traject", "bemoeizorg", "budgetadvies_quick_fix", "geen_contact", "geen_hulp_nodig",
            "geen_reactie_na_contact", "vervolghulp", "vervolghulp_financieel", "vervolghulp_niet_financieel", "zelf_betaald",
        )
    },
}  # fmt: skip


def judge(kind: Any, value: str, grond: Any = None, **facts: Any) -> Told | Withheld:
    return POLICY.judge(Inner(kind, value, grond), msgspec.structs.replace(FACTS, **facts))


def code(verdict: Told | Withheld) -> str:
    return verdict.code


@pytest.mark.parametrize(("kind", "value"), OUTCOMES)
def test_outcome_gives_what_the_rules_say_and_no_more(kind: Any, value: str) -> None:
    verdict = judge(kind, value)
    expected = EXPECTED.get(f"{kind}.{value}")
    if expected is None:
        assert isinstance(verdict, Withheld)
        return
    told, released = expected
    assert isinstance(verdict, Told)
    assert (verdict.code, verdict.text, verdict.pause_until) == (told, SENTENCES[told], None)
    assert verdict.release == (NOW if released == "direct" else datetime(2026, 11, 29, 23, 0, tzinfo=UTC))
    assert verdict.week == ("2026-W48" if released == "direct" else "2026-W49")


def test_every_combination_is_within_the_whitelist_and_something_is_told() -> None:
    told = combinations = 0
    for (kind, value), counsellor, choices, grond, before in product(
        OUTCOMES, (False, True), ({}, GROUND), (None, "onder_drempel"), [frozenset[str](), *(frozenset({c}) for c in CODES)]
    ):
        combinations += 1
        verdict = judge(kind, value, grond, counsellor=counsellor, choices=choices, told=before)
        if isinstance(verdict, Told):
            told += 1
            assert allows(Happened(f"{kind}.{value}", counsellor, bool(choices)), verdict.code), (kind, value, verdict)
    print(f"{combinations} combinations, {told} told, 0 outside the whitelist")  # noqa: T201 - the figure is the point
    assert 0 < told < combinations


@pytest.mark.parametrize(("kind", "value"), OUTCOMES)
@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"silenced": True}, "BERICHT_DOORGEZONDEN"),
        ({"withdrawn": True}, "SIGNAAL_INGETROKKEN"),
        ({"receiver": False}, "ONTVANGER_NIET_BEVOEGD"),
        *(({"told": frozenset({c})}, "AL_AFGESLOTEN") for c in CLOSING),
    ],
)
def test_nothing_is_told_whatever_the_outcome(kind: Any, value: str, facts: dict[str, Any], reason: str) -> None:
    assert judge(kind, value, counsellor=True, choices=GROUND, **facts) == Withheld(reason)


def test_debt_counselling_is_told_by_a_counsellor_only() -> None:
    assert judge("verzoek", "schuldhulpverlening_loopt") == Withheld("ALLEEN_SCHULDHULPVERLENER")
    verdict = judge("verzoek", "schuldhulpverlening_loopt", counsellor=True)
    assert isinstance(verdict, Told)
    assert (verdict.code, verdict.revokes, verdict.release) == ("schuldhulpverlening_loopt", "schuldhulpverlening_beeindigd", NOW)
    assert code(judge("resultaat", "al_bekend", counsellor=True)) == "schuldhulpverlening_loopt"
    assert code(judge("resultaat", "al_bekend", counsellor=False)) == "afgerond_zonder_detail"


def test_an_end_is_told_only_of_what_was_told_and_takes_it_back() -> None:
    assert judge("verzoek", "schuldhulpverlening_beeindigd", counsellor=True) == Withheld("NIETS_TE_BEEINDIGEN")
    running = frozenset({"schuldhulpverlening_loopt"})
    verdict = judge("verzoek", "schuldhulpverlening_beeindigd", counsellor=True, told=running)
    assert isinstance(verdict, Told)
    assert (verdict.code, verdict.revokes) == ("schuldhulpverlening_beeindigd", "schuldhulpverlening_loopt")
    assert judge("verzoek", "schuldhulpverlening_beeindigd", told=running) == Withheld("ALLEEN_SCHULDHULPVERLENER")


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (None, False),
        (Choice(True), False),
        (Choice(False, date(2026, 1, 1)), False),
        (Choice(True, date(2026, 11, 26)), False),
        (Choice(True, date(2026, 11, 25)), True),
    ],
)
def test_accepted_help_is_told_from_the_day_of_a_recorded_ground(choice: Choice | None, told: bool) -> None:
    verdict = judge("verzoek", "hulp_geaccepteerd", choices={"hulp_geaccepteerd": choice} if choice else {})
    assert isinstance(verdict, Told) == told
    if isinstance(verdict, Told):
        assert verdict.pause_until == date(2026, 12, 25)
    else:
        assert verdict == Withheld("TERUGKOPPELING_STAAT_UIT")


def test_a_municipality_can_switch_off_what_is_on() -> None:
    off = {"overleden": Choice(False), "schuldhulpverlening_loopt": Choice(False)}
    assert judge("resultaat", "overleden", choices=off) == Withheld("TERUGKOPPELING_STAAT_UIT")
    assert code(judge("resultaat", "al_bekend", choices=off, counsellor=True)) == "afgerond_zonder_detail"
    assert code(judge("resultaat", "overleden", choices={"overleden": Choice(True)})) == "overleden"


@pytest.mark.parametrize(
    ("threshold", "amount", "told"), [(None, 1, False), (10_000, 9_999, True), (10_000, 10_000, False), (10_000, 10_001, False)]
)
def test_unfounded_by_amount_needs_a_published_threshold_above_it(threshold: int | None, amount: int, told: bool) -> None:
    verdict = judge("status", "onterecht_signaal", "onder_drempel", threshold=threshold, amount=amount)
    assert verdict == Withheld("DREMPEL_GELDT_NIET") if not told else isinstance(verdict, Told)
    assert isinstance(judge("status", "onterecht_signaal", "rechtspersoon", threshold=threshold, amount=amount), Told)


def test_same_code_is_told_once() -> None:
    assert judge("resultaat", "geen_contact", told=frozenset({"afgerond_zonder_detail"})) == Withheld("AL_TERUGGEKOPPELD")


def test_before_the_law_nothing_is_told() -> None:
    assert judge("resultaat", "overleden", now=datetime(2020, 12, 31, 22, 59, tzinfo=UTC)) == Withheld("GEEN_TERUGKOPPELING")
    assert code(judge("resultaat", "overleden", now=datetime(2020, 12, 31, 23, 0, tzinfo=UTC))) == "overleden"


@pytest.mark.parametrize("hours", range(0, 24 * 15, 5))
def test_weekly_release_is_the_next_dutch_monday(hours: int) -> None:
    now = datetime(2027, 3, 22, tzinfo=UTC) + timedelta(hours=hours)  # over the change to summer time
    release = release_at("wekelijks", now)
    local = release.astimezone(ZoneInfo("Europe/Amsterdam"))
    assert (local.isoweekday(), local.hour, local.minute) == (1, 0, 0)
    assert now < release <= now + timedelta(days=7)
    assert release_at("direct", now) == now


def test_week_is_the_iso_week_in_the_netherlands() -> None:
    assert iso_week(datetime(2026, 12, 31, 12, tzinfo=UTC)) == "2026-W53"
    assert iso_week(datetime(2027, 1, 3, 23, tzinfo=UTC)) == "2027-W01"


def test_an_inner_reason_cannot_be_serialised() -> None:
    inner = Inner("resultaat", "bemoeizorg")
    with pytest.raises(TypeError):
        msgspec.json.encode(inner)
    leaking: Any = Terugkoppeling(kenmerk="K-1", code=inner, omschrijving="x", week="2026-W48")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        msgspec.json.encode(leaking)
    assert "bemoeizorg" not in repr(inner)


@pytest.mark.parametrize("value", sorted({v for _, v in OUTCOMES} - set(CODES)))
def test_an_inner_reason_is_no_value_of_the_creditors_model(value: str) -> None:
    item = {"kenmerk": "K-1", "code": "overleden", "omschrijving": "x", "week": "2026-W48"}
    msgspec.convert(item, Terugkoppeling)  # the control
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**item, "code": value}, Terugkoppeling)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**item, "reden": value}, Terugkoppeling)


TEXT = BELEID.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('code = "niet_opgepakt"', 'code = "detentie"', "Invalid enum"),
        ('code = "niet_opgepakt"', 'code = "overleden"', "tegelijk"),
        ("standaard = false\ngrond_vereist = true", "standaard = true\ngrond_vereist = true", "standaard aan"),
        ('regel = "FB-05"\n', "", "regel"),
        ("geldig_van = 2021-01-01\n", "geldig_van = 2021-01-01\ngeldig_tot = 2020-01-01\n", "eindigt"),
        ('vrijgave = "direct"', 'vrijgave = "dagelijks"', "dagelijks"),
        ("sluit = true\n", "sluit = true\nreden = 1\n", "unknown field"),
        ("[[rij]]", "[[rij", "beleid"),
    ],
)
def test_bad_policy_refuses_to_start(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in TEXT
    path = tmp_path / "beleid.toml"
    path.write_text(TEXT.replace(old, new, 1))
    with pytest.raises(Misconfigured, match=says):
        FeedbackPolicy.load(path)


def test_version_follows_content_and_not_layout(tmp_path: Path) -> None:
    path = tmp_path / "beleid.toml"
    path.write_text("# een opmerking\n" + TEXT)
    assert FeedbackPolicy.load(path).version == POLICY.version
    path.write_text(TEXT.replace("pauze_dagen = 30", "pauze_dagen = 31"))
    assert FeedbackPolicy.load(path).version != POLICY.version


def test_ground_is_asked_for_accepted_help_only() -> None:
    assert [c for c in CODES if POLICY.needs_ground(c, NOW.date())] == ["hulp_geaccepteerd"]
