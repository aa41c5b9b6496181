"""Must show 2: a signal of `make demo` is found by the privacy officer through the console, its proof checked, within five clicks."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.people import chromium, login, shot, window
from tests.e2e.test_demo import running

pytestmark = pytest.mark.usefixtures("ports_of_the_demo")
ADDRESS = re.compile(r"^De console: (https://localhost:\d+) ", re.MULTILINE)
WHOM = re.compile(r"^Zoek daar bijvoorbeeld (.+), geboren (\S+), (\S+) (\d+): ", re.MULTILINE)


def test_signal_of_the_demo_is_found_with_its_proof_in_five_clicks(tmp_path: Path) -> None:
    with running(tmp_path) as demo, chromium() as browser:
        assert demo.stdout is not None
        said = ""
        while "Probeer in een ander venster" not in said:
            said += demo.stdout.readline()
        address, whom = ADDRESS.search(said), WHOM.search(said)
        assert address
        assert whom
        with window(browser, address[1]) as page:
            login(page, "Anne de Boer")  # two
            shot(page, "20-demo-vandaag")
            page.get_by_role("link", name="Zoeken").click()  # three
            for label, value in zip(("Achternaam", "Geboortedatum", "Postcode", "Huisnummer"), whom.groups(), strict=True):
                page.get_by_label(label).fill(value)
            page.get_by_role("button", name="Zoek").click()  # four
            page.get_by_role("row", name=re.compile("Signaal bezorgd")).first.get_by_role("link").click()  # five
            expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Signaal bezorgd"))
            expect(page.get_by_text("Zojuist nagerekend")).to_be_visible()
            shot(page, "21-demo-bewezen")
        demo.terminate()
        assert demo.wait(60) == 0
