"""The counter through its pages: what each of its people does from login to result, and what nobody does alone."""

import html

import pytest

from certs.dev import DevPki
from gateway.onboarding import registration
from gateway.onboarding.poorten import Poort
from gateway.privacylog.beheer import ToelatingBesloten
from gateway.privacylog.settings import DeelnemerOvergegaan
from tests.architecture.tree import ROOT
from tests.console.balie import BUILDER, INA, IVO, OLGA, PIET, Balie, Window, csr
from tests.onboarding.world import CAK, GIVES, LANDLORD, ROWS, TODAY, TOWN, USES, rehearse

NEW = "00000099000000072000"
SHIPPED = ROOT / "docs" / "voorbeelden" / "profielen"
PROFILE = (SHIPPED / "verhuurder.toml").read_text()
EXAMPLE = (SHIPPED / "verhuurder.csv").read_text(encoding="cp1252")


def uses(oin: str) -> dict[str, str]:
    return dict.fromkeys(USES[oin], "ja")


def text_of(answer: str) -> str:
    return html.unescape(answer)


def test_integrator_brings_a_partner_live_with_a_second_person(balie: Balie) -> None:
    """From `aangemeld` to `actief` by pages alone; what the pages cannot give (test, shadow) comes from where it always comes from."""
    ina = balie.window(INA)
    at = {"oin": LANDLORD}
    assert ina.submit("/aansluiten/aansluiting", **at, **uses(LANDLORD)).status_code == 303
    pem = DevPki.load(balie.folder / "pki", balie.clock).partner(LANDLORD, "Warmte Voorbeeld").cert_path.read_text()
    assert "is geregistreerd" in ina.submit("/aansluiten/certificaat", **at, certificaat=pem).text
    assert ina.submit("/aansluiten/stap", **at, naar="in_test").status_code == 303
    result = balie.result(LANDLORD, frozenset({"signaal", "intrekking"})).decode()
    assert ina.submit("/aansluiten/toets", **at, uitslag=result).status_code == 303
    assert ina.submit("/aansluiten/stap", **at, naar="getoetst").status_code == 303
    held = ina.submit("/aansluiten/stap", **at, naar="schaduw")
    assert (held.status_code, "verwerkersovereenkomst" in held.text, "overeenkomst met een gemeente" in held.text) == (409, True, True)
    ina.submit("/aansluiten/papier", **at, soort="verwerkersovereenkomst", kenmerk="VO-7", versie="1", geldigVan=str(TODAY))
    agreed(balie, ina)
    assert ina.submit("/aansluiten/stap", **at, naar="schaduw").status_code == 303
    assert ina.submit("/aansluiten/stap", **at, naar="actief").status_code == 403  # never alone
    rehearse(balie, LANDLORD)
    request = ina.asks("/activeren", **at)
    olga = balie.window(OLGA)
    assert "Er ontbreekt niets" in olga.get(f"/beheer{request}").text
    assert olga.submit(f"/beheer{request}", besluit="goedgekeurd").status_code == 303
    assert balie.status(LANDLORD) == "actief"
    moved = [entry for entry in balie.entries("deelnemer.overgegaan") if isinstance(entry, DeelnemerOvergegaan)]
    mine = [(entry.nieuw, entry.partij) for entry in moved if entry.deelnemer == LANDLORD]
    assert mine == [("in_test", BUILDER), ("getoetst", BUILDER), ("schaduw", BUILDER), ("actief", OLGA.claims["seinhuis_oin"])]
    assert all(entry.gebruiker for entry in moved if entry.deelnemer == LANDLORD)
    assert len({entry.gebruiker for entry in moved if entry.deelnemer == LANDLORD}) == 2


def agreed(balie: Balie, ina: Window) -> None:
    """A list of agreements, shown first, then asked and approved."""
    GIVES[TOWN][Poort.LOKET](balie, TOWN)
    lijst = f"schuldeiser;gemeentecode;sector;geldig_van;geldig_tot\n{LANDLORD};0392;{CAK};{TODAY};\n"
    shown = ina.submit("/aansluiten/overeenkomsten", lijst=lijst)
    assert "geeft 1 nieuwe overeenkomsten" in shown.text
    assert balie.load().agreements() == []
    request = ina.asks("/overeenkomsten/overnemen", lijst=lijst)
    assert balie.load().agreements() == []
    assert balie.window(OLGA).submit(f"/beheer{request}", besluit="goedgekeurd").status_code == 303
    assert len(balie.load().agreements()) == 1


