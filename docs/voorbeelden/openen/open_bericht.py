"""Open een bericht zonder ons pakket: `open_bericht.py BERICHT.json [PRIVE.jwk]`. Nodig: Python 3.11, cryptography en joserfc."""

import base64
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwe
from joserfc.jwk import OctKey, import_key

WRAPPING = ["ECDH-ES+A256KW", "RSA-OAEP-256", "A256GCM"]


def group_key(bericht: dict, groep: str, private: dict | None) -> bytes:
    """The 32 bytes that open one group: handed out by the gateway, or derived from the content key that our own key opens."""
    sleutels = bericht["sleutels"]
    if sleutels["wijze"] != "eigen":
        return base64.urlsafe_b64decode(sleutels["groepssleutels"][groep] + "=")
    content = json.loads(jwe.decrypt_compact(sleutels["inhoudssleutel"], import_key(private), algorithms=WRAPPING).plaintext)
    info = b"".join(len(t.encode()).to_bytes(2, "big") + t.encode() for t in ("seinhuis/groep/v1", bericht["id"], groep))
    return HKDF(SHA256(), 32, b"seinhuis/v1", info).derive(base64.urlsafe_b64decode(content["k"] + "="))


def main() -> None:
    """Print every group as JSON."""
    bericht = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    private = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")) if len(sys.argv) > 2 else None
    for groep, token in bericht["persoonsgegevens"].items():
        opened = jwe.decrypt_compact(token, OctKey.import_key(group_key(bericht, groep, private)), algorithms=["dir", "A256GCM"])
        if opened.headers()["kid"] != f"{bericht['id']}.{groep}":  # another message that poses as this one
            sys.exit(f"{groep}: ander bericht of andere groep")
        sys.stdout.write(json.dumps({groep: json.loads(opened.plaintext)}, ensure_ascii=False) + "\n")


main()
