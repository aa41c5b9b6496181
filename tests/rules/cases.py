"""What the law says of a signal, case by case: written from the article, before the row.

A case is (sectors, what is changed in a lawful signal, the findings expected). `!` behind a finding: it refuses.
"""

from typing import Any

from tests.rules.build import BSN, DROP, LEGAL

ENERGY = ("elektriciteit", "gas")
HEAT = (*ENERGY, "warmte")
CUT_OFF = (*HEAT, "drinkwater")
NOT_WATER = tuple(s for s in LEGAL if s != "drinkwater")
ONLY_HUUR = ("huur",)

I = "inspanning."  # noqa: E741 - a prefix, read in a table
CONTACT = {"kanaal": "telefoon", "datum": "2026-11-20", "initiatief": "schuldeiser", "bereikt": False}
CUSTOMER = {"kanaal": "balie", "datum": "2026-11-01", "initiatief": "klant", "bereikt": True}

DECLARED = {"wijze": "verklaring", "verklaring": "V-1"}
LEGAL_PERSONS = ("Bakker BV", "bakker b.v.", "Bakker B. V.", "Handel N.V.", "Stichting Wonen", "vereniging X", "Coöperatie", "X U.A.", "Bv")
NATURAL_PERSONS = ("Bakker V.O.F.", "Bakker h.o.d.n. Brood", "Verbeek", "Stichtings", "Bvan", "Obv", "Maatschap Jansen", "Ünal", "Nv Bos")

END = {"soort": "eindelevering", "eerderKenmerk": "K-1"}
IN_2025 = {
    "signaaldatum": "2025-12-31",
    "achterstand.ontstaansdatum": "2025-11-01",
    I + "contacten": [{"kanaal": "telefoon", "datum": "2025-12-01", "initiatief": "schuldeiser", "bereikt": False}],
    I + "herinneringen": ["2025-12-01"],
    I + "gewezenOpSchuldhulp": "2025-12-01",
    I + "gegevensdelingAangeboden": {"datum": "2025-12-01", "reactie": "geen"},
}
SOON = {**END, "crisis": {"soort": "eindelevering", "beoogdeDatum": "2026-11-25"}}
WMO = {"achterstand.vordering": "wmo", "achterstand.bedragCent": 10_000, "achterstand.ontstaansdatum": "2026-06-20"}
TAX = {
    "achterstand.vordering": "inkomstenbelasting",
    "achterstand.bedragCent": 60_000,
    I + "aanmaningOp": "2026-10-01",
    I + "geenUitstelOp": "2026-11-20",
}

