"""Uw papieren uit een map: ca.pem, certificaat.pem (met de keten), sleutel.key, adres, en bij een eigen sleutel eigen.key."""

from pathlib import Path

from adapters.client.calling import Access
from adapters.client.opening import Opener


def toegang(map: Path) -> Access:
    """Waar de gateway is en hoe u erin komt."""
    adres = (map / "adres").read_text(encoding="ascii").strip()
    return Access(adres, map / "ca.pem", map / "certificaat.pem", map / "sleutel.key")


def opener(map: Path) -> Opener:
    """Opent met uw eigen sleutel; ligt die er niet, dan met de sleutels die de gateway meegeeft."""
    eigen = map / "eigen.key"
    return Opener(eigen.read_bytes() if eigen.exists() else None)
