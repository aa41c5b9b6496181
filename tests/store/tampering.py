"""What somebody who owns the database can do to the log: each changes one thing or many, at random, in a transaction that is rolled back.

`Target` says below which number the outside holds a checkpoint and which younger leaves it holds by a receipt or an answer. Hashes are
recomputed wherever that makes the change harder to find: of leaves, of the tree, of its stored state. The signing key nobody has.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random  # noqa: TID251 - a seeded one
from typing import Any, NamedTuple

import psycopg

from gateway.core import ids
from gateway.privacylog.checkpoint import CheckpointSigner, Destruction
from gateway.privacylog.tree import Frontier, leaf_hash

Link = psycopg.Connection[Any]
Manipulation = Callable[[Link, Random, int], None]
THIEF = CheckpointSigner("seinhuis.example/log", bytes(range(32)))
SNAPSHOT = ("log_entry", "log_leaf", "log_checkpoint", "log_state", "log_queue")


class Target(NamedTuple):
    """Sizes: of an older backup, under the newest held checkpoint, and of all. 

    Above the checkpoint: `young` are numbers whose leaf or message was given to somebody, `shown` those whose place was too.
    """

    backup: int
    covered: int
    size: int
    young: tuple[int, ...]
    shown: tuple[int, ...]

    def pick(self, done: "Manipulation", chance: Random, *, young: bool) -> int:
        """A number at which somebody outside can vouch for what this changes."""
        vouched = self.shown if done in ORDER else self.young
        return chance.choice(vouched) if young else chance.randrange(self.covered)


def bodies(link: Link) -> list[tuple[int, bytes]]:
    return [
        (nr, bytes(body)) for nr, body in link.execute("SELECT nr, body FROM log_leaf l JOIN log_entry e ON e.id = l.entry ORDER BY nr")
    ]


def recompute(link: Link) -> None:
    """Make the stored tree fit the leaves, and drop the checkpoints over more than there is."""
    leaves = [bytes(row[0]) for row in link.execute("SELECT leaf FROM log_leaf ORDER BY nr")]
    frontier = Frontier()
    frontier.extend(leaves)
    link.execute("UPDATE log_state SET size = %s, frontier = %s", (frontier.size, frontier.hashes))
    link.execute("DELETE FROM log_checkpoint WHERE size > %s", (frontier.size,))
    link.execute("DELETE FROM log_tegel")


def resign(link: Link) -> None:
    """Sign every checkpoint anew, with a key of one's own."""
    leaves = [bytes(row[0]) for row in link.execute("SELECT leaf FROM log_leaf ORDER BY nr")]
    for (size,) in link.execute("SELECT size FROM log_checkpoint").fetchall():
        frontier = Frontier()
        frontier.extend(leaves[:size])
        link.execute("UPDATE log_checkpoint SET note = %s WHERE size = %s", (THIEF.sign(size, frontier.root()), size))


def altered(body: bytes, chance: Random) -> bytes:
    """The same entry with another trace: as plausible as a change can be."""
    at = body.index(b'"traceId":"') + 11 + chance.randrange(32)
    return body[:at] + (b"0" if body[at : at + 1] != b"0" else b"1") + body[at + 1 :]


def update(link: Link, chance: Random, nr: int) -> None:
    body = dict(bodies(link))[nr]
    link.execute("UPDATE log_entry SET body = %s WHERE id = (SELECT entry FROM log_leaf WHERE nr = %s)", (altered(body, chance), nr))


def update_and_recompute(link: Link, chance: Random, nr: int) -> None:
    body = altered(dict(bodies(link))[nr], chance)
    link.execute("UPDATE log_entry SET body = %s WHERE id = (SELECT entry FROM log_leaf WHERE nr = %s)", (body, nr))
    link.execute("UPDATE log_leaf SET leaf = %s WHERE nr = %s", (leaf_hash(body), nr))
    recompute(link)


def update_recompute_and_resign(link: Link, chance: Random, nr: int) -> None:
    update_and_recompute(link, chance, nr)
    resign(link)


