"""The command line: domain verbs in Dutch, one function a command; every decision is made elsewhere.

`main` makes sure of the TLS suites first, because that may start the program once more. What an operator did wrong is said in
one line without a stack (exit 2).
"""

import json
import shutil
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from rich.console import Console

from certs.dev import DevPki
from gateway.api import openapi
from gateway.api.revocation import subject_oin
from gateway.api.tls import ensure_openssl_config
from gateway.app import ddas, doelen, oplog, regels
from gateway.app.audit import open_audit
from gateway.app.house import kek_path, open_office, postcodes_path
from gateway.app.serve import serve
from gateway.app.settings import Settings
from gateway.bench import bench
from gateway.core.clock import SystemClock
from gateway.core.errors import Misconfigured, SeinhuisError
from gateway.demo import demo
from gateway.keys.kek import create_kek
from gateway.onboarding import registration
from gateway.partners.register import Certificaat, Deelnemer, GemeenteInstelling, Mandaat, Overeenkomst
from gateway.routing.municipalities import Municipalities

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="Seinhuis: uitwisseling tussen schuldeisers en gemeenten.")
certs_app = typer.Typer(no_args_is_help=True, help="Certificaten.")
sleutels_app = typer.Typer(no_args_is_help=True, help="Sleutels.")
deelnemer_app = typer.Typer(no_args_is_help=True, help="Deelnemers, certificaten, mandaten en overeenkomsten.")
gemeente_app = typer.Typer(no_args_is_help=True, help="Gemeenten en hun loket.")
log_app = typer.Typer(no_args_is_help=True, help="De verwerkingslog.")
for name, part in (
    ("certs", certs_app),
    ("sleutels", sleutels_app),
    ("deelnemer", deelnemer_app),
    ("gemeenten", gemeente_app),
    ("log", log_app),
    ("regels", regels.app),
    ("ddas", ddas.app),
    ("doelen", doelen.app),
):
    app.add_typer(part, name=name)
console = Console()
clock = SystemClock()


@app.command("serve")
def serve_command() -> None:
    """Start beide loketten en de binnenpoort; stopt netjes op SIGTERM of SIGINT."""
    settings = Settings()
    serve(settings, clock, ready=lambda ports: print(json.dumps({"klaar": dict(ports)}), flush=True))


@app.command("openapi")
def openapi_command(map: Annotated[Path, typer.Argument(help="Map voor de documenten")] = Path("openapi")) -> None:
    """Schrijf de OpenAPI-documenten."""
    openapi.write(map)


@app.command("demo")
def demo_command(once: Annotated[bool, typer.Option("--once", help="Stop na de controle")] = False) -> None:
    """Laat alles zien: een verzonnen maand van drie schuldeisers naar drie gemeenten, in een eigen map (wordt elke keer nieuw)."""
    if not demo.run(Settings().state / "demo", clock, console, once=once):
        raise typer.Exit(1)


