"""Commands that show what the registry holds."""

import json
from typing import Annotated

import typer
import yaml
from rich.console import Console
from rich.table import Table

from models.cards.card_tables import print_card
from models.cards.model_card import ModelCard
from models.registry.model_state import ModelState, state_of
from models.registry.registry_access import open_registry
from models.registry.settings import RegistrySettings
from models.registry.version_choice import named_version
from streams.kit.errors import CityPatrolError
from streams.kit.settings_options import settings_options


@settings_options(RegistrySettings)
def list_models(
    settings: RegistrySettings,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the model versions, those that came with CityPatrol too, and what is damaged."""
    registry = open_registry(settings)
    content = registry.content()
    states = [state_of(card, registry) for card in content.cards]
    if as_json:
        listed = [_as_json(state) for state in states]
        faults = [{"place": fault.place, "problem": fault.problem} for fault in content.faults]
        typer.echo(json.dumps({"versions": listed, "faults": faults}, ensure_ascii=False))
        return
    if not states and not content.faults:
        typer.echo(f"no model is installed in {registry.address}")
        return
    table = Table("name", "version", "classes", "input", "created", "parent", box=None)
    table.add_column("state", overflow="fold", ratio=1)
    for state in states:
        table.add_row(*_row(state.card), str(state), style="red" if state.problem else None)
    Console().print(table)
    for fault in content.faults:
        typer.secho(f"{fault.place}: {fault.problem}", fg=typer.colors.RED, err=True)


def _row(card: ModelCard) -> tuple[str, ...]:
    size = f"{card.preprocessing.input_width} x {card.preprocessing.input_height}"
    created = f"{card.created_at:%Y-%m-%d %H:%M}" if card.created_at else ""
    parent = str(card.parent) if card.parent else ""
    return (card.name, card.version, str(len(card.classes)), size, created, parent)


def _as_json(state: ModelState) -> dict[str, object]:
    card = state.card
    return {
        "name": card.name,
        "version": card.version,
        "classes": list(card.class_names),
        "created_at": card.created_at.isoformat() if card.created_at else None,
        "parent": str(card.parent) if card.parent else None,
        "shipped": state.shipped,
        "problem": state.problem,
    }


@settings_options(RegistrySettings)
def show_model(
    settings: RegistrySettings,
    name: Annotated[str, typer.Argument(help="NAME@VERSION, or NAME for its newest version.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the card as JSON.")] = False,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Print the card as YAML.")] = False,
) -> None:
    """Show the card of a model version: what it knows, where it comes from, how good it is."""
    registry = open_registry(settings)
    card = registry.card(named_version(name, registry))
    if as_json and as_yaml:
        raise CityPatrolError("--json and --yaml: give one of them")
    content = card.model_dump(mode="json")
    if as_json:
        typer.echo(json.dumps(content, ensure_ascii=False))
    elif as_yaml:
        typer.echo(
            yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100), nl=False
        )
    else:
        print_card(card, Console())
