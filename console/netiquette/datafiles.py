"""Reading the engine's YAML data files, strictly: no duplicate keys, words stay words («no», «on», «12:30»).

Source of the traps: YAML 1.1 reads `no` as false and `12:30` as 750 (sexagesimal); PyYAML overwrites
duplicate keys without a word.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from console.errors import ConfigurationError


class _Loader(yaml.CSafeLoader):
    """Safe, with only plain numbers resolved; every other scalar is text."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+(?:\.[0-9]+)?$"), list("-+0123456789")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.constructor.ConstructorError(None, None, f"duplicate key {key.value}", key.start_mark)
        seen.add(key.value)
    return dict(loader.construct_pairs(node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_lexicon(path: Path) -> dict[str, Any]:
    """The mapping in `path` (UTF-8 YAML).

    Raises `ConfigurationError` `lexicon.missing` or `lexicon.invalid` with file, line and column.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError("lexicon.missing", file=path.name, detail=type(error).__name__) from error
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - _Loader is a CSafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise invalid(path.name, f"{error.problem}", line, column) from error
    except yaml.YAMLError as error:
        raise invalid(path.name, type(error).__name__) from error
    if not isinstance(content, dict):
        raise invalid(path.name, "mapping expected", 1, 1)
    return content


def invalid(file: str, detail: str, line: int = 0, column: int = 0) -> ConfigurationError:
    """The error of a data file that says something it may not."""
    return ConfigurationError("lexicon.invalid", file=file, line=line, column=column, detail=detail)
