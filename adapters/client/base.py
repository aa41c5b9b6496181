"""What both clients are: a caller at one door that can be closed, pages to the end, and the operations that every door has.

Leaves the operations of a door to `schuldeiser` and `gemeente`.
"""

from collections.abc import Callable, Iterator
from typing import Protocol, Self, TypeVar

from adapters.client.calling import Access, Call, Caller, Entrance, Op, Patience, Timing
from adapters.client.opening import Opener
from schemas.bewijs import Bladbewijs, Controlepunt

CHECKPOINT = Op("leesControlepunt", "GET", "/log/controlepunt", Controlepunt)
LEAF = Op("leesBlad", "GET", "/log/blad", Bladbewijs)


class Page(Protocol):
    """A page of a list; `volgende` is the cursor of the next."""

    @property
    def volgende(self) -> str | None:
        """The cursor."""
        ...


P = TypeVar("P", bound=Page)


class Client:
    """Base of the clients. Use it as a context manager, or call `close`."""

    ROOT = ""

    def __init__(
        self,
        access: Access | Entrance,
        *,
        namens: str | None = None,
        opener: Opener | None = None,
        patience: Patience = Patience(),  # noqa: B008 - an immutable value
        timing: Timing = Timing(),  # noqa: B008 - an immutable value
    ) -> None:
        """`namens`: the OIN of the principal, needed with more than one mandate. `opener`: with your private key, where you have one."""
        self.access = access
        self._caller = Caller(access, self.ROOT, namens, patience, timing)
        self.opener = opener or Opener()

    def checkpoint(self, kept: int = 0, size: int = 0) -> Controlepunt:
        """The log's checkpoint, with the path from the size that you kept. Raises ClientError."""
        return self._caller.ask(CHECKPOINT, Call(query={"bewaard": kept, "omvang": size}))

    def leaf(self, nummer: int) -> Bladbewijs:
        """One leaf of the log, with its proof. Raises ClientError."""
        return self._caller.ask(LEAF, Call(query={"nummer": nummer}))

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        self._caller.close()

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.close()


def pages(fetch: Callable[[str | None], P], cursor: str | None = None) -> Iterator[P]:
    """Every page from `cursor` on. Keep the `volgende` of the last one where a list goes on growing: it is where to begin next time."""
    while True:
        page = fetch(cursor)
        yield page
        if page.volgende is None or page.volgende == cursor:
            return
        cursor = page.volgende
