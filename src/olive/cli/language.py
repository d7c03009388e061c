"""Languages of the command line: what it says, its help and its complaints about usage."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from olive.errors import DataError, nearest, one_of
from olive.messages import ENGLISH, Message, language, languages, speaking
from olive.native.given_numbers import LARGEST_WHOLE, finite_number, whole_number

_OPTION = "--lang"
_LANGUAGE_HELP = (
    "Language of what is said: of tables, notes, errors and help; by default that of the "
    "environment variable OLIVE_LANG, or of the locale."
)
# Typer's own words; it reads them when it prints help.
_WORDS_OF_TYPER = {
    "DEPRECATED_STRING": "(deprecated) ",
    "DEFAULT_STRING": "[default: {}]",
    "REQUIRED_LONG_STRING": "[required]",
    "ARGUMENTS_PANEL_TITLE": "Arguments",
    "OPTIONS_PANEL_TITLE": "Options",
    "COMMANDS_PANEL_TITLE": "Commands",
    "ERRORS_PANEL_TITLE": "Error",
    "RICH_HELP": "Try [blue]'{command_path} {help_option}'[/] for help.",
}
_SCREEN = "typer.rich_utils"
_SHORT_HELP, _LONG_HELP = "-h", "--help"
_HELP_OF_HELP = "Show this message and exit."
_USAGE_ERROR: type[Any] = typer.BadParameter.__bases__[0]
_COMMAND: type[Any] = TyperCommand.__bases__[0]  # of groups too


LanguageName = StrEnum("LanguageName", list(languages()))  # type: ignore[misc]


class ClosedEnds(StrEnum):
    """Ends that belong to an income bracket."""

    LOW = "low"
    HIGH = "high"
    BOTH = "both"
    NEITHER = "neither"


class ReformBase(StrEnum):
    """The law of the year, or the plan on it; what reforms are laid on."""

    LAW = "law"
    PLAN = "plan"


def asked(arguments: Sequence[str]) -> str | None:
    """Return the language that a command line asks for, wherever the option stands.

    >>> asked(["--lang", "zh", "report"]), asked(["report", "--lang=en"]), asked(["report"])
    ('zh', 'en', None)
    """
    for at, each in enumerate(arguments):
        if each == "--":
            break
        if each == _OPTION and at + 1 < len(arguments):
            return arguments[at + 1]
        if each.startswith(f"{_OPTION}="):
            return each.partition("=")[2]
    return None


class _Speaking(_COMMAND):  # type: ignore[misc]
    """What commands and groups share: help in the language of the process, and ``--lang``."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.params.append(_language_option())

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        _retell_screen()
        super().format_help(ctx, formatter)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the line of usage."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=Message("Usage:") + " ")

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Read arguments; ``-h`` is help too, though no line of it spends room on that."""
        wanted = [_LONG_HELP if each == _SHORT_HELP else each for each in args]
        try:
            return super().parse_args(ctx, wanted)
        except _USAGE_ERROR as error:
            option = getattr(error, "option_name", None)
            above = ctx.find_root()
            if above is not ctx and any(option in each.opts for each in above.command.params):
                ctx.fail(
                    Message(
                        "{option} stands before the command: {program} {option} ... {command}",
                        option,
                        above.command_path,
                        ctx.info_name,
                    )
                )
            raise


class SpeakingCommand(_Speaking, TyperCommand):
    """A command whose help is in the language of the process, and which takes ``--lang``."""


class SpeakingGroup(_Speaking, TyperGroup):
    """Commands whose help is in the language of the process, which ``--lang`` chooses."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find a command; an unknown one is refused with the nearest."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            ctx.fail(
                Message(
                    "No such command {name!r}{hint}",
                    args[0],
                    nearest(args[0], self.commands) or ".",
                )
            )
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *given: Any, **named: Any) -> Any:
        """Run a command line in the language that it asks for."""
        arguments = sys.argv[1:] if args is None else list(args)
        with speaking(asked(arguments) or language()):
            _retell(self)
            if language() == ENGLISH or not named.get("standalone_mode", True):
                return super().main(args, *given, **named)
            try:
                code = super().main(args, *given, **named | {"standalone_mode": False})
            except _USAGE_ERROR as error:
                typer.echo(_in_words(error), err=True)
                sys.exit(error.exit_code)
            sys.exit(code if isinstance(code, int) else 0)


