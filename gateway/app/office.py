"""Wires the partner register's office: what its gates are judged with comes from the settings.

Authority: decision 0036; `docs/operations.md`. Raises Misconfigured for a file that is set and not usable. Leaves opening database and keys
to `house`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from gateway.app.papers import papers
from gateway.app.settings import Settings
from gateway.core.chain import Trace
from gateway.core.clock import Clock
from gateway.core.errors import Misconfigured
from gateway.keys.keystore import KeyStore
from gateway.onboarding import toetsen, trial
from gateway.onboarding.registration import Office
from gateway.policy.register import PurposeRegister
from gateway.store.database import Database


def wired(
    database: Database, keys: KeyStore, settings: Settings, clock: Clock, purposes: PurposeRegister, trace: Callable[[], Trace]
) -> Office:
    """The office of an installation."""
    return Office(
        database,
        keys,
        clock,
        settings.operator,
        purposes.activity,
        trace,
        trial=settings.proef,
        trusted=_trusted(settings),
        agreement_needed=purposes.needs_agreement,
        testkeys={"keys": [*toetsen.signer(keys).public_jwks()["keys"], *_registered(settings.toetssleutels)]},
    )


def served(
    database: Database, keys: KeyStore, settings: Settings, clock: Clock, purposes: PurposeRegister, trace: Callable[[], Trace]
) -> Office:
    """The office of one that serves. Raises Misconfigured: participants were let in to try things, and this is no place for that."""
    if not settings.proef:
        trial.require_none(database)
    return wired(database, keys, settings, clock, purposes, trace)


def _trusted(settings: Settings) -> bytes:
    """The authorities that the doors trust, as far as they are there: without them no certificate is good enough."""
    files = papers(settings)
    return b"\n".join(path.read_bytes() for path in (files.client_ca, files.issuer) if path.exists())


def _registered(path: Path | None) -> list[dict[str, Any]]:
    if path is None:
        return []
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, list[dict[str, Any]]])["keys"]
    except (OSError, msgspec.DecodeError, KeyError):
        raise Misconfigured(f"{path} is geen JWK-verzameling; geef wat de andere gateway bij zijn toetssleutels toont.") from None
