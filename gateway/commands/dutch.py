"""Help and complaints of the command line in Dutch: typer lays out words, this module says them.

Authority: decision 0010 (domain verbs of the command line are Dutch). Leaves what a value must look like to `values`.
"""

from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup

PROGRAM = "seinhuis"
USAGE = "Gebruik: "


class Opdracht(TyperCommand):
    """One command, explained in Dutch."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as typer has it
        """Usage, what it does, arguments and options."""
        arguments = [p for p in self.get_params(ctx) if isinstance(p, TyperArgument)]
        words = ["[OPTIES]", *(_argument(p) for p in arguments)]
        _head(self, ctx, formatter, " ".join(words))
        _section(formatter, "Argumenten", [(_argument(p), _meaning(p)) for p in arguments])
        _options(self, ctx, formatter)


class Groep(TyperGroup):
    """A group of commands, explained in Dutch."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as typer has it
        """Usage, what it is for, and its commands."""
        _head(self, ctx, formatter, "OPDRACHT …")
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        _section(formatter, "Opdrachten", [(name, c.get_short_help_str(200)) for name, c in commands if c is not None])
        _options(self, ctx, formatter)


def group(help: str) -> typer.Typer:
    """A group whose help is Dutch; add commands with `cls=Opdracht`."""
    return typer.Typer(cls=Groep, help=help, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def complaint(error: typer.TyperException) -> str:
    """One Dutch line about a command line that is not understood, with where to look; the help itself when nothing was asked."""
    if error.message.startswith(USAGE):
        return error.message
    context = getattr(error, "ctx", None)
    path = context.command_path if context else PROGRAM
    return f"{PROGRAM}: {_reason(error)} Zie `{path} --help`."


def _reason(error: typer.TyperException) -> str:
    param = getattr(error, "param", None)
    option = getattr(error, "option_name", None)
    if param is not None:
        name = _argument(param) if isinstance(param, TyperArgument) else param.opts[0]
        return f"{name}: {error.message}" if error.message else f"{name} ontbreekt."
    if option is not None:
        return f"De optie {option} bestaat hier niet, mist een waarde of krijgt er een te veel."
    return "Deze opdracht bestaat niet, of er staan te veel woorden achter."


def _head(command: Any, ctx: Any, formatter: Any, words: str) -> None:  # noqa: ANN401 - typer does not publish its base classes
    formatter.write_usage(ctx.command_path, words, USAGE)
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(command.help or "")


def _options(command: Any, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
    options = [p for p in command.get_params(ctx) if not isinstance(p, TyperArgument)]
    _section(formatter, "Opties", [(" ".join(_option(p)), _meaning(p)) for p in options])


def _section(formatter: Any, title: str, rows: list[tuple[str, str]]) -> None:  # noqa: ANN401
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)


def _argument(param: Any) -> str:  # noqa: ANN401
    name = str(param.name).upper()
    return name if param.required else f"[{name}]"


def _option(param: Any) -> Iterator[str]:  # noqa: ANN401
    yield param.opts[0]
    if not param.is_flag:
        yield str(param.name).upper()


def _meaning(param: Any) -> str:  # noqa: ANN401
    if param.name == "help":
        return "Toon deze uitleg."
    remarks = [remark for remark, holds in (("verplicht", param.required), ("mag vaker", param.multiple)) if holds]
    return (param.help or "") + (f" ({', '.join(remarks)})" if remarks and not isinstance(param, TyperArgument) else "")
