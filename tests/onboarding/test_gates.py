"""A gate per test: what is left out holds a partner where it is, and no way round it leads on; given after all, it goes on."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import psycopg
import pytest

from certs.dev import DevPki
from gateway.core.errors import Conflict, NotFound
from gateway.onboarding import certificaten, levenscyclus, registration, toetsen
from gateway.onboarding.poorten import POORTEN, VANAF, Poort
from gateway.partners.administration import Row
from gateway.partners.dossier import Aansluiting, Proeftoelating, Stuk, Toets
from gateway.partners.mailroom import SftpSleutel
from gateway.partners.register import Certificaat, Deelnemer, Overeenkomst
from gateway.store.tenant import parties
from tests.onboarding.world import GIVES, LANDLORD, ROWS, TEAM, TENANTLESS, TODAY, TOWN, USES, Hall, apply, certify, day, paper, rehearse
from tests.tenants import acting

CASES = [(oin, poort) for oin, gives in GIVES.items() for poort in gives]
FORGED = {
    Poort.AANSLUITING: "INSERT INTO aansluiting (oin, gebruik) VALUES (%s, '{api/signaal,api/bericht}')",
    Poort.CERTIFICAAT: "INSERT INTO certificaat (vingerafdruk, oin, geldig_van, geldig_tot) "
    "VALUES (sha256('x'), %s, now(), now() + interval '1 year')",
    Poort.TOETS: "INSERT INTO toetsuitslag (oin, id, mond, soorten, geslaagd, getoetst_op, uitslag) "
    "VALUES (%s, gen_random_uuid(), 'api', '{signaal,bericht,intrekking}', true, now(), '{}')",
    Poort.VERWERKERSOVEREENKOMST: "INSERT INTO deelnemer_stuk (oin, soort, kenmerk, versie, geldig_van) "
    "VALUES (%s, 'verwerkersovereenkomst', 'x', '1', '2020-01-01')",
    Poort.DPIA: "INSERT INTO deelnemer_stuk (oin, soort, kenmerk, versie, geldig_van) VALUES (%s, 'dpia', 'x', '1', '2020-01-01')",
    Poort.LOKET: "INSERT INTO gemeente_instelling (gemeentecode, naam, loket_open_vanaf) SELECT gemeentecode, 'x', '2020-01-01' "
    "FROM deelnemer WHERE oin = %s",
    Poort.OVEREENKOMST: "INSERT INTO overeenkomst (schuldeiser, gemeentecode, sector, geldig_van) "
    "VALUES (%s, '0392', 'cak_eigen_bijdrage', '2020-01-01')",
    Poort.MANDAAT: f"INSERT INTO mandaat (gemachtigde, principaal, rol, geldig_van) VALUES (%s, '{TOWN}', 'uitvoerder', '2020-01-01')",
    Poort.GEMACHTIGDE: "INSERT INTO mandaat (principaal, gemachtigde, rol, geldig_van) "
    f"VALUES (%s, '{LANDLORD}', 'schuldeiser', '2020-01-01')",
}
RAN = (
    "INSERT INTO schaduwproef (id, partij, principaal, mond, tijd, aangeboden, in_orde) "
    "VALUES (gen_random_uuid(), %s, %s, 'api', now(), 1, 1)"
)


@pytest.fixture(params=CASES, ids=lambda case: f"{ROWS[case[0]].naam.split()[0].lower()}-{case[1]}")
def case(request: pytest.FixtureRequest, hall: Hall) -> tuple[Hall, str, Poort]:
    """A partner with all that it has to show but one thing, as far as the gates let it."""
    oin, poort = request.param
    apply(hall, oin, without=poort)
    reached, held = hall.climb(oin)
    before = levenscyclus.PAD[levenscyclus.PAD.index(VANAF[poort]) - 1]
    assert (reached, poort in held) == (before, True), held
    return hall, oin, poort


def test_gate_refuses_every_way_round_it_and_opens_for_what_it_asks(case: tuple[Hall, str, Poort]) -> None:
    hall, oin, poort = case
    wanted = VANAF[poort]
    gaps = [gap for gap in hall.gaps(oin, wanted) if gap.poort is poort]
    assert len(gaps) == (len(USES[oin]) if poort is Poort.TOETS else 1)
    assert all(gap.ontbreekt for gap in gaps)
    ways = ("seinhuis deelnemer", "seinhuis gemeenten", "lever in schaduw aan")
    assert all(any(way in gap.opdracht for way in ways) for gap in gaps)
    with pytest.raises(Conflict) as refused:  # the functions that write the register
        registration.save(hall.office, _with_status(ROWS[oin], wanted))
    assert refused.value.code == "STATUS_NIET_TE_SCHRIJVEN"
    for beyond in levenscyclus.PAD[levenscyclus.PAD.index(wanted) + 1 :]:  # more than one step at once
        with pytest.raises(Conflict) as refused:
            registration.set_status(hall.office, oin, beyond)
        assert refused.value.code == "OVERGANG_NIET_TOEGESTAAN"
        with pytest.raises(psycopg.errors.CheckViolation):
            hall.past("UPDATE deelnemer SET status = %s WHERE oin = %s", beyond, oin)
    if poort in FORGED:  # what somebody writes past the gateway shows nothing
        hall.past(FORGED[poort], oin)
        assert poort in hall.shut(oin, wanted)
        _clean(hall, oin, poort)
    GIVES[oin][poort](hall, oin)  # the control
    assert hall.climb(oin) == ("actief", set())


def test_step_written_past_the_gateway_does_not_count(case: tuple[Hall, str, Poort]) -> None:
    hall, oin, poort = case
    hall.past("UPDATE deelnemer SET status = %s WHERE oin = %s", VANAF[poort], oin)
    assert hall.status(oin) == "telt niet"
    with pytest.raises(NotFound):
        registration.set_status(hall.office, oin, "actief")


def test_shadow_delivery_can_be_written_by_the_flow_alone(hall: Hall) -> None:
    apply(hall, LANDLORD, without=Poort.SCHADUWPROEF)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        hall.past(RAN, LANDLORD, LANDLORD)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), acting(hall.dsns.ingest, parties(TOWN)) as other:
        other.execute(RAN.encode(), (LANDLORD, LANDLORD))
    with acting(hall.dsns.ingest, parties(LANDLORD)) as flow:
        flow.execute(RAN.encode(), (LANDLORD, LANDLORD))
    rehearse(hall, LANDLORD, good=0)  # sealed, but nothing in it was good
    assert hall.climb(LANDLORD) == ("schaduw", {"schaduwproef"})
    rehearse(hall, LANDLORD)
    assert hall.climb(LANDLORD) == ("actief", set())


def test_paper_of_another_time_is_none(hall: Hall) -> None:
    apply(hall, TOWN, without=Poort.DPIA)
    registration.save(hall.office, Stuk(TOWN, "dpia", "DPIA-1", "1.0", day(-400), day(-1)), Stuk(TOWN, "dpia", "DPIA-2", "1.0", day(1)))
    assert hall.climb(TOWN) == ("getoetst", {"dpia"})
    paper("dpia")(hall, TOWN)
    assert hall.climb(TOWN) == ("actief", set())


def test_agreement_must_run_today_and_be_of_the_sector(hall: Hall) -> None:
    apply(hall, LANDLORD, without=Poort.OVEREENKOMST)
    past = Overeenkomst(LANDLORD, "0392", "cak_eigen_bijdrage", day(-400), day(-1))
    registration.save(hall.office, past, Overeenkomst(LANDLORD, "0392", "huur", TODAY))
    assert hall.climb(LANDLORD) == ("getoetst", {"overeenkomst"})


def test_sector_that_the_law_obliges_needs_no_agreement(hall: Hall) -> None:
    apply(hall, TENANTLESS)
    assert hall.climb(TENANTLESS) == ("actief", set())


WRONG: dict[str, Callable[[Hall], str]] = {
    "of another": lambda hall: hall.pki.partner(TEAM, "Ander").cert_path.read_text(),
    "for signing": lambda hall: hall.pki.signing(LANDLORD, "Warmte").cert_path.read_text(),
    "of an authority": lambda hall: hall.pki.intermediate_path.read_text(),
    "of a stranger": lambda hall: DevPki.create(hall.folder / "elders", hall.clock).partner(LANDLORD, "Warmte").cert_path.read_text(),
    "over": lambda hall: hall.pki.partner(LANDLORD, "Warmte", valid_for=timedelta(minutes=-1)).cert_path.read_text(),
}


@pytest.mark.parametrize("kind", WRONG)
def test_certificate_of_the_wrong_kind_opens_nothing(hall: Hall, kind: str) -> None:
    apply(hall, LANDLORD, without=Poort.CERTIFICAAT)
    known, inhoud = certificaten.rows(LANDLORD, certificaten.read(WRONG[kind](hall).encode()))
    registration.save(hall.office, known, inhoud)
    assert hall.climb(LANDLORD) == ("aangemeld", {"certificaat"})
    certify(hall, LANDLORD)
    assert hall.climb(LANDLORD) == ("actief", set())


def test_certificate_known_by_its_thumbprint_alone_opens_nothing(hall: Hall) -> None:
    apply(hall, LANDLORD, without=Poort.CERTIFICAAT)
    now = hall.clock.now()
    registration.save(hall.office, Certificaat(bytes(32), LANDLORD, now, now.replace(year=now.year + 1)))
    assert hall.climb(LANDLORD) == ("aangemeld", {"certificaat"})


def test_result_that_nobody_signed_opens_nothing(hall: Hall) -> None:
    """Not even when the register itself wrote it: the signature is looked at again at the gate."""
    apply(hall, LANDLORD, without=Poort.TOETS)
    uses = frozenset({"signaal", "intrekking"})
    good = toetsen.verified(hall.result(LANDLORD, uses), LANDLORD, hall.office.testkeys, hall.clock.now())
    failed = toetsen.verified(hall.result(LANDLORD, uses, good=False), LANDLORD, hall.office.testkeys, hall.clock.now())
    other = toetsen.verified(hall.result(TEAM, uses), TEAM, hall.office.testkeys, hall.clock.now())
    forged = [
        Toets(LANDLORD, good.id, "api", uses, True, good.getoetst_op, b"{}"),
        msgspec.structs.replace(failed, geslaagd=True),
        failed,
        msgspec.structs.replace(other, oin=LANDLORD),
        msgspec.structs.replace(good, soorten=uses | {"stand"}),
    ]
    for row in forged:
        registration.save(hall.office, row)
        assert hall.climb(LANDLORD)[1] == {"toets"}
    registration.save(hall.office, good)
    assert hall.climb(LANDLORD) == ("actief", set())


def test_pass_of_one_mouth_or_kind_is_not_that_of_another(hall: Hall) -> None:
    apply(hall, LANDLORD, without=Poort.TOETS)
    both = Aansluiting(LANDLORD, frozenset({"api/signaal", "bestand/signaal", "bestand/stand"}))
    registration.save(hall.office, both, SftpSleutel(bytes(32), LANDLORD, "ssh-ed25519", hall.clock.now()))
    for mond, soorten in (("api", {"signaal"}), ("bestand", {"signaal"})):
        assert hall.climb(LANDLORD) == ("in_test", {"toets"})
        found = toetsen.verified(
            hall.result(LANDLORD, frozenset(soorten), mond), LANDLORD, hall.office.testkeys, hall.clock.now()
        )
        registration.save(hall.office, found)
    (gap,) = hall.gaps(LANDLORD, "getoetst")
    assert gap.ontbreekt == "geen geslaagde toets van stand door de mond bestand"


def test_who_says_nothing_or_half_of_what_is_open_shows_all_the_same(hall: Hall) -> None:
    """Mouths are what is open, not what is said: a passed test of one kind is no shadow run."""
    apply(hall, LANDLORD, without=Poort.SCHADUWPROEF)
    registration.save(hall.office, Aansluiting(LANDLORD, frozenset()))
    assert hall.climb(LANDLORD) == ("aangemeld", {"aansluiting"})
    registration.save(hall.office, Aansluiting(LANDLORD, frozenset({"api/saldoantwoord"})))  # of the creditor, and nothing of who signals
    (gap,) = hall.gaps(LANDLORD, "in_test")
    assert gap.ontbreekt.startswith("voor de rol experiment_cak is geen berichtsoort vastgelegd")
    GIVES[LANDLORD][Poort.AANSLUITING](hall, LANDLORD)
    assert hall.climb(LANDLORD) == ("schaduw", {"schaduwproef"})
    for less in (frozenset[str](), frozenset({"api/saldoantwoord"})):
        with pytest.raises(Conflict, match="POORT_GESLOTEN"):
            registration.save(hall.office, Aansluiting(LANDLORD, less))


def test_mouth_that_is_open_and_was_not_declared_asks_its_shadow_run(hall: Hall) -> None:
    apply(hall, LANDLORD)
    registration.save(hall.office, SftpSleutel(bytes(32), LANDLORD, "ssh-ed25519", hall.clock.now()))
    result = hall.result(LANDLORD, frozenset({"saldoantwoord"}), "bestand")
    registration.save(hall.office, toetsen.verified(result, LANDLORD, hall.office.testkeys, hall.clock.now()))
    assert hall.climb(LANDLORD) == ("schaduw", {"schaduwproef"})
    rehearse(hall, LANDLORD, mond="bestand")
    assert hall.climb(LANDLORD) == ("actief", set())


def test_shadow_run_of_who_acts_for_it_is_none_of_its_own_mouth(hall: Hall) -> None:
    apply(hall, LANDLORD)
    apply(hall, TEAM)
    rehearse(hall, LANDLORD, TEAM, mond="bestand")
    assert registration.judged(hall.office, LANDLORD).proven == {"api"}
    assert registration.judged(hall.office, LANDLORD).proven_by_others
    assert registration.judged(hall.office, TEAM).proven == {"bestand"}  # the control: it is of who delivered


def test_live_partner_opens_no_mouth_role_or_kind_that_was_not_tested(hall: Hall) -> None:
    apply(hall, LANDLORD)
    assert hall.climb(LANDLORD) == ("actief", set())
    now = hall.clock.now()
    live = _with_status(ROWS[LANDLORD], "actief")
    unseen: list[Row] = [
        SftpSleutel(bytes(32), LANDLORD, "ssh-ed25519", now),
        Aansluiting(LANDLORD, frozenset({"api/signaal", "api/stand"})),
        msgspec.structs.replace(live, rollen=live.rollen | {"toezichthouder"}),
        msgspec.structs.replace(live, sectoren=live.sectoren | {"belastingdienst"}),
    ]
    for row in unseen:
        with pytest.raises(Conflict) as refused:
            registration.save(hall.office, row)
        assert refused.value.code == "POORT_GESLOTEN"
    registration.save(hall.office, msgspec.structs.replace(live, naam="Warmte Anders"))  # the control
    certify(hall, LANDLORD)
    assert hall.status(LANDLORD) == "actief"


def test_live_partner_whose_tests_count_no_more_may_use_less_and_not_more(hall: Hall) -> None:
    apply(hall, LANDLORD)
    assert hall.climb(LANDLORD) == ("actief", set())
    office = hall.office._replace(testkeys={"keys": []})  # the gateway that signed is trusted no more
    registration.save(office, Aansluiting(LANDLORD, frozenset({"api/signaal"})))
    with pytest.raises(Conflict, match="POORT_GESLOTEN"):
        registration.save(office, Aansluiting(LANDLORD, USES[LANDLORD]))
    assert hall.status(LANDLORD) == "actief"


def test_suspended_partner_comes_back_through_the_same_gates(hall: Hall) -> None:
    apply(hall, LANDLORD)
    hall.climb(LANDLORD)
    registration.set_status(hall.office, LANDLORD, "opgeschort")
    registration.save(hall.office, Stuk(LANDLORD, "verwerkersovereenkomst", "DOC-1", "1.0", TODAY, day(-1)))
    assert hall.shut(LANDLORD, "actief") == {"verwerkersovereenkomst"}
    paper("verwerkersovereenkomst")(hall, LANDLORD)
    assert hall.shut(LANDLORD, "actief") == set()
    assert hall.status(LANDLORD) == "actief"


def test_mark_of_a_trial_opens_nothing_in_production(hall: Hall) -> None:
    apply(hall, LANDLORD, without=Poort.VERWERKERSOVEREENKOMST)
    registration.save(hall.office, Proeftoelating(LANDLORD))
    assert hall.climb(LANDLORD) == ("getoetst", {"verwerkersovereenkomst"})


def test_every_gate_has_a_test() -> None:
    assert {poort for _, poort in CASES} == set(Poort) == frozenset[Poort]().union(*POORTEN.values())


def _with_status(row: Deelnemer, status: str) -> Deelnemer:
    return msgspec.structs.replace(row, status=status)


def _clean(hall: Hall, oin: str, poort: Poort) -> None:
    """Take the forged row away, as the owner of the database."""
    table = FORGED[poort].split()[2]
    column = {"overeenkomst": "schuldeiser", "mandaat": "gemachtigde", "gemeente_instelling": "'1'"}.get(table, "oin")
    column = "principaal" if poort is Poort.GEMACHTIGDE else column
    with psycopg.connect(hall.dsns.owner) as owner:
        owner.execute(f"DELETE FROM {table} WHERE {column} = %s AND zegel IS NULL", ("1" if column == "'1'" else oin,))
