"""Style sheets from the package and the theme of this installation, under names with their hash, so that a browser may keep them for ever.

The order counts: ours first, the municipality's after it, so that its custom properties hold. Authority: NL Design System (tokens as custom
properties); RFC 9111 (immutable). A theme is one CSS file; the content security policy lets it load nothing from elsewhere.
"""

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from starlette.responses import Response
from starlette.types import ASGIApp

from gateway.core.errors import Misconfigured

BASE = "/stijl"
_OURS = files("gateway.console") / "static" / "seinhuis.css"
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


class Sheet(NamedTuple):
    """One style sheet and where it is served."""

    path: str
    content: bytes

    def app(self) -> ASGIApp:
        """What serves it."""
        return Response(self.content, headers=_FOR_EVER, media_type="text/css")


def sheets(theme: Path | None) -> list[Sheet]:
    """Ours, and the theme when there is one. Raises Misconfigured: the theme cannot be read."""
    found = [_sheet("seinhuis", _OURS.read_bytes())]
    if theme is not None:
        try:
            found.append(_sheet("thema", theme.read_bytes()))
        except OSError as error:
            raise Misconfigured(f"SEINHUIS_CONSOLE_THEME ({theme}) is niet te lezen: {error.strerror}.") from None
    return found


def _sheet(name: str, content: bytes) -> Sheet:
    return Sheet(f"{BASE}/{name}.{hashlib.sha256(content).hexdigest()[:16]}.css", content)
