"""Coverage of the catalogue by the models that workers run."""

import asyncio
from collections.abc import Sequence

from api.contract.models import ReportedModel, RunningModels
from api.live_models.model_store import ModelStore
from api.live_models.report_store import ReportStore
from models.cards.class_figure import ClassFigure
from models.catalogue.issue_catalogue import IssueCatalogue
from models.coverage.coverage import Coverage, coverage_of
from models.coverage.known_classes import KnownClasses, known_by_all
from models.coverage.second_models import without_second_model
from models.coverage.working_models import CountedModels, WorkingModels, expected_models
from models.model_version import ModelVersion
from models.registry.shipped_weights import RegistryWithShipped


class CoverageReader:
    """Says which issue types the models that workers run can recognise.

    Workers say what they run and what that finds, so that it counts whatever registry they take it
    from. Where none does, what one would run that starts now is counted instead, by the cards in
    this node's registry.

    Args:
        catalogue: The issue types.
        registry: Where cards are; this node never opens the models.
        models: Which models are live.
        reports: What workers say they run.
    """

    def __init__(
        self,
        catalogue: IssueCatalogue,
        registry: RegistryWithShipped,
        models: ModelStore,
        reports: ReportStore,
    ) -> None:
        self._catalogue = catalogue
        self._registry = registry
        self._models = models
        self._reports = reports

    async def read(self) -> Coverage:
        """How every issue type stands at this moment.

        Raises:
            RegistryError: No worker reports, no model is live, and the shipped models cannot be
                read.
        """
        workers = await self._reports.at_work()
        if workers:
            return await asyncio.to_thread(self._of, _reported(workers))
        live = [
            ModelVersion(name=model.name, version=model.version)
            for model in await self._models.live()
        ]
        working = await asyncio.to_thread(expected_models, self._registry, live)
        return await asyncio.to_thread(self._of, working)

    def _of(self, working: WorkingModels) -> Coverage:
        missing = without_second_model(self._catalogue, self._registry)
        return coverage_of(self._catalogue, working, missing)


def _reported(workers: Sequence[RunningModels]) -> WorkingModels:
    versions = dict.fromkeys(
        ModelVersion(name=model.name, version=model.version)
        for worker in workers
        for model in worker.models
    )
    return WorkingModels(
        CountedModels.REPORTED,
        tuple(versions),
        known_by_all(_known(worker.models) for worker in workers),
        workers=len(workers),
    )


def _known(models: Sequence[ReportedModel]) -> KnownClasses:
    return {
        one.visual_class: ClassFigure(**one.model_dump())
        for model in models
        for one in model.classes
    }
