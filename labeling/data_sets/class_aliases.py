"""Which visual classes a data set's own class names stand for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from models.visual_class import visual_class_name
from models.words import VisualClass
from streams.kit.errors import CityPatrolError
from streams.kit.validation import field_problems

BUILT_IN_ALIASES = Path(__file__).with_name("class_aliases.yaml")

_Entries = TypeAdapter(
    dict[str, VisualClass | Annotated[tuple[VisualClass, ...], Field(min_length=1)]]
)


class ClassAliasesError(CityPatrolError):
    """A file of class aliases cannot be used; the text names file, entry and value."""


@dataclass(frozen=True, slots=True)
class ClassAliases:
    """What data sets call the things that the catalogue knows as visual classes.

    Attributes:
        entries: A set's class name, as ``_key`` writes it, to the visual classes that it may be.
    """

    entries: Mapping[str, tuple[str, ...]]

    def visual_classes(self, class_name: str) -> tuple[str, ...]:
        """The visual classes that ``class_name`` may be; its own name where no entry has it.

        Example:
            >>> aliases = ClassAliases({"fire": ("flame",)})
            >>> aliases.visual_classes("Fire"), aliases.visual_classes("traffic light")
            (('flame',), ('traffic_light',))

        Raises:
            ClassAliasesError: No entry has it, and it has no Latin letters or digits to make a
                visual class of.
        """
        named = self.entries.get(_key(class_name))
        if named is not None:
            return named
        visual = visual_class_name(class_name)
        if not visual:
            raise ClassAliasesError(
                f"no visual class is known for the class {class_name!r}; give a file of class "
                "aliases that names one"
            )
        return (visual,)


def load_class_aliases(path: Path = BUILT_IN_ALIASES) -> ClassAliases:
    """Read a YAML file of class name to visual class, or to a list of them.

    Raises:
        ClassAliasesError: It cannot be read, or an entry is no visual class.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = _Entries.validate_python(content)
    except ValidationError as error:
        problems = "; ".join(str(problem) for problem in field_problems(error))
        raise ClassAliasesError(f"class aliases {path}: {problems}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise ClassAliasesError(f"class aliases {path} cannot be read: {reason}") from None
    return ClassAliases(
        {
            _key(name): (visual,) if isinstance(visual, str) else visual
            for name, visual in entries.items()
        }
    )


def _key(class_name: str) -> str:
    # Names in other scripts stay what they are.
    return visual_class_name(class_name) or class_name.strip().lower()
