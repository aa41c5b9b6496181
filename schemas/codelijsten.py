"""Code lists of a case: our short ids, and the value that DDAS gives each.

Authority: DDAS vroegsignalering v1.2 (EnumContactsoort, EnumDagdeel, EnumEindresultaat, EnumSignaalstatus). The ids are ours and
stay when DDAS rewords a value. `AANGENOMEN` are the results in which help was accepted, for reach figures. Leaves what a creditor may
learn of any of them to the feedback policy.
"""

from typing import Literal

Contactsoort = Literal[
    "administratief", "afspraak_op_locatie", "brief", "huisbezoek", "kaartje", "mail", "onbekend", "overige", "sms_whatsapp", "telefoon"
]
Dagdeel = Literal["ochtend", "middag", "avond"]
Eindresultaat = Literal[
    "budgetadvies_quick_fix",
    "geen_contact",
    "geen_reactie_na_contact",
    "al_bekend",
    "ander_traject",
    "zelf_betaald",
    "overleden",
    "geen_hulp_nodig",
    "andere_reden",
    "herhaalde_melding",
    "onterecht_signaal",
    "geen_inwoner",
    "vervolghulp",
    "vervolghulp_financieel",
    "vervolghulp_niet_financieel",
    "bemoeizorg",
]
Berichtstatus = Literal[
    "niet_opgepakt",
    "opgepakt",
    "onterecht_signaal",
    "herhaalde_melding",
    "andere_reden",
    "overleden",
    "geen_inwoner",
    "al_bekend",
]

CONTACTSOORT: dict[Contactsoort, str] = {
    "administratief": "Administratief",
    "afspraak_op_locatie": "Afspraak op locatie",
    "brief": "Brief",
    "huisbezoek": "Huisbezoek",
    "kaartje": "Kaartje",
    "mail": "Mail",
    "onbekend": "Onbekend",
    "overige": "Overige",
    "sms_whatsapp": "SMS/Whatsapp",
    "telefoon": "Telefoon",
}
DAGDEEL: dict[Dagdeel, str] = {"ochtend": "Ochtend", "middag": "Middag", "avond": "Avond"}
EINDRESULTAAT: dict[Eindresultaat, str] = {
    "budgetadvies_quick_fix": "(Budget)advies en/of quick fix",
    "geen_contact": "Definitief geen contact kunnen krijgen",
    "geen_reactie_na_contact": "Geen reactie na eerder contact",
    "al_bekend": "Inwoner al bekend bij schuldhulpverlening",
    "ander_traject": "Inwoner heeft al een ander lopend traject",
    "zelf_betaald": "Inwoner heeft zelf al betaald/betalingsregeling getroffen",
    "overleden": "Inwoner is overleden",
    "geen_hulp_nodig": "Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering",
    "andere_reden": "Niet opgepakt: andere reden",
    "herhaalde_melding": "Niet opgepakt: herhaalde melding",
    "onterecht_signaal": "Niet opgepakt: onterecht signaal",
    "geen_inwoner": "Persoon is geen inwoner (meer) in de gemeente",
    "vervolghulp": "Vervolghulp en/of verwijzing",
    "vervolghulp_financieel": "Vervolghulp en/of verwijzing financieel",
    "vervolghulp_niet_financieel": "Vervolghulp en/of verwijzing niet financieel",
    "bemoeizorg": "Verwijzing zonder tussenkomst inwoner",
}
BERICHTSTATUS: dict[Berichtstatus, str] = {
    "niet_opgepakt": "Nog niet opgepakt",
    "opgepakt": "Opgepakt",
    "onterecht_signaal": "Niet opgepakt: onterecht signaal",
    "herhaalde_melding": "Niet opgepakt: herhaalde melding",
    "andere_reden": "Niet opgepakt: andere reden",
    "overleden": "Inwoner is overleden",
    "geen_inwoner": "Persoon is geen inwoner (meer) in de gemeente",
    "al_bekend": "Inwoner al bekend bij schuldhulpverlening",
}
AANGENOMEN: frozenset[Eindresultaat] = frozenset(
    {"budgetadvies_quick_fix", "vervolghulp", "vervolghulp_financieel", "vervolghulp_niet_financieel"}
)
