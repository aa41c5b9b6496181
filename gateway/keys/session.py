"""A session with a PKCS#11 token: logged in with a PIN from a file, one caller at a time, opened again when it was lost.

What an operator has to mend is Misconfigured (no package, no module, a PIN that is refused); a token that is not there or does not
answer is Unavailable. Authority: PKCS #11 2.40 and 3.0 (OASIS), 5.4 to 5.6. The package `python-pkcs11` is optional. Leaves what is done
in the session to `token`.
"""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from threading import RLock
from typing import NamedTuple, TypeVar

from gateway.core.errors import Misconfigured, Unavailable

try:
    import pkcs11
    from pkcs11.types import Session
except ImportError:  # an installation without a token does without
    pkcs11 = None  # type: ignore[assignment]

_ONE_CALLER = RLock()
"""The library is initialised for one thread, and a login counts for the process."""
_Result = TypeVar("_Result")


class Slot(NamedTuple):
    """Which token: the module (a shared library), its label, and a file with the user PIN (0600 or 0400)."""

    module: Path
    label: str
    pin: Path


class TokenSession:
    """Opened at first use."""

    def __init__(self, slot: Slot) -> None:
        self._slot = slot
        self._session: Session | None = None
        self._refused: str | None = None

    def work(self, do: "Callable[[Session], _Result]") -> _Result:
        """Do something in the session, and once more in a new one when it was lost. Raises Misconfigured, Unavailable."""
        if pkcs11 is None:
            raise Misconfigured("SEINHUIS_PKCS11_MODULE is gezet, maar python-pkcs11 ontbreekt: installeer `seinhuis[pkcs11]`.")
        with _ONE_CALLER:
            if self._session is not None:
                try:
                    return do(self._session)
                except pkcs11.PKCS11Error:
                    self._session = None
            try:
                self._session = self._open()
                return do(self._session)
            except pkcs11.PKCS11Error as error:
                self._session = None
                why = f"Token {self._slot.label} met de hoofdsleutel antwoordt niet ({type(error).__name__})."
                raise Unavailable("TOKEN_NIET_BEREIKBAAR", why, retry_after=30) from None

    def _open(self) -> "Session":
        pin = _read_pin(self._slot.pin)
        if pin == self._refused:  # a token locks itself after a few of these
            raise Misconfigured(f"Token {self._slot.label} weigerde deze PIN al; hij wordt niet nog eens geprobeerd.")
        try:
            token = pkcs11.lib(str(self._slot.module)).get_token(token_label=self._slot.label)
        except (pkcs11.NoSuchToken, pkcs11.MultipleTokensReturned):
            raise
        except pkcs11.PKCS11Error:
            raise Misconfigured(f"PKCS#11-module {self._slot.module.name} is niet te gebruiken (SEINHUIS_PKCS11_MODULE).") from None
        try:
            return token.open(rw=True, user_pin=pin)
        except pkcs11.UserAlreadyLoggedIn:
            return token.open(rw=True)
        except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange):
            self._refused = pin
            raise Misconfigured(f"Token {self._slot.label} weigert de PIN in {self._slot.pin.name} (SEINHUIS_PKCS11_PIN).") from None
        except (pkcs11.PinLocked, pkcs11.PinExpired, pkcs11.UserPinNotInitialized):
            self._refused = pin
            raise Misconfigured(f"Token {self._slot.label} is vergrendeld, of zijn PIN is verlopen of nooit gezet.") from None


def _read_pin(path: Path) -> str:
    """The first line of a file that only its owner can read."""
    try:
        with path.open(encoding="utf-8") as file:
            others = os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO)
            found = file.readline(256).rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise Misconfigured(f"De PIN in {path.name} is niet te lezen (SEINHUIS_PKCS11_PIN).") from None
    if others or not found:
        raise Misconfigured(f"De PIN in {path.name} mag niet leeg zijn, en het bestand moet rechten 0600 of 0400 hebben.")
    return found
