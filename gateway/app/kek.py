"""Which place of the key-encryption key the settings name: a PKCS#11 token, or else a file. Leaves keeping it to `gateway.keys`."""

from gateway.app.settings import Settings
from gateway.core.errors import Misconfigured
from gateway.keys.kekfile import KekFile
from gateway.keys.session import Slot
from gateway.keys.token import TokenKeks
from gateway.keys.wrapping import KekPlace


def kek_file(settings: Settings) -> KekFile:
    """The file of the key-encryption key, with the passphrase it may be sealed under."""
    return KekFile(settings.kek or settings.state / "sleutels" / "hoofdsleutel", settings.kek_passphrase)


def kek_place(settings: Settings) -> KekPlace:
    """Where the key-encryption key is kept: in a token when a module is set, or else in its file. Raises Misconfigured: half a token."""
    if settings.pkcs11_module is None:
        return kek_file(settings)
    if settings.pkcs11_pin is None:
        raise Misconfigured("Bij SEINHUIS_PKCS11_MODULE hoort SEINHUIS_PKCS11_PIN: het bestand met de PIN van het token.")
    return TokenKeks(Slot(settings.pkcs11_module, settings.pkcs11_label, settings.pkcs11_pin))


def rotated_kek(settings: Settings) -> KekPlace | None:
    """The same, when this installation replaces it by itself."""
    return kek_place(settings) if settings.kek_rotate else None
