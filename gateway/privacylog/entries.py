"""What the log can say: one declared event per kind of processing, each with its own closed list of fields.

Authority: AVG art. 5 lid 2 and 30, Logboek dataverwerkingen (activity, trace and processor of each processing),
`docs/crypto.md`, log. Persons and content appear only as commitments: HMACs under a key of the log's own domain. An event has no
free field, so it cannot carry anything else. Leaves storage to `append`, order to the sequencer.
"""

from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime
from typing import Literal, TypedDict
from uuid import UUID

import msgspec

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from schemas.identity import join
from schemas.inbox import Indeling, Veldgroep
from schemas.instellingen import Instellingnaam
from schemas.keyed import Keyed
from schemas.terugkoppeling import Terugkoppelcode
from schemas.types import Gemeentecode, Oin

Reden = Literal["betaald", "betalingsregeling", "bezwaar", "onterecht"]
Onderdeel = Literal["deelnemer", "certificaat", "mandaat", "overeenkomst", "verklaring", "gemeente_instelling", "gemeentesleutel"]
_SUBJECT, _CONTENT = join("betrokkene"), join("inhoud")
_ENCODER = msgspec.json.Encoder(order="sorted")


class Entry(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, tag_field="gebeurtenis", forbid_unknown_fields=True
):
    """What every event says: when, who (connecting party and principal), under which activity, in which trace.

    `id` is the entry's own (UUIDv7), `tijd` aware UTC, `activiteit` the URI of the processing activity, `regels` rule and error codes.
    """

    id: UUID
    tijd: datetime
    activiteit: str
    trace_id: str
    span_id: str
    partij: Oin
    principaal: Oin
    versie: Literal[1] = msgspec.field(default_factory=lambda: 1)  # a factory, so that it is written though it is a default
    regels: tuple[str, ...] = ()


class Grounded(Entry, frozen=True, kw_only=True):
    """An event under a row of the purpose register, for one municipality and message."""

    gemeente: Gemeentecode
    bericht: UUID
    doel: str
    rij: str
    registerversie: str
    artikel: str | None = None


class SignaalBezorgd(Grounded, frozen=True, kw_only=True, tag="signaal.bezorgd"):
    """A signal entered an inbox. This entry's leaf gives the message its number."""

    betrokkene: str
    inhoud: str


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


class AanleveringGevalideerd(Entry, frozen=True, kw_only=True, tag="aanlevering.gevalideerd"):
    """A pre-flight: checked, nothing kept."""

    resultaat: Literal["volledig", "deels", "geen"]


class Disclosure(Grounded, frozen=True, kw_only=True):
    """Person data went to a municipality: which groups, in which claim, with which indeling shown."""

    claim: UUID
    veldgroepen: tuple[Veldgroep, ...]
    indeling: Indeling | None = None
    indelingsversie: int | None = None
    betrokkene: str | None = None


class BerichtGeclaimd(Disclosure, frozen=True, kw_only=True, tag="bericht.geclaimd"):
    """Disclosed by a claim."""

    wijze: Literal["bemand", "onbemand"]


class BerichtGelezen(Disclosure, frozen=True, kw_only=True, tag="bericht.gelezen"):
    """Disclosed again, inside the claim that holds the message."""


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


class RitmeGewijzigd(Entry, frozen=True, kw_only=True, tag="ritme.gewijzigd"):
    """The municipality changed when its messages may be claimed."""

    gemeente: Gemeentecode


class HistorieGeladen(Entry, frozen=True, kw_only=True, tag="historie.geladen"):
    """The municipality told of its own earlier signals; kept as keyed pseudonyms."""

    gemeente: Gemeentecode
    aantal: int


class BezwaarVastgelegd(Entry, frozen=True, kw_only=True, tag="bezwaar.vastgelegd"):
    """The municipality put an address or person on its objection list; `betrokkene` commits to the address."""

    gemeente: Gemeentecode
    betrokkene: str


class BezwaarBeeindigd(Entry, frozen=True, kw_only=True, tag="bezwaar.beeindigd"):
    """The municipality took an objection off its list."""

    gemeente: Gemeentecode
    betrokkene: str


class ZaakGeopend(Entry, frozen=True, kw_only=True, tag="zaak.geopend"):
    """A message was taken up in a case."""

    gemeente: Gemeentecode
    bericht: UUID
    zaak: UUID


