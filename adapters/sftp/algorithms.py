"""The algorithms of every SSH connection of ours, as server and as client: one list, each entry with its source.

Authority: the NCSC guideline for TLS 2025-05, taken over for SSH because there is none for SSH itself: elliptic curves P-256 and up
and X25519 are good, AES-256-GCM is good, AES-128-GCM sufficient, SHA-1 insufficient, RSA from 3,072 bits good, and finite-field
Diffie-Hellman is to be phased out (it also lets a stranger spend our processor time: CVE-2002-20001). RFC 9142 for key exchange,
RFC 8332 for RSA with SHA-2. Strict key exchange (OpenSSH PROTOCOL 1.10) is offered; ChaCha20-Poly1305 and CBC, the two that a client
without it makes vulnerable (CVE-2023-48795), are left out, so nobody depends on it. Libraries of before 2023 know no AES-GCM and no
encrypt-then-MAC: AES-256-CTR with plain HMAC-SHA-2 (RFC 4344, RFC 6668) is there for them, last.
"""

KEY_EXCHANGES = (
    "mlkem768x25519-sha256",
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
)
CIPHERS = ("aes256-gcm@openssh.com", "aes128-gcm@openssh.com", "aes256-ctr")
MACS = ("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512")
SIGNATURES = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256")
COMPRESSION = ("none",)
"""What partners send is large and mostly compresses well, yet a compressed stream costs us memory before we know who calls."""

KEY_TYPES = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa")
"""Kinds of public key (RFC 4253 calls an RSA key `ssh-rsa`, whatever signs with it)."""
RSA_BITS = 3072