@pytest.mark.parametrize("oin", [LANDLORD, TOWN])
@pytest.mark.parametrize("step", ["in_test", "getoetst", "schaduw"])
def test_step_without_its_gates_is_refused_through_the_page(balie: Balie, oin: str, step: str) -> None:
    who = balie.window(INA if oin == LANDLORD else IVO)
    at = balie.status(oin)
    answer = who.submit("/aansluiten/stap", oin=oin, naar=step)
    assert answer.status_code == 409
    assert ("kan nog niet" if step == "in_test" else "geen stap van de levenscyclus") in answer.text
    assert balie.status(oin) == at


@pytest.mark.parametrize("poort", sorted(set(GIVES[LANDLORD]) - {Poort.TOETS}))
def test_activation_with_one_gate_shut_is_refused_at_the_decision(balie: Balie, poort: Poort) -> None:
    """The gates are judged when the second person decides: what was withdrawn since holds it."""
    GIVES[TOWN][Poort.LOKET](balie, TOWN)
    for give in GIVES[LANDLORD].values():
        give(balie, LANDLORD)
    assert balie.climb(LANDLORD) == ("actief", set())
    ina, olga = balie.window(INA), balie.window(OLGA)
    assert ina.submit("/aansluiten/stap", oin=LANDLORD, naar="opgeschort").status_code == 303
    request = ina.asks("/activeren", oin=LANDLORD)
    lost(balie, poort)
    answer = olga.submit(f"/beheer{request}", besluit="goedgekeurd")
    assert (answer.status_code, balie.status(LANDLORD)) == (409, "opgeschort"), poort
    assert balie.entries("toelating.besloten") == []


TABLES = {
    Poort.AANSLUITING: "aansluiting", Poort.CERTIFICAAT: "certificaat_inhoud", Poort.OVEREENKOMST: "overeenkomst",
    Poort.VERWERKERSOVEREENKOMST: "deelnemer_stuk", Poort.SCHADUWPROEF: "schaduwproef",
}  # fmt: skip


def lost(balie: Balie, poort: Poort) -> None:
    """What opened a gate is no longer there."""
    with balie.ends() as connection:
        connection.execute(f"UPDATE {TABLES[poort]} SET zegel = NULL".encode())


def test_control_activation_with_all_gates_open_is_granted(balie: Balie) -> None:
    GIVES[TOWN][Poort.LOKET](balie, TOWN)
    for give in GIVES[LANDLORD].values():
        give(balie, LANDLORD)
    balie.climb(LANDLORD)
    ina, olga = balie.window(INA), balie.window(OLGA)
    ina.submit("/aansluiten/stap", oin=LANDLORD, naar="opgeschort")
    assert olga.submit(f"/beheer{ina.asks('/activeren', oin=LANDLORD)}", besluit="goedgekeurd").status_code == 303
    assert balie.status(LANDLORD) == "actief"


def test_operator_decides_not_on_his_own_request_and_a_colleague_does(balie: Balie) -> None:
    olga, piet = balie.window(OLGA), balie.window(PIET)
    request = olga.asks("/activeren", oin=LANDLORD)
    own = olga.submit(f"/beheer{request}", besluit="afgewezen")
    assert own.status_code == 403
    assert "uw eigen verzoek" in olga.get(f"/beheer{request}").text
    assert piet.submit(f"/beheer{request}", besluit="afgewezen").status_code == 303
    assert piet.submit(f"/beheer{request}", besluit="goedgekeurd").status_code == 409
    (decided,) = balie.entries("toelating.besloten")
    assert isinstance(decided, ToelatingBesloten)
    assert (decided.resultaat, decided.gebruiker is None) == ("afgewezen", False)


def test_integrator_asks_for_a_new_partner_and_looks_after_it_once_approved(balie: Balie) -> None:
    ina, olga = balie.window(INA), balie.window(OLGA)
    fields = {"oin": NEW, "naam": "Nieuw Voorbeeld", "machtiging": "M-1", "signaalpartner": "ja", "schuldeiser": "ja", "sectoren": "huur"}
    request = ina.asks("/aanmelden", **fields)
    assert ina.get(f"/aansluiten/deelnemer?oin={NEW}").status_code == 404
    assert olga.submit(f"/beheer{request}", besluit="goedgekeurd").status_code == 303
    assert "Nieuw Voorbeeld" in ina.get(f"/aansluiten/deelnemer?oin={NEW}").text
    assert balie.load().principals(BUILDER, "integrator", TODAY) == {LANDLORD, NEW}


