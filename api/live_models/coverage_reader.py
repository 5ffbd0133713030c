"""Coverage of the catalogue by the models that are live now."""

import asyncio

from api.live_models.model_store import ModelStore
from models.catalogue.issue_catalogue import IssueCatalogue
from models.coverage.coverage import Coverage, coverage_of
from models.coverage.second_models import without_second_model
from models.coverage.working_models import working_models
from models.model_version import ModelVersion
from models.registry.shipped_weights import RegistryWithShipped


class CoverageReader:
    """Says which issue types the live models can recognise.

    Args:
        catalogue: The issue types.
        registry: Where the cards of the live models are; this node never opens the models.
        models: Which models are live.
    """

    def __init__(
        self, catalogue: IssueCatalogue, registry: RegistryWithShipped, models: ModelStore
    ) -> None:
        self._catalogue = catalogue
        self._registry = registry
        self._models = models

    async def read(self) -> Coverage:
        """How every issue type stands at this moment.

        Raises:
            RegistryError: No model is live, and the registry cannot be read.
        """
        live = [
            ModelVersion(name=model.name, version=model.version)
            for model in await self._models.live()
        ]
        return await asyncio.to_thread(self._of, live)

    def _of(self, live: list[ModelVersion]) -> Coverage:
        working = working_models(self._registry, live)
        return coverage_of(
            self._catalogue,
            working.class_names,
            map(str, working.versions),
            map(str, working.without_card),
            without_second_model(self._catalogue, self._registry),
        )
