"""Which model versions are live, and how that came about, in the database.

Each change of a model is a row, and the model's newest row is how it stands. A row that made a
version live points to the one whose version a rollback returns to: a promotion to the row that
was live before it, a rollback to where the row it returned to pointed. So promotions and
rollbacks work like a stack, and rolling back twice goes two versions back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.contract.models import (
    LiveModel,
    ModelChange,
    ModelChangeKind,
    ModelFileHash,
    Promotion,
)
from api.database.database import Database
from api.database.tables import model_changes
from streams.kit.errors import CityPatrolError

# The one scope so far; canaries for some cameras would be another.
WHOLE_DISTRICT = "district"
# Number of PostgreSQL's advisory lock under which a model changes; see api.database.
_MODEL_LOCK = 4_701_002
_CHANGE = model_changes.c


class ModelChangeError(CityPatrolError):
    """A change of a model that contradicts how it stands."""


class UnknownLiveModelError(ModelChangeError):
    """The model was never promoted, or is out of service already."""


@dataclass(frozen=True, slots=True)
class Promoted:
    """What a promotion came to.

    Attributes:
        live: How the model stands now.
        is_change: False if that version was live already.
    """

    live: LiveModel
    is_change: bool


@dataclass(frozen=True, slots=True)
class _Change:
    """A change to be stored; ``version`` None takes the model out of service."""

    name: str
    kind: ModelChangeKind
    version: str | None
    files: Sequence[Mapping[str, str]]
    note: str
    changed_by: str
    change_before: int | None
    in_service_since: datetime | None


class ModelStore:
    """Reads and changes which model versions are live; changes of all nodes take turns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def live(self) -> list[LiveModel]:
        """Return the live version of each model, the model longest in service first."""
        statement = (
            select(model_changes)
            .where(
                _CHANGE.scope == WHOLE_DISTRICT, _CHANGE.is_current, _CHANGE.version.is_not(None)
            )
            .order_by(_CHANGE.in_service_since, _CHANGE.change_id)
        )
        async with self._database.reading() as connection:
            return [_live(row) for row in await connection.execute(statement)]

    async def history(self, name: str | None, maximum: int) -> list[ModelChange]:
        """Return the changes of one model or of all, newest first."""
        statement = select(model_changes).where(_CHANGE.scope == WHOLE_DISTRICT)
        if name is not None:
            statement = statement.where(_CHANGE.name == name)
        statement = statement.order_by(_CHANGE.change_id.desc()).limit(maximum)
        async with self._database.reading() as connection:
            return [_line(row) for row in await connection.execute(statement)]

    async def promote(self, name: str, promotion: Promotion, changed_by: str) -> Promoted:
        """Make a version live; one that is live already stays so, without a new change.

        Raises:
            ModelChangeError: The version was promoted before with other files.
        """
        files = [file.model_dump() for file in sorted(promotion.files, key=lambda file: file.path)]
        async with self._database.writing() as connection:
            present = await _present(connection, name)
            await _refuse_other_files(connection, name, promotion.version, files)
            if present is not None and present.version == promotion.version:
                return Promoted(_live(present), is_change=False)
            serving = present is not None and present.version is not None
            # A withdrawal is no version to return to: look through it.
            before = None
            if present is not None:
                before = present.change_id if serving else present.change_before
            change = _Change(
                name=name,
                kind=ModelChangeKind.PROMOTION,
                version=promotion.version,
                files=files,
                note=promotion.note,
                changed_by=changed_by,
                change_before=before,
                in_service_since=present.in_service_since if present and serving else None,
            )
            return Promoted(_live(await _store(connection, change)), is_change=True)

    async def roll_back(self, name: str, note: str, changed_by: str) -> LiveModel:
        """Make the version live again that was so before the present one.

        After a withdrawal that is the version that was withdrawn.

        Raises:
            UnknownLiveModelError: The model was never promoted.
            ModelChangeError: There is no version before the present one.
        """
        async with self._database.writing() as connection:
            present = await _present(connection, name)
            if present is None:
                raise UnknownLiveModelError(f"model {name!r} was never promoted")
            if present.change_before is None:
                raise ModelChangeError(
                    f"no version of model {name!r} was live before {name}@{present.version}; "
                    "promote another or take it out of service"
                )
            statement = select(model_changes).where(_CHANGE.change_id == present.change_before)
            before = (await connection.execute(statement)).one()
            change = _Change(
                name=name,
                kind=ModelChangeKind.ROLLBACK,
                version=before.version,
                files=before.files,
                note=note,
                changed_by=changed_by,
                change_before=before.change_before,
                in_service_since=present.in_service_since,
            )
            return _live(await _store(connection, change))

    async def withdraw(self, name: str, changed_by: str) -> None:
        """Take a model out of service; a rollback brings it back.

        Raises:
            UnknownLiveModelError: It is not in service.
        """
        async with self._database.writing() as connection:
            present = await _present(connection, name)
            if present is None or present.version is None:
                raise UnknownLiveModelError(f"no version of model {name!r} is live")
            change = _Change(
                name=name,
                kind=ModelChangeKind.WITHDRAWAL,
                version=None,
                files=[],
                note="",
                changed_by=changed_by,
                change_before=present.change_id,
                in_service_since=None,
            )
            await _store(connection, change)


