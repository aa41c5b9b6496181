"""How much of the SFTP edge one caller can have, and for how long. One place for every number; seconds are of a monotonic clock.

Authority: `docs/operations.md`. Leaves sizes of files and quotas to the mailbox.
"""

from typing import NamedTuple


class Limits(NamedTuple):
    """`connections` in all, `per_partner` after the login, `waiting` before it, of which `per_address` from one address.

    A login takes at most `login_seconds` and `attempts` keys. A connection has `sessions`, each with `handles` open files. When nothing
    comes for `idle_seconds`, or less than `stall_bytes` in `stall_seconds` while an upload is open, it is cut off; so is one whose
    other end no longer answers (asked every `alive_seconds`, three times). Every `look_seconds` the house is asked whether the partner
    may stay; no answer within `answer_seconds` is no.
    """

    connections: int = 64
    per_partner: int = 4
    waiting: int = 32
    per_address: int = 8
    login_seconds: float = 20.0
    attempts: int = 6
    sessions: int = 2
    handles: int = 16
    idle_seconds: float = 300.0
    alive_seconds: float = 15.0
    stall_seconds: float = 60.0
    stall_bytes: int = 60 * 1024
    look_seconds: float = 2.0
    answer_seconds: float = 2.0
    threads: int = 8
