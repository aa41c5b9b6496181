"""A running gateway with a console, its login service, and Debian's Chromium: what every test with a browser needs.

Screenshots go to `build/schermen`, to be looked at.
"""

import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from adapters.synthetic.aanmelddienst import Aanmelddienst, Persoon
from gateway.sandbox.sandbox import Sandbox
from tests.architecture.tree import ROOT
from tests.gateways import running
from tests.tools import need

SHOTS = ROOT / "build" / "schermen"
SERIOUS = {"serious", "critical"}
TITLE = "h1"


class People(NamedTuple):
    """A gateway, and where its console is."""

    gateway: Sandbox
    address: str


def free_port() -> int:
    """A port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def people(folder: Path, *personen: Persoon) -> Iterator[People]:
    """A gateway whose console these can log in to."""
    port = free_port()
    address = f"https://localhost:{port}"
    secret = folder / "geheim"
    secret.touch(0o600)
    secret.write_text(secrets.token_urlsafe(32))
    with Aanmelddienst(personen, "seinhuis", f"{address}/aanmelden/terug", client_secret=secret.read_text()) as service:
        settings: dict[str, Any] = {
            "SEINHUIS_CONSOLE_PORT": str(port),
            "SEINHUIS_OIDC_ISSUER": service.issuer,
            "SEINHUIS_OIDC_CLIENT_SECRET": str(secret),
        }
        with running(folder, staffed=True, **settings) as gateway:
            assert gateway.ports.console == port
            yield People(gateway, address)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser, without a window. Its own sandbox is off, because CI runs as root."""
    path = need("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def window(browser: Browser, address: str, *, scripts: bool = True, width: int = 1280) -> Iterator[Page]:
    """A page with cookies of its own, at the console."""
    context = browser.new_context(
        base_url=address, ignore_https_errors=True, java_script_enabled=scripts, locale="nl-NL", viewport={"width": width, "height": 900}
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def login(page: Page, naam: str) -> None:
    """By mouse, from the first page to the one of the role: two clicks."""
    page.goto("/")
    page.get_by_role("link", name="Aanmelden").click()
    page.get_by_role("button", name=naam).click()


def shot(page: Page, name: str) -> None:
    """Keep what it looks like."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def barriers(page: Page) -> list[str]:
    """What axe-core finds that keeps people out: serious and critical."""
    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {one['id']} ({one['impact']}): {one['nodes'][0]['html']}" for one in found if one["impact"] in SERIOUS]


def tab_to(page: Page, name: str | re.Pattern[str], most: int = 80) -> None:
    """Press Tab until what has focus is called so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate("e => (e.labels?.[0] ?? e).innerText.trim()", page.evaluate_handle("document.activeElement"))
        if name == found if isinstance(name, str) else name.match(found):
            return
    raise AssertionError(f"{name} is not reached by Tab")
