"""The files of the project, without what is built, downloaded or made at run time. Leaves judging them to the tests."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("gateway", "adapters", "schemas", "certs")
_SKIPPED = {"__pycache__", "build", "dist", "node_modules"}
_HIDDEN = {".ci", ".gitignore", ".dockerignore", ".github", ".gitlab-ci.yml"}


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in _SKIPPED or path.name.endswith(".egg-info") or (path.name.startswith(".") and path.name not in _HIDDEN):
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file():
            yield path


def modules(*folders: str) -> dict[str, str]:
    """Source by path (from the root, with forward slashes) of every Python module under `folders`."""
    paths = [path for folder in folders for path in _walk(ROOT / folder) if path.suffix == ".py"]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def texts() -> dict[str, str]:
    """Every file of the project that is UTF-8 text, by path."""
    found = {}
    for path in _walk(ROOT):
        try:
            found[path.relative_to(ROOT).as_posix()] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found
