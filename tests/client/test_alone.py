"""The client is usable by itself: it imports the wire and a few well-kept libraries, and is typed for who uses it."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = sorted(path.stem for path in (ROOT / "adapters" / "client").glob("*.py") if path.stem != "__init__")
NEEDS = {"cryptography", "joserfc", "jsonschema_rs", "msgspec", "uuid_utils"}
GUARD = """
import sys
OURS = {"adapters", "schemas", "_cffi_backend", "typing_extensions", "_openssl"} | set(sys.argv[1].split(","))
class Guard:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in OURS and top not in sys.stdlib_module_names and not top.startswith("_"):
            raise ImportError(f"reached for {name}")
        if name.startswith("adapters.") and name.split(".")[1] != "client":
            raise ImportError(f"reached for {name}")
sys.meta_path.insert(0, Guard())
for name in sys.argv[2:]:
    __import__(f"adapters.client.{name}")
"""


def imported(needs: set[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", GUARD, ",".join(sorted(needs)), *MODULES]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_the_client_imports_the_wire_and_a_few_libraries() -> None:
    done = imported(NEEDS)
    assert done.returncode == 0, done.stderr
    text = (ROOT / "docs" / "client.md").read_text(encoding="utf-8").partition("\n## ")[0]
    assert {name for name in NEEDS if f"`{name.replace('_', '-')}`" in text} == NEEDS


def test_what_is_not_on_the_list_would_be_seen() -> None:
    for name in NEEDS:
        assert f"reached for {name}" in imported(NEEDS - {name}).stderr


def test_types_come_with_the_package() -> None:
    given = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    for package, marker in (("adapters", "client/py.typed"), ("schemas", "py.typed")):
        assert (ROOT / package / marker).exists()
        assert marker in given[package]
