"""The first creditor's mailbox: an XML and a CSV go in over SFTP, signed receipts and reports come back, as for a partner without the API.

The SFTP edge is a process of its own. The key of the creditor, the known key of the server and a configuration for OpenSSH's `sftp` stand
in `postbus` in the state folder. The CSV is in the landlord's own form, read by `verhuurder.toml`. Authority: contract, files;
`docs/bestanden-sftp.md`. Leaves what was to be expected to `expectations`.
"""

import asyncio
from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import asyncssh
import msgspec

from adapters.client import xml
from adapters.client.receipts import verify_receipt
from adapters.formats import writing
from adapters.synthetic.generator import Generator
from gateway.demo.creditors import Delivery, Landed, Offered, Unexpected
from gateway.sandbox.parties import creditors, places
from gateway.sandbox.postbus import PARTY, Postbus
from gateway.sandbox.sandbox import HOST
from schemas.bestandsbewijs import Bestandsontvangst, Bestandsuitslag
from schemas.ontvangst import Bevinding

LABEL = "Voorbeeld, per bestand"
PATIENCE = 60.0
_STEP = 0.1
_XML, _CSV, _SEED, _DEFECTS = 80, 20, 8022, 0.1
_NS = "{urn:nl:seinhuis:verslag:1}"
_COLUMNS = (
    "Signaalnr", "Datum", "Achterstand", "Oudste post", "Voorl.", "Tussenv.", "Achternaam", "Geb.datum", "Postcode", "Huisnr", "Letter",
    "Toev.", "Plaats", "Huurdersnr", "Fase", "Herinnerd", "Gebeld",
)  # fmt: skip


def deliver(postbus: Postbus, jwks: dict[str, Any], today: date) -> Delivery:
    """Both files, to their reports.

    Raises:
        Unexpected: a file was refused, or no report came. NotGenuine: a receipt that does not verify. OSError: the connection failed.
    """
    generator = Generator(_SEED, places(), today, creditors()[:1])
    mixed = [Offered(*pair) for pair in generator.with_defects(_XML, _DEFECTS)]
    alone = (signal for signal in generator.signals(_CSV * 10) if len(signal["personen"]) == 1)
    plain = [Offered(signal, None) for signal in islice(alone, _CSV - 1)] + [Offered(next(alone), "GEEN_CONTACTPOGING")]
    files = {"demo.xml": b"".join(xml.write({}, (("signaal", one.signal) for one in mixed))), "demo.csv": _csv(plain)}
    try:
        came = asyncio.run(_exchange(postbus, files))
    except (asyncssh.Error, TimeoutError) as error:
        raise Unexpected(f"de postbus werkte niet ({type(error).__name__})") from None
    landed = [one for name, sent in zip(files, (mixed, plain), strict=True) for one in _landed(name, sent, came, jwks)]
    return Delivery(landed, batches=len(files), singles=0, receipts=2 * len(files))


async def _exchange(postbus: Postbus, files: dict[str, bytes]) -> dict[str, bytes]:
    """Put every file, wait for the reports, and collect what came: content by name."""
    keys, known = [str(postbus.folder / "sleutel")], str(postbus.folder / "bekend")
    async with asyncio.timeout(PATIENCE), asyncssh.connect(
        HOST, postbus.port, username=PARTY.oin, client_keys=keys, known_hosts=known, config=None, agent_path=None
    ) as connection, connection.start_sftp_client() as client:  # fmt: skip
        for name, content in files.items():
            async with client.open(f"in/{name}.part", "wb") as file:
                await file.write(content)
            await client.rename(f"in/{name}.part", f"in/{name}")
        wanted = {name + ending for name in files for ending in (".ontvangst.json", ".verslag.xml")}
        while not wanted <= {str(name) for name in await client.listdir("uit")}:
            await asyncio.sleep(_STEP)
        return {name: await _read(client, name) for name in wanted}


async def _read(client: asyncssh.SFTPClient, name: str) -> bytes:
    async with client.open(f"uit/{name}", "rb") as file:
        return await file.read()


def _landed(name: str, sent: Sequence[Offered], came: dict[str, bytes], jwks: dict[str, Any]) -> list[Landed]:
    receipt = msgspec.json.decode(came[f"{name}.ontvangst.json"], type=Bestandsontvangst)
    verify_receipt(receipt, jwks)
    report = ET.fromstring(came[f"{name}.verslag.xml"])  # noqa: S314 - our own gateway's
    signed = report.findtext(f"{_NS}uitslag/{_NS}ondertekend") or ""
    verify_receipt(msgspec.json.decode(signed, type=Bestandsuitslag), jwks)
    lines = report.findall(f"{_NS}regel")
    if receipt.status != "aanvaard" or len(lines) != len(sent):
        raise Unexpected(f"{name} is niet aanvaard, of het verslag is niet volledig")
    return [_outcome(one, line) for one, line in zip(sent, lines, strict=True)]


def _outcome(one: Offered, line: ET.Element) -> Landed:
    if (id := line.get("id")) is not None:
        return Landed(one, id=UUID(id), gemeente=line.get("gemeente"), repeated=line.get("eerderOntvangen") == "true")
    found = [Bevinding(code=b.get("code", ""), oordeel=b.get("oordeel"), melding=b.text or "") for b in line]  # type: ignore[arg-type]
    return Landed(one, tuple(finding for finding in found if finding.oordeel != "waarschuwing"))


def _csv(records: Sequence[Offered]) -> bytes:
    """As the landlord's own system writes it: amounts with a comma, days as dd-mm-jjjj, a dunning phase."""
    return "".join(writing.lines([_COLUMNS, *(_cells(one.signal, "1" if one.expected else "2") for one in records)])).encode()


def _cells(signal: dict[str, Any], phase: str) -> tuple[object, ...]:
    (person,), address, arrears, effort = signal["personen"], signal["adres"], signal["achterstand"], signal["inspanning"]
    return (
        signal["kenmerk"],
        _day(signal["signaaldatum"]),
        f"{arrears['bedragCent'] // 100},{arrears['bedragCent'] % 100:02d}",
        _day(arrears["ontstaansdatum"]),
        *map(person.get, ("voorletters", "voorvoegsel", "achternaam")),
        _day(person["geboortedatum"]),
        *map(address.get, ("postcode", "huisnummer", "huisletter", "toevoeging", "woonplaats")),
        signal["klantnummer"],
        phase,
        _day(effort["herinneringen"][0]),
        _day(effort["contacten"][1]["datum"]) if phase == "2" else None,
    )


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d-%m-%Y}"
