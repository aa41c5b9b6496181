"""A creditor's mailbox for files: its key, its mapping profile, and the SFTP edge as a process beside the gateway.

The key of the creditor, the known key of the server and a configuration for OpenSSH's `sftp` stand in `postbus` in the state folder. The
profile reads a CSV in a landlord's own form (`verhuurder.toml`). Authority: contract, files; `docs/bestanden-sftp.md`.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import asyncssh

from adapters.formats import profile
from gateway.app.house import open_office
from gateway.app.mailroom import host_key_path
from gateway.core.clock import Clock
from gateway.onboarding import registration
from gateway.partners.mailroom import Bestandsprofiel, SftpSleutel
from gateway.sandbox.parties import SCHULDEISERS
from gateway.sandbox.sandbox import HOST, Sandbox

PARTY = SCHULDEISERS[0]
_CONFIG = """Host postbus
  HostName {host}
  Port {port}
  User {oin}
  IdentityFile "{folder}/sleutel"
  IdentitiesOnly yes
  UserKnownHostsFile "{folder}/bekend"
  StrictHostKeyChecking yes
"""


class Postbus(NamedTuple):
    """Where the creditor's mailbox is, and what its user needs: `config` (for `sftp -F`), `sleutel` and `bekend` in `folder`."""

    folder: Path
    port: int


@contextmanager
def open_postbus(sandbox: Sandbox, clock: Clock) -> Iterator[Postbus]:
    """Register the creditor's key and its profile, and run the SFTP edge beside the gateway. Raises Unavailable."""
    folder = (sandbox.state / "postbus").resolve()
    folder.mkdir(mode=0o700)
    key = asyncssh.generate_private_key("ssh-ed25519")
    (folder / "sleutel").touch(0o600)
    key.write_private_key(folder / "sleutel")
    key.write_public_key(folder / "sleutel.pub")
    with open_office(sandbox.settings, clock) as office:
        registration.save(office, SftpSleutel(hashlib.sha256(key.public_data).digest(), PARTY.oin, "ssh-ed25519", clock.now()), _profile())
    with sandbox.beside("sftp") as (_, told):
        port = told["klaar"]["sftp"]
        server = asyncssh.read_private_key(host_key_path(sandbox.settings)).export_public_key().decode()
        (folder / "bekend").write_text(f"[{HOST}]:{port} {server}")
        (folder / "config").write_text(_CONFIG.format(host=HOST, port=port, oin=PARTY.oin, folder=folder))
        yield Postbus(folder, port)


def _profile() -> Bestandsprofiel:
    content = Path(__file__).with_name("verhuurder.toml").read_bytes()
    found = profile.load(content)
    return Bestandsprofiel(found.partner, found.naam, found.geldig_van, "*.csv", content.decode())