Case = tuple[tuple[str, ...], dict[str, Any], set[str]]
CASES: list[Case] = [
    (LEGAL, {}, set()),
    # Bgs 2(a): an effort for personal contact, before or on the day of the signal
    (LEGAL, {I + "contacten": []}, {"VS-04 GEEN_CONTACTPOGING!"}),
    (LEGAL, {I + "contacten": DROP}, {"VS-04 GEEN_CONTACTPOGING!"}),
    (LEGAL, {I + "contacten": [CONTACT]}, set()),
    (HEAT, {**IN_2025, I + "contacten": []}, {"VS-04 GEEN_CONTACTPOGING!"}),
    (HEAT, IN_2025, set()),
    (ONLY_HUUR, {I + "contacten": [{**CONTACT, "datum": "2026-11-21"}]}, {"VS-04 GEEN_CONTACTPOGING!", "SH-04 BEWIJS_NA_SIGNAAL!"}),
    (ONLY_HUUR, {I + "contacten": [CONTACT, {**CONTACT, "datum": "2026-11-21"}]}, {"SH-04 BEWIJS_NA_SIGNAAL!"}),
    (ONLY_HUUR, {I + "contacten": [CUSTOMER]}, set()),
    (ONLY_HUUR, {I + "contacten": [{**CUSTOMER, "bereikt": False}]}, {"VS-04 GEEN_CONTACTPOGING!"}),
    # Bgs 2(b): pointed to debt counselling
    (LEGAL, {I + "gewezenOpSchuldhulp": DROP}, {"VS-05 NIET_GEWEZEN_OP_SCHULDHULP!"}),
    (ONLY_HUUR, {I + "gewezenOpSchuldhulp": "2026-11-20"}, set()),
    (ONLY_HUUR, {I + "gewezenOpSchuldhulp": "2026-11-21"}, {"VS-05 NIET_GEWEZEN_OP_SCHULDHULP!", "SH-04 BEWIJS_NA_SIGNAAL!"}),
    # Bgs 2(c): at least one written reminder; drinking water: several (warns); before ending supply: three, 14 days apart
    (NOT_WATER, {I + "herinneringen": []}, {"VS-06 GEEN_HERINNERING!"}),
    (NOT_WATER, {I + "herinneringen": DROP}, {"VS-06 GEEN_HERINNERING!"}),
    (NOT_WATER, {I + "herinneringen": ["2026-11-20"]}, set()),
    (("drinkwater",), {I + "herinneringen": ["2026-11-20"]}, {"VS-06 EEN_HERINNERING"}),
    (("drinkwater",), {I + "herinneringen": ["2026-11-19", "2026-11-20"]}, set()),
    (("drinkwater",), {I + "herinneringen": []}, {"VS-06 EEN_HERINNERING", "VS-06 GEEN_HERINNERING!"}),
    (("drinkwater",), {I + "herinneringen": ["2026-11-20", "2026-11-20"]}, {"VS-06 EEN_HERINNERING"}),
    (ONLY_HUUR, {I + "herinneringen": ["2026-11-21"]}, {"VS-06 GEEN_HERINNERING!", "SH-04 BEWIJS_NA_SIGNAAL!"}),
    (HEAT, {"soort": "eindelevering", "eerderKenmerk": "K-1"}, set()),
    (HEAT, {"soort": "eindelevering"}, set()),
    (HEAT, {"soort": "eindelevering", I + "herinneringen": ["2026-10-01", "2026-10-15", "2026-10-29"]}, set()),
    (HEAT, {"soort": "eindelevering", I + "herinneringen": ["2026-10-01", "2026-10-14", "2026-10-29"]}, {"VS-06 GEEN_HERINNERING!"}),
    (HEAT, {"soort": "eindelevering", I + "herinneringen": ["2026-10-01", "2026-10-29"]}, {"VS-06 GEEN_HERINNERING!"}),
    # Bgs 2(d): offered to pass on data, and no refusal; silence allows
    (LEGAL, {I + "gegevensdelingAangeboden": DROP}, {"VS-07 GEEN_AANBOD_GEGEVENSDELING!"}),
    (LEGAL, {I + "gegevensdelingAangeboden.reactie": "afwijzend"}, {"VS-07 KLANT_MAAKT_BEZWAAR!"}),
    (LEGAL, {I + "gegevensdelingAangeboden.reactie": "niet_afwijzend"}, set()),
    (ONLY_HUUR, {I + "gegevensdelingAangeboden.reactie": "akkoord"}, set()),
    (ONLY_HUUR, {I + "gegevensdelingAangeboden.datum": "2026-11-21"}, {"VS-07 GEEN_AANBOD_GEGEVENSDELING!", "SH-04 BEWIJS_NA_SIGNAAL!"}),
    # a declaration instead of dated facts: must be registered; a refusal still refuses
    (ONLY_HUUR, {"inspanning": {"wijze": "verklaring", "verklaring": "V-1"}}, set()),
    (ONLY_HUUR, {"inspanning": {"wijze": "verklaring", "verklaring": "V-9"}}, {"VS-04 VERKLARING_GELDT_NIET!"}),
    (LEGAL, {"inspanning": {"wijze": "verklaring"}}, {"VS-04 VERKLARING_GELDT_NIET!"}),
    (("gas",), {"inspanning": {"wijze": "verklaring", "verklaring": "V-1"}}, {"VS-04 VERKLARING_GELDT_NIET!"}),
    (
        ONLY_HUUR,
        {"inspanning": {**DECLARED, "gegevensdelingAangeboden": {"datum": "2026-10-05", "reactie": "afwijzend"}}},
        {"VS-07 KLANT_MAAKT_BEZWAAR!"},
    ),
    (
        ONLY_HUUR,
        {"inspanning": {**DECLARED, "kostenInRekeningOp": "2026-11-21"}},
        {"SH-04 BEWIJS_NA_SIGNAAL!"},
    ),
    (ONLY_HUUR, {I + "kostenInRekeningOp": "2026-11-20"}, set()),
    # conventions warn
    (LEGAL, {I + "klantrelatieActief": False}, {"VS-12 GEEN_KLANT_MEER"}),
    (ONLY_HUUR, {I + "klantrelatieActief": DROP}, set()),
    (LEGAL, {I + "betalingsregeling": "lopend"}, {"VS-13 BETALINGSREGELING_LOOPT"}),
    (ONLY_HUUR, {I + "betalingsregeling": "niet_nagekomen"}, set()),
    # LCV: from 30 days; health insurance 30 to 100
    (LEGAL, {"achterstand.ontstaansdatum": "2026-10-21"}, set()),
    (LEGAL, {"achterstand.ontstaansdatum": "2026-10-22"}, {"VS-14 BUITEN_TERMIJN"}),
    (("zorgverzekering",), {"achterstand.ontstaansdatum": "2026-08-12"}, set()),
    (("zorgverzekering",), {"achterstand.ontstaansdatum": "2026-08-11"}, {"VS-14 BUITEN_TERMIJN"}),
    (("huur", "drinkwater", *HEAT), {"achterstand.ontstaansdatum": "2020-01-01"}, set()),
    (ONLY_HUUR, {"achterstand.ontstaansdatum": "2026-11-21"}, {"SH-05 ONTSTAAN_NA_SIGNAAL!", "VS-14 BUITEN_TERMIJN"}),
    # amounts: the smallest and the largest
    (ONLY_HUUR, {"achterstand.bedragCent": 1}, set()),
    (ONLY_HUUR, {"achterstand.bedragCent": 99_999_999}, set()),
    # the day of receipt is 22 November 2026
    (ONLY_HUUR, {"signaaldatum": "2026-11-22"}, set()),
    (LEGAL, {"signaaldatum": "2026-11-23", "achterstand.ontstaansdatum": "2026-10-01"}, {"SH-01 DATUM_IN_TOEKOMST!"}),
    # Wgs 1: natural persons only; the owner of an unincorporated business is one
    (LEGAL, {"personen.0.achternaam": "Jansen Beheer B.V."}, {"VS-11 RECHTSPERSOON!"}),
    *((ONLY_HUUR, {"personen.0.achternaam": name}, {"VS-11 RECHTSPERSOON!"}) for name in LEGAL_PERSONS),
    *((ONLY_HUUR, {"personen.0.achternaam": name}, set()) for name in NATURAL_PERSONS),
    (ONLY_HUUR, {"personen.0.voorletters": "B.V."}, set()),
    (ONLY_HUUR, {"personen.0.geboortedatum": "2026-11-20"}, {"SH-06 GEBOORTEDATUM_NA_SIGNAAL!"}),
    (ONLY_HUUR, {"personen.0.geboortedatum": "2026-11-19"}, set()),
    (ONLY_HUUR, {"personen.0.geboortedatum": DROP}, set()),
    # kind and reference to an earlier signal
    (LEGAL, {"soort": "actualisering", "eerderKenmerk": "K-1"}, set()),
    (LEGAL, {"soort": "actualisering"}, {"SH-02 EERDER_KENMERK_PAST_NIET!"}),
    (ONLY_HUUR, {"eerderKenmerk": "K-1"}, {"SH-02 EERDER_KENMERK_PAST_NIET!"}),
    (ONLY_HUUR, {"soort": "actualisering", "eerderKenmerk": "K-2026-S000123"}, {"SH-02 EERDER_KENMERK_PAST_NIET!"}),
    (LEGAL, {"handelsnaam": "Een ander"}, {"SH-03 HANDELSNAAM_ONBEKEND!"}),
    # Wgs 4(2): a threat that the sector can carry out
    (ONLY_HUUR, {"crisis": {"soort": "ontruiming"}}, set()),
    (ONLY_HUUR, {"crisis": {"soort": "afsluiting"}}, {"VS-23 CRISIS_PAST_NIET!"}),
    (CUT_OFF, {"crisis": {"soort": "afsluiting"}}, set()),
    (CUT_OFF, {"crisis": {"soort": "ontruiming"}}, {"VS-23 CRISIS_PAST_NIET!"}),
    (("zorgverzekering",), {"crisis": {"soort": "einde_verzekering"}}, set()),
    (("zorgverzekering",), {"crisis": {"soort": "eindelevering"}}, {"VS-23 CRISIS_PAST_NIET!"}),
    # Wgs 8c: no BSN anywhere, however it is written
    *(
        (ONLY_HUUR, {path: value}, {"VS-09 BSN_NIET_TOEGESTAAN!"})
        for path, value in (
            ("personen.0.achternaam", f"Vries {BSN}"),
            ("personen.0.achternaam", f"Vries{BSN}a"),
            ("personen.0.achternaam", "Vries 999.990.342"),
            ("personen.0.achternaam", "Vries 9999 90 342"),
            ("personen.0.achternaam", "12 999990342"),
            ("personen.0.achternaam", "Vries \uff19\uff19\uff19\uff19\uff19\uff10\uff13\uff14\uff12"),
            ("personen.0.achternaam", f"Vries 1{BSN}"),
            ("personen.0.achternaam", f"Vries {BSN}1"),
            ("personen.0.achternaam", "x".join(BSN)),
            ("personen.0.voorletters", BSN),
            ("personen.0.voorvoegsel", f"de {BSN}"),
            ("adres.toevoeging", BSN),
            ("adres.woonplaats", f"Haarlem ({BSN})"),
            ("contact.emailadressen", [f"{BSN}@example.nl"]),
            ("contact.emailadressen", ["j@example.nl", "a.999-990-342@example.nl"]),
            ("contact.telefoonnummers", [f"+{BSN}"]),
            ("contact.telefoonnummers", [f"+31{BSN}"]),
            ("contact.telefoonnummers", [f"+310{BSN}"]),
            ("klantnummer", BSN),
            ("klantnummer", f"KL-{BSN}"),
            ("contractkenmerk", f"C{BSN}"),
            ("kenmerk", f"HUUR-{BSN}"),
            ("kenmerk", "999-990-342"),
        )
    ),
    *(
        (ONLY_HUUR, {path: value}, set())
        for path, value in (
            ("personen.0.achternaam", "Vries 999990343"),
            ("contact.telefoonnummers", ["+31612345678", "+31699999034"]),
            ("contact.telefoonnummers", ["+31619999007", "+31699999005"]),  # pass the eleven-test, and are numbers of a subscriber
            ("klantnummer", "999990343"),
            ("kenmerk", "2026-000123"),
            ("contact", DROP),
        )
    ),
    # several at once: none hides another
    (
        ONLY_HUUR,
        {I + "contacten": [], I + "herinneringen": [], I + "gewezenOpSchuldhulp": DROP, I + "gegevensdelingAangeboden": DROP},
        {
            "VS-04 GEEN_CONTACTPOGING!",
            "VS-05 NIET_GEWEZEN_OP_SCHULDHULP!",
            "VS-06 GEEN_HERINNERING!",
            "VS-07 GEEN_AANBOD_GEGEVENSDELING!",
        },
    ),
    # outside the closed list
    *(((sector,), {}, {"VS-01 SECTOR_NIET_AANGEWEZEN!"}) for sector in ("telecom", "webwinkel", "boetes", "huurtoeslag")),
    *(((sector,), {}, {"VS-02 EXPERIMENT_NIET_ACTIEF!"}) for sector in ("hypotheek", "toeslagen")),
    (("cak_eigen_bijdrage",), {**WMO}, {"VS-02 EXPERIMENT_NIET_ACTIEF!"}),
    (("belastingdienst",), {**TAX}, {"VS-02 EXPERIMENT_NIET_ACTIEF!"}),
    # on each sector of the closed list no other fact makes up for a missing one
    *(
        (LEGAL, {I + "gegevensdelingAangeboden": {"datum": "2026-11-20", "reactie": "afwijzend"}, I + "klantrelatieActief": False}, found)
        for found in ({"VS-07 KLANT_MAAKT_BEZWAAR!", "VS-12 GEEN_KLANT_MEER"},)
    ),
    (LEGAL, {"personen.0.geboortedatum": "2026-11-20"}, {"SH-06 GEBOORTEDATUM_NA_SIGNAAL!"}),
    (LEGAL, {I + "kostenInRekeningOp": "2026-11-21"}, {"SH-04 BEWIJS_NA_SIGNAAL!"}),
    (LEGAL, {"kenmerk": BSN}, {"VS-09 BSN_NIET_TOEGESTAAN!"}),
    (LEGAL, {"eerderKenmerk": "K-1"}, {"SH-02 EERDER_KENMERK_PAST_NIET!"}),
    (LEGAL, {I + "gewezenOpSchuldhulp": "2026-11-21"}, {"VS-05 NIET_GEWEZEN_OP_SCHULDHULP!", "SH-04 BEWIJS_NA_SIGNAAL!"}),
    # before ending supply at least 20 working days: 20 November + 20 = 18 December 2026 (nothing in between is a holiday)
    (HEAT, {**END, "crisis": {"soort": "eindelevering", "beoogdeDatum": "2026-12-18"}}, set()),
    (HEAT, {**END, "crisis": {"soort": "eindelevering", "beoogdeDatum": "2026-12-17"}}, {"VS-18 TE_LAAT_GEMELD"}),
    (HEAT, {**END, "crisis": {"soort": "eindelevering", "beoogdeDatum": "2026-11-01"}}, {"VS-18 TE_LAAT_GEMELD"}),
    (HEAT, {**END, "crisis": {"soort": "eindelevering"}}, set()),
    (HEAT, {"crisis": {"soort": "eindelevering", "beoogdeDatum": "2026-11-25"}}, set()),
    (HEAT, {**SOON, "signaaldatum": "2026-11-22"}, {"VS-18 TE_LAAT_GEMELD"}),
    (HEAT, {**SOON, "signaaldatum": "2026-11-23"}, {"SH-01 DATUM_IN_TOEKOMST!"}),
    (("drinkwater",), {**END, "crisis": {"soort": "afsluiting", "beoogdeDatum": "2026-11-25"}}, set()),
    # an eviction that is announced warns only once the row is switched on
    (ONLY_HUUR, {"crisis": {"soort": "ontruiming", "beoogdeDatum": "2026-12-01"}}, set()),
    (("gemeentelijke_belastingen",), {}, {"VS-03 SECTOR_NIET_AANGEWEZEN!"}),
]

