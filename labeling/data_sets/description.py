"""What a data set says of itself: data.yaml, and meta.json where it has one."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from labeling.data_sets.data_set import DataSetError
from streams.kit.validation import problems_text, repeated

SPLIT_NAMES = ("train", "val", "test")

ClassName = Annotated[str, Field(min_length=1, max_length=100)]


class SplitCounts(BaseModel):
    """How much a split should hold, by the set's own account.

    Attributes:
        images: Pictures.
        boxes: Boxes by class name; empty if it does not say.
    """

    model_config = ConfigDict(frozen=True)

    images: int
    boxes: dict[str, int] = {}


class DataSetMeta(BaseModel):
    """The content of meta.json; anything else in it is left to its readers.

    Attributes:
        source: Where the set was had from.
        licence: Terms of its pictures and labels.
        note: Known flaws.
        names: Its class names once more, or None.
        splits: What each split should hold.
        camera_pattern: Regular expression that finds the camera or clip in a picture's file name
            (its group ``camera``, else its first group, else all that it matches), or None.
        cameras: Camera or clip of a picture by its file name; wins over the pattern.
    """

    model_config = ConfigDict(frozen=True)

    source: str = ""
    licence: Annotated[str, Field(min_length=1)] = "unknown"
    note: str = ""
    names: tuple[str, ...] | None = None
    splits: dict[str, SplitCounts] = {}
    camera_pattern: re.Pattern[str] | None = None
    cameras: dict[str, str] = {}


class _DataYaml(BaseModel):
    """The content of data.yaml that matters here."""

    path: str = "."
    names: Annotated[tuple[ClassName, ...], Field(min_length=1)]
    nc: int | None = None
    train: str | list[str] | None = None
    val: str | list[str] | None = None
    test: str | list[str] | None = None

    @model_validator(mode="before")
    @classmethod
    def _knows_val_by_its_other_name(cls, content: Any) -> Any:  # noqa: ANN401 - any YAML
        if isinstance(content, dict) and "val" not in content and "validation" in content:
            return {**content, "val": content["validation"]}
        return content

    @field_validator("names", mode="before")
    @classmethod
    def _in_order(cls, names: object) -> object:
        if not isinstance(names, dict):
            return names
        if sorted(names, key=str) != sorted(range(len(names)), key=str):
            raise ValueError(f"the ids must count from 0 to {len(names) - 1}")
        return [names[index] for index in range(len(names))]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        twice = repeated(self.names)
        if twice:
            raise ValueError(f"names lists {twice} more than once")
        if self.nc is not None and self.nc != len(self.names):
            raise ValueError(f"nc is {self.nc}, but names lists {len(self.names)}")
        return self


@dataclass(frozen=True, slots=True)
class DataSetDescription:
    """Where a data set's splits lie and what it says of itself.

    Attributes:
        root: Folder that the splits' places are relative to.
        class_names: In the order of the class ids.
        places: Name of each listed split to its folders or list files, as written.
        meta: Source, licence and the like.
    """

    root: Path
    class_names: tuple[str, ...]
    places: Mapping[str, tuple[str, ...]]
    meta: DataSetMeta


def read_description(folder: Path) -> DataSetDescription:
    """Read what the set in ``folder`` says of itself.

    Raises:
        DataSetError: There is no data.yaml, or it or meta.json is wrong.
    """
    if not folder.is_dir():
        raise DataSetError(f"data set {folder} is no folder; give the folder that holds data.yaml")
    content = _read_yaml(folder / "data.yaml")
    meta = _read_meta(folder / "meta.json")
    if meta.names is not None and meta.names != content.names:
        raise DataSetError(
            f"data set {folder}: meta.json names the classes {list(meta.names)}, data.yaml "
            f"{list(content.names)}; correct the wrong one"
        )
    listed = {name: getattr(content, name) for name in SPLIT_NAMES}
    places = {
        name: (place,) if isinstance(place, str) else tuple(place)
        for name, place in listed.items()
        if place
    }
    if not places:
        raise DataSetError(f"{folder / 'data.yaml'} lists no split; it needs train, val or test")
    return DataSetDescription(folder / content.path, content.names, places, meta)


def _read_yaml(path: Path) -> _DataYaml:
    try:
        return _DataYaml.model_validate(yaml.safe_load(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        raise DataSetError(
            f"data set {path.parent} has no data.yaml; it must name the classes and the folders "
            "of train and val"
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataSetError(f"{path} cannot be read: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        raise DataSetError(f"{path}: {problems_text(error)}") from None


def _read_meta(path: Path) -> DataSetMeta:
    try:
        return DataSetMeta.model_validate(json.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        return DataSetMeta()
    except ValidationError as error:
        raise DataSetError(f"{path}: {problems_text(error)}") from None
    except (OSError, ValueError) as error:
        raise DataSetError(f"{path} cannot be read: {error}") from None
