"""Every setting, read once from the environment (`SEINHUIS_…`) at the wiring and handed on as values.

Authority: `docs/operations.md` describes each one. There is no default secret: a missing or weak key refuses to start.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

NORMS = "normen"
"""Folder in `state` with the norms for contact that were agreed with this installation (`docs/regels.md`)."""


class Settings(BaseSettings):
    """Paths are made absolute by the operating system's rules; ports 0 mean any free one."""

    model_config = SettingsConfigDict(env_prefix="SEINHUIS_", frozen=True, extra="ignore", hide_input_in_errors=True)

    state: Annotated[
        Path,
        Field(description="Folder of this node: embedded database, role passwords, development certificates"),
    ] = Path(".seinhuis")
    database_url: Annotated[
        str | None,
        Field(description="PostgreSQL 16 or newer, as its owner; absent: the embedded one in `state`"),
    ] = None
    host: Annotated[str, Field(description="Address of both listeners")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="mTLS listener")] = 8443
    public_port: Annotated[
        int,
        Field(ge=0, le=65535, description="Listener without client certificates: openapi.json, health, security.txt"),
    ] = 8444
    inner_port: Annotated[int, Field(ge=0, le=65535, description="/metrics, on loopback only")] = 9464
    console_port: Annotated[int, Field(ge=0, le=65535, description="The console's listener; only with SEINHUIS_OIDC_ISSUER")] = 8445
    console_url: Annotated[
        str | None,
        Field(description="Address of the console as a browser knows it (https://host[:port]); absent: https://localhost with its port"),
    ] = None
    console_theme: Annotated[Path | None, Field(description="Style sheet of the organisation, after ours (NL Design System tokens)")] = None
    oidc_issuer: Annotated[str | None, Field(description="Login service (OpenID Connect issuer); absent: there is no console")] = None
    oidc_client_id: Annotated[str, Field(description="Name of this installation at the login service")] = "seinhuis"
    oidc_client_key: Annotated[Path | None, Field(description="Private key (PEM) that it shows itself with there: private_key_jwt")] = None
    oidc_client_secret: Annotated[Path | None, Field(description="File (0600) with its secret instead: client_secret_basic")] = None
    oidc_access: Annotated[Path | None, Field(description="Which claims say who somebody is, and which values are which role; TOML")] = None
    oidc_mfa: Annotated[bool, Field(description="Ask a second factor; off only with a login service on this machine")] = True
    tls_certificate: Annotated[Path | None, Field(description="Server certificate with its chain (PEM); absent: state/pki")] = None
    tls_key: Annotated[Path | None, Field(description="Its private key (PEM)")] = None
    client_ca: Annotated[Path | None, Field(description="Root and intermediates that client certificates must chain to (PEM)")] = None
    client_ca_issuer: Annotated[
        Path | None,
        Field(description="The certificate authority that issues client certificates and their revocation list (PEM)"),
    ] = None
    crl: Annotated[Path | None, Field(description="Revocation list of the certificate authority (PEM or DER)")] = None
    tls12: Annotated[bool, Field(description="Also accept TLS 1.2 with the suites that the NCSC guideline rates sufficient")] = False
    connections_per_certificate: Annotated[int, Field(ge=1, description="Open connections per client certificate")] = 64
    kek_passphrase: Annotated[
        Path | None,
        Field(description="File with the passphrase (0600 or 0400) that the key-encryption key is sealed under; absent: it is not sealed"),
    ] = None
    kek_rotate: Annotated[
        bool,
        Field(description="Replace the key-encryption key once keys were destroyed; off where its file is copied or mounted"),
    ] = True
    spool: Annotated[Path | None, Field(description="Folder of partners' files, encrypted; shared by nodes; absent: state/spool")] = None
    file_workers: Annotated[
        int,
        Field(ge=0, le=16, description="Workers for files in `serve`; 0 leaves them to `seinhuis verwerk`"),
    ] = 2
    sftp_host: Annotated[str, Field(description="Address of the SFTP listener")] = "127.0.0.1"
    sftp_port: Annotated[int, Field(ge=0, le=65535, description="SFTP listener")] = 8022
    sftp_host_key: Annotated[Path | None, Field(description="Private host key of the SFTP listener; absent: state/sleutels/sftp")] = None
    sftp_pull_key: Annotated[
        Path | None,
        Field(description="Private key to fetch from partners' servers with; absent: state/sleutels/ophalen"),
    ] = None
    ddas_certificate: Annotated[
        Path | None,
        Field(description="Signing certificate with its chain (PEM) for DDAS answers; absent: state/pki, and no DDAS without it"),
    ] = None
    ddas_key: Annotated[Path | None, Field(description="Its RSA private key (PEM), never that of the TLS certificate")] = None
    ddas_signature: Annotated[
        Literal["inhoud", "digest"],
        Field(description="What a DDAS signature is over: the body, or the Digest header by sigD"),
    ] = "inhoud"
    oversight_ceiling: Annotated[
        int,
        Field(ge=1, description="Persons and addresses that one officer may look for in a day"),
    ] = 200
    kek: Annotated[Path | None, Field(description="Key-encryption key, base64, mode 0600; absent: state/sleutels/hoofdsleutel")] = None
    reversals_per_day: Annotated[
        int,
        Field(ge=1, description="Names that an officer unseals and extracts that he gets, per municipality and day"),
    ] = 50
    openings_per_day: Annotated[
        int,
        Field(ge=1, description="Persons in letters and overviews that the gateway itself opens, per party, municipality and day"),
    ] = 10_000
    pkcs11_module: Annotated[
        Path | None,
        Field(description="PKCS#11 module (shared library): the key-encryption key stands in its token, not in a file"),
    ] = None
    pkcs11_label: Annotated[str, Field(description="Label of that token, of this installation alone")] = "seinhuis"
    pkcs11_pin: Annotated[Path | None, Field(description="File with the user PIN of that token (0600 or 0400)")] = None
    operator: Annotated[
        str,
        Field(description="OIN of the organisation that runs this gateway; actor of changes in the register"),
    ] = "00000099000000000000"
    log_origin: Annotated[str, Field(description="Name of the log in its checkpoints (C2SP tlog-checkpoint)")] = "seinhuis.example/log"
    security_contact: Annotated[str, Field(description="Contact in security.txt")] = "mailto:security@seinhuis.example"
    proef: Annotated[
        bool,
        Field(description="An installation to try things on: lets participants of the test range in without papers. Never in production"),
    ] = False
    toetssleutels: Annotated[
        Path | None,
        Field(description="Keys (JWK set) of gateways whose conformance results count here, besides its own"),
    ] = None
    drain_seconds: Annotated[float, Field(gt=0, description="How long a stop waits for requests in progress")] = 20.0
    postcodes: Annotated[
        Path | None,
        Field(description="Official CBS file postcode-huisnummer to gemeente; absent: PC4 and woonplaats"),
    ] = None