@app.command("bench")
def bench_command(
    only: Annotated[bench.Name | None, typer.Option(help="Alleen deze meting")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Een JSON-object per meting, in plaats van een tabel")] = False,
) -> None:
    """Meet een eigen gateway: aanleveringen naast kale COPY, losse signalen, claims, en de controle van de log."""
    results = bench.run(bench.Size(), clock, [only] if only else list(bench.Name))
    if as_json:
        print(json.dumps(results))
    else:
        bench.show(results, console)


@log_app.command("verify")
def log_verify(
    controlepunt: Annotated[list[Path] | None, typer.Option(help="Een controlepunt dat u eerder bewaarde; mag vaker")] = None,
) -> None:
    """Controleer de hele log: elk blad, elk nummer, elk controlepunt. Eindigt met 1 als er iets niet klopt."""
    with open_audit(Settings(), clock) as audit:
        report = audit.verify(path.read_text() for path in controlepunt or [])
    for finding in report.findings:
        console.print(finding, markup=False)
    console.print(f"log: {'klopt' if report.ok else 'KLOPT NIET'} ({report.leaves} regels, {report.checkpoints} controlepunten)")
    if not report.ok:
        raise typer.Exit(1)


@certs_app.command("dev")
def certs_dev(
    oin: Annotated[list[str] | None, typer.Option(help="OIN=naam van een partij; mag vaker")] = None,
) -> None:
    """Maak een PKI voor ontwikkeling (root, intermediate, server, CRL) en een certificaat per partij."""
    folder = Settings().state / "pki"
    pki = DevPki.load(folder, clock) if (folder / "root.pem").exists() else DevPki.create(folder, clock)
    if not (folder / "localhost.pem").exists():
        pki.server("localhost")
    pki.write_crl(timedelta(days=7))
    if not (folder / f"{Settings().operator}-signing.pem").exists():
        pki.signing(Settings().operator, "Seinhuis", rsa_key=True)
    for party in oin or []:
        number, _, naam = party.partition("=")
        issued = pki.partner(number, naam or number)
        pki.signing(number, naam or number)
        console.print(f"{number}: {issued.cert_path} {issued.key_path}")


@sleutels_app.command("maak")
def sleutels_maak() -> None:
    """Maak de hoofdsleutel van deze installatie; overschrijft nooit een bestaande."""
    path = kek_path(Settings())
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    console.print(f"hoofdsleutel {create_kek(path).id} in {path}")


@deelnemer_app.command("registreer")
def deelnemer_registreer(
    oin: str,
    naam: str,
    rol: Annotated[list[str], typer.Option(help="schuldeiser, signaalpartner, gemeente, …; mag vaker")],
    sector: Annotated[list[str] | None, typer.Option(help="mag vaker")] = None,
    handelsnaam: Annotated[list[str] | None, typer.Option(help="mag vaker; standaard de naam")] = None,
    gemeentecode: str | None = None,
    nummerformaat: Annotated[list[str] | None, typer.Option(help="klantnummer, contractkenmerk of kenmerk; mag vaker")] = None,
) -> None:
    """Schrijf een deelnemer in (of wijzig hem), met status actief."""
    row = Deelnemer(
        oin=oin,
        naam=naam,
        rollen=frozenset(rol),
        status="actief",
        sectoren=frozenset(sector or []),
        handelsnamen=frozenset(handelsnaam or [naam]),
        gemeentecode=gemeentecode,
        nummerformaten=frozenset(nummerformaat or []),
    )
    with open_office(Settings(), clock) as office:
        registration.save(office, row)


@deelnemer_app.command("status")
def deelnemer_status(oin: str, status: str) -> None:
    """Zet een deelnemer op actief, opgeschort of beeindigd; werkt binnen 5 seconden."""
    with open_office(Settings(), clock) as office:
        registration.set_status(office, oin, status)


@deelnemer_app.command("certificaat")
def deelnemer_certificaat(oin: str, bestand: Path) -> None:
    """Registreer een clientcertificaat (PEM); het OIN erin moet dat van de deelnemer zijn."""
    certificate = _certificate(oin, bestand)
    with open_office(Settings(), clock) as office:
        registration.save(office, certificate)
    console.print(certificate.vingerafdruk.hex())


@deelnemer_app.command("trek-certificaat-in")
def deelnemer_trek_in(vingerafdruk: str) -> None:
    """Trek een certificaat in (SHA-256, hexadecimaal); werkt binnen 5 seconden."""
    with open_office(Settings(), clock) as office:
        registration.revoke_certificate(office, bytes.fromhex(vingerafdruk))


@deelnemer_app.command("mandaat")
def deelnemer_mandaat(gemachtigde: str, principaal: str, rol: str, vanaf: str, tot: str | None = None) -> None:
    """Leg vast dat een partij namens een andere handelt, in één rol, met datums (JJJJ-MM-DD)."""
    row = Mandaat(gemachtigde, principaal, rol, date.fromisoformat(vanaf), date.fromisoformat(tot) if tot else None)
    with open_office(Settings(), clock) as office:
        registration.save(office, row)


@deelnemer_app.command("overeenkomst")
def deelnemer_overeenkomst(schuldeiser: str, gemeentecode: str, sector: str, vanaf: str, tot: str | None = None) -> None:
    """Leg een overeenkomst met een gemeente vast, met datums (JJJJ-MM-DD)."""
    row = Overeenkomst(schuldeiser, gemeentecode, sector, date.fromisoformat(vanaf), date.fromisoformat(tot) if tot else None)
    with open_office(Settings(), clock) as office:
        registration.save(office, row)


@gemeente_app.command("open")
def gemeente_open(gemeentecode: str, naam: str, vanaf: str, drempel_cent: int | None = None) -> None:
    """Open het loket van een gemeente vanaf een datum, met een beheerde sleutel."""
    row = GemeenteInstelling(gemeentecode, naam, date.fromisoformat(vanaf), drempel_cent, frozenset({"geboortedatum", "klantnummer"}))
    with open_office(Settings(), clock) as office:
        registration.save(office, row)
        registration.managed_key(office, gemeentecode)


@gemeente_app.command("laad")
def gemeenten_laad(bestand: Path) -> None:
    """Neem het CBS-bestand postcode-huisnummer naar gemeente in gebruik (PC6;Huisnummer;Buurt;Wijk;Gemeente), na controle."""
    Municipalities.load().load_official(bestand)
    settings = Settings()
    settings.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(bestand, postcodes_path(settings))
    console.print(f"{bestand.name} staat in {postcodes_path(settings)}; geldt na herstart van de gateway")


def _certificate(oin: str, path: Path) -> Certificaat:
    found = x509.load_pem_x509_certificates(path.read_bytes())[0]
    der = found.public_bytes(Encoding.DER)
    if subject_oin(der) != oin:
        raise Misconfigured(f"Het OIN in {path.name} is niet {oin}.")
    return Certificaat(found.fingerprint(SHA256()), oin, found.not_valid_before_utc, found.not_valid_after_utc)


def main() -> None:
    """Run one command. Exit 2 when the operator has something to mend, with one line that says what."""
    ensure_openssl_config()
    oplog.configure()
    try:
        app()
    except Misconfigured as error:
        sys.exit(f"seinhuis: {error}")
    except SeinhuisError as error:
        sys.exit(f"seinhuis: {error.detail} ({error.code})")


if __name__ == "__main__":
    main()
