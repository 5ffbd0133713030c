"""The reference of all settings, made from the models themselves."""

from collections.abc import Iterable

from annotated_types import Ge, Gt, Le, Lt
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from streams.kit.settings_options import environment_variable, value_text

_HEAD = """# Settings

Each setting can be given as an option of the command that uses it or as an environment variable;
the option wins. This page is made by `citypatrol settings > docs/settings.md`.
"""


def settings_document(models: Iterable[type[BaseSettings]]) -> str:
    """Markdown with one table per settings model: option, variable, default, bounds, meaning."""
    return "\n".join([_HEAD, *(_section(model) for model in models)])


def _section(model: type[BaseSettings]) -> str:
    meaning = (model.__doc__ or "").strip().splitlines()[0]
    lines = [
        f"## {model.__name__.removesuffix('Settings')}",
        "",
        meaning,
        "",
        "| option | environment variable | default | bounds | meaning |",
        "|---|---|---|---|---|",
        *(_row(model, name, field) for name, field in model.model_fields.items()),
        "",
    ]
    return "\n".join(lines)


def _row(model: type[BaseSettings], name: str, field: FieldInfo) -> str:
    cells = (
        f"`--{name.replace('_', '-')}`",
        f"`{environment_variable(model, name)}`",
        _default(field),
        _bounds(field),
        (field.description or "").replace("|", "\\|"),
    )
    return f"| {' | '.join(cells)} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default_factory is not None:
        return "a folder of the user's"
    if field.default is None or isinstance(field.default, SecretStr):
        return "none"
    text = value_text(field.default)
    return f"`{text}`" if text else "none"


def _bounds(field: FieldInfo) -> str:
    found = []
    for bound in field.metadata:
        match bound:
            case Ge(ge=value):
                found.append(f"≥ {value}")
            case Gt(gt=value):
                found.append(f"> {value}")
            case Le(le=value):
                found.append(f"≤ {value}")
            case Lt(lt=value):
                found.append(f"< {value}")
    return ", ".join(found)
