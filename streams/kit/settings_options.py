"""Command-line options made from settings models, so that each setting is written once."""

import inspect
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import typer
from pydantic import HttpUrl, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from streams.kit.errors import CityPatrolError

_KINDS: dict[object, str] = {
    bool: "<bool>",
    float: "<float>",
    int: "<int>",
    Path: "<path>",
    HttpUrl: "<url>",
}
Settings = TypeVar("Settings", bound=BaseSettings)
Command = Callable[..., object]


def environment_variable(model: type[BaseSettings], field: str) -> str:
    """Name of the environment variable that sets ``field`` of ``model``."""
    return f"{model.model_config.get('env_prefix', '')}{field}".upper()


def value_text(value: object) -> str:
    """Write a setting's value as it is given: several ones with commas between them.

    Example:
        >>> value_text(frozenset({"noise", "dark"})), value_text(0.5)
        ('dark,noise', '0.5')
    """
    match value:
        case set() | frozenset():
            return ",".join(sorted(map(value_text, value)))
        case tuple() | list():
            return ",".join(map(value_text, value))
        case Enum():
            return str(value.value)
        case _:
            return str(value)


def settings_options(*models: type[BaseSettings]) -> Callable[[Command], Command]:
    """Give a Typer command one option per field of each of ``models``.

    A parameter of the command that is annotated with one of the models receives it finished.
    An option left out falls back to the environment and then to the field's default.

    Raises:
        CityPatrolError: When the command runs and a value is missing or out of its bounds;
            names the option, the variable and the value.

    Example:
        >>> from pydantic import Field
        >>> class LookSettings(BaseSettings):
        ...     interval: float = Field(1.0, gt=0, description="Seconds between looks.")
        >>> @settings_options(LookSettings)
        ... def interval(settings: LookSettings) -> float:
        ...     return settings.interval
        >>> look(interval=2.5)
        2.5
    """

    def decorate(command: Command) -> Command:
        hints = get_type_hints(command, include_extras=True)
        receivers = {name: hint for name, hint in hints.items() if hint in models}

        def run(**options: Any) -> object:  # noqa: ANN401 - typer fills them in
            finished = {
                name: _build(
                    model,
                    {field: options.pop(field) for field in model.model_fields if field in options},
                )
                for name, model in receivers.items()
            }
            return command(**finished, **options)

        own = [
            parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[name])
            for name, parameter in inspect.signature(command).parameters.items()
            if name not in receivers
        ]
        made = [parameter for model in receivers.values() for parameter in _parameters(model)]
        run.__name__ = command.__name__
        run.__doc__ = command.__doc__
        run.__signature__ = inspect.Signature([*own, *made])  # type: ignore[attr-defined]
        return run

    return decorate


def environment_settings(model: type[Settings]) -> Settings:
    """Read settings that no option of the command sets.

    Raises:
        CityPatrolError: A value is missing or out of its bounds; names the variable and the value.
    """
    try:
        return model()
    except ValidationError as error:
        problems = error.errors(include_url=False)
        raise CityPatrolError(
            "; ".join(_problem(model, dict(found), _variable_alone) for found in problems)
        ) from None


def _parameters(model: type[BaseSettings]) -> list[inspect.Parameter]:
    return [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[str | None, _option(model, name, field)],
        )
        for name, field in model.model_fields.items()
    ]


def _option(model: type[BaseSettings], name: str, field: FieldInfo) -> Any:  # noqa: ANN401 - typer's own type
    default = (
        "required"
        if field.is_required()
        else f"default: {value_text(field.get_default(call_default_factory=True)) or 'none'}"
    )
    return typer.Option(
        f"--{name.replace('_', '-')}",
        help=f"{field.description} ({default}; environment: {environment_variable(model, name)})",
        metavar=_kind_of_value(field.annotation),
        rich_help_panel=model.__name__.removesuffix("Settings"),
        show_default=False,
    )


def _kind_of_value(annotation: object) -> str:
    """What the value of an option looks like, as typer writes it for its own.

    The option itself takes any text: the settings model reads it, and says what is wrong with it.

    Example:
        >>> _kind_of_value(int), _kind_of_value(float | None), _kind_of_value(frozenset[str])
        ('<int>', '<float>', '<str,…>')
    """
    if get_origin(annotation) is Annotated:
        return _kind_of_value(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return _kind_of_value(next(one for one in get_args(annotation) if one is not NoneType))
    if get_origin(annotation) in {tuple, list, set, frozenset}:
        return f"{_kind_of_value(get_args(annotation)[0])[:-1]},…>"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return f"<{'|'.join(str(one.value) for one in annotation)}>"
    return _KINDS.get(annotation, "<str>")


def _build(model: type[Settings], options: dict[str, Any]) -> Settings:
    try:
        return model(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        problems = error.errors(include_url=False)
        raise CityPatrolError(
            "; ".join(_problem(model, dict(found), _option_and_variable) for found in problems)
        ) from None


def _problem(
    model: type[BaseSettings],
    found: dict[str, Any],
    title: Callable[[type[BaseSettings], str], str],
) -> str:
    said = str(found["msg"]).removeprefix("Value error, ")
    if not found["loc"]:
        return said
    name = str(found["loc"][0])
    field = model.model_fields.get(name)
    secret = field is None or _is_secret(field) or found["type"] == "missing"
    got = "" if secret else f", got {found['input']!r}"
    return f"{title(model, name)}: {said}{got}"


def _option_and_variable(model: type[BaseSettings], field: str) -> str:
    return f"--{field.replace('_', '-')} ({environment_variable(model, field)})"


def _variable_alone(model: type[BaseSettings], field: str) -> str:
    return environment_variable(model, field)


def _is_secret(field: FieldInfo) -> bool:
    return SecretStr in {field.annotation, *get_args(field.annotation)}
