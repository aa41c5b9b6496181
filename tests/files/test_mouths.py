"""One flow, many mouths: the same records by JSON, canonical XML, CSV, XLSX and partner XML end in the same inbox rows and rule ids."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from adapters.client import xml
from adapters.client.opening import Opener
from adapters.formats import canonical, reading
from adapters.formats.mapping import Mapping
from adapters.synthetic.defects import defects
from adapters.synthetic.generator import Creditor, Generator, Place
from gateway.files.reading import Leeswijze
from gateway.signals import deliveries
from schemas.signaal import AanleveringEnvelop
from tests.files.world import FileWorld
from tests.flows.world import HAARLEM, LANDLORD, NAME, TRACE, World
from tests.formats import tables

Signal = dict[str, Any]
Outcome = list[tuple[str, tuple[str, ...]]]
PLACE = Place("2011", "Haarlem", HAARLEM)
DEFECTS = ("geen_herinnering", "klant_maakt_bezwaar", "datum_in_toekomst", "postcode_onbekend", "postcode_meerduidig", "bsn_in_naam")
_ROWS = """
SELECT split_part(b.kenmerk, ':', 2), b.gemeente, b.soort, b.sector, b.party, b.principal, b.doel, b.purpose_row, b.name_version,
       b.address, b.person, b.contract, convert_from(b.meta, 'UTF8'), i.state
FROM bericht b JOIN inbox_item i ON i.gemeente = b.gemeente AND i.bericht = b.id WHERE b.kenmerk LIKE %s ORDER BY 1
"""


def by_json(files: FileWorld, records: list[Signal]) -> Outcome:
    envelop = AanleveringEnvelop(kenmerk="L-1", signalen=records)
    done, _ = deliveries.deliver(LANDLORD, TRACE, envelop, files.world.steps, files.world.receipts)
    regels = deliveries.report(LANDLORD.principal, done.id, files.world.steps).regels
    files.world.number()
    return [(regel.status, tuple(b.regel or b.code for b in regel.bevindingen)) for regel in regels]


def by_file(files: FileWorld, content: bytes, wijze: Leeswijze, name: str) -> Outcome:
    files.files = files.files._replace(choose=lambda *_: wijze)
    files.put(name, content)
    files.work()
    result = files.result(name)
    assert result.receipt.status == "aanvaard"
    found = [[b.get("regel") or b.get("code") or "" for b in line] for line in result.lines]
    return [(str(line.get("status")), tuple(codes)) for line, codes in zip(result.lines, found, strict=True)]


def by_xml(files: FileWorld, records: list[Signal]) -> Outcome:
    content = b"".join(xml.write({}, (("signaal", record) for record in records)))
    return by_file(files, content, Leeswijze(canonical.read), "c.xml")


def by_table(formaat: str) -> Callable[[FileWorld, list[Signal]], Outcome]:
    def deliver(files: FileWorld, records: list[Signal]) -> Outcome:
        made = tables.file(formaat, records)
        wijze = Leeswijze(reading.lezer(Mapping(made.profiel), made.naam), archief=formaat == "xlsx")
        return by_file(files, made.content, wijze, made.naam)

    return deliver


MOUTHS: dict[str, Callable[[FileWorld, list[Signal]], Outcome]] = {
    "json": by_json,
    "xml": by_xml,
    **{f"partner-{formaat}": by_table(formaat) for formaat in tables.FORMATS},
}


def lawful(world: World, n: int, seed: int = 1) -> list[Signal]:
    """Without canaries: their telephone numbers are of no country that a conversion knows."""
    return list(Generator(seed, [PLACE], world.today, [Creditor(LANDLORD.principal, "huur", NAME)]).signals(n))


def records(world: World) -> list[Signal]:
    return [*lawful(world, 40), *(defects(s, kind) for s, kind in zip(lawful(world, len(DEFECTS), 2), DEFECTS, strict=True))]


def named(signals: list[Signal], mouth: str) -> list[Signal]:
    """The same records under kenmerken of their own: else the second mouth would only hear of the first."""
    return [{**signal, "kenmerk": f"{mouth}:{signal['kenmerk']}"} for signal in signals]


def stored(world: World, mouth: str) -> list[tuple[Any, ...]]:
    """What stands in the inbox, without ids and moments, and what the municipality opens."""
    found = []
    clear = opened(world)
    for row in world.rows(_ROWS, f"{mouth}:%"):
        meta = json.loads(row[12])
        meta.pop("ontvangenOp")
        found.append((*row[:12], meta, row[13], clear[f"{mouth}:{row[0]}"]))
    return found


def opened(world: World) -> dict[str, Any]:
    names = {str(id): kenmerk for id, kenmerk in world.rows("SELECT id, kenmerk FROM bericht")}
    world.run("UPDATE inbox_item SET state = 'bezorgd', claim = NULL, lease_until = NULL")
    claim = world.claim(maximum=500)
    return {names[str(bericht.id)]: Opener().open(bericht) for bericht in claim.berichten}


@pytest.mark.parametrize("mouth", [name for name in MOUTHS if name != "json"])
def test_every_mouth_gives_the_same_rows_and_rule_ids(files: FileWorld, mouth: str) -> None:
    sent = records(files.world)
    expected = MOUTHS["json"](files, named(sent, "json"))
    before = stored(files.world, "json")
    assert MOUTHS[mouth](files, named(sent, mouth)) == expected
    files.world.run("UPDATE inbox_item SET state = 'bezorgd', claim = NULL, lease_until = NULL")
    after = stored(files.world, mouth)
    assert len(before) == 40
    assert {status for status, _ in expected} == {"bezorgd", "geweigerd", "in_quarantaine"}
    assert [row[:13] for row in after] == [row[:13] for row in before]
    assert [row[14] for row in after] == [row[14] for row in before]


@pytest.mark.parametrize("mouth", [name for name in MOUTHS if name != "json"])
def test_a_record_through_two_mouths_is_one_message(files: FileWorld, mouth: str) -> None:
    sent = lawful(files.world, 5)
    MOUTHS["json"](files, sent)
    count = files.world.count("bericht")
    assert MOUTHS[mouth](files, sent) == [("bezorgd", codes) for _, codes in by_json_again(files, sent)]
    assert files.world.count("bericht") == count == 5


def by_json_again(files: FileWorld, sent: list[Signal]) -> Outcome:
    envelop = AanleveringEnvelop(kenmerk="L-2", signalen=sent)
    done, _ = deliveries.deliver(LANDLORD, TRACE, envelop, files.world.steps, files.world.receipts)
    regels = deliveries.report(LANDLORD.principal, done.id, files.world.steps).regels
    assert all(regel.eerder_ontvangen for regel in regels)
    return [(regel.status, tuple(b.regel or b.code for b in regel.bevindingen)) for regel in regels]


def test_positive_control_one_other_value_is_seen(files: FileWorld) -> None:
    sent = lawful(files.world, 3)
    by_json(files, named(sent, "json"))
    before = stored(files.world, "json")
    changed = [{**sent[0], "adres": {**sent[0]["adres"], "huisnummer": 9_999}}, *sent[1:]]
    by_xml(files, named(changed, "xml"))
    after = stored(files.world, "xml")
    assert [a[9] != b[9] or a[14] != b[14] for a, b in zip(after, before, strict=True)].count(True) == 1
