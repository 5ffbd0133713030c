"""Reading the YAML of catalogue files, without YAML's traps."""

import re
from pathlib import Path
from typing import Any, ClassVar

import yaml

from models.catalogue.error import CatalogueError, CatalogueProblem

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _CatalogueLoader(_Base):  # type: ignore[misc] # of two classes that mypy cannot tell apart
    """Reads YAML 1.2's scalars, and refuses a field that stands twice.

    YAML 1.1 takes ``default: off`` for false, ``code: 06010`` for the number 3080 and ``22:00``
    for 1320; a field that stands twice counts where it stands last, without a word.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - as PyYAML calls it
        seen: set[str] = set()
        for key_node, _ in node.value:
            name = key_node.value
            if not isinstance(name, str) or name in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"field {name!r} stands twice"
                    if isinstance(name, str)
                    else "a list or mapping stands where a field's name belongs",
                    problem_mark=key_node.start_mark,
                )
            seen.add(name)
        return super().construct_mapping(node, deep)


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", ("~", "n", "")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789"),
):
    _CatalogueLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), list(_first)
    )


def read_catalogue_yaml(path: Path) -> dict[str, Any]:
    """The fields of a catalogue file.

    Raises:
        CatalogueError: It cannot be read, is no YAML, holds a field twice or no fields at all.
    """
    try:
        # The loader only makes plain values, as yaml.safe_load does.
        content = yaml.load(path.read_text(encoding="utf-8"), _CatalogueLoader)  # noqa: S506
    except OSError as error:
        raise _error(path, f"cannot be read ({error.strerror}); name a file that can be") from None
    except UnicodeDecodeError as error:
        raise _error(path, f"is no UTF-8 text: {error}; save it as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = "" if mark is None else f"line {mark.line + 1}, column {mark.column + 1}: "
        raise _error(path, f"{line}{error.problem}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise _error(path, f"is no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict):
        raise _error(path, f"holds {type(content).__name__}, needs fields such as types:")
    return content


def _error(path: Path, message: str) -> CatalogueError:
    return CatalogueError([CatalogueProblem(path, "", message)])
