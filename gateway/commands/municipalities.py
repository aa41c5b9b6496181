"""`seinhuis gemeenten`: open a municipality's desk, and load the official postcode file. Leaves routing to `gateway.routing`."""

import shutil
from pathlib import Path
from typing import Any

import msgspec
import typer
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc.jwk import ECKey, RSAKey

from gateway.app.house import postcodes_path
from gateway.commands import site
from gateway.commands.dutch import Opdracht, group
from gateway.commands.values import Bestand, Cents, Gemeentecode, Naam, Sleutelnaam, Vanaf
from gateway.core.errors import Misconfigured
from gateway.onboarding import registration
from gateway.partners.register import GemeenteInstelling
from gateway.partners.sealkeys import Gemeentesleutel
from gateway.routing.municipalities import Municipalities

_SAID_BESIDE = frozenset({"kid", "use", "alg", "key_ops"})
"""Members of a JWK that the register says itself, or that would narrow what may be sealed."""
OPTIONAL_FIELDS = frozenset({"geboortedatum", "klantnummer"})
gemeenten_app = group("Gemeenten en hun loket.")


@gemeenten_app.command("open", cls=Opdracht)
def open_desk(gemeentecode: Gemeentecode, naam: Naam, vanaf: Vanaf, drempel_cent: Cents = None) -> None:
    """Open het loket van een gemeente vanaf een datum, met een sleutel die de gateway voor haar beheert."""
    if Municipalities.load().gemeente_op(gemeentecode, site.clock.now().date()) != gemeentecode:
        raise Misconfigured(f"{gemeentecode} is geen bestaande gemeente; zoek de CBS-gemeentecode op.")
    with site.office() as office:
        registration.save(office, GemeenteInstelling(gemeentecode, naam, vanaf, drempel_cent, OPTIONAL_FIELDS))
        registration.managed_key(office, gemeentecode)
    typer.echo(f"{gemeentecode} {naam}: open vanaf {vanaf}")


@gemeenten_app.command("sleutel", cls=Opdracht)
def own_key(gemeentecode: Gemeentecode, kid: Sleutelnaam, bestand: Bestand) -> None:
    """Verzegel nieuwe berichten voor een eigen publieke sleutel van de gemeente (PEM of JWK: P-256, of RSA van minstens 3072 bits)."""
    row = Gemeentesleutel(gemeentecode=gemeentecode, kid=kid, wijze="eigen", publiek=public_key(bestand))
    with site.office() as office:
        registration.save(office, row)
    typer.echo(f"{gemeentecode}: {kid}")


@gemeenten_app.command("laad", cls=Opdracht)
def load_postcodes(bestand: Bestand) -> None:
    """Neem het CBS-bestand postcode-huisnummer naar gemeente in gebruik (PC6;Huisnummer;Buurt;Wijk;Gemeente), na controle."""
    Municipalities.load().load_official(bestand)
    chosen = site.settings()
    chosen.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(bestand, postcodes_path(chosen))
    typer.echo(f"{bestand.name} staat in {postcodes_path(chosen)}; geldt na herstart van de gateway")


def public_key(path: Path) -> dict[str, Any]:
    """The JWK of a public key. Raises Misconfigured: no public key, or more than that."""
    text = path.read_bytes()
    if b"PRIVATE KEY" in text:
        raise Misconfigured(f"In {path.name} staat een geheime sleutel; geef alleen de publieke, en houd de geheime bij de gemeente.")
    try:
        if text.lstrip().startswith(b"{"):
            return {name: value for name, value in msgspec.json.decode(text, type=dict[str, Any]).items() if name not in _SAID_BESIDE}
        key = load_pem_public_key(text)
        kind = ECKey if isinstance(key, EllipticCurvePublicKey) else RSAKey
        return dict(kind.import_key(text).as_dict(private=False))
    except (ValueError, UnsupportedAlgorithm, msgspec.DecodeError):
        raise Misconfigured(f"In {path.name} staat geen publieke sleutel; geef het PEM-bestand met BEGIN PUBLIC KEY, of de JWK.") from None
