"""A file through the browser: it streams to the spool, is worked on as any other, and whatever is wrong leaves nothing."""

import asyncio
from collections.abc import Iterator

import pytest
from starlette.datastructures import Headers
from starlette.types import Message

from gateway.console import upload
from gateway.console.app import TABLE
from gateway.core.errors import Forbidden, Invalid, SeinhuisError, TooLarge
from tests.console import creditor
from tests.console.creditor import FILES, HOME, bring, where
from tests.console.offices import ILSE, ORIGIN, Browser, Offices
from tests.files.lines import text

OWN = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def browser(offices: Offices) -> Browser:
    return creditor.enter(offices)


def left(offices: Offices) -> tuple[int, int]:
    """How many files stand in the spool and in the table."""
    return len([path for path in offices.spool.rglob("*") if path.is_file()]), offices.count("bestand")


def test_file_is_followed_to_its_report_and_stands_in_the_log_as_the_persons(offices: Offices, browser: Browser) -> None:
    signals = offices.signals(3)
    signals[2] = {**signals[2], "signaaldatum": "2031-01-01"}
    page = where(bring(browser, text(signals)))
    waiting = browser.get(page)
    assert (waiting.headers["refresh"], "Wacht om te worden gelezen" in waiting.text) == (f"3; url={page}?vanzelf=ja", True)
    offices.filed.work()
    done = browser.get(page)
    assert ("refresh" in done.headers, "Een deel is geweigerd" in done.text) == (False, True)
    assert (signals[2]["kenmerk"] in done.text, signals[0]["kenmerk"] in done.text) == (True, False)
    assert "ligt na de dag van ontvangst" in done.text
    (brought,), (taken,) = offices.entries("bestand.aangeboden"), offices.entries("bestand.ontvangen")
    assert brought.gebruiker == offices.entries("console.aangemeld")[-1].gebruiker
    assert (brought.bestand, brought.trace_id) == (taken.bestand, taken.trace_id)
    assert {entry.trace_id for entry in offices.entries("signaal.bezorgd")} == {brought.trace_id}
    assert "lijst.xml" in browser.get(HOME).text  # it waits there: it has errors


def test_reports_are_kept_until_they_are_cleared_away_and_then_the_name_is_free(offices: Offices, browser: Browser) -> None:
    page = where(bring(browser, text(offices.signals(1))))
    offices.filed.work()
    for _ in range(2):
        report = browser.get(f"{page}/verslag?deel=csv")
        assert (report.status_code, report.headers["content-disposition"]) == (200, "attachment; filename*=UTF-8''lijst.xml.verslag.csv")
    assert browser.get(f"{page}/verslag?deel=xml").text.startswith("<?xml")
    assert browser.get(f"{page}/verslag?deel=bewijzen").status_code == 404
    taken = bring(browser, text(offices.signals(1)))
    assert (taken.status_code, "Deze naam is in gebruik" in taken.text, 'href="#bestand"' in taken.text) == (400, True, True)
    assert browser.submit(f"{page}/opruimen").headers["location"] == f"{FILES}?melding=opgeruimd"
    assert browser.get(f"{page}/verslag?deel=csv").status_code == 404
    again = where(bring(browser, text(offices.signals(1))))
    offices.filed.work()
    assert browser.get(f"{again}/verslag?deel=csv").status_code == 200
    assert "al opgehaald of opgeruimd" in browser.get(page).text  # what waits is of the later file


def test_file_refused_as_a_whole_says_why(offices: Offices, browser: Browser) -> None:
    page = where(bring(browser, b"geen json\n"))
    offices.filed.work()
    shown = browser.get(page).text
    assert ("Het hele bestand is geweigerd" in shown, "Deze regel is geen JSON-object" in shown) == (True, True)


def test_progress_is_shown_while_it_is_worked_on(offices: Offices, browser: Browser) -> None:
    page = where(bring(browser, text(offices.signals(2))))
    id = page.rpartition("/")[2]
    offices.run("UPDATE bestand SET state = 'in_verwerking', records = 2000, soort = 'signalen' WHERE id = %s", id)
    for nr, done in ((0, "now()"), (1, "NULL")):
        offices.run(
            "INSERT INTO bestand_deel (bestand, nr, na, position, size, records, done, bezorgd) "
            f"VALUES (%s, %s, false, 0, 0, 1000, {done}, 7)",
            id, nr,
        )  # fmt: skip
    shown = browser.get(page)
    assert ("1.000 van 2.000 records" in shown.text, 'max="2000" value="1000"' in shown.text, "refresh" in shown.headers) == (True,) * 3


