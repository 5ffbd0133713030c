"""What workers say they run, in the database."""

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from api.contract.models import ReportedModel, RunningModels, WorkerModels
from api.database.database import Database
from api.database.reports import still_counts
from api.database.tables import worker_models

_REPORT = worker_models.c
_STILL_COUNTS = still_counts(worker_models)


class ReportStore:
    """Keeps the last report of each worker, and forgets those that are long overdue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, worker: str, report: WorkerModels, reported_by: str) -> None:
        """Keep what a worker runs; also drops the reports of workers that are gone."""
        statement = insert(worker_models).values(
            worker=worker,
            models=[model.model_dump(mode="json") for model in report.models],
            next_report_seconds=report.next_report_seconds,
            reported_by=reported_by,
        )
        new = statement.excluded
        upsert = statement.on_conflict_do_update(
            index_elements=[_REPORT.worker],
            set_={
                "models": new.models,
                "next_report_seconds": new.next_report_seconds,
                "reported_by": new.reported_by,
                "reported_at": func.now(),
            },
        )
        async with self._database.writing() as connection:
            await connection.execute(upsert)
            await connection.execute(delete(worker_models).where(~_STILL_COUNTS))

    async def at_work(self) -> list[RunningModels]:
        """The reports that are not overdue, by worker."""
        statement = select(worker_models).where(_STILL_COUNTS).order_by(_REPORT.worker)
        async with self._database.reading() as connection:
            return [
                RunningModels(
                    worker=row.worker,
                    models=tuple(ReportedModel.model_validate(model) for model in row.models),
                    next_report_seconds=row.next_report_seconds,
                    reported_at=row.reported_at,
                )
                for row in await connection.execute(statement)
            ]
