"""The scenarios of the mailbox, as data. `docs/toets.md` shows this table; a test compares them. Authority: contract, files."""

from gateway.conformance import judging_files as f
from gateway.conformance.cards import BY_FILE, STAND
from gateway.conformance.scenario import Proef

SCHULDEISER_BESTAND = (
    Proef(
        "bestand_compleet", "schuldeiser", "bestand", "signaal", "contract: files; bestanden-sftp.md, Brengen",
        "Breng een bestand met de kaarten bestand-1, bestand-2 en bestand-fout, zoals zij in uw administratie staan.",
        "het bestand verwerkt, en niets dat half is blijven staan.",
        "Schrijf naar in/naam.part en hernoem daarna tot in/naam, of zet er in/naam.sha256 naast.",
        f.compleet, BY_FILE,
    ),
    Proef(
        "antwoord_opgehaald", "schuldeiser", "bestand", "signaal", "contract: files; bestanden-sftp.md, Halen",
        "Haal van elk bestand het ontvangstbewijs en het verslag op.",
        "ontvangst.json en het verslag (csv of xml) van elk bestand opgehaald.",
        "Lees de map uit/ na elk bestand, tot ontvangstbewijs en verslag er zijn.",
        f.opgehaald, BY_FILE,
    ),
    Proef(
        "verbetert_geweigerde_regels", "schuldeiser", "bestand", "signaal", "contract: files (one bad record harms no other)",
        "Een regel is geweigerd. Verbeter hem en breng hem in een volgend bestand.",
        "een bestand met alleen de verbeterde regel, aangenomen.",
        "Lees het verslag per regel; breng alleen wat geweigerd is opnieuw, verbeterd.",
        f.verbeterd, BY_FILE,
    ),
    Proef(
        "trekt_in_met_bestand", "schuldeiser", "bestand", "intrekking", "contract: files; AVG art. 5 lid 1 onder d",
        "De klant van kaart bestand-2 betaalt: breng een bestand dat zijn signaal intrekt, op kenmerk.",
        "het signaal ingetrokken.",
        "Neem in het volgende bestand een intrekking op met het kenmerk van het signaal en de reden.",
        f.ingetrokken, BY_FILE,
    ),
    Proef(
        "stand_bestand", "schuldeiser", "bestand", "stand", "contract: standen; bestanden-xml.md",
        "Breng een bestand van soort stand met de kaarten stand-1 en stand-2, met vandaag als peildatum.",
        "de stand verwerkt, en beide signalen aangenomen.",
        "Zet soort, sector, handelsnaam en peildatum in de kop, en elk openstaand signaal in de lijst.",
        f.stand, STAND,
    ),
)  # fmt: skip
