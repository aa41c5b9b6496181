"""Letters from claimed messages: no formula in a cell, every message on record, one attempt per case."""

import csv
import io
from typing import Any, Literal
from uuid import UUID, uuid4

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.client.letters import merge
from adapters.client.opening import Opener
from gateway.core.errors import Conflict, Misconfigured, NotFound, TooMany
from gateway.inboxes import claiming
from gateway.letters import merging, texts
from gateway.partners.register import Register
from gateway.partners.sealkeys import Gemeentesleutel
from gateway.sealing.sealing import storage_aad
from gateway.signals import afterwards
from schemas import strict
from schemas.brieven import BrievenAanvraag, Brievenbestand, Kanaal, Tekst, Teksten
from schemas.inbox import Afwijzing, Claim
from schemas.letters import STANDARD, Opened, as_csv, compose
from schemas.sealed import Identiteit
from schemas.signaal import Adres, Contact, IntrekkingAanvraag, Persoon
from tests.ddas.outgoing import Outgoing
from tests.flows.world import CLERK, HAARLEM, LANDLORD, TRACE

REACHABLE = {"telefoonnummers": ["+31612345678"], "emailadressen": ["j@voorbeeld.example"]}


def opened(achternaam: str = "Vries", zaak: str = "Z-1", contact: Contact | None = None) -> Opened:
    person = Persoon(rol="hoofdhuurder", voorletters="J.", voorvoegsel="de", achternaam=achternaam)
    adres = Adres(postcode="2011AB", huisnummer=12, huisletter="A", toevoeging="2", woonplaats="Haarlem")
    return Opened(uuid4(), zaak, Identiteit(personen=[person], adres=adres), contact)


def cells(found: Brievenbestand) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(found).decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20", " =", "\u00a0@"])
def test_cell_is_never_a_formula(start: str) -> None:
    found = compose("brief", Tekst(kanaal="brief", tekst=start + "1+1"), "Haarlem", [opened()])
    (row,) = cells(found)
    assert row["tekst"].startswith("'" + start)
    assert all(not value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for value in row.values())


def test_ordinary_cell_is_left_alone() -> None:
    (row,) = cells(compose("brief", STANDARD["brief"], "Haarlem", [opened()]))
    assert (row["naam"], row["huisnummer"], row["postcode"]) == ("J. de Vries", "12A 2", "2011AB")


def test_telephone_number_has_no_plus_in_a_spreadsheet() -> None:
    (row,) = cells(compose("sms", STANDARD["sms"], "Haarlem", [opened(contact=Contact(telefoonnummers=["+31612345678"]))]))
    assert row["telefoonnummer"] == "0031612345678"


def test_one_letter_per_case_and_what_cannot_be_reached_is_named() -> None:
    first, second = opened(), opened(contact=Contact(emailadressen=["j@voorbeeld.example"]))
    lone = opened(zaak="Z-2")
    found = compose("mail", STANDARD["mail"], "Haarlem", [first, second, lone])
    assert [letter.zaaknummer for letter in found.brieven] == ["Z-1"]
    assert found.zonder_contact == [lone.bericht]


def test_name_with_braces_is_no_place() -> None:
    (letter,) = compose("brief", Tekst(kanaal="brief", tekst="Beste {naam}"), "Haarlem", [opened("{gemeente}")]).brieven
    assert letter.tekst == "Beste J. de {gemeente}"


@pytest.mark.parametrize("text", ["{bedrag}", "{naam.__class__}", "{naam!r}", "{naam:>10}", "{0}", "{}", "{naam"])
@pytest.mark.parametrize("part", ["tekst", "onderwerp"])
def test_place_that_cannot_be_filled_is_refused_where_it_stands(part: str, text: str) -> None:
    with pytest.raises(strict.Refused) as refused:
        strict.convert({"teksten": [{"kanaal": "mail", "tekst": "Dag {naam}", part: text}]}, Teksten)
    assert [fout.pointer for fout in refused.value.fouten] == [f"/teksten/0/{part}"]


@pytest.mark.parametrize("text", ["Dag {naam}, {gemeente} belt u", "{{letterlijk}}", "{{{naam}}}", "geen plaats"])
def test_text_with_known_places_is_taken_and_can_be_filled(text: str) -> None:
    tekst = strict.convert({"kanaal": "sms", "tekst": text}, Tekst)
    assert compose("brief", tekst, "Haarlem", [opened("Vries")]).brieven[0].tekst == text.format(naam="J. de Vries", gemeente="Haarlem")