def help_texts(command: Any) -> Iterator[str]:
    """Yield the English help of a command, of its options and of the commands below it."""
    texts = [command.help, *(getattr(each, "help", None) for each in command.params)]
    yield from map(_template, filter(None, texts))
    for each in getattr(command, "commands", {}).values():
        yield from help_texts(each)


def words_of_typer() -> tuple[str, ...]:
    """Return Typer's own words, in English."""
    return (*_WORDS_OF_TYPER.values(), _HELP_OF_HELP)


def _retell(command: Any) -> None:
    """Put help into the language of the process."""
    if _SCREEN in sys.modules:
        _retell_screen()
    _retell_command(command)


def _retell_screen() -> None:
    """Put what Typer draws into the language of the process."""
    from typer import rich_utils  # noqa: PLC0415 - loads what an answer does not need

    class Folding(rich_utils.OptionHighlighter):
        """Typer's highlighter; Chinese has no spaces, so lines are cut rather than shortened."""

        def __call__(self, text: Any) -> Any:
            found = super().__call__(text)
            found.overflow = "fold"
            return found

    rich_utils.highlighter = Folding()
    for name, template in _WORDS_OF_TYPER.items():
        setattr(rich_utils, name, str(Message(template)))


def _retell_command(command: Any) -> None:
    # The option ``--help``, which a command makes when it is first asked for it.
    helping = command.get_help_option(command.context_class(command))
    for each in (command, *command.params, helping):
        if getattr(each, "help", None):
            each.help = Message(_template(each.help))
    for each in getattr(command, "commands", {}).values():
        _retell_command(each)


def _template(text: str) -> str:
    return text.template if isinstance(text, Message) else text


@cache
def _language_option() -> Any:
    carrier = typer.Typer(add_completion=False)
    carrier.command()(_with_language)
    return typer.main.get_command(carrier).params[0]


def _with_language(
    lang: Annotated[
        LanguageName | None, typer.Option(_OPTION, help=_LANGUAGE_HELP, expose_value=False)
    ] = None,
) -> None: ...


def _in_words(error: Any) -> str:
    """Return a complaint about usage; Typer's own are in English only."""
    lines = []
    if error.ctx is not None:
        lines.append(str(error.ctx.get_usage()))
        lines.append(Message("Try '{command} --help' for help.", error.ctx.command_path))
    return "\n".join([*lines, _complaint(error)])


def _complaint(error: Any) -> str:
    parameter, kind = getattr(error, "param", None), type(error).__name__
    name = parameter.opts[-1] if parameter is not None and parameter.opts else ""
    if parameter is not None and kind == "MissingParameter":
        return Message("{name} is missing", name)
    if parameter is not None:
        return _misfit(parameter, name, error)
    if kind == "NoSuchOption":
        known = error.ctx.command.params if error.ctx is not None else ()
        hint = nearest(error.option_name, (name for each in known for name in each.opts))
        return Message("there is no option {name!r}{hint}", error.option_name, hint)
    if isinstance(error.message, Message):
        return error.message
    return Message("the command cannot be read: {said}", error.message)


def _misfit(parameter: Any, name: str, error: Any) -> str:
    """Return what the value of an option must be, as far as Typer tells its kind."""
    kind = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
    faults: list[Any] = getattr(error.__cause__, "errors", list)()
    given = faults[0]["input"] if faults else None
    if isinstance(given, str) and isinstance(kind, type):
        try:
            if issubclass(kind, StrEnum):
                one_of(name, given, [each.value for each in kind])
            elif kind is int:
                is_written = given.removeprefix("-").isdecimal()
                least, most = parameter.min or 0, parameter.max or LARGEST_WHOLE
                whole_number(name, int(given) if is_written else given, least, most)
            elif kind is float:
                finite_number(name, given)
        except DataError as fault:
            return str(fault)
    return Message("the value of {name} does not fit; see --help for what it takes", name)
