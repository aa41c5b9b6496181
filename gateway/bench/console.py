"""`console`: how long people wait for a page, with a year of messages and their log behind it.

Messages and five entries of the log about each are put in beforehand, all of one creditor and a twentieth of them of the one municipality
whose people look (the largest has about that share of the inhabitants). Every page that a role's pages lead to is asked for, over TLS, as a
browser does; what a working day leaves (`workday`) is there to look at too. Authority: issue of this measurement;
`docs/performance.md`. Leaves what the pages show to the console.
"""

import re
import ssl
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx2

from adapters.synthetic.aanmelddienst import Persoon
from gateway.bench import history, workday
from gateway.bench.world import Failed, Result, World, percentile
from gateway.console.app import TABLE
from gateway.console.pages import Page
from gateway.sandbox.login import OPERATOR
from gateway.sandbox.parties import FUNCTIONARISSEN, GEMEENTEN, INTEGRATOR, SCHULDEISERS

SHARE = 20
TIMES = 40
TOWN = GEMEENTEN[1]
OTHERS = tuple(f"{code:04d}" for code in range(9001, 9001 + SHARE - 1))
WAITING = 2_000
PEOPLE = tuple(
    Persoon(rol, f"Meter {rol}", {"seinhuis_oin": oin, "seinhuis_gemeente": town, "seinhuis_rollen": [rol]}, amr=("geen",))
    for rol, oin, town in (
        ("toezichthouder", FUNCTIONARISSEN[0], TOWN.code),
        ("gemeente", TOWN.oin, TOWN.code),
        ("schuldeiser", SCHULDEISERS[0].oin, None),
        ("integrator", INTEGRATOR, None),
        ("beheerder", OPERATOR, None),
    )
)
SEARCHES = {"/toezicht/zoeken": ({"gebeurtenis": "bericht.geclaimd"}, {"postcode": "3511 AB", "huisnummer": "12"})}
"""Forms that only show something."""
FORMS = {"gemeente": ("/gemeente/berichten?staat=geclaimd", "/gemeente/berichten?staat=bezorgd", "/gemeente/berichten?na=900000")}
"""What the filters of a list lead to."""
_TICKET = re.compile(r'name="vraag" value="([^"]+)"')
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_LINK = re.compile(r'href="(/[^"#]*)"')


def measure(world: World, messages: int, times: int = TIMES) -> Result:
    """Milliseconds for half and for 95 of 100 visits to the slowest page, over all pages, and of the first visit. Raises Failed."""
    history.fill(world.database, messages, [TOWN.code, *OTHERS], world.clock.now(), handled=True)
    workday.work(world, TOWN)
    world.numbered()
    history.fill(world.database, WAITING, [TOWN.code], world.clock.now(), state="bezorgd", months=1)
    with _browser(world) as browser:
        _login(browser, PEOPLE[0])
        browser.get("/toezicht/bewaring")  # takes up the search index, as a running gateway has done long before
    world.database.execute("ANALYZE toezicht_regel")  # as the database has by then
    took: dict[str, list[float]] = {}
    for who in PEOPLE:
        with _browser(world) as browser:
            took.update(_visit(browser, [_login(browser, who), *_beside(world, who, times)], times))
    worst = max(took, key=lambda page: percentile(took[page][1:], 0.95))
    every = [one for times in took.values() for one in times[1:]]
    return {
        "messages": messages,
        "log_entries": world.numbered(),
        "pages": len(took),
        "visits": len(every),
        "p50_ms": round(1000 * percentile(every, 0.5), 1),
        "p95_ms": round(1000 * percentile(every, 0.95), 1),
        "slowest_page_p95_ms": round(1000 * percentile(took[worst][1:], 0.95), 1),
        "first_visit_ms": round(1000 * max(times[0] for times in took.values())),
        **{f"p95_ms {page}": round(1000 * percentile(times[1:], 0.95), 1) for page, times in sorted(took.items())},
    }


@contextmanager
def _browser(world: World) -> Iterator[httpx2.Client]:
    trust = ssl.create_default_context(cafile=str(world.sandbox.state / "pki" / "root.pem"))
    with httpx2.Client(base_url=f"https://localhost:{world.sandbox.ports.console}", verify=trust, timeout=3_600) as browser:
        yield browser


def _login(browser: httpx2.Client, who: Persoon) -> str:
    """Log in; the first page of this person. Raises Failed."""
    away = browser.get("/aanmelden").headers["location"]
    ticket = _TICKET.search(httpx2.get(away).text)
    if ticket is None:
        raise Failed("de aanmelddienst vraagt niet wie er is")
    issuer = urlsplit(away)
    back = httpx2.post(f"{issuer.scheme}://{issuer.netloc}/kies", data={"vraag": ticket[1], "wie": who.sub}).headers["location"]
    answer = browser.get(back)
    if answer.status_code != 303:
        raise Failed(f"aanmelden als {who.naam} gaf {answer.status_code}")
    return str(answer.headers["location"])


def _beside(world: World, who: Persoon, times: int) -> list[str]:
    """Addresses that a form leads to, not a link."""
    if who.sub == "schuldeiser":
        return [f"/schuldeiser/signalen/{id}" for id in workday.signals(world, SCHULDEISERS[0].oin, times)]
    return list(FORMS.get(who.sub, ()))


def _visit(browser: httpx2.Client, begin: Sequence[str], times: int) -> dict[str, list[float]]:
    """Seconds per page: follow every link from where this person begins, some of each kind, again and again."""
    found: dict[Page, list[str]] = defaultdict(list)
    waiting, seen = deque(begin), set(begin)
    took: dict[str, list[float]] = defaultdict(list)
    while waiting:
        path = waiting.popleft()
        page = _page(path)
        if page is None or len(found[page]) >= times:
            continue
        found[page].append(path)
        for text in (_timed(browser, took[page.id], page, path), *_searched(browser, took, path, times)):
            for link in _LINK.findall(text):
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)
    for page, paths in found.items():
        for nr in range(times - len(took[page.id])):
            _timed(browser, took[page.id], page, paths[nr % len(paths)])
    return took


def _searched(browser: httpx2.Client, took: dict[str, list[float]], path: str, times: int) -> Iterator[str]:
    page = next((one for one in TABLE if one.method == "POST" and one.path == path), None)
    for nr in range(times if path in SEARCHES and page else 0):
        fields = SEARCHES[path][nr % len(SEARCHES[path])]
        csrf = _CSRF.search(browser.get(path).text)
        if page is None or csrf is None:
            raise Failed(f"{path} heeft geen formulier")
        yield _timed(browser, took[page.id], page, path, {"csrf": csrf[1], **fields})


def _timed(browser: httpx2.Client, took: list[float], page: Page, path: str, form: dict[str, str] | None = None) -> str:
    begun = time.perf_counter()
    headers = {"Origin": str(browser.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"} if form else {}
    answer = browser.request(page.method, path, data=form, headers=headers)
    took.append(time.perf_counter() - begun)
    if answer.status_code >= 400:
        raise Failed(f"{page.id} gaf {answer.status_code}")
    return answer.text


def _page(path: str) -> Page | None:
    """The row of the page table that a link leads to; None for none of ours."""
    plain = urlsplit(path).path
    for page in TABLE:
        if page.method == "GET" and re.fullmatch(re.sub(r"\{[a-z]+\}", "[^/]+", page.path), plain):
            return page
    return None
