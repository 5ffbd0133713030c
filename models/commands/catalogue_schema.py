"""Makes the JSON Schemas of the catalogue's files from the types that read them.

``python -m models.commands.catalogue_schema`` writes them anew after a type has changed; it needs
the packages of ``citypatrol[test]``.
"""

import inspect
import json
from typing import Any

import docstring_parser
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import ModelSchema

from models.catalogue.file import IssueTypesFile, OverlayFile
from models.catalogue.issue_type import IssueType
from models.commands.catalogue_commands import SCHEMAS
from models.rules.placement import ExcludedZone
from models.rules.schedule import DateSpan, HoursWindow

DIALECT = GenerateJsonSchema.schema_dialect
_HOURS = r"^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$"
_DATES = r"^[0-9]{2}-[0-9]{2}\.\.[0-9]{2}-[0-9]{2}$"


class _CatalogueSchema(GenerateJsonSchema):
    """Describes fields by their docstrings, and allows the short forms that the files have."""

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        model = schema["cls"]
        documentation = docstring_parser.parse(
            inspect.getdoc(model) or "", docstring_parser.DocstringStyle.GOOGLE
        )
        made.pop("description", None)
        made.pop("title", None)
        if documentation.short_description:
            made["description"] = documentation.short_description.replace("``", "")
        for field in documentation.params:
            if field.arg_name in made.get("properties", {}):
                text = " ".join((field.description or "").split()).replace("``", "")
                made["properties"][field.arg_name]["description"] = text
        for described in made.get("properties", {}).values():
            described.pop("title", None)
        return _with_short_form(model, made)


def _with_short_form(model: type[BaseModel], made: JsonSchemaValue) -> JsonSchemaValue:
    if model is HoursWindow:
        return _text(made, _HOURS)
    if model is DateSpan:
        return _text(made, _DATES)
    if model is ExcludedZone:
        kind = made["properties"]["kind"]
        return {"description": made["description"], "anyOf": [{"$ref": kind["$ref"]}, made]}
    return made


def _text(made: JsonSchemaValue, pattern: str) -> JsonSchemaValue:
    return {"type": "string", "pattern": pattern, "description": made["description"]}


def issue_types_schema() -> dict[str, Any]:
    """Of a file of issue types."""
    return _schema(IssueTypesFile, "CityPatrol issue types")


def overlay_schema() -> dict[str, Any]:
    """Of a city's overlay; its types may be parts of entries."""
    schema = _schema(OverlayFile, "CityPatrol overlay")
    types = IssueType.model_json_schema(
        schema_generator=_CatalogueSchema, ref_template="#/$defs/{model}"
    )
    schema.setdefault("$defs", {}).update(_parts(types.pop("$defs")))
    entry = {**types, "required": ["code"]}
    schema["$defs"]["IssueTypePart"] = _nullable(entry)
    schema["properties"]["types"]["items"] = {"$ref": "#/$defs/IssueTypePart"}
    return schema


def _parts(definitions: dict[str, Any]) -> dict[str, Any]:
    # A rule's own parts are whole when they stand in a list, which replaces ours; those that
    # are merged field by field need nothing.
    merged = {"Rule", "SizeLimits", "Placement", "Schedule", "Confirmation"}
    return {
        name: _nullable({field: value for field, value in made.items() if field != "required"})
        if name in merged
        else made
        for name, made in definitions.items()
    }


def _nullable(made: dict[str, Any]) -> dict[str, Any]:
    """Lets each field but the code be null, which takes it back to its default."""
    properties = {
        name: field
        if name == "code"
        else {
            **{key: field[key] for key in ("description", "default") if key in field},
            "anyOf": [
                {
                    key: value
                    for key, value in field.items()
                    if key not in {"description", "default"}
                },
                {"type": "null"},
            ],
        }
        for name, field in made["properties"].items()
    }
    return {**made, "properties": properties}


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    made = model.model_json_schema(schema_generator=_CatalogueSchema)
    return {"$schema": DIALECT, "title": title, **made}


def schema_text(schema: dict[str, Any]) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def write_schemas() -> None:
    """Write the schema files."""
    SCHEMAS.mkdir(exist_ok=True)
    for name, schema in (("issue_types", issue_types_schema()), ("overlay", overlay_schema())):
        path = SCHEMAS / f"{name}.schema.json"
        path.write_text(schema_text(schema), encoding="utf-8")


if __name__ == "__main__":
    write_schemas()
