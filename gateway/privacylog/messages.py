"""What the log can say of signals, messages and claims, and of requests refused at the door.

Authority: AVG art. 5 lid 2 and 30; contract, creditor and inbox. Leaves what comes of a message to `afterwards`.
"""

from typing import Literal
from uuid import UUID

from gateway.privacylog.entry import Disclosure, Entry, Grounded
from schemas.types import Gemeentecode, Oin

Reden = Literal["betaald", "betalingsregeling", "bezwaar", "onterecht"]


class SignaalBezorgd(Grounded, frozen=True, kw_only=True, tag="signaal.bezorgd"):
    """A signal entered an inbox. This entry's leaf gives the message its number."""

    betrokkene: str
    inhoud: str
    persoon: str | None = None


class SignaalGeweigerd(Entry, frozen=True, kw_only=True, tag="signaal.geweigerd"):
    """A signal was refused by rule; nothing of it is kept. `registerversie` when it was the purpose register that denied it."""

    gemeente: Gemeentecode | None = None
    registerversie: str | None = None


class SignaalInQuarantaine(Entry, frozen=True, kw_only=True, tag="signaal.in_quarantaine"):
    """A signal waits without its content, because nobody knows where it belongs."""


class SignaalEerderOntvangen(Entry, frozen=True, kw_only=True, tag="signaal.eerder_ontvangen"):
    """A signal came again and was answered with its first receipt."""

    gemeente: Gemeentecode
    bericht: UUID


class SignaalIngetrokken(Entry, frozen=True, kw_only=True, tag="signaal.ingetrokken"):
    """The creditor withdrew a signal."""

    gemeente: Gemeentecode
    bericht: UUID
    resultaat: Reden


class StandVerwerkt(Entry, frozen=True, kw_only=True, tag="stand.verwerkt"):
    """A creditor's list of open signals was compared with its messages; each delivery and withdrawal has its own entry."""

    resultaat: Literal["volledig", "deels", "geen"]


class BestandAangeboden(Entry, frozen=True, kw_only=True, tag="bestand.aangeboden"):
    """Somebody who logged in (`gebruiker`) brought a file; what comes of it has the same trace."""

    bestand: UUID


class BestandOntvangen(Entry, frozen=True, kw_only=True, tag="bestand.ontvangen"):
    """A creditor's file was read to its end and accepted; each of its records gets an entry of its own."""

    bestand: UUID
    aantal: int


class BestandVerwerkt(Entry, frozen=True, kw_only=True, tag="bestand.verwerkt"):
    """Every record of a file has come to its end, and its report waits for the creditor."""

    bestand: UUID
    resultaat: Literal["volledig", "deels", "geen"]


class BestandGeweigerd(Entry, frozen=True, kw_only=True, tag="bestand.geweigerd"):
    """A file was refused as a whole; nothing of it was done."""

    bestand: UUID


class SchaduwBeproefd(Entry, frozen=True, kw_only=True, tag="schaduw.beproefd"):
    """A delivery of a participant in shadow: judged as always, nothing delivered, nothing of it kept. `aantal` records."""

    aantal: int
    resultaat: Literal["volledig", "deels", "geen"]


class AanleveringGevalideerd(Entry, frozen=True, kw_only=True, tag="aanlevering.gevalideerd"):
    """A pre-flight: checked, nothing kept."""

    resultaat: Literal["volledig", "deels", "geen"]


class BerichtGeclaimd(Disclosure, frozen=True, kw_only=True, tag="bericht.geclaimd"):
    """Disclosed by a claim. `medewerker` commits to whom the case system named: content, no proof of who looked."""

    wijze: Literal["bemand", "onbemand"]
    medewerker: str | None = None


class BerichtGelezen(Disclosure, frozen=True, kw_only=True, tag="bericht.gelezen"):
    """Disclosed again, inside the claim that holds the message."""


class BerichtUitgelaten(Disclosure, frozen=True, kw_only=True, tag="bericht.uitgelaten"):
    """Handed on to the desk of the municipality: in which file, in which layout (name/version), sealed to which of its keys."""

    loket: Oin
    bestand: UUID
    profiel: str
    sleutel: str


class BerichtIntrekkingGemeld(Entry, frozen=True, kw_only=True, tag="bericht.intrekking_gemeld"):
    """The desk was told, in a file, that a message that it has was withdrawn."""

    gemeente: Gemeentecode
    bericht: UUID
    loket: Oin
    bestand: UUID


class BerichtBevestigd(Entry, frozen=True, kw_only=True, tag="bericht.bevestigd"):
    """The municipality acknowledged a message."""

    gemeente: Gemeentecode
    bericht: UUID
    resultaat: Literal["ontvangen", "verwerkt"]


class BerichtAfgewezen(Entry, frozen=True, kw_only=True, tag="bericht.afgewezen"):
    """The municipality rejected a message; its reason stays with the municipality."""

    gemeente: Gemeentecode
    bericht: UUID


class ClaimVerlengd(Entry, frozen=True, kw_only=True, tag="claim.verlengd"):
    """A lease was extended."""

    gemeente: Gemeentecode
    claim: UUID


class ClaimVrijgegeven(Entry, frozen=True, kw_only=True, tag="claim.vrijgegeven"):
    """A lease was given back."""

    gemeente: Gemeentecode
    claim: UUID


class BerichtVerlopen(Entry, frozen=True, kw_only=True, tag="bericht.verlopen"):
    """Nobody fetched a message in its term: its content is destroyed, both sides see it."""

    gemeente: Gemeentecode
    bericht: UUID


class OnopgehaaldGemeld(Entry, frozen=True, kw_only=True, tag="onopgehaald.gemeld"):
    """So many messages of a municipality have waited so many working days."""

    gemeente: Gemeentecode
    werkdagen: int
    aantal: int


class VerzoekGeweigerd(Entry, frozen=True, kw_only=True, tag="verzoek.geweigerd"):
    """A request of a known partner was refused; `bewerking` is the operation's id."""

    bewerking: str
