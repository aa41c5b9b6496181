"""Parts of the console without a database: the chart, what refuses to start, the theme, the mapping of accounts."""

from collections import Counter
from pathlib import Path
from typing import Any, cast

import pytest

from gateway.app.console import client_of, console, origin_of
from gateway.app.settings import Settings
from gateway.console import charts
from gateway.console.assets import sheets
from gateway.console.identity import Access
from gateway.console.signon import Client, SignOn
from gateway.core.clock import SystemClock
from gateway.core.errors import Misconfigured, Unauthenticated
from gateway.privacylog.console import Rol
from tests.console.offices import works

NOBODY = cast(Any, None)


def settings(**given: Any) -> Settings:
    return Settings(oidc_issuer="https://login.example", **given)


def test_bars_stand_on_the_axis_and_are_as_high_as_their_counts() -> None:
    counts = Counter({(9, "a"): 6, (9, "b"): 2, (14, "b"): 4})
    chart = charts.per_hour(counts, ("a", "b"))
    assert [bar.title for bar in chart.bars] == ["a: 6 tussen 9 en 10 uur", "b: 2 tussen 9 en 10 uur", "b: 4 tussen 14 en 15 uur"]
    high, low, other = chart.bars
    assert (high.y + high.height, low.y + low.height) == (chart.base, high.y)
    assert high.height / low.height == pytest.approx(3, rel=0.01)
    assert other.height == pytest.approx(low.height * 2, rel=0.01)
    assert [step.text for step in chart.steps] == ["0", "2", "4", "6", "8"]
    assert all(0 <= bar.x <= chart.width - bar.width and bar.y >= 0 for bar in chart.bars)


@pytest.mark.parametrize(("most", "top"), [(1, 4), (8, 8), (9, 20), (41, 80), (694, 800), (1_000_001, 2_000_000)])
def test_axis_ends_at_a_round_number_above_the_highest_bar(most: int, top: int) -> None:
    chart = charts.per_hour(Counter({(3, "a"): most}), ("a",))
    assert int(chart.steps[-1].text) == top >= most


def test_many_names_are_taken_together() -> None:
    names = tuple("abcdefgh")
    chart = charts.per_hour(Counter({(3, name): 1 for name in names}), names)
    assert chart.legend == ("a", "b", "c", "d", "overige")
    assert [(bar.series, bar.title.split(" ")[1]) for bar in chart.bars] == [(1, "1"), (2, "1"), (3, "1"), (4, "1"), (5, "4")]
    assert charts.per_hour(Counter(), ()).bars == ()


@pytest.mark.parametrize("url", ["http://console.example", "https://console.example/pad", "https://a@console.example", "console.example",
                                 "https://console.example?x", "https://"])  # fmt: skip
def test_address_that_is_no_origin_refuses_to_start(url: str) -> None:
    with pytest.raises(Misconfigured, match="SEINHUIS_CONSOLE_URL"):
        origin_of(settings(console_url=url))
    assert origin_of(settings(console_url="https://Console.example:443/")) == "https://console.example"
    assert origin_of(settings(console_port=9000)) == "https://localhost:9000"


def test_client_needs_one_way_to_show_itself_and_a_private_file(tmp_path: Path) -> None:
    file, access = tmp_path / "geheim", Access.load(None)
    file.write_text("geheim\n")
    file.chmod(0o644)
    both = {"oidc_client_key": file, "oidc_client_secret": file}
    for given in ({}, both, {"oidc_client_secret": file}, {"oidc_client_secret": tmp_path / "x"}):
        with pytest.raises(Misconfigured):
            client_of(settings(**given), "https://login.example", "https://c.example", access)
    file.chmod(0o600)
    made = client_of(settings(oidc_client_secret=file), "https://login.example", "https://c.example", access)
    assert (made.secret, made.back) == ("geheim", "https://c.example/aanmelden/terug")
    with pytest.raises(Misconfigured, match="OIDC_CLIENT_KEY"):
        SignOn(made._replace(key=b"geen sleutel"), SystemClock())


def test_second_factor_and_tls_are_left_out_on_this_machine_only() -> None:
    with pytest.raises(Misconfigured, match="OIDC_MFA"):
        console(settings(oidc_mfa=False), NOBODY, NOBODY, NOBODY)
    with pytest.raises(Misconfigured, match="https"):
        SignOn(Client("http://login.example", "x", "y", secret="z"), SystemClock())
    SignOn(Client("http://127.0.0.1:9", "x", "y", secret="z"), SystemClock())  # the control
    assert console(Settings(), NOBODY, NOBODY, NOBODY) is None


def test_theme_comes_after_ours_and_a_change_has_another_name(tmp_path: Path) -> None:
    theme = tmp_path / "thema.css"
    theme.write_text(":root{--utrecht-link-color:red}")
    ours, theirs = sheets(theme)
    assert (sheets(None), theirs.content) == ([ours], theme.read_bytes())
    theme.write_text(":root{}")
    assert sheets(theme)[1].path != theirs.path
    with pytest.raises(Misconfigured, match="THEME"):
        sheets(tmp_path / "niets.css")


MAPPING = """
acr = ["urn:hoog"]
[claims]
naam = "name"
oin = "org"
gemeente = "town"
rollen = "groups"
[rollen]
fg = "toezichthouder"
"""


def test_mapping_of_the_organisation_is_followed_and_nothing_beyond_it(tmp_path: Path) -> None:
    file = tmp_path / "toegang.toml"
    file.write_text(MAPPING)
    access = Access.load(file)
    claims = {"iss": "https://login.example", "sub": "a", "name": "Anne", "org": works()["seinhuis_oin"], "town": "0392",
              "groups": ["medewerkers", "fg", "toezichthouder"], "acr": "urn:hoog"}  # fmt: skip
    rollen: tuple[Rol, ...] = ("toezichthouder",)
    assert access.identity(claims, mfa=True).rollen == rollen
    for change in ({"acr": "urn:laag", "amr": ["mfa"]}, {"groups": ["toezichthouder"]}, {"town": "392"}, {"name": ""}, {"sub": "a\nb"}):
        with pytest.raises(Unauthenticated):
            access.identity({**claims, **change}, mfa=True)
    for wrong in ("[claims]", MAPPING + 'x = "hoofdbeheerder"', MAPPING.replace("acr", "arc"), "geen toml ["):
        file.write_text(wrong)
        with pytest.raises(Misconfigured, match="OIDC_ACCESS"):
            Access.load(file)
