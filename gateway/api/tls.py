"""Which TLS we speak: 1.3 with two suites; 1.2 with the ECDHE AEAD suites behind a switch; nothing that can be resumed by a ticket.

Authority: NCSC TLS guidelines 2025-05 (versions, suites, groups, renegotiation, compression), Digikoppeling TLS004 (1.2 must be
possible). Python 3.11 cannot choose the suites of TLS 1.3, so `ensure_openssl_config` starts the process once more under the
packaged `openssl.cnf`. Leaves to `gateway.api.revocation` and the caller's check whether a certificate is still good: a session
of TLS 1.2 can be resumed without a handshake, so that question is asked on every request.
"""

import os
import ssl
import sys
from collections.abc import Sequence
from pathlib import Path

from gateway.core.errors import Misconfigured

SUITES = frozenset({"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"})
OPENSSL_CONFIG = Path(__file__).with_name("openssl.cnf")
_TLS12 = "ECDHE+AESGCM:ECDHE+CHACHA20"
_OPTIONS = ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_TICKET | ssl.OP_CIPHER_SERVER_PREFERENCE


def server_context(cert: Path, key: Path, client_ca: Path | None, *, tls12: bool = False) -> ssl.SSLContext:
    """A context for one listener.

    Args:
        cert: PEM, the server certificate followed by its intermediates.
        key: PEM, its private key.
        client_ca: PEM, the roots that client certificates must lead to; None: no client certificate is asked.
        tls12: also speak TLS 1.2, for older partners.

    Raises:
        Misconfigured: a file is missing or does not fit.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2 if tls12 else ssl.TLSVersion.TLSv1_3
    context.set_ciphers(_TLS12)
    context.options |= _OPTIONS
    context.num_tickets = 0
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(cert, key)
        if client_ca is not None:
            context.load_verify_locations(client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
            context.verify_flags |= ssl.VERIFY_X509_STRICT
    except OSError as error:  # ssl.SSLError is one
        raise Misconfigured(f"TLS: certificaat, sleutel of CA is niet bruikbaar ({cert}, {client_ca}): {error.strerror}") from None
    return context


def weak_suites(context: ssl.SSLContext) -> frozenset[str]:
    """The suites of TLS 1.3 that a context would offer and that we do not want."""
    return frozenset(suite["name"] for suite in context.get_ciphers() if suite["protocol"] == "TLSv1.3") - SUITES


def ensure_openssl_config(argv: Sequence[str] | None = None) -> None:
    """Make sure that this process offers our suites only; call it before anything else, it may start the program again.

    Args:
        argv: the command line to start again, interpreter included; by default the one of this process.

    Raises:
        Misconfigured: another suite would be offered and `OPENSSL_CONF` is in use already (ours without effect, or the operator's).
    """
    weak = weak_suites(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    if not weak:
        return
    if "OPENSSL_CONF" in os.environ:
        raise Misconfigured(f"OPENSSL_CONF laat {', '.join(sorted(weak))} toe; neem de regels van {OPENSSL_CONFIG} erin over.")
    command = list(argv or sys.orig_argv)
    os.execve(sys.executable, [sys.executable, *command[1:]], {**os.environ, "OPENSSL_CONF": str(OPENSSL_CONFIG)})  # noqa: S606
