"""Pauses at both doors: the kennisgeving, and the cooling-off period that a court ordered.

Authority: `docs/contract.md`, section on arrangements (MR-01 to MR-05). Leaves the operations to `regelingen`.
"""

from gateway.api import examples_regelingen as examples
from gateway.api import regelingen
from gateway.api.regelingen import Kind
from schemas.regelingen import AfkoelingsperiodeAanvraag, KennisgevingAanvraag, Pauzeantwoord

PAUSE = Kind(
    soort="kennisgeving",
    path="kennisgevingen",
    naam="kennisgeving",
    request=KennisgevingAanvraag,
    request_example=examples.KENNISGEVING,
    answer=Pauzeantwoord,
    answer_example=examples.BEVESTIGD,
    send_text="Een pauze van hoogstens 8 maanden, die vanzelf eindigt. grondslag convenant kan alleen waar een gedateerde afspraak met die "
    "schuldeiser is geregistreerd; anders is het een verzoek. Lopende verplichtingen blijven verschuldigd. Geen VISH-melding.",
    answer_text="Met uw klantnummer of factuurnummers, of klant_onbekend, of geen_medewerking met reden; één keer, tot en met de "
    "laatste dag. Een zorgverzekeraar pauzeert alleen de premie (reikwijdte alleen_premie). Nogmaals hetzelfde geeft hetzelfde bewijs.",
)
COOLING = Kind(
    soort="afkoelingsperiode",
    path="afkoelingsperioden",
    naam="afkoelingsperiode",
    request=AfkoelingsperiodeAanvraag,
    request_example=examples.AFKOELINGSPERIODE,
    answer=Pauzeantwoord,
    answer_example=examples.BEVESTIGD,
    send_text="Alleen met een uitspraak: datum, en zaaknummer of ECLI. Hoogstens 6 maanden (Wgs art. 5); eindigt vanzelf.",
    answer_text="Met uw klantnummer of factuurnummers, of klant_onbekend; één keer, tot en met de laatste dag. Weigeren kan niet: "
    "de rechter heeft beslist. Hetzelfde antwoord opnieuw geeft hetzelfde bewijs (200).",
)
MUNICIPALITY = (*regelingen.municipality(PAUSE), *regelingen.municipality(COOLING))
CREDITOR = (*regelingen.creditor(PAUSE), *regelingen.creditor(COOLING))
