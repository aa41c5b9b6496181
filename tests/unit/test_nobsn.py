"""No citizen's number in a body, nor in the name of a file; what only looks like one goes on."""

import pytest

from adapters.sftp.names import oddity
from gateway.api import nobsn
from gateway.core.errors import Invalid
from gateway.rules import numbers
from schemas.zaken import ZaakAanvraag

CITIZEN = "999990019"
NONE: frozenset[str] = frozenset()


def request(zaaknummer: str) -> ZaakAanvraag:
    return ZaakAanvraag(zaaknummer=zaaknummer, berichten=[])


@pytest.mark.parametrize("text", [CITIZEN, f"ZAAK-{CITIZEN}", f"x{CITIZEN}x", "ZAAK ９９９９９００１９"])
def test_number_is_found_in_any_text_and_not_repeated(text: str) -> None:
    with pytest.raises(Invalid, match="BSN_NIET_TOEGESTAAN") as error:
        nobsn.require(request(text), NONE)
    assert [found.pointer for found in error.value.errors or ()] == ["/zaaknummer"]
    assert CITIZEN not in str(error.value.errors) + error.value.detail


@pytest.mark.parametrize("text", ["999990018", f"{CITIZEN}1", f"0{CITIZEN}", "9999-90019", "023-5114489", "ZAAK-2026-0001"])
def test_other_numbers_go_on(text: str) -> None:
    nobsn.require(request(text), NONE)
    assert not numbers.bare(text)


def test_registered_format_goes_on() -> None:
    nobsn.require(request(CITIZEN), frozenset({"zaaknummer"}))
    with pytest.raises(Invalid):
        nobsn.require(request(CITIZEN), frozenset({"kenmerk"}))


def test_file_has_no_such_name() -> None:
    assert "elfproef" in (oddity(f"export-{CITIZEN}.xml") or "")
    assert oddity("export-20261122.xml") is oddity("export-999990018.xml") is None