def test_request_for_a_partner_that_is_there_already_tells_the_integrator_nothing(balie: Balie) -> None:
    """Of somebody else's participant and of one that is not there an integrator gets the same answer; the operator sees which it is."""
    ina, olga = balie.window(INA), balie.window(OLGA)
    fields = {"naam": "Gemeente", "machtiging": "M-1", "signaalpartner": "ja"}
    answers = [ina.submit("/aansluiten/aanmelden", oin=oin, **fields) for oin in (TOWN, NEW)]
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, "/aansluiten/verzoeken?melding=aangevraagd")}
    page = next(path for path in requests_of(olga) if TOWN in olga.get(path).text)
    assert olga.submit(page, besluit="goedgekeurd").status_code == 409
    assert BUILDER not in {row.oin for row in balie.load().deelnemers.values() if row.oin == TOWN}
    assert balie.load().principals(BUILDER, "integrator", TODAY) == {LANDLORD}


def requests_of(who: Window) -> list[str]:
    found = who.get(f"{who.base}/verzoeken").text.split('href="')[1:]
    return [part.partition('"')[0] for part in found if part.startswith(f"{who.base}/verzoeken/")]


def test_mandate_that_ended_since_holds_the_request(balie: Balie) -> None:
    ina, olga = balie.window(INA), balie.window(OLGA)
    request = ina.asks("/mandaat", oin=LANDLORD, gemachtigde=TOWN, rol="schuldeiser", geldigVan=str(TODAY))
    with balie.ends() as connection:
        connection.execute("UPDATE mandaat SET zegel = NULL WHERE principaal = %s", (LANDLORD,))
    assert olga.submit(f"/beheer{request}", besluit="goedgekeurd").status_code == 409
    assert balie.load().principals(TOWN, "schuldeiser", TODAY) == frozenset()


def test_request_that_was_changed_past_the_gateway_is_not_there(balie: Balie) -> None:
    ina, olga = balie.window(INA), balie.window(OLGA)
    request = ina.asks("/mandaat", oin=LANDLORD, gemachtigde=TOWN, rol="schuldeiser", geldigVan=str(TODAY))
    with balie.ends() as connection:
        change = "UPDATE beheerverzoek SET inhoud = convert_to(replace(convert_from(inhoud, 'UTF8'), %s, %s), 'UTF8')"
        connection.execute(change, (TOWN, BUILDER))
    assert olga.get(f"/beheer{request}").status_code == 404
    assert olga.submit(f"/beheer{request}", besluit="goedgekeurd").status_code == 404


FORMS = {
    "/aanmelden": ({"oin": "1", "naam": "", "machtiging": "M", "gemeentecode": "12"}, {"oin", "naam", "rollen", "gemeentecode"}),
    "/papier": ({"soort": "brief", "kenmerk": "", "versie": "1", "geldigVan": "gisteren"}, {"soort", "kenmerk", "geldigVan"}),
    "/mandaat": ({"gemachtigde": "7", "rol": "baas", "geldigVan": str(TODAY)}, {"gemachtigde", "rol"}),
    "/overeenkomsten": ({"lijst": ""}, {"lijst"}),
    "/toets": ({"uitslag": ""}, {"uitslag"}),
    "/profiel": ({"patroon": "../x", "profiel": "x"}, {"patroon"}),
    "/proef": ({"profiel": "", "voorbeeld": "x"}, {"profiel"}),
}


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("who", [INA, OLGA])
def test_bad_input_says_in_dutch_at_the_field_what_is_wrong(balie: Balie, path: str, who: object) -> None:
    browser = balie.window(INA if who is INA else OLGA)
    given, fields = FORMS[path]
    answer = browser.submit(f"{browser.base}{path}", **{"oin": LANDLORD, **given})
    assert answer.status_code == 400
    for field in fields:
        assert f'href="#{field}"' in answer.text, field
        assert f'id="{field}"' in answer.text, field
    assert "Niet alles is goed ingevuld" in answer.text
    typed = [value for name, value in given.items() if value and name not in ("soort", "rol")]
    assert all(value in text_of(answer.text) for value in typed)  # it is still there


def test_flow_that_refuses_says_so_above_the_form(balie: Balie) -> None:
    ina = balie.window(INA)
    town = DevPki.load(balie.folder / "pki", balie.clock).partner(TOWN, "Gemeente").cert_path.read_text()
    for path, fields, told in (
        ("/certificaat", {"certificaat": town}, f"het certificaat is van {TOWN}"),
        ("/certificaat", {"certificaat": "niets"}, "geen certificaat"),
        ("/certificaat", {}, "Geef een certificaat of een aanvraag"),
        ("/toets", {"uitslag": "{}"}, "geen toetsuitslag"),
        ("/toets", {"uitslag": balie.result(TOWN, frozenset({"bericht"})).decode()}, f"Deze uitslag is van {TOWN}"),
        ("/papier", {"soort": "dpia", "kenmerk": "D", "versie": "1", "geldigVan": "2026-02-01", "geldigTot": "2026-01-01"}, "draai ze om"),
        ("/profiel", {"patroon": "*.csv", "profiel": "naam = 1"}, "naam"),
    ):
        answer = ina.submit(f"/aansluiten{path}", oin=LANDLORD, **fields)
        assert (answer.status_code, told in text_of(answer.text)) == (400, True), (path, answer.text)
    production = ina.submit("/aansluiten/certificaat", oin=LANDLORD, aanvraag=csr(LANDLORD))
    assert (production.status_code, "PKIoverheid" in production.text) == (409, True)


