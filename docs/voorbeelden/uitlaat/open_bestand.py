"""Open een bestand uit `uitlaat/`: `open_bestand.py BESTAND.jwe LOKET.key > bestand`. Nodig: Python 3.11, cryptography en joserfc."""

import sys
from pathlib import Path

from joserfc import jwe
from joserfc.jwk import ECKey, RSAKey


class Large(jwe.JWERegistry):
    """The library takes small texts only, unless told otherwise."""

    max_ciphertext_length = 64 * 2**20


def main() -> None:
    """Write what was sealed."""
    token, pem = Path(sys.argv[1]).read_text(encoding="ascii"), Path(sys.argv[2]).read_bytes()
    algorithms = ["ECDH-ES+A256KW", "RSA-OAEP-256", "A256GCM"]
    key = RSAKey.import_key(pem) if b"RSA" in pem else ECKey.import_key(pem)
    sys.stdout.buffer.write(jwe.decrypt_compact(token, key, registry=Large(algorithms=algorithms)).plaintext or b"")


main()
