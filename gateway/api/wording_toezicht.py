"""The Dutch words of the officer's door; the others stand in `wording`."""

from typing import Final

TAGS: Final = {
    "Logregels": "Wie zag wat, en het bewijs",
    "Verwerkingen": "Wat dit knooppunt verwerkt, en waarom",
    "Inzage": "Wat een inwoner mag weten of tegenhouden",
    "Lekken": "Wie door een lek zijn geraakt",
    "Beoordeling": "Toegang die een blik vraagt",
    "Ontzegeling": "Een naam openen met twee personen",
}
QUERY: Final = {
    "afgedaan": "Ook toegang die al in orde is bevonden",
    "dagen": "Zoveel dagen, die eerste dag meegeteld",
}
TYPES: Final = {
    "LogVraag": "Wat u in de log zoekt; alles wat er staat moet kloppen",
    "Adresvraag": "Een adres om naar te zoeken",
    "Persoonsvraag": "Een persoon om naar te zoeken",
    "Logregel": "Eén regel van de log; herkend zegt hoe zeker zij van de gezochte persoon is",
    "Logregels": "Een pagina van de log, in volgorde van nummer; volgende is het nummer om na verder te gaan",
    "Regelbewijs": "Een logregel met zijn bytes, blad en bewijs",
    "GetekendControlepunt": "Een ondertekend controlepunt (C2SP) over de eerste regels van de log",
    "Controlepunten": "De nieuwste controlepunten, met de sleutel om ze te controleren",
    "Verwerkingsregister": "Alle verwerkingsactiviteiten (AVG art. 30), met de versie van het doelbindingsregister",
    "Verwerkingsactiviteit": "Eén activiteit met de kolommen van AVG art. 30 en de bewerkingen die haar uitvoeren",
    "Doelrij": "Een rij van het doelbindingsregister: wat van wie naar wie mag reizen, en hoe lang het blijft",
    "InzageAanvraag": "Een verzoek om inzage van een inwoner (AVG art. 15)",
    "InzageBevestiging": "Welke berichten en schuldenoverzichten van de inwoner zijn",
    "Inzageuittreksel": "Wat de inwoner krijgt: verwerkingen in deze gemeente, zonder namen van medewerkers",
    "Inzageverzoek": "Een verzoek om inzage met de treffers; alleen op adres gevonden wordt nooit verstrekt",
    "Treffer": "Een bericht dat over de inwoner kan gaan",
    "Verwerking": "Eén verwerking: welke organisatie, wanneer, wat, waarom en op welk artikel",
    "LekVraag": "Een periode, met een deelnemer of een sleutel",
    "Lekrapport": "Hoeveel inwoners en berichten zijn geraakt; zonderNaam: daarvan is geen pseudoniem bewaard",
    "Gebeurtenistelling": "Zoveel regels van één soort",
    "Wachtrij": "Toegang in een periode die een blik vraagt, en hoeveel er verklaard is waardoor",
    "Twijfelgeval": "Eén toegang met de redenen tot twijfel, en het oordeel als dat er is",
    "Beoordeling": "Wat de functionaris van een toegang vindt",
    "Beoordeeld": "Een beoordeelde toegang",
    "EigenAdres": "Waar een medewerker woont; alleen als pseudoniem bewaard",
    "EigenAdressen": "Hoeveel adressen van medewerkers zijn vastgelegd",
    "OntzegelAanvraag": "Verzoek om de naam in een bericht, met reden en dossier",
    "OntzegelBesluit": "Wat de tweede persoon besluit",
    "Ontzegeling": "Een ontzegeling: wie haar vroeg en wie besloot",
    "Ontzegeld": "Wat de naam opent",
}