def test_standard_texts_have_known_places_only() -> None:
    assert strict.convert([msgspec.to_builtins(text) for text in STANDARD.values()], list[Tekst]) == list(STANDARD.values())
    assert all(word not in text.tekst.lower() for text in STANDARD.values() for word in ("schuld", "achterstand", "incasso"))


def prepared(out: Outgoing, n: int = 2, **changes: Any) -> tuple[Claim, list[UUID]]:
    out.delivered(*out.signals(n, contact=REACHABLE, **changes))
    claim = out.claim()
    berichten = [bericht.id for bericht in claim.berichten]
    for nr, id in enumerate(berichten):
        out.case(f"Z-{nr}", id)
    return claim, berichten


def make(out: Outgoing, claim: Claim, kanaal: Kanaal = "brief", kenmerk: str = "MAART-1", **more: Any) -> Brievenbestand:
    return merging.make(CLERK, HAARLEM, TRACE, BrievenAanvraag(claim=claim.id, kanaal=kanaal, kenmerk=kenmerk, **more), out.letters)


def test_merge_file_writes_an_attempt_and_an_entry_per_message(out: Outgoing) -> None:
    claim, berichten = prepared(out)
    found = make(out, claim, "sms")
    assert [letter.telefoonnummer for letter in found.brieven] == ["+31612345678"] * 2
    assert out.rows("SELECT soort, bereikt, kenmerk FROM contactpoging") == [("sms_whatsapp", False, "MAART-1")] * 2
    entries = out.entries("brieven.gemaakt")
    assert {entry.bericht for entry in entries} == set(berichten)
    assert {(entry.kanaal, entry.veldgroepen) for entry in entries} == {("sms", ("identiteit", "contact"))}
    named = {(entry.bericht, entry.betrokkene, entry.persoon) for entry in out.entries("signaal.bezorgd")}
    assert {(entry.bericht, entry.betrokkene, entry.persoon) for entry in entries} == named


def test_letter_opens_the_identity_only(out: Outgoing) -> None:
    claim, _ = prepared(out)
    make(out, claim)
    assert {entry.veldgroepen for entry in out.entries("brieven.gemaakt")} == {("identiteit",)}


def test_same_kenmerk_counts_once_and_is_disclosed_again(out: Outgoing) -> None:
    claim, _ = prepared(out)
    assert make(out, claim) == make(out, claim)
    assert (out.count("contactpoging"), len(out.entries("brieven.gemaakt"))) == (2, 4)
    with pytest.raises(Conflict):
        make(out, claim, "mail")


def test_letters_have_a_ceiling_per_day_and_a_claim_has_none(out: Outgoing) -> None:
    out.letters = out.letters._replace(desk=out.desk._replace(openings=3))
    claim, berichten = prepared(out)
    make(out, claim)
    with pytest.raises(TooMany, match="OMKERINGEN_OP"):
        make(out, claim, kenmerk="MAART-2")
    assert len(out.entries("brieven.gemaakt")) == out.count("contactpoging") == 2
    assert len(make(out, claim, kenmerk="MAART-2", berichten=berichten[:1]).brieven) == 1  # the control: one fits
    with pytest.raises(TooMany):
        make(out, claim, kenmerk="MAART-3", berichten=berichten[:1])
    out.delivered(*out.signals(20))
    out.desk = out.desk._replace(openings=1)
    assert len(out.claim(maximum=20).berichten) == 20


def test_message_without_case_gets_no_letter(out: Outgoing) -> None:
    out.delivered(out.signal())
    with pytest.raises(Conflict) as refused:
        make(out, out.claim())
    assert refused.value.code == "BERICHT_ZONDER_ZAAK"
    assert out.entries("brieven.gemaakt") == []


def test_message_outside_the_claim_is_refused(out: Outgoing) -> None:
    claim, berichten = prepared(out)
    with pytest.raises(Conflict):
        make(out, claim, berichten=[berichten[0], uuid4()])
    out.expire(claim)
    with pytest.raises(Conflict):
        make(out, claim)
    with pytest.raises(NotFound):
        merging.make(CLERK, HAARLEM, TRACE, BrievenAanvraag(claim=uuid4(), kanaal="brief", kenmerk="A"), out.letters)


@pytest.mark.parametrize("reden", ["onterecht_signaal", "geen_inwoner"])
def test_rejected_message_gets_no_letter(out: Outgoing, reden: Literal["onterecht_signaal", "geen_inwoner"]) -> None:
    claim, (kept, rejected) = prepared(out)
    claiming.reject(CLERK, HAARLEM, TRACE, rejected, Afwijzing(claim=claim.id, reden=reden), out.desk)
    with pytest.raises(Conflict):
        make(out, claim, berichten=[rejected])
    assert len(make(out, claim).brieven) == 1
    assert [entry.bericht for entry in out.entries("brieven.gemaakt")] == [kept]


