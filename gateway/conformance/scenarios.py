"""Every scenario of the API, as data. `docs/toets.md` shows this table; a test compares them.

Authority: the contract, by section (`bron`). The texts are for integrators, in Dutch. Scenarios of the mailbox are in `filescenarios`.
"""

from gateway.conformance import judging_creditor as c
from gateway.conformance import judging_municipality as m
from gateway.conformance.scenario import Proef

SCHULDEISER_API = (
    Proef(
        "eerste_signaal", "schuldeiser", "api", "signaal", "contract: the signal",
        "Lever het signaal van kaart eerste aan.",
        "het signaal is aangenomen (201) en u hebt een ontvangstbewijs.",
        "Lees errors in het antwoord: elke fout heeft een pointer naar het veld.",
        c.eerste, (c.EERSTE,),
    ),
    Proef(
        "zelfde_kenmerk_na_verlies", "schuldeiser", "api", "signaal", "contract: idempotency",
        "Lever kaart verloren aan. De verbinding breekt af voordat u antwoord hebt.",
        "hetzelfde signaal nog eens, met hetzelfde kenmerk en dezelfde inhoud.",
        "Leg het kenmerk vast voordat u verzendt, en herhaal na een verbroken verbinding precies hetzelfde verzoek.",
        c.verloren, (c.VERLOREN,),
    ),
    Proef(
        "wacht_bij_503", "schuldeiser", "api", "signaal", "contract: idempotency (after a 503)",
        "Lever kaart wachten aan. Het eerste antwoord is 503 met Retry-After.",
        "hetzelfde signaal nog eens, niet eerder dan Retry-After zegt.",
        "Wacht bij 503 en 429 het aantal seconden van Retry-After af voor u herhaalt.",
        c.wachten, (c.WACHTEN,),
    ),
    Proef(
        "herstelt_geweigerd_signaal", "schuldeiser", "api", "signaal", "contract: the signal; idempotency",
        "Lever kaart verbeteren aan zoals zij in uw administratie staat. Het wordt geweigerd: verbeter het en lever opnieuw aan.",
        "eerst de weigering, daarna het verbeterde signaal, aangenomen.",
        "Zet geweigerde signalen op een lijst met hun fouten; een geweigerd kenmerk mag verbeterd terugkomen.",
        c.verbeteren, (c.VERBETEREN,),
    ),
    Proef(
        "lost_meerduidige_postcode_op", "schuldeiser", "api", "signaal", "contract: the signal, adres.gemeentecode; RT-01",
        "Lever kaart meerduidig aan. Het antwoord noemt kandidaten: kies de gemeente van de kaart en lever opnieuw aan.",
        "hetzelfde signaal met adres.gemeentecode, aangenomen.",
        "Toon bij POSTCODE_MEERDUIDIG de kandidaten en stuur de keuze mee als adres.gemeentecode.",
        c.meerduidig, (c.MEERDUIDIG,),
    ),
    Proef(
        "bedrag_in_centen", "schuldeiser", "api", "signaal", "contract: all doors (money is whole euro cents)",
        "Lever kaart centen aan; het bedrag staat er in euro's.",
        "bedragCent 123456.",
        "Reken bedragen om naar hele eurocenten: 1.234,56 is 123456.",
        c.centen, (c.CENTEN,),
    ),
    Proef(
        "trekt_in_na_betaling", "schuldeiser", "api", "intrekking", "contract: states; AVG art. 5 lid 1 onder d",
        "Lever kaart betaald aan. Daarna betaalt de klant: trek het signaal in.",
        "het signaal aangenomen, en daarna ingetrokken met reden betaald.",
        "Koppel betalingen aan POST signalen/{id}/intrekking, met het id uit het ontvangstbewijs.",
        c.betaald, (c.BETAALD,),
    ),
    Proef(
        "herhaalt_alleen_het_geweigerde", "schuldeiser", "api", "signaal", "contract: the signal (records are independent)",
        "Lever de kaarten reeks-1 tot en met reeks-5 samen aan, in een aanlevering. Een ervan wordt geweigerd: verbeter die.",
        "alleen het geweigerde signaal komt terug, verbeterd; de andere vier niet.",
        "Lees het verslag per regel; wat is aangenomen, stuurt u niet opnieuw.",
        c.reeks, c.REEKS,
    ),
    Proef(
        "onechte_handtekening", "schuldeiser", "api", "signaal", "contract: receipts",
        "Lever kaart onecht aan. De handtekening onder het eerste bewijs klopt niet.",
        "het bewijs telt niet: hetzelfde verzoek nog eens, tot er een echt bewijs is.",
        "Controleer de handtekening van elk bewijs met GET sleutels, en herhaal het verzoek als zij niet klopt.",
        c.onecht, (c.ONECHT,),
    ),
    Proef(
        "saldo_op_tijd", "schuldeiser", "api", "saldoantwoord", "contract: schuldenoverzicht",
        "Een gemeente vraagt het saldo van klant K-40417. Antwoord met een vordering: hoofdsom 1.200,50, rente 12,10, kosten 40,00, "
        "betaald 200,00, saldo 1.052,60.",
        "een antwoord van soort vorderingen, met deze bedragen in centen, voor de toets eindigt.",
        "Haal GET saldoverzoeken regelmatig op, open de vraag, en antwoord met POST saldoverzoeken/{id}/antwoord.",
        c.saldo,
    ),
    Proef(
        "pauze_bevestigd", "schuldeiser", "api", "regelingantwoord", "contract: arrangements",
        "Een gemeente vraagt de inning voor klant K-40417 te pauzeren. Bevestig de pauze, met dat klantnummer.",
        "een antwoord van soort bevestigd met klantnummer K-40417, voor de toets eindigt.",
        "Haal GET kennisgevingen regelmatig op, open de inhoud, en antwoord met POST kennisgevingen/{id}/antwoord.",
        c.pauze,
    ),
    Proef(
        "hele_stand", "schuldeiser", "api", "stand", "contract: standen",
        "Stuur met PUT standen/{peildatum} de lijst van wat openstaat: de kaarten stand-1 en stand-2.",
        "een stand met beide signalen, beide aangenomen.",
        "Stuur elk openstaand signaal van de reeks mee, onder zijn blijvende kenmerk.",
        c.stand, c.STAND,
    ),
    Proef(
        "terugkoppeling_met_cursor", "schuldeiser", "api", "signaal", "contract: what the creditor hears",
        "De gemeente koppelt terug over de reeks. Lees alle terugkoppeling; een bladzijde heeft er hier twee.",
        "elke bladzijde opgehaald met de cursor volgende van de vorige, en later verder vanaf de laatste.",
        "Bewaar volgende, ook na een lege bladzijde, en geef die de volgende keer mee als cursor.",
        c.gelezen, c.REEKS,
    ),
    Proef(
        "nieuw_veld_schuldeiser", "schuldeiser", "api", "saldoantwoord", "API Design Rules: a new field is no new version",
        "De lijst van saldoverzoeken heeft een veld dat u niet kent.",
        "het saldoverzoek uit die lijst geopend.",
        "Negeer in antwoorden de velden die u niet kent; alleen in verzoeken zijn zij een fout.",
        c.nieuw_veld,
    ),
)  # fmt: skip
GEMEENTE_API = (
    Proef(
        "inbox_met_cursor", "gemeente", "api", "bericht", "contract: order",
        "Lees de lijst van uw inbox; een bladzijde heeft hier twee berichten.",
        "alle bladzijden, elk met de cursor volgende van de vorige.",
        "Bewaar volgende, ook na een lege bladzijde, en geef die de volgende keer mee als cursor.",
        m.bladeren,
    ),
    Proef(
        "claim_met_doel", "gemeente", "api", "bericht", "contract: claims and leases; purpose register",
        "Claim de berichten.",
        "een claim met doel WGS-3-1-b.",
        "Gebruik het doel uit het doelbindingsregister (seinhuis doelen); alleen zijn veldgroepen komen mee.",
        m.doel,
    ),
    Proef(
        m.EERSTE, "gemeente", "api", "bericht", "contract: claims and leases; crypto",
        "Open elk bericht en bevestig het als verwerkt, met het klantnummer uit het bericht in het zaaknummer, zoals ZAAK-K1a2b3c4d.",
        "elk bericht verwerkt, met een zaaknummer waarin het verzegelde klantnummer staat.",
        "Open persoonsgegevens.klant met de sleutels uit de claim (docs/openen.md).",
        m.geopend,
    ),
    Proef(
        "bevestigt_met_claim", "gemeente", "api", "bericht", "contract: claims and leases",
        "Bevestig onder de claim die het bericht vasthoudt.",
        "geen enkele geweigerde bevestiging.",
        "Bewaar bij elk bericht het id van de claim waarmee het kwam.",
        m.met_claim,
    ),
    Proef(
        m.VERLOPEN, "gemeente", "api", "bericht", "contract: claims and leases (a lease that ends)",
        "Het antwoord op uw claim komt zo laat, dat vervaltOp al voorbij is. Vraag in de toets een lease van hoogstens tien seconden; "
        "een langere kort de toets in, en dan telt vervaltOp uit het antwoord.",
        "geen bevestiging onder die claim zonder hem eerst te verlengen; het bericht daarna verwerkt.",
        "Vergelijk vervaltOp met de klok voor u iets vastlegt, en verleng of claim opnieuw als zij voorbij is.",
        m.na_verloop,
    ),
    Proef(
        m.ONLEESBAAR, "gemeente", "api", "bericht", "contract: claims and leases; crypto",
        "Een bericht is niet te openen.",
        "de claim teruggegeven (DELETE), niets bevestigd; daarna opnieuw geclaimd en verwerkt.",
        "Bevestig nooit een bericht dat u niet kon openen; geef de claim terug en probeer het opnieuw.",
        m.onleesbaar,
    ),
    Proef(
        m.INGETROKKEN, "gemeente", "api", "bericht", "contract: states (a withdrawal after a claim)",
        "Na uw claim trekt de schuldeiser een bericht in.",
        "het bericht opnieuw bekeken (GET inbox/berichten/{id}), ingetrokkenOp gezien, en de claim teruggegeven.",
        "Kijk vlak voor u een zaak maakt of ingetrokkenOp gevuld is, en geef het bericht dan terug.",
        m.ingetrokken,
    ),
    Proef(
        m.VELD, "gemeente", "api", "bericht", "API Design Rules: a new field is no new version",
        "Een antwoord op een claim heeft velden die u niet kent.",
        "het bericht geopend en verwerkt.",
        "Negeer in antwoorden de velden die u niet kent.",
        m.veld,
    ),
    Proef(
        m.DUBBEL, "gemeente", "api", "bericht", "contract: claims and leases; order",
        "Een bericht komt twee keer in dezelfde claim.",
        "het bericht eenmaal verwerkt.",
        "Herken een bericht aan zijn id en maak er een zaak van.",
        m.dubbel,
    ),
    Proef(
        m.TERUG, "gemeente", "api", "terugkoppeling", "contract: what the creditor hears",
        "De inwoner van het bericht van Toets Verhuur Twee was al gemeld. Meld dat met POST terugkoppelingen, en bevestig het bericht "
        "als verwerkt.",
        "de code herhaalde_melding, zichtbaar bij de schuldeiser.",
        "Gebruik alleen codes uit de lijst; POST terugkoppelingen/_voorbeeld laat vooraf zien wat de schuldeiser ziet.",
        m.teruggekoppeld,
    ),
    Proef(
        m.ZAAK, "gemeente", "api", "zaak", "contract: cases",
        "Maak een zaak van het bericht van Toets Verhuur Drie, leg een contactpoging vast, en sluit haar af als geen_hulp_nodig.",
        "een zaak over het bericht, een contactpoging, en dat resultaat.",
        "Gebruik POST zaken, POST zaken/{id}/contactpogingen en PUT zaken/{id}/resultaat, met codes uit de lijsten.",
        m.zaak,
    ),
    Proef(
        "vraagt_pauze", "gemeente", "api", "regeling", "contract: arrangements",
        "Vraag 00000099000000094000 de inning te pauzeren, als verzoek, en lees het antwoord.",
        "een kennisgeving, en daarna gelezen dat de schuldeiser haar bevestigde.",
        "Gebruik POST kennisgevingen met grondslag verzoek, en haal de kennisgeving op tot elke schuldeiser antwoordde.",
        m.pauze,
    ),
    Proef(
        "vraagt_overzicht", "gemeente", "api", "overzicht", "contract: schuldenoverzicht",
        "Vraag een schuldenoverzicht bij 00000099000000094000, 00000099000000095000 en 00000099000000096000, voor een verzonnen klant.",
        "een vraag aan elk van de drie.",
        "Noem elke schuldeiser bij zijn OIN in POST schuldenoverzichten.",
        m.gevraagd,
    ),
    Proef(
        "weigering_is_een_antwoord", "gemeente", "api", "overzicht", "contract: schuldenoverzicht",
        "De eerste schuldeiser antwoordt, de tweede werkt niet mee. Haal het overzicht op.",
        "het overzicht opgehaald met beide antwoorden, en niemand opnieuw gevraagd.",
        "Behandel geen_medewerking en klant_onbekend als een antwoord, en vraag niet opnieuw.",
        m.geweigerd,
    ),
    Proef(
        "stilte_is_geen_antwoord", "gemeente", "api", "overzicht", "contract: schuldenoverzicht; decision 0029",
        "De derde schuldeiser zwijgt, en het traject eindigt. Trek het overzicht in zodra de twee antwoorden er zijn.",
        "een intrekking met reden traject_beeindigd, nadat de antwoorden waren opgehaald.",
        "Wacht niet eindeloos en vul niets in voor wie zwijgt: bel, of trek de vraag in.",
        m.gezwegen,
    ),
)  # fmt: skip
