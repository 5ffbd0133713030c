"""The second model opener: opens models that confirm, each with one engine thread."""

from dataclasses import dataclass

from detector.inference.settings import DetectorSettings
from detector.live_models.model_opener import ModelOpener
from detector.live_models.running_model import RunningModel
from models.catalogue.issue_catalogue import IssueCatalogue
from models.registry.registry_access import open_registry
from models.registry.settings import RegistrySettings
from models.registry.version_choice import settled_version
from streams.kit.stage_costs import StageCosts


@dataclass(frozen=True, slots=True)
class SecondModelOpener:
    """Opens the models that confirm.

    Attributes:
        registry: Where they are.
        detector: Device, precision and thresholds.
        costs: Where their CPU time is booked, with that of the first models.
    """

    registry: RegistrySettings
    detector: DetectorSettings
    costs: StageCosts

    def open(self, name: str) -> RunningModel:
        """Open the version that NAME@VERSION, or NAME for the shipped one, means.

        One engine thread, which belongs to it alone: those of the first models stay theirs.

        Raises:
            CityPatrolError: It is not in the registry, is damaged or does not pass its test.
        """
        registry = open_registry(self.registry)
        installed = registry.fetch(settled_version(name, registry))
        alone = self.detector.model_copy(update={"inference_threads": 1})
        return ModelOpener(alone, self.costs).open(installed)

    def for_rules(self, catalogue: IssueCatalogue) -> "SecondModelOpener":
        """An opener whose models leave out no box of a score that a rule of the catalogue wants."""
        asked = [
            asks.minimum_score
            for issue in catalogue.types.values()
            if (asks := issue.rule.second_model) is not None and asks.minimum_score is not None
        ]
        lowest = min([self.detector.confidence, *asked])
        detector = self.detector.model_copy(update={"confidence": lowest})
        return SecondModelOpener(self.registry, detector, self.costs)