def test_trial_issues_on_a_request_signed_with_its_own_key(balie: Balie) -> None:
    pki = DevPki.load(balie.folder / "pki", balie.clock)
    trial = balie.counters._replace(issue=lambda request, oin, naam: pki.certify(request, oin, naam).chain_path.read_bytes())
    balie.behind = balie.behind._replace(desks=balie.behind.desks._replace(counters=trial))
    balie.serve()
    ina = balie.window(INA)
    shown = ina.submit("/aansluiten/certificaat", oin=LANDLORD, aanvraag=csr(LANDLORD))
    assert "BEGIN CERTIFICATE" in shown.text, shown.text
    assert ina.submit("/aansluiten/certificaat", oin=LANDLORD, aanvraag=csr(TOWN)).status_code == 400
    broken = csr(LANDLORD).splitlines()
    broken[-2] = broken[-2][:-3] + ("AA=" if broken[-2].endswith("=") else "AAA")
    assert ina.submit("/aansluiten/certificaat", oin=LANDLORD, aanvraag="\n".join(broken)).status_code == 400


def test_next_certificate_overlaps_and_the_old_one_is_revoked(balie: Balie) -> None:
    ina, pki = balie.window(INA), DevPki.load(balie.folder / "pki", balie.clock)
    for _ in range(2):
        pem = pki.partner(LANDLORD, "W").cert_path.read_text()
        assert ina.submit("/aansluiten/certificaat", oin=LANDLORD, certificaat=pem).status_code == 200
    first, second = [c.vingerafdruk for c in balie.load().certificates() if c.oin == LANDLORD]
    assert ina.submit("/aansluiten/intrekken", oin=LANDLORD, vingerafdruk=first.hex()).status_code == 303
    found = balie.load()
    assert [found.certificate(p).ingetrokken_op is None for p in (first, second)] == [False, True]  # type: ignore[union-attr]
    assert ina.submit("/aansluiten/intrekken", oin=LANDLORD, vingerafdruk=first.hex()).status_code == 404
    assert "Ingetrokken" in ina.get(f"/aansluiten/deelnemer?oin={LANDLORD}").text


def test_profile_is_tried_with_an_invented_line_and_nothing_is_kept(balie: Balie) -> None:
    ina = balie.window(INA)
    begun = count(balie)
    answer = ina.submit("/aansluiten/proef", profiel=PROFILE, voorbeeld=EXAMPLE)
    assert answer.status_code == 200
    assert '"postcode": "2011AB"' in text_of(answer.text), answer.text
    wrong = ina.submit("/aansluiten/proef", profiel=PROFILE.replace("partner", "partnr", 1), voorbeeld=EXAMPLE)
    assert "zo niet te lezen" in wrong.text
    assert count(balie) == begun


def count(balie: Balie) -> int:
    with balie.ends() as connection:
        row = connection.execute("SELECT (SELECT count(*) FROM log_entry) + (SELECT count(*) FROM bestandsprofiel)").fetchone()
    return int(row[0]) if row else 0


def test_suspension_is_lifted_by_nobody_alone(balie: Balie) -> None:
    GIVES[TOWN][Poort.LOKET](balie, TOWN)
    for give in GIVES[LANDLORD].values():
        give(balie, LANDLORD)
    balie.climb(LANDLORD)
    registration.set_status(balie.office, LANDLORD, "opgeschort")
    ina = balie.window(INA)
    assert [ina.submit("/aansluiten/stap", oin=LANDLORD, naar=to).status_code for to in ("schaduw", "actief")] == [403, 403]
    assert balie.status(LANDLORD) == "opgeschort"


def test_start_page_says_what_ends_and_what_is_missing(balie: Balie) -> None:
    olga = balie.window(OLGA)
    page = olga.get("/beheer").text
    assert "Wat er per deelnemer nog ontbreekt" in page
    assert "niet is vastgelegd welke monden" in page
    assert ROWS[LANDLORD].naam in page
    assert olga.get("/beheer/gezondheid").status_code == 200

