"""What the console says of coverage, in the page's language."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.console.parts.translations import Texts
from models.cards.class_figure import LEAST_BOXES, ClassFigure
from models.catalogue.issue_catalogue import IssueCatalogue, Unwatched
from models.coverage.coverage import Coverage, CoverageStatus, TypeCoverage
from models.words import PictureSource


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """Turns coverage into words.

    Attributes:
        texts: The page's language.
        catalogue: Where visual classes are named.
    """

    texts: Texts
    catalogue: IssueCatalogue

    def status(self, status: CoverageStatus) -> str:
        """Return what a status is called."""
        return self.texts.word("coverage_status", status)

    def counted(self, coverage: Coverage) -> Iterator[str]:
        """Yield lines that say of which catalogue and which models the coverage is."""
        models = ", ".join(coverage.models) or self.texts.text("coverage.no_model")
        yield self.texts.text(
            f"coverage.counted_{coverage.counted}",
            version=coverage.catalogue_version,
            models=models,
            workers=str(coverage.workers),
        )
        if coverage.models_without_card:
            unknown = ", ".join(coverage.models_without_card)
            yield self.texts.text("coverage.without_card", models=unknown)

    def class_name(self, name: str) -> str:
        """Return what a visual class is called."""
        return self.texts.choose(self.catalogue.visual_classes[name].zh, name.replace("_", " "))

    def figure(self, figure: ClassFigure) -> str:
        """Return how well a class is found."""
        name = self.class_name(figure.visual_class)
        if figure.precision is None or figure.recall is None:
            return self.texts.text("coverage.not_measured", name=name)
        few = figure.boxes < LEAST_BOXES
        said = self.texts.text(
            "coverage.few_boxes" if few else "coverage.figure",
            name=name,
            recall=f"{figure.recall:.2f}",
            precision=f"{figure.precision:.2f}",
            boxes=str(figure.boxes),
        )
        if figure.source is PictureSource.UNSEEN:
            return said
        return self.texts.text("coverage.own_pictures", figure=said)

    def reasons(self, one: TypeCoverage) -> str:
        """Return what a type lacks and what has to be done for it."""
        return self.texts.text("coverage.joint").join(self._reasons(one))

    def findable(self, one: TypeCoverage) -> str:
        """Return all that a search looks through, in both languages and lower case."""
        classes = (*one.known_classes, *one.missing_classes)
        meanings = (self.catalogue.visual_classes[name] for name in classes)
        words = (
            one.code,
            one.name.zh,
            one.name.en,
            one.major_class.zh,
            one.major_class.en,
            *(
                f"{meaning.name} {meaning.name.replace('_', ' ')} {meaning.zh}"
                for meaning in meanings
            ),
        )
        return " ".join(words).lower()

    def _class_reasons(self, one: TypeCoverage) -> Iterator[str]:
        text = self.texts.text
        if one.missing_classes and one.status is not CoverageStatus.NEEDS_KNOWLEDGE:
            classes = self._listed(map(self.class_name, one.missing_classes))
            yield text(
                "coverage.lacks" if one.known_classes else "coverage.lacks_all", classes=classes
            )
        if one.weak_classes and one.unwatched is None:
            yield text("coverage.weak", classes=self._listed(map(self.figure, one.weak_classes)))
        if one.not_from_poles and one.unwatched is None:
            classes = self._listed(map(self.class_name, one.not_from_poles))
            yield text("coverage.not_from_poles", classes=classes)

    def _reasons(self, one: TypeCoverage) -> Iterator[str]:
        text, word = self.texts.text, self.texts.word
        if one.unwatched in {Unwatched.SWITCHED_OFF, Unwatched.OFF_BY_DEFAULT}:
            yield word("unwatched", one.unwatched)
        if one.knowledge:
            needed = self._listed(word("knowledge", need) for need in one.knowledge)
            yield text("coverage.knowledge", things=needed)
        elif one.unwatched is Unwatched.NEEDS_KNOWLEDGE:
            yield text("coverage.not_shown")
        yield from self._class_reasons(one)
        if one.camera_setup:
            needed = self._listed(word("setup", setup) for setup in one.camera_setup)
            yield text("coverage.setup", things=needed)
        if one.confirmed_by is not None:
            yield text("coverage.confirmed", who=word("confirmer", one.confirmed_by))
        if one.missing_model is not None:
            yield text("coverage.missing_model", model=one.missing_model)

    def _listed(self, names: Iterator[str]) -> str:
        return self.texts.text("coverage.separator").join(names)