# Experiments (Wgs art. 10; TR): a creditor registered in the role of each
WLZ_CLOSED = "VS-16 EXPERIMENT_BEDRAG_OPEN!"
UNKNOWN, LOW, YOUNG = "VS-16 VORDERING_ONBEKEND!", "VS-16 ONDER_DREMPEL_EXPERIMENT!", "VS-16 ACHTERSTAND_TE_JONG!"
NO_DEMAND, POSTPONED, ENDED = "VS-16 GEEN_AANMANING!", "VS-16 UITSTEL_NIET_UITGESLOTEN!", "VS-02 EXPERIMENT_NIET_ACTIEF!"
MORTGAGE, CAK, TAXES = ("hypotheek",), ("cak_eigen_bijdrage",), ("belastingdienst",)
EXPERIMENT_CASES: list[Case] = [
    # TR 2.2: two months' arrears
    (MORTGAGE, {}, set()),
    (MORTGAGE, {"achterstand.ontstaansdatum": "2026-09-20"}, set()),
    (MORTGAGE, {"achterstand.ontstaansdatum": "2026-09-21"}, {YOUNG}),
    (MORTGAGE, {"crisis": {"soort": "ontruiming"}}, {"VS-23 CRISIS_PAST_NIET!"}),
    # TR 2.4: Wmo from 100 euro and five months; the figures for Wlz are open, so refused
    (CAK, WMO, set()),
    (CAK, {**WMO, "achterstand.bedragCent": 9_999}, {LOW}),
    (CAK, {**WMO, "achterstand.ontstaansdatum": "2026-06-21"}, {YOUNG}),
    (CAK, {**WMO, "achterstand.vordering": "wlz"}, {WLZ_CLOSED}),
    (CAK, {**WMO, "achterstand.vordering": DROP}, {UNKNOWN}),
    (CAK, {**WMO, "achterstand.vordering": "omzetbelasting"}, {UNKNOWN}),
    # TR 2.5: 600 euro per tax, a demand sent, no postponement
    *((TAXES, {**TAX, "achterstand.vordering": tax}, set()) for tax in ("inkomstenbelasting", "omzetbelasting", "loonheffingen")),
    *(
        (TAXES, {**TAX, "achterstand.vordering": tax, "achterstand.bedragCent": 59_999}, {LOW})
        for tax in ("inkomstenbelasting", "omzetbelasting", "loonheffingen")
    ),
    (TAXES, {**TAX, "achterstand.vordering": "wmo"}, {UNKNOWN}),
    (TAXES, {**TAX, "achterstand.vordering": DROP}, {UNKNOWN}),
    (TAXES, {**TAX, I + "aanmaningOp": DROP}, {NO_DEMAND}),
    (TAXES, {**TAX, I + "aanmaningOp": "2026-11-20"}, set()),
    (TAXES, {**TAX, I + "aanmaningOp": "2026-11-21"}, {NO_DEMAND, POSTPONED, "SH-04 BEWIJS_NA_SIGNAAL!"}),
    (TAXES, {**TAX, I + "geenUitstelOp": DROP}, {POSTPONED}),
    (TAXES, {**TAX, I + "geenUitstelOp": "2026-11-21"}, {POSTPONED, "SH-04 BEWIJS_NA_SIGNAAL!"}),
    (TAXES, {**TAX, I + "geenUitstelOp": "2026-09-30"}, {POSTPONED}),
    (TAXES, {**TAX, I + "geenUitstelOp": "2026-10-01"}, set()),
    # TR 1.2 (a) to (d) hold for all of them, and so does what holds for everybody
    *(
        (sector, {**facts, **changes}, expected)
        for sector, facts in ((MORTGAGE, {}), (CAK, WMO), (TAXES, TAX))
        for changes, expected in (
            ({I + "contacten": []}, {"VS-04 GEEN_CONTACTPOGING!"}),
            ({I + "gewezenOpSchuldhulp": DROP}, {"VS-05 NIET_GEWEZEN_OP_SCHULDHULP!"}),
            ({I + "herinneringen": []}, {"VS-06 GEEN_HERINNERING!"}),
            ({I + "herinneringen": ["2026-11-20"]}, set()),
            ({I + "gegevensdelingAangeboden": DROP}, {"VS-07 GEEN_AANBOD_GEGEVENSDELING!"}),
            ({I + "gegevensdelingAangeboden.reactie": "afwijzend"}, {"VS-07 KLANT_MAAKT_BEZWAAR!"}),
            ({I + "klantrelatieActief": False}, {"VS-12 GEEN_KLANT_MEER"}),
            ({"personen.0.achternaam": "Bakker BV"}, {"VS-11 RECHTSPERSOON!"}),
            ({"klantnummer": BSN}, {"VS-09 BSN_NIET_TOEGESTAAN!"}),
            ({"crisis": {"soort": "afsluiting"}}, {"VS-23 CRISIS_PAST_NIET!"}),
        )
    ),
]
# The second round. Place: what differs from Haarlem with an open desk, every optional field, no threshold, no earlier signal.
Context = tuple[tuple[str, ...], dict[str, Any], dict[str, Any], set[str]]
PHONE = {"kanaal": "telefoon", "datum": "2026-11-06", "initiatief": "schuldeiser", "bereikt": False}
N1, N2, N3, N4 = (f"NC-0{n} ONDER_AFGESPROKEN_NORM" for n in range(1, 5))
FIRST = "VS-17 GEEN_EERDER_SIGNAAL"
CONTEXT_CASES: list[Context] = [
    (LEGAL, {}, {}, set()),
    # first an early signal, then an update or the end of supply; the contract is what counts, or the signal that was named
    (HEAT, {"soort": "eindelevering"}, {}, {FIRST}),
    (HEAT, {"soort": "eindelevering"}, {"contract": True}, set()),
    (HEAT, {"soort": "eindelevering"}, {"other": True}, {FIRST}),
    (HEAT, END, {"named": True}, set()),
    (HEAT, {"soort": "actualisering", "eerderKenmerk": "K-1"}, {}, {FIRST}),
    (HEAT, {"soort": "actualisering", "eerderKenmerk": "K-1"}, {"contract": True}, set()),
    (HEAT, {"soort": "vroegsignaal"}, {}, set()),
    (("drinkwater",), {"soort": "eindelevering"}, {}, set()),
    (("huur", "zorgverzekering"), {"soort": "actualisering", "eerderKenmerk": "K-1"}, {}, set()),
    # the norm for contact: two efforts, two channels, 14 days before the signal, before costs
    (LEGAL, {I + "contacten": [PHONE], I + "herinneringen": ["2026-11-06"]}, {}, set()),
    (LEGAL, {I + "contacten": [{**PHONE, "datum": "2026-11-07"}], I + "herinneringen": ["2026-11-07"]}, {}, {N3}),
    (LEGAL, {I + "contacten": [PHONE], I + "herinneringen": []}, {}, {N1, N2}),
    (LEGAL, {I + "contacten": [{**PHONE, "kanaal": "brief"}], I + "herinneringen": ["2026-11-06"]}, {}, {N2}),
    (LEGAL, {I + "contacten": [PHONE, PHONE], I + "herinneringen": []}, {}, {N2}),
    (LEGAL, {I + "contacten": [CUSTOMER], I + "herinneringen": ["2026-10-01"]}, {}, {N1, N2}),
    (LEGAL, {I + "contacten": [CUSTOMER], I + "herinneringen": []}, {}, {N1, N2}),
    (LEGAL, {I + "contacten": [PHONE], I + "herinneringen": ["2026-11-21"]}, {}, {N1, N2}),
    (("huur", "gas"), {I + "contacten": [PHONE], I + "herinneringen": ["2026-11-20"]}, {}, set()),
    (LEGAL, {I + "kostenInRekeningOp": "2026-09-16"}, {}, set()),
    (LEGAL, {I + "kostenInRekeningOp": "2026-09-15"}, {}, {N4}),
    (LEGAL, {I + "contacten": [], I + "herinneringen": [], I + "kostenInRekeningOp": "2026-11-01"}, {}, {N1, N2, N4}),
    (LEGAL, {"inspanning": {**DECLARED, "kostenInRekeningOp": "2026-01-01"}}, {}, set()),
    (ONLY_HUUR, {**{I + "contacten": [PHONE], I + "herinneringen": []}, "signaaldatum": "2025-12-31"}, {}, set()),
    # the municipality: its desk, its threshold, what it takes
    (LEGAL, {}, {"loket_open_vanaf": "2026-11-20"}, set()),
    (LEGAL, {}, {"loket_open_vanaf": "2026-11-21"}, {"VS-21 LOKET_NIET_OPEN!"}),
    (ONLY_HUUR, {}, {"gemeente": "0363"}, {"VS-21 LOKET_NIET_OPEN!"}),
    (LEGAL, {}, {"drempel_cent": 45_012}, set()),
    (LEGAL, {}, {"drempel_cent": 45_013}, {"VS-15 ONDER_DREMPEL_GEMEENTE"}),
    (LEGAL, {}, {"optionele_velden": ["klantnummer"]}, {"VS-08 VELD_NIET_DOORGEGEVEN"}),
    (LEGAL, {"personen.0.geboortedatum": DROP}, {"optionele_velden": ["klantnummer"]}, set()),
    (LEGAL, {"klantnummer": DROP}, {"optionele_velden": ["geboortedatum"]}, set()),
    (LEGAL, {}, {"needed": True}, {"VS-21 GEEN_OVEREENKOMST!"}),
    # an experiment holds in the designated municipalities only
    (MORTGAGE, {}, {"gemeente": "0363", "gemeentecode": "0363"}, set()),
    (MORTGAGE, {}, {}, {"VS-02 GEMEENTE_NIET_IN_EXPERIMENT!"}),
    *(
        (MORTGAGE, {}, {"gemeente": code, "gemeentecode": code}, set())
        for code in ("0202", "0758", "0518", "0917", "1911", "0268", "0599", "0855")
    ),
    (CAK, WMO, {}, set()),
    (TAXES, TAX, {}, set()),
]
