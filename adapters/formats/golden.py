"""What a file gives under a profile, as JSON to keep beside it: so that a change of the profile, or of ours, shows.

Authority: `docs/profielen.md`, golden files. Golden files hold made-up persons only. Leaves reading to the readers.
"""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import msgspec

from schemas.bestand import Kop, Lezing, Onleesbaar, Record

LONGEST = 200
"""Characters of a value that a difference shows."""


def shape(lezing: Lezing) -> dict[str, Any]:
    """The head and every record in JSON types. Raises Onleesbaar."""
    records = [record_shape(record) for record in lezing]
    return {"kop": kop_shape(lezing.kop), "records": records}


def unreadable(error: Onleesbaar) -> dict[str, Any]:
    """The same for a file that cannot be read."""
    return {"onleesbaar": {"code": error.code, "plek": error.plek, "melding": error.melding}}


def kop_shape(kop: Kop) -> dict[str, Any]:
    """What is known of the file as a whole."""
    return {name: msgspec.to_builtins(value) for name, value in kop._asdict().items() if value is not None}


def record_shape(record: Record) -> dict[str, Any]:
    """One record; of its findings the code, the place in the signal and the text."""
    found = [{"code": b.code, "pointer": b.pointer, "melding": b.melding} for b in record.bevindingen]
    bare = {"plek": record.plek, "soort": record.soort, "value": record.value}
    return {**bare, "bevindingen": found} if found else bare


def differences(expected: Any, actual: Any, pointer: str = "") -> Iterator[str]:  # noqa: ANN401 - parsed JSON
    """Each place where two JSON values differ, with what stands on either side."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name in dict.fromkeys((*expected, *actual)):
            yield from differences(expected.get(name), actual.get(name), f"{pointer}/{name}")
    elif isinstance(expected, list) and isinstance(actual, list):
        for place, (one, other) in enumerate(zip_longest(expected, actual)):
            yield from differences(one, other, f"{pointer}/{place}")
    elif expected != actual or type(expected) is not type(actual):
        yield f"{pointer or '/'}: verwacht {_shown(expected)}, gelezen {_shown(actual)}"


def _shown(value: Any) -> str:  # noqa: ANN401
    text = "niets" if value is None else msgspec.json.encode(value).decode()
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"