@pytest.mark.parametrize("name", ["", ".verborgen", "a/b.xml", "999990019.csv"])
def test_name_that_cannot_be_is_an_error_at_the_field_and_leaves_nothing(offices: Offices, browser: Browser, name: str) -> None:
    answer = bring(browser, b"x", name=name) if name else browser.post(
        FILES, content=multipart([(b'name="csrf"', browser.csrf.encode()), (b'name="bestand"; filename=""', b"")]), headers={**OWN, **KIND}
    )
    assert (answer.status_code, 'href="#bestand"' in answer.text) == (400, True)
    assert left(offices) == (0, 0)
    assert len(offices.entries("verzoek.geweigerd")) == 1


def test_file_without_the_value_of_the_session_is_not_read(offices: Offices, browser: Browser) -> None:
    other = offices.browser().login(ILSE, HOME)
    assert bring(browser, b"x", csrf=other.csrf).status_code == 403
    assert bring(browser, b"x", csrf="").status_code == 403
    before = multipart([(b'name="bestand"; filename="a.xml"', b"x"), (b'name="csrf"', browser.csrf.encode())])
    assert browser.post(FILES, content=before, headers={**OWN, **KIND}).status_code == 400
    whole = multipart([(b'name="csrf"', browser.csrf.encode()), (b'name="bestand"; filename="a.xml"', b"x")])
    assert browser.post(FILES, content=whole, headers={**KIND, "Origin": "https://elders.example"}).status_code == 403
    assert browser.post(FILES, content=whole[:-6], headers={**OWN, **KIND}).status_code == 400
    twice = multipart([(b'name="csrf"', browser.csrf.encode()), *[(b'name="bestand"; filename="a.xml"', b"x")] * 2])
    assert browser.post(FILES, content=twice, headers={**OWN, **KIND}).status_code == 400
    assert left(offices) == (0, 0)
    assert browser.post(FILES, content=whole, headers={**OWN, **KIND}).status_code == 303  # the control
    assert left(offices) == (1, 1)


BOUNDARY = b"grens-7f3a"
KIND = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY.decode()}"}


def multipart(parts: list[tuple[bytes, bytes]]) -> bytes:
    """A body as a browser makes it."""
    made = b"".join(
        b"--" + BOUNDARY + b"\r\nContent-Disposition: form-data; " + head + b"\r\n\r\n" + data + b"\r\n" for head, data in parts
    )
    return made + b"--" + BOUNDARY + b"--\r\n"


class Kept:
    """`upload.Sink` in memory."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.data = b""
        self.discarded = False

    def write(self, data: bytes) -> None:
        self.data += data

    def discard(self) -> None:
        self.discarded = True


CONTENT = b"regel 1\r\n--grens-7f3\r\n--grens-7f3b\r\n\r\n\x00\xff" * 7
BODY = multipart([(b'name="csrf"', b"eigen"), ('name="bestand"; filename="maand één.csv"'.encode(), CONTENT)])


def taken(pieces: list[bytes], limit: int = 1_000, length: str = "0") -> tuple[Kept | None, SeinhuisError | None]:
    """What comes of a body in these pieces."""
    waiting: Iterator[Message] = iter(
        [{"type": "http.request", "body": piece, "more_body": nr < len(pieces) - 1} for nr, piece in enumerate(pieces)]
    )

    async def receive() -> Message:
        return next(waiting)

    taking = upload.Taking(lambda value: value == "eigen", Kept, limit)
    try:
        return asyncio.run(taking.take(receive, Headers({**KIND, "Content-Length": length}))), None
    except SeinhuisError as error:
        return taking.sink, error


@pytest.mark.parametrize("size", [1, 2, 3, 7, 11, 64, 100_000])
def test_file_is_the_same_however_the_body_is_cut(size: int) -> None:
    sink, error = taken([BODY[at : at + size] for at in range(0, len(BODY), size)])
    assert error is None
    assert sink is not None
    assert (sink.name, sink.data, sink.discarded) == ("maand één.csv", CONTENT, False)


def test_file_above_the_limit_or_broken_off_is_thrown_away() -> None:
    sink, error = taken([BODY], limit=len(CONTENT) - 1)
    assert (isinstance(error, TooLarge), sink is not None and sink.discarded) == (True, True)
    sink, error = taken([BODY[:-30]])
    assert (isinstance(error, Invalid), sink is not None and sink.discarded) == (True, True)
    sink, error = taken([BODY], length=str(10**9))
    assert (isinstance(error, TooLarge), sink) == (True, None)
    sink, error = taken([BODY.replace(b"eigen", b"ander")])
    assert (isinstance(error, Forbidden), sink) == (True, None)
    sink, error = taken([BODY.replace(b"eigen", b"e" * 1_000)])
    assert (isinstance(error, Invalid), sink) == (True, None)


def test_pages_that_take_a_body_themselves_are_few() -> None:
    assert [page.id for page in TABLE if page.takes] == [f"console POST {FILES}"]