def update_and_drop_checkpoints(link: Link, chance: Random, nr: int) -> None:
    update_and_recompute(link, chance, nr)
    link.execute("DELETE FROM log_checkpoint")


def update_and_sign(link: Link, signer: CheckpointSigner, chance: Random, nr: int) -> None:
    """What a gateway would sign that does not remember what it signed before."""
    update_and_drop_checkpoints(link, chance, nr)
    leaves = [bytes(row[0]) for row in link.execute("SELECT leaf FROM log_leaf ORDER BY nr")]
    frontier = Frontier()
    frontier.extend(leaves)
    note = signer.sign(frontier.size, frontier.root())
    link.execute("INSERT INTO log_checkpoint (size, at, note) VALUES (%s, now(), %s)", (frontier.size, note))


def delete(link: Link, chance: Random, nr: int) -> None:
    link.execute("DELETE FROM log_entry WHERE id = (SELECT entry FROM log_leaf WHERE nr = %s)", (nr,))


def delete_leaf(link: Link, chance: Random, nr: int) -> None:
    delete(link, chance, nr)
    link.execute("DELETE FROM log_leaf WHERE nr = %s", (nr,))


def renumber(link: Link, begin: int, step: int) -> None:
    """Move every number from `begin` by `step`."""
    link.execute("UPDATE log_leaf SET nr = -nr - 1 WHERE nr >= %s", (begin,))
    link.execute("UPDATE log_leaf SET nr = -nr - 1 + %s WHERE nr < 0", (step,))


def delete_and_close_the_gap(link: Link, chance: Random, nr: int) -> None:
    delete_leaf(link, chance, nr)
    renumber(link, nr + 1, -1)
    recompute(link)


def made_up(link: Link, chance: Random) -> tuple[Any, bytes]:
    _, body = chance.choice(bodies(link))
    id, at = ids.new(), body.index(b'"id":"') + 6
    return id, body[:at] + str(id).encode() + body[at + 36 :]


def insert_in_the_past(link: Link, chance: Random, nr: int) -> None:
    id, body = made_up(link, chance)
    renumber(link, nr, 1)
    name = body.partition(b'"gebeurtenis":"')[2].partition(b'"')[0].decode()
    link.execute("INSERT INTO log_entry (id, event, body) VALUES (%s, %s, %s)", (id, name, body))
    link.execute("INSERT INTO log_leaf (nr, leaf, entry) VALUES (%s, %s, %s)", (nr, leaf_hash(body), id))
    recompute(link)


def insert_beside(link: Link, chance: Random, nr: int) -> None:
    id, body = made_up(link, chance)
    link.execute("INSERT INTO log_entry (id, event, body) VALUES (%s, 'signaal.bezorgd', %s)", (id, body))


def truncate(link: Link, chance: Random, nr: int) -> None:
    link.execute("DELETE FROM log_entry WHERE id IN (SELECT entry FROM log_leaf WHERE nr >= %s)", (nr,))
    link.execute("DELETE FROM log_leaf WHERE nr >= %s", (nr,))
    recompute(link)


def truncate_all(link: Link, chance: Random, nr: int) -> None:
    link.execute("TRUNCATE log_leaf, log_entry, log_checkpoint, log_queue, log_tegel")
    recompute(link)


def swap(link: Link, chance: Random, nr: int) -> None:
    other = chance.choice([n for n, _ in bodies(link) if n != nr])
    link.execute(
        "UPDATE log_leaf a SET leaf = b.leaf, entry = b.entry FROM log_leaf b WHERE a.nr + b.nr = %s AND a.nr IN (%s, %s)",
        (nr + other, nr, other),
    )
    recompute(link)


def swap_content(link: Link, chance: Random, nr: int) -> None:
    other = chance.choice([n for n, _ in bodies(link) if n != nr])
    link.execute(
        "UPDATE log_leaf a SET entry = b.entry FROM log_leaf b WHERE a.nr + b.nr = %s AND a.nr IN (%s, %s)", (nr + other, nr, other)
    )


