"""Outlet profiles for tests, from the example in the documents."""

from tests.architecture.tree import ROOT

EXAMPLE = ROOT / "docs/voorbeelden/uitlaat/verzonnen-loket.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")
TOP = 'naam = "t"\nversie = 1\nformaat = "{}"\n'
ID = '[[kolommen]]\nnaam = "Id"\nuit = "/id"\n'


def kolom(naam: str, *rest: str) -> str:
    """A column."""
    return "\n".join(("[[kolommen]]", f'naam = "{naam}"', *rest, ""))


def profiel(*columns: str, formaat: str = "csv", form: str = "") -> bytes:
    """A profile with an id and these columns."""
    return (TOP.format(formaat) + (f"[bestand]\n{form}\n" if form else "") + ID + "".join(columns)).encode()
