"""What came before on a contract: which pseudonyms had an early signal of the same creditor in the last 15 months.

Authority: rule VS-17 (Energieregeling: first an early signal, then an update or an end of supply); contract keys are kept 15
months. A pseudonym names creditor, sector and contract, so that nothing of another creditor can be found. Only committed
messages count: two messages that arrive together do not see each other. Leaves the verdict to the rules.
"""

from collections.abc import Iterable
from typing import Any

import psycopg

from gateway.core.chain import Named

Contracts = frozenset[tuple[str, bytes]]
"""Municipality and contract pseudonym."""
LATER = frozenset({"actualisering", "eindelevering"})


def earlier(connection: psycopg.Connection[Any], named: Iterable[Named]) -> Contracts:
    """Those of a chunk's contracts on which an early signal came before; one query, none when no record asks."""
    asked = {
        (record.routed.gemeente, record.contract)
        for record in named
        if record.contract is not None and record.routed.lawful.fresh.parsed.signaal.soort in LATER
    }
    if not asked:
        return frozenset()
    gemeenten, contracts = zip(*sorted(asked), strict=True)
    rows = connection.execute("SELECT gemeente, contract FROM contract_facts(%b::text[], %b::bytea[])", (list(gemeenten), list(contracts)))
    return frozenset((gemeente, bytes(contract)) for gemeente, contract in rows)