def rename(link: Link, chance: Random, nr: int) -> None:
    link.execute("UPDATE log_entry SET event = 'claim.vrijgegeven' WHERE id = (SELECT entry FROM log_leaf WHERE nr = %s)", (nr,))


def move(link: Link, chance: Random, nr: int) -> None:
    """Another id for an entry and its leaf: a search by id finds what it did not say."""
    old, new = link.execute("SELECT entry FROM log_leaf WHERE nr = %s", (nr,)).fetchone()[0], ids.new()  # type: ignore[index]
    link.execute("UPDATE log_entry SET id = %s WHERE id = %s", (new, old))
    link.execute("UPDATE log_leaf SET entry = %s WHERE nr = %s", (new, nr))


def claim_a_term(link: Link, chance: Random, nr: int) -> None:
    """Destroy content and put a statement into the log that says it went at its term; with a signature of one's own."""
    delete(link, chance, nr)
    id, note = ids.new(), THIEF.destroyed(Destruction(range(nr + 1), datetime(2020, 1, 1, tzinfo=UTC))).replace("\n", "\\n")
    body = b'{"aantal":%d,"gebeurtenis":"log.vernietigd","id":"%b","tot":%d,"van":0,"verklaring":"%b"}' % (
        nr + 1, str(id).encode(), nr + 1, note.encode(),
    )  # fmt: skip
    size = len(link.execute("SELECT FROM log_leaf").fetchall())
    link.execute("INSERT INTO log_entry (id, event, body) VALUES (%s, 'log.vernietigd', %s)", (id, body))
    link.execute("INSERT INTO log_leaf (nr, leaf, entry) VALUES (%s, %s, %s)", (size, leaf_hash(body), id))
    recompute(link)


ON_A_LEAF: tuple[Manipulation, ...] = (
    update, update_and_recompute, update_recompute_and_resign, update_and_drop_checkpoints, delete, delete_leaf, delete_and_close_the_gap,
    insert_in_the_past, insert_beside, truncate, truncate_all, swap, swap_content, rename, move, claim_a_term,
)  # fmt: skip

ORDER = {insert_in_the_past, swap}


def keep_backup(link: Link) -> None:
    """Yesterday's backup: the tables of the log as they are now."""
    for table in SNAPSHOT:
        link.execute(f"CREATE TABLE oud_{table} AS TABLE {table}".encode())


def restore(link: Link) -> None:
    """Put the backup back over what there is."""
    for table in SNAPSHOT:
        columns = ", ".join(row[0] for row in link.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position", (f"oud_{table}",)
        ))  # fmt: skip
        link.execute(f"DELETE FROM {table}".encode())
        link.execute(f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM oud_{table}".encode())


def restore_and_go_on(link: Link, signer: CheckpointSigner, chance: Random) -> None:
    """The backup, and new entries upon it until it is as long as it was; the gateway signs that, for it cannot know."""
    (before,) = link.execute("SELECT count(*) FROM log_leaf").fetchone() or (0,)
    restore(link)
    (size,) = link.execute("SELECT count(*) FROM log_leaf").fetchone() or (0,)
    for nr in range(size, before + chance.randrange(5)):
        id, body = made_up(link, chance)
        name = body.partition(b'"gebeurtenis":"')[2].partition(b'"')[0].decode()
        link.execute("INSERT INTO log_entry (id, event, body) VALUES (%s, %s, %s)", (id, name, body))
        link.execute("INSERT INTO log_leaf (nr, leaf, entry) VALUES (%s, %s, %s)", (nr, leaf_hash(body), id))
    recompute(link)
    state = link.execute("SELECT size, frontier FROM log_state").fetchone()
    assert state is not None
    note = signer.sign(state[0], Frontier(state[0], [bytes(one) for one in state[1]]).root())
    link.execute("INSERT INTO log_checkpoint (size, at, note) VALUES (%s, now(), %s)", (state[0], note))
