"""The command line's grammar, in French."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from console.catalogue import Catalogue
from console.errors import UsageError
from console.hub import grammar as hub_grammar


class _Help(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """Argparse's own heading is English and not to be set elsewhere."""
        super().add_usage(usage, actions, groups, _label("usage") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that speaks French and raises `UsageError("usage")` where argparse would exit."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, formatter_class=_Help, allow_abbrev=False, **options)
        self._positionals.title = _label("positionals")
        self._optionals.title = _label("options")
        self.add_argument("-h", "--help", action="help", help=_label("help"))

    def error(self, message: str) -> NoReturn:
        """`message` is argparse's English; the person gets the command's own grammar in its place."""
        grammar = " ".join(self.format_usage().removeprefix(_label("usage")).split())
        raise UsageError("usage", grammar=grammar)


def _label(name: str) -> str:
    return Catalogue.load().label("cli", name)


def build(version: str) -> Parser:
    """The whole grammar. Without a command the window opens."""
    parser = Parser(prog="vigie", description=_label("description"))
    parser.add_argument("--version", action="version", version=f"Vigie {version}", help=_label("version"))
    parser.add_argument("--home", type=Path, metavar=_label("folder"), help=_label("home"))
    parser.add_argument("--exemple", dest="sample", action="store_true", help=_label("sample"))
    parser.add_argument(
        "--import", dest="import_file", type=Path, metavar=_label("file"), help=_label("import")
    )
    parser.add_argument("--self-test", action="store_true", help=_label("self_test"))
    parser.add_argument(
        "--picture", type=Path, default=Path("vigie.png"), metavar=_label("file"), help=_label("picture")
    )
    _add_plain(parser, default=False)
    commands = parser.add_subparsers(
        dest="command", title=_label("commands"), metavar=_label("command"), parser_class=Parser
    )
    verdict = commands.add_parser("verdict", help=_label("verdict"), description=_label("verdict_long"))
    verdict.add_argument("input", metavar=_label("input"), help=_label("verdict_input"))
    verdict.add_argument("-o", "--output", default="-", metavar=_label("file"), help=_label("verdict_output"))
    take_in = commands.add_parser("import", help=_label("import_command"), description=_label("import_long"))
    take_in.add_argument("file", type=Path, metavar=_label("file"), help=_label("import_file"))
    take_in.add_argument("--mapping", metavar=_label("name"), help=_label("import_mapping"))
    _add_plain(take_in, default=argparse.SUPPRESS)
    journal = commands.add_parser("journal", help=_label("journal"), description=_label("journal_long"))
    tasks = journal.add_subparsers(
        dest="task", required=True, title=_label("commands"), metavar=_label("command"), parser_class=Parser
    )
    tasks.add_parser("verify", help=_label("journal_verify"), description=_label("journal_verify"))
    hub_grammar.add_to(commands, Parser)
    _add_desk(commands)
    _add_evaluate(commands)
    _add_collect(commands)
    _add_learn(commands)
    _add_train(commands)
    _add_demo(commands)
    return parser


def _add_plain(parser: Parser, default: object) -> None:
    """Before the command or after it; the one after, when absent, must not undo the one before."""
    parser.add_argument(
        "--sans-chiffrement", dest="plain", action="store_true", default=default, help=_label("plain")
    )


def _add_desk(commands: Any) -> None:
    desk = commands.add_parser("desk", help=_label("desk"), description=_label("desk_long"))
    tasks = desk.add_subparsers(
        dest="task", required=True, title=_label("commands"), metavar=_label("command"), parser_class=Parser
    )
    for name in ("status", "encrypt", "recover"):
        said = _label(f"desk_{name}")
        task = tasks.add_parser(name, help=said, description=said)
    task.add_argument("--code", metavar=_label("code"), help=_label("desk_code"))


def _add_demo(commands: Any) -> None:
    demo = commands.add_parser("demo", help=_label("demo"), description=_label("demo_long"))
    # Before the command or after it; the one after, when absent, must not undo the one before.
    demo.add_argument(
        "--home", type=Path, default=argparse.SUPPRESS, metavar=_label("folder"), help=_label("demo_home")
    )
    demo.add_argument("--platforms", action="store_true", help=_label("demo_platforms_only"))


def _add_evaluate(commands: Any) -> None:
    evaluate = commands.add_parser("evaluate", help=_label("evaluate"), description=_label("evaluate_long"))
    evaluate.add_argument("gold", type=Path, metavar=_label("file"), help=_label("evaluate_gold"))
    evaluate.add_argument("--errors", type=int, default=0, metavar="N", help=_label("evaluate_errors"))


def _add_collect(commands: Any) -> None:
    collect = commands.add_parser("collect", help=_label("collect"), description=_label("collect_long"))
    collect.add_argument("--watch", action="store_true", help=_label("collect_watch"))
    collect.add_argument(
        "--home", type=Path, default=argparse.SUPPRESS, metavar=_label("folder"), help=_label("home")
    )
    collect.add_argument("--seconds", type=_positive, metavar="N", help=_label("collect_seconds"))
    _add_plain(collect, default=argparse.SUPPRESS)


def _add_learn(commands: Any) -> None:
    learn = commands.add_parser("learn", help=_label("learn"), description=_label("learn_long"))
    task = learn.add_mutually_exclusive_group()
    task.add_argument("--propose", action="store_true", help=_label("learn_propose"))
    task.add_argument("--accept", metavar=_label("learn_version"), help=_label("learn_accept"))
    task.add_argument("--rollback", action="store_true", help=_label("learn_rollback"))
    task.add_argument("--list", action="store_true", help=_label("learn_list"))
    _add_plain(learn, default=argparse.SUPPRESS)


def _add_train(commands: Any) -> None:
    train = commands.add_parser("train", help=_label("train"), description=_label("train_long"))
    train.add_argument("--folder", type=Path, metavar=_label("folder"), help=_label("train_folder"))
    train.add_argument("--public", type=Path, metavar=_label("folder"), help=_label("train_public"))
    train.add_argument("-o", "--output", type=Path, metavar=_label("folder"), help=_label("train_output"))


def _positive(text: str) -> float:
    number = float(text)
    if not 5 <= number <= 86_400:
        raise ValueError(text)
    return number


def parse(arguments: Sequence[str] | None, version: str) -> argparse.Namespace:
    """The parsed command. Raises `UsageError`; `--help` and `--version` exit 0 as usual."""
    return build(version).parse_args(arguments)
