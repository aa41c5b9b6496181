"""The source keeps the house rules. An exemption is named here, with its reason, and goes when it is no longer needed."""

from collections.abc import Callable, Iterator

import pytest

from tests.architecture import checkers
from tests.architecture.tree import PACKAGES, modules

CHAIN = frozenset({"Parsed", "Fresh", "Lawful", "Routed", "Named", "Judged", "Sealed", "Logged"})

# rule -> {path or folder/: reason}
EXEMPT: dict[str, dict[str, str]] = {
    "file size": {"adapters/client/logcheck.py": "one file that an outsider copies, reads and runs, so it is not split"},
    "function size": {},
    "deferred import": {},
    "broad except": {
        "gateway/api/edge.py": "the renderer: whatever escapes becomes a 500 that says nothing",
        "gateway/api/listeners.py": "round the edge: the server below would write the text of an error to its log",
        "gateway/jobs/": "the job runner: one job that fails does not stop the others",
        "gateway/outlet/rounds.py": "one municipality whose round fails does not stop the others; the loop tells the kind of error",
        "gateway/console/shell.py": "the renderer of pages: whatever escapes becomes a page that says nothing",
        "gateway/console/endpoint.py": "log or deny: whatever keeps a refusal from being logged becomes a 503",
        "gateway/api/operation.py": "log or deny: whatever keeps a refusal from being logged becomes a 503",
        "gateway/signals/groupcommit.py": "the writer thread outlives any one chunk and hands the error to each waiting post",
    },
    "logging": {
        "gateway/core/events.py": "declares what may be logged",
        "gateway/app/": "the composition root sets up where log lines go",
        "gateway/jobs/": "a round that failed is told to the operator, by kind of error only",
        "gateway/mailbox/numberwatch.py": "a number field that is held is told to the operator, by partner and field only",
        "gateway/partners/source.py": "a register that cannot be read again is told to the operator, by kind of error only",
        "gateway/signals/groupcommit.py": "a group that had to be split is told to the operator, by kind of error only",
    },
    "print": {"gateway/__main__.py": "the command line talks to its user"},
}
RULES: dict[str, Callable[[str], Iterator[str]]] = {
    "file size": lambda source: checkers.too_long(source, 300),
    "function size": lambda source: checkers.long_functions(source, 60),
    "deferred import": checkers.deferred_imports,
    "relative import": checkers.relative_imports,
    "broad except": checkers.broad_excepts,
    "logging": lambda source: checkers.imports_of(source, {"logging", "structlog"}),
    "print": checkers.prints,
    "docstring": checkers.missing_docstring,
}


def is_exempt(rule: str, path: str) -> bool:
    return any(path == name or (name.endswith("/") and path.startswith(name)) for name in EXEMPT.get(rule, {}))


@pytest.mark.parametrize("rule", RULES)
def test_source_keeps_rule(rule: str) -> None:
    sources = {path: source for path, source in modules(*PACKAGES).items() if not is_exempt(rule, path)}
    wrong = {path: found for path, source in sources.items() if (found := list(RULES[rule](source)))}
    assert wrong == {}


@pytest.mark.parametrize("rule", ["function size", "relative import"])
def test_tests_keep_rule(rule: str) -> None:
    wrong = {path: found for path, source in modules("tests").items() if (found := list(RULES[rule](source)))}
    assert wrong == {}


@pytest.mark.parametrize("rule", ["file size", "function size", "deferred import"])
def test_exemption_is_still_needed(rule: str) -> None:
    sources = modules(*PACKAGES)
    assert [path for path in EXEMPT[rule] if not list(RULES[rule](sources.get(path, "")))] == []


def test_exemption_covers_a_folder_and_nothing_beside_it() -> None:
    assert is_exempt("broad except", "gateway/jobs/runner.py")
    assert not is_exempt("broad except", "gateway/jobs_else.py")
    assert not is_exempt("relative import", "gateway/api/edge.py")


@pytest.mark.parametrize("link", sorted(CHAIN))
def test_link_of_the_chain_has_one_home(link: str) -> None:
    """A second place that can build `Lawful` could skip the rules and still satisfy mypy."""
    homes = [path for path, source in modules("gateway").items() if checkers.constructions(source, frozenset({link}))]
    assert len(homes) == 1, f"{link} is built in {homes or 'no module'}"
