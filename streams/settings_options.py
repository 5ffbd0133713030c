"""Command-line options made from a settings model, so that each setting is written once."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from streams.errors import CityPatrolError

Settings = TypeVar("Settings", bound=BaseSettings)


def settings_options(model: type[Settings]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a Typer command one option per field of ``model``.

    The command's ``settings`` parameter receives the finished model. An option left out
    falls back to the environment and then to the field's default.

    Example:
        >>> from pydantic import Field
        >>> class LookSettings(BaseSettings):
        ...     interval: float = Field(1.0, gt=0, description="Seconds between looks.")
        >>> @settings_options(LookSettings)
        ... def look(settings: LookSettings) -> float:
        ...     return settings.interval
        >>> look(interval=2.5)
        2.5
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        def run(**options: Any) -> Any:
            fields = {name: options.pop(name, None) for name in model.model_fields}
            given = {name: value for name, value in fields.items() if value is not None}
            return command(settings=_build(model, given), **options)

        own = [
            parameter
            for name, parameter in inspect.signature(command).parameters.items()
            if name != "settings"
        ]
        run.__name__ = command.__name__
        run.__doc__ = command.__doc__
        run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
                for parameter in [*own, *_parameters(model)]
            ]
        )
        return run

    return decorate


def _parameters(model: type[BaseSettings]) -> list[inspect.Parameter]:
    prefix = model.model_config.get("env_prefix", "")
    parameters = []
    for name, field in model.model_fields.items():
        default = (
            ""
            if field.is_required()
            else f" [default: {field.get_default(call_default_factory=True)}]"
        )
        option = typer.Option(
            f"--{name.replace('_', '-')}",
            help=f"{field.description}{default} [env: {prefix}{name}]".replace(
                f"{prefix}{name}", f"{prefix}{name}".upper()
            ),
            show_default=False,
        )
        parameters.append(
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=None,
                annotation=Annotated[str | None, option],
            )
        )
    return parameters


def _build(model: type[Settings], given: dict[str, Any]) -> Settings:
    try:
        return model(**given)
    except ValidationError as error:
        prefix = model.model_config.get("env_prefix", "").upper()
        problems = "; ".join(
            f"--{str(problem['loc'][0]).replace('_', '-')} "
            f"({prefix}{str(problem['loc'][0]).upper()}): {problem['msg']}, "
            f"got {problem['input']!r}"
            if problem["loc"]
            else problem["msg"]
            for problem in error.errors(include_url=False)
        )
        raise CityPatrolError(problems) from None