def test_withdrawn_message_gets_no_letter(out: Outgoing) -> None:
    claim, (kept, withdrawn) = prepared(out)
    afterwards.withdraw(LANDLORD, TRACE, withdrawn, IntrekkingAanvraag(reden="betaald"), out.steps, out.number)
    with pytest.raises(Conflict):
        make(out, claim, berichten=[withdrawn])
    make(out, claim)
    assert [entry.bericht for entry in out.entries("brieven.gemaakt")] == [kept]


def test_message_that_another_municipality_sealed_wrongly_spoils_no_other_letter(out: Outgoing) -> None:
    """It came by forwarding, so the gateway could not look into it: it is named, and the other letters are made."""
    claim, (good, bad) = prepared(out)
    ((key, payload, meta),) = out.rows("SELECT storage_key, payload, meta FROM bericht WHERE id = %s", bad)
    storage = AESGCM(out.keys.key(key))
    aad = storage_aad(HAARLEM, bad, bytes(meta))
    groups = msgspec.json.decode(storage.decrypt(bytes(payload)[:12], bytes(payload)[12:], aad))
    groups["identiteit"] = groups["identiteit"][:-22] + "A" * 22
    nonce = bytes(payload)[:12]
    out.run("UPDATE bericht SET payload = %s WHERE id = %s", nonce + storage.encrypt(nonce, msgspec.json.encode(groups), aad), bad)
    found = make(out, claim)
    assert (len(found.brieven), found.zonder_contact) == (1, [bad])
    assert [entry.bericht for entry in out.entries("brieven.gemaakt")] == [good]


def test_text_past_the_gateway_is_sent_to_nobody(out: Outgoing) -> None:
    claim, _ = prepared(out)
    mine = Teksten(teksten=[Tekst(kanaal="brief", tekst="Dag {naam}")])
    texts.change(CLERK, HAARLEM, TRACE, mine, out.desk)
    assert {letter.tekst for letter in make(out, claim).brieven} != set()  # the control
    forgeries = (
        "UPDATE brieftekst SET tekst = 'Betaal nu aan NL00FOUT0123456789'",
        "UPDATE brieftekst SET onderwerp = 'Betaal nu'",
        "UPDATE brieftekst SET zegel = NULL",
        "INSERT INTO brieftekst SELECT zegel, gemeente, 'sms', onderwerp, tekst, versie, gewijzigd_op FROM brieftekst",
    )
    for forgery in forgeries:
        out.run(forgery)
        with pytest.raises(Misconfigured):
            make(out, claim, kenmerk="APRIL-1")
        with pytest.raises(Misconfigured):
            texts.read(HAARLEM, out.desk)
        out.run("DELETE FROM brieftekst WHERE kanaal = 'sms'")
        texts.change(CLERK, HAARLEM, TRACE, mine, out.desk)  # the municipality puts its own back
    assert len(out.entries("brieven.gemaakt")) == 2


def test_own_key_makes_its_file_with_the_client(out: Outgoing) -> None:
    claim, berichten = prepared(out)
    cases = {id: f"Z-{nr}" for nr, id in enumerate(berichten)}
    own = merge(claim.berichten, cases, Opener(), "mail", f"Gemeente {HAARLEM}")
    assert own == make(out, claim, "mail")
    key = Gemeentesleutel(HAARLEM, "eigen/1", "eigen", {})
    bare = out.letters._replace(register=lambda: Register(1, gemeenten=out.register.gemeenten.values(), sleutels=[key]))
    with pytest.raises(Conflict) as refused:
        merging.make(CLERK, HAARLEM, TRACE, BrievenAanvraag(claim=claim.id, kanaal="brief", kenmerk="A"), bare)
    assert refused.value.code == "EIGEN_SLEUTEL"


def test_own_text_is_used_and_kept_once(out: Outgoing) -> None:
    claim, _ = prepared(out, 1)
    own = Teksten(teksten=[Tekst(kanaal="brief", onderwerp="Bel ons", tekst="Dag {naam}, bel {gemeente}.")])
    texts.change(CLERK, HAARLEM, TRACE, own, out.desk)
    kept = texts.change(CLERK, HAARLEM, TRACE, own, out.desk)
    assert {text.kanaal: text for text in kept.teksten}["brief"] == own.teksten[0]
    assert {text.kanaal: text for text in kept.teksten}["sms"] == STANDARD["sms"]
    assert len(out.entries("teksten.gewijzigd")) == 1
    (letter,) = make(out, claim).brieven
    assert letter.onderwerp == "Bel ons"
    assert letter.tekst.startswith("Dag ")
