"""The installation that a command works on: its settings and its register, checked before a database starts for nothing.

Authority: `docs/operations.md`. What an operator has to mend is `Misconfigured`, with what to do. Leaves the wiring to `gateway.app`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import ValidationError

from gateway.app.house import open_desk
from gateway.app.kek import kek_file, kek_place
from gateway.app.papers import papers
from gateway.app.settings import Settings
from gateway.core.clock import SystemClock
from gateway.core.errors import Misconfigured
from gateway.onboarding.registration import Office
from gateway.store.database import Database
from schemas.types import Oin

clock = SystemClock()


def settings() -> Settings:
    """The settings of the environment. Raises Misconfigured, naming each that is not valid."""
    try:
        found = Settings()
        msgspec.convert(found.operator, Oin)
        conninfo_to_dict(found.database_url or "")
    except ValidationError as error:
        names = ", ".join(f"SEINHUIS_{str(part['loc'][0]).upper()}" for part in error.errors(include_input=False))
        raise Misconfigured(f"Ongeldige instelling: {names}. Zie docs/operations.md voor de waarden.") from None
    except msgspec.ValidationError:
        raise Misconfigured("Ongeldige instelling: SEINHUIS_OPERATOR moet een OIN van 20 posities zijn.") from None
    except psycopg.ProgrammingError:
        raise Misconfigured("Ongeldige instelling: SEINHUIS_DATABASE_URL moet beginnen met postgresql://.") from None
    return found


def require_kek(chosen: Settings) -> None:
    """Raises Misconfigured: no key-encryption key, or one that is not safe; Unavailable: a token that is not there."""
    path = kek_file(chosen).path
    if chosen.pkcs11_module is None and not path.exists():
        raise Misconfigured(f"Er is geen hoofdsleutel in {path}. Maak er een met `seinhuis sleutels maak`, of zet SEINHUIS_KEK.")
    kek_place(chosen).keks()


def require_papers(chosen: Settings) -> None:
    """Raises Misconfigured, naming each certificate file that is missing."""
    absent = [str(path) for path in papers(chosen) if not path.exists()]
    if absent:
        raise Misconfigured(
            f"Er ontbreekt: {', '.join(absent)}. Maak een PKI om te proberen met `seinhuis certs dev`, of zet de "
            "instellingen SEINHUIS_TLS_…, SEINHUIS_CLIENT_… en SEINHUIS_CRL."
        )


@contextmanager
def office() -> Iterator[Office]:
    """The partner register. Raises Misconfigured: not set up, or a row refers to what is not registered; Unavailable."""
    with outlet_office() as (found, _):
        yield found


@contextmanager
def outlet_office() -> Iterator[tuple[Office, Callable[[], Database]]]:
    """The same, with what opens the inbox of municipalities beside it. Raises as `office`."""
    chosen = settings()
    require_kek(chosen)
    try:
        with open_desk(chosen, clock) as found:
            yield found
    except psycopg.errors.ForeignKeyViolation:
        raise Misconfigured("Een OIN hierin is niet ingeschreven. Doe eerst `seinhuis deelnemer registreer`.") from None
