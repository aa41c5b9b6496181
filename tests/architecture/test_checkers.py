"""Every house rule can fail: each checker gets a snippet that breaks it and one that does not."""

from collections.abc import Callable, Iterable

import pytest

from tests.architecture import checkers as c

LAWFUL = frozenset({"Lawful"})
Check = Callable[[str], Iterable[str]]
CASES: list[tuple[str, Check, str, str]] = [
    ("file size", lambda s: c.too_long(s, 3), "a = 1\n" * 4, "a = 1\n" * 3),
    ("function size", lambda s: c.long_functions(s, 3), "def f():\n" + "    a = 1\n" * 3, "def f():\n" + "    a = 1\n" * 2),
    ("method size", lambda s: c.long_functions(s, 2), "class C:\n  async def f(self):\n    a = 1\n    b = 2\n", "class C:\n  x = 1\n"),
    ("deferred import", c.deferred_imports, "def f():\n    import os\n", "import os\ndef f(): ...\n"),
    ("deferred from-import", c.deferred_imports, "async def f():\n    if 1:\n        from os import path\n", "from os import path\n"),
    ("relative import", c.relative_imports, "from . import x\n", "from gateway import x\n"),
    ("except Exception", c.broad_excepts, "try: f()\nexcept Exception: g()\n", "try: f()\nexcept ValueError: g()\n"),
    ("except in a tuple", c.broad_excepts, "try: f()\nexcept (OSError, Exception): g()\n", "try: f()\nexcept (OSError,): g()\n"),
    ("except that translates", c.broad_excepts, "try: f()\nexcept Exception as e: raise X from e\n", "try: f()\nexcept Exception: raise\n"),
    ("bare except", c.broad_excepts, "try: f()\nexcept: g()\n", "try: f()\nexcept BaseException:\n    g()\n    raise\n"),
    ("logging", lambda s: c.imports_of(s, {"logging"}), "import logging.handlers\n", "import logic\n"),
    ("logging by from", lambda s: c.imports_of(s, {"logging"}), "from logging import getLogger\n", "from gateway.logging import x\n"),
    ("print", c.prints, "print(1)\n", "console.print(1)\n"),
    ("docstring", c.missing_docstring, "a = 1\n", '"""Says."""\na = 1\n'),
    ("docstring of an empty file", c.missing_docstring, "import os\n", ""),
    ("one home", lambda s: c.constructions(s, LAWFUL), "x = Lawful(fresh, ())\n", "def f(x: Lawful) -> Lawful: return x\n"),
    ("one home by module", lambda s: c.constructions(s, LAWFUL), "x = chain.Lawful(f, ())\n", "x = Unlawful()\n"),
    ("one home by alias", lambda s: c.constructions(s, LAWFUL), "from chain import Lawful as L\n", "from chain import Lawful\n"),
    ("registry host", c.addresses, "see https://pypi." + "org/simple\n", "see https://example.org/simple\n"),
    ("registry option", c.addresses, "--index-" + "url x\n", "--require-hashes x\n"),
    ("machine path", c.addresses, "in /wo" + "rk/main\n", "in ./wo" + "rk/x, https://h/wo" + "rk/x and /schuldeiser/v1\n"),
    ("home path", c.addresses, 'p = "/ho' + 'me/jan/x"\n', 'p = "~/home/x"\n'),
    ("error code", c.error_codes, 'raise Forbidden("ROL", "x")\n', 'raise ValueError("ROL")\n'),
    ("error code in a table", c.error_codes, 't = {"a": ("TE_LANG", 1)}\n', 't = {"SEINHUIS_PORT": "TLS_AES_128"}\n'),
    ("error code by keyword", c.error_codes, 'Bevinding(code="DREMPEL")\n', 'Bevinding(pointer="DREMPEL")\n'),
    ("error code is upper case", c.error_codes, 'Bevinding(code="DREMPEL")\n', 'Werkbak(code="algemeen")\n'),
    ("error code in an enum", c.error_codes, 'class R(Enum):\n    BEZET = (503, "x")\n', "class P(Enum):\n    HEAD = 1\n"),
    ("documented code", c.documented_codes, "| `TE_LANG` | fout |\n", "see `TE_LANG`\n"),
    ("setting", c.settings, "class S(BaseSettings):\n    port: int = 1\n", "class S(BaseModel):\n    port: int = 1\n"),
    ("setting by module", c.settings, "class S(p.BaseSettings):\n    port: int\n", "class S(p.BaseSettings):\n    model_config: X = {}\n"),
]


@pytest.mark.parametrize(("check", "bad", "good"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_rule_finds_the_bad_and_passes_the_good(check: Check, bad: str, good: str) -> None:
    assert list(check(bad))
    assert not list(check(good))


def test_rule_codes_are_found_at_any_depth() -> None:
    table = {"regel": [{"id": "VS-06", "code": "GEEN_HERINNERING"}, {"varianten": {"x": {"code": "TE_LAAT"}}}], "code": 3}
    assert c.rule_codes(table) == {"GEEN_HERINNERING", "TE_LAAT"}