async def _present(connection: AsyncConnection, name: str) -> Row[Any] | None:
    """How a model stands; until the transaction ends nobody else changes any model."""
    await connection.execute(text(f"SELECT pg_advisory_xact_lock({_MODEL_LOCK})"))
    statement = select(model_changes).where(
        _CHANGE.scope == WHOLE_DISTRICT, _CHANGE.name == name, _CHANGE.is_current
    )
    return (await connection.execute(statement)).one_or_none()


async def _refuse_other_files(
    connection: AsyncConnection, name: str, version: str, files: Sequence[Mapping[str, str]]
) -> None:
    statement = (
        select(_CHANGE.files)
        .where(_CHANGE.name == name, _CHANGE.version == version)
        .order_by(_CHANGE.change_id.desc())
        .limit(1)
    )
    earlier = (await connection.execute(statement)).scalar_one_or_none()
    if earlier is not None and earlier != files:
        raise ModelChangeError(
            f"{name}@{version} was promoted before with other files; a version never changes: "
            "give the new files a new version"
        )


async def _store(connection: AsyncConnection, change: _Change) -> Row[Any]:
    await connection.execute(
        update(model_changes)
        .where(_CHANGE.scope == WHOLE_DISTRICT, _CHANGE.name == change.name, _CHANGE.is_current)
        .values(is_current=False)
    )
    since: object = change.in_service_since
    if since is None and change.version is not None:
        since = func.now()
    values = {
        "scope": WHOLE_DISTRICT,
        "name": change.name,
        "kind": change.kind.value,
        "version": change.version,
        "files": list(change.files),
        "note": change.note,
        "changed_by": change.changed_by,
        "change_before": change.change_before,
        "in_service_since": since,
        "is_current": True,
    }
    statement = insert(model_changes).values(values).returning(model_changes)
    stored: Row[Any] = (await connection.execute(statement)).one()
    return stored


def _live(row: Row[Any]) -> LiveModel:
    return LiveModel(
        name=row.name,
        version=row.version,
        files=tuple(ModelFileHash.model_validate(file) for file in row.files),
        promoted_at=row.changed_at,
        promoted_by=row.changed_by,
        in_service_since=row.in_service_since,
        note=row.note,
    )


def _line(row: Row[Any]) -> ModelChange:
    return ModelChange(
        name=row.name,
        kind=ModelChangeKind(row.kind),
        version=row.version,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        is_current=row.is_current,
        note=row.note,
    )
