"""YAML whose mappings know their line, so that every problem of a lexicon is told at file:line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from console.errors import ConfigurationError
from console.netiquette.datafiles import invalid

LINE = "\0line"


class _Loader(yaml.CSafeLoader):
    """Safe; only plain numbers, `true` and `false` are more than text («no», «on», «12:30» stay words)."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+(?:\.[0-9]+)?$"), list("-+0123456789")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {LINE: node.start_mark.line + 1}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"duplicate key {key}", key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load(path: Path) -> Any:
    """The parsed content of a YAML file.

    Raises:
        ConfigurationError: `lexicon.missing` or `lexicon.invalid`, with file, line and problem.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a CSafeLoader
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        raise refusal(path, mark.line + 1 if mark else 0, str(problem.problem)) from problem
    except yaml.YAMLError as problem:
        raise refusal(path, 0, str(problem)) from problem
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigurationError(
            "lexicon.missing", file=path.name, detail=type(problem).__name__
        ) from problem


def refusal(path: Path, line: int, problem: str) -> ConfigurationError:
    """The error for something wrong in a lexicon, at file:line."""
    return invalid(path.name, problem, line, 1)