class InZaak(Entry, frozen=True, kw_only=True):
    """Something happened in a case; what came of it stays with the municipality."""

    gemeente: Gemeentecode
    zaak: UUID


class ContactpogingVastgelegd(InZaak, frozen=True, kw_only=True, tag="zaak.contactpoging"):
    """An attempt to reach the resident was written down."""


class ZaakAfgesloten(InZaak, frozen=True, kw_only=True, tag="zaak.afgesloten"):
    """A case got its result."""


class ContactgegevensVastgelegd(InZaak, frozen=True, kw_only=True, tag="zaak.contactgegevens_vastgelegd"):
    """Sealed contact data were added to a case."""


class ContactgegevensGelezen(InZaak, frozen=True, kw_only=True, tag="zaak.contactgegevens_gelezen"):
    """Sealed contact data of a case went to its municipality."""


class TerugkoppelingVastgelegd(Grounded, frozen=True, kw_only=True, tag="terugkoppeling.vastgelegd"):
    """The sender of a message will hear a coarse status, along a row of the feedback policy (`registerversie` is the policy's)."""

    resultaat: Terugkoppelcode


class TerugkoppelingOnthouden(Entry, frozen=True, kw_only=True, tag="terugkoppeling.onthouden"):
    """The sender of a message hears nothing; `regels` says why, never of what."""

    gemeente: Gemeentecode
    bericht: UUID


class TerugkoppelkeuzeGewijzigd(Entry, frozen=True, kw_only=True, tag="terugkoppeling.keuze_gewijzigd"):
    """A municipality switched a feedback code on or off."""

    gemeente: Gemeentecode
    code: Terugkoppelcode
    resultaat: Literal["aan", "uit"]


class OpvolgingGeclaimd(Disclosure, frozen=True, kw_only=True, tag="opvolging.geclaimd"):
    """Disclosed to a follow-up partner (`partij`) that acts for the municipality (`principaal`), by a claim in its sub-mailbox."""

    wijze: Literal["bemand", "onbemand"]


class OpvolgingBeeindigd(Entry, frozen=True, kw_only=True, tag="opvolging.beeindigd"):
    """A follow-up partner gave its messages back, or is done with them."""

    gemeente: Gemeentecode
    claim: UUID
    resultaat: Literal["vrijgegeven", "afgerond"]


class BerichtGedeeld(Grounded, frozen=True, kw_only=True, tag="bericht.gedeeld"):
    """The municipality shared group keys of a message with a follow-up partner, sealed to the partner's key."""

    ontvanger: Oin
    veldgroepen: tuple[Veldgroep, ...]


class MijlpaalVastgelegd(Entry, frozen=True, kw_only=True, tag="mijlpaal.vastgelegd"):
    """The municipality told what its clocks go by (which kinds, never about whom)."""

    gemeente: Gemeentecode
    bericht: UUID
    mijlpalen: tuple[str, ...]


class BerichtVerlopen(Entry, frozen=True, kw_only=True, tag="bericht.verlopen"):
    """Nobody fetched a message in its term: its content is destroyed, both sides see it."""

    gemeente: Gemeentecode
    bericht: UUID


class OnopgehaaldGemeld(Entry, frozen=True, kw_only=True, tag="onopgehaald.gemeld"):
    """So many messages of a municipality have waited so many working days."""

    gemeente: Gemeentecode
    werkdagen: int
    aantal: int


class InstellingGewijzigd(Entry, frozen=True, kw_only=True, tag="instelling.gewijzigd"):
    """A municipality changed one of its settings; the version stands in its history."""

    gemeente: Gemeentecode
    onderdeel: Instellingnaam
    registerversie: str


class BerichtDoorgezonden(Entry, frozen=True, kw_only=True, tag="bericht.doorgezonden"):
    """The municipality sent a message on; this entry is the only link between the two. Never shown outside supervision."""

    gemeente: Gemeentecode
    bericht: UUID
    naar_gemeente: Gemeentecode
    naar_bericht: UUID


class BrievenGemaakt(Disclosure, frozen=True, kw_only=True, tag="brieven.gemaakt"):
    """Person data of a message went to its municipality in a merge file."""

    kanaal: Literal["brief", "mail", "sms"]


class TekstenGewijzigd(Entry, frozen=True, kw_only=True, tag="teksten.gewijzigd"):
    """The municipality changed the texts of its letters."""

    gemeente: Gemeentecode


