"""What a municipality found, on the inside of the feedback policy, and what may come of it on the outside.

`Inner` is deliberately no wire type: it has no fields that an encoder knows, so that no serialiser can put it in an answer (rule FB-04,
RT-09). The way out is `policy.judge`, which gives a `Told` or a `Withheld`. Authority: `docs/contract.md`, feedback to creditors.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from schemas.terugkoppeling import Onterechtgrond, Terugkoppelcode

Kind = Literal["resultaat", "status", "afwijzing", "verzoek"]


class Inner:
    """An outcome as the municipality knows it: a case result, a status or rejection of a message, or a request to tell a code."""

    __slots__ = ("__grond", "__kind", "__value")

    def __init__(self, kind: Kind, value: str, grond: Onterechtgrond | None = None) -> None:
        self.__kind = kind
        self.__value = value
        self.__grond = grond

    def key(self) -> str:
        """As the rows of the policy name it: `resultaat.overleden`."""
        return f"{self.__kind}.{self.__value}"

    def below_threshold(self) -> bool:
        """Whether the signal is called unfounded because of its amount."""
        return self.__grond == "onder_drempel"

    def __repr__(self) -> str:
        """Nothing: an outcome does not reach a log by being printed."""
        return "Inner(…)"


class Told(msgspec.Struct, frozen=True):
    """A creditor will hear `code` with `text`, not before `release` (UTC); `row` of the policy allows it; `revokes` what it takes back."""

    code: Terugkoppelcode
    text: str
    row: str
    release: datetime
    week: str
    pause_until: date | None = None
    revokes: Terugkoppelcode | None = None


class Withheld(msgspec.Struct, frozen=True):
    """A creditor hears nothing; `code` says why, to the municipality and the log only."""

    code: str


class Choice(msgspec.Struct, frozen=True):
    """What a municipality chose for one code; `since` is the first day of its recorded ground."""

    on: bool
    since: date | None = None


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known around one message. `told` are the codes that stand; `amount` and `threshold` are euro cents."""

    now: datetime
    counsellor: bool
    receiver: bool
    silenced: bool
    withdrawn: bool
    told: frozenset[str]
    choices: dict[str, Choice]
    amount: int
    threshold: int | None
