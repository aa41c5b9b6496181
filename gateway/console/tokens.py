"""The secrets of one browser: a random token that only its cookie holds, and what is derived from it.

One token at login, another in the session. From the first come state, nonce and the PKCE verifier, so that nothing is kept of who only
began to log in; from the second the key that seals the session and the value that every form carries. Authority: RFC 9700 2.1, RFC 7636,
OpenID Connect Core 3.1.2.1; ASVS 5.0 7.2 (128 bits or more from a CSPRNG), NIST SP 800-108 (one key, several purposes by label).
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

_FORM = re.compile(r"[A-Za-z0-9_-]{43}")


def fresh() -> str:
    """A new token: 256 bits, 43 characters."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether this has the form of one."""
    return _FORM.fullmatch(text) is not None


def found_by(token: str) -> bytes:
    """What the database knows it by (32 bytes)."""
    return sha256(token.encode()).digest()


def key(token: str, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose."""
    return hmac.digest(token.encode(), f"seinhuis console {purpose}".encode(), "sha256")


def value(token: str, purpose: str) -> str:
    """A value of 43 characters for one purpose, which tells nothing of the token or of another purpose."""
    return urlsafe_b64encode(key(token, purpose)).decode().rstrip("=")


def is_value(given: str, token: str, purpose: str) -> bool:
    """Whether `given` is that value; takes the same time either way."""
    return hmac.compare_digest(given.encode(), value(token, purpose).encode())