class StatistiekGeleverd(Entry, frozen=True, kw_only=True, tag="statistiek.geleverd"):
    """Data of a municipality and period went to the statistics, as a whole: single persons are not written down."""

    gemeente: Gemeentecode
    doel: str
    rij: str
    registerversie: str
    van: date
    tot: date
    aantal: int


class StatistiekAanvaard(Entry, frozen=True, kw_only=True, tag="statistiek.aanvaard"):
    """The residues up to and with a signal date were destroyed, because the period was accepted."""

    gemeente: Gemeentecode
    tot: date
    aantal: int


class StatistiekIngesteld(Entry, frozen=True, kw_only=True, tag="statistiek.ingesteld"):
    """The municipality said who delivers its statistics."""

    gemeente: Gemeentecode
    resultaat: Literal["gateway", "zaaksysteem"]


class VerzoekGeweigerd(Entry, frozen=True, kw_only=True, tag="verzoek.geweigerd"):
    """A request of a known partner was refused; `bewerking` is the operation's id."""

    bewerking: str


class RegisterGewijzigd(Entry, frozen=True, kw_only=True, tag="register.gewijzigd"):
    """The partner register changed."""

    onderdeel: Onderdeel
    registerversie: str


Event = (
    SignaalBezorgd
    | SignaalGeweigerd
    | SignaalInQuarantaine
    | SignaalEerderOntvangen
    | SignaalIngetrokken
    | StandVerwerkt
    | AanleveringGevalideerd
    | BerichtGeclaimd
    | BerichtGelezen
    | BerichtBevestigd
    | BerichtAfgewezen
    | ClaimVerlengd
    | ClaimVrijgegeven
    | RitmeGewijzigd
    | HistorieGeladen
    | BezwaarVastgelegd
    | BezwaarBeeindigd
    | ZaakGeopend
    | ContactpogingVastgelegd
    | ZaakAfgesloten
    | ContactgegevensVastgelegd
    | ContactgegevensGelezen
    | TerugkoppelingVastgelegd
    | TerugkoppelingOnthouden
    | TerugkoppelkeuzeGewijzigd
    | OpvolgingGeclaimd
    | OpvolgingBeeindigd
    | BerichtGedeeld
    | MijlpaalVastgelegd
    | BerichtVerlopen
    | OnopgehaaldGemeld
    | InstellingGewijzigd
    | BerichtDoorgezonden
    | BrievenGemaakt
    | TekstenGewijzigd
    | StatistiekGeleverd
    | StatistiekAanvaard
    | StatistiekIngesteld
    | VerzoekGeweigerd
    | RegisterGewijzigd
)
_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


class Shared(TypedDict):
    """What every event takes from its request."""

    id: UUID
    tijd: datetime
    activiteit: str
    trace_id: str
    span_id: str
    partij: Oin
    principaal: Oin


class Frame(msgspec.Struct, frozen=True):
    """Who, when, in which trace and under which activity: shared by the entries of one request."""

    sender: Sender
    trace: Trace
    at: datetime
    activity: str

    def fields(self) -> Shared:
        """The members that every event has, with a new id (UUIDv7) and the instant in UTC."""
        return {
            "id": ids.new(),
            "tijd": self.at.astimezone(UTC),
            "activiteit": self.activity,
            "trace_id": self.trace.trace_id,
            "span_id": self.trace.span_id,
            "partij": self.sender.party,
            "principaal": self.sender.principal,
        }


def encode(entry: Entry) -> bytes:
    """The canonical bytes (RFC 8785) that are stored and hashed."""
    return _ENCODER.encode(entry)


def decode(body: bytes) -> Event:
    """The event of stored bytes. Raises msgspec.ValidationError when it is none of the declared ones."""
    return _DECODER.decode(body)


def name_of(entry: Entry) -> str:
    """The event's name, as `signaal.bezorgd`."""
    return str(entry.__struct_config__.tag)


def subject(address: bytes, key: Keyed) -> str:
    """`betrokkene`: commitment to an address pseudonym (base64url, 43 characters) under a D-log key."""
    return _commit(_SUBJECT + address, key)


def content(fingerprint: bytes, key: Keyed) -> str:
    """`inhoud`: commitment to a keyed content fingerprint (base64url, 43 characters) under a D-log key."""
    return _commit(_CONTENT + fingerprint, key)


def _commit(value: bytes, key: Keyed) -> str:
    return urlsafe_b64encode(key.digest(value))[:43].decode()
