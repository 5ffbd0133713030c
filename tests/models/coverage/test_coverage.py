from types import MappingProxyType

import pytest

from models.cards.class_figure import ClassFigure
from models.catalogue.file import BothNames, DescribedClass
from models.catalogue.issue_catalogue import IssueCatalogue, Unwatched
from models.catalogue.issue_type import Default, IssueType, Tier
from models.coverage.coverage import (
    CameraSetup,
    Coverage,
    CoverageStatus,
    TypeCoverage,
    coverage_of,
)
from models.coverage.coverage_table import figure_words, reasons
from models.coverage.known_classes import known_by_all
from models.coverage.second_models import without_second_model
from models.coverage.working_models import CountedModels, WorkingModels, expected_models
from models.model_version import ModelVersion
from models.registry.registry_access import open_registry
from models.registry.settings import RegistrySettings
from models.words import PictureSource, Viewpoint
from tests.models.registered import install

NAMES = BothNames(zh="名", en="name")
ABSENT = {"kind": "at_top", "at_least": 0, "at_most": 0}


def catalogue_with(*rules: dict, **changes) -> IssueCatalogue:
    """A catalogue of these rules, coded 90001, 90002 and so on."""
    types = {
        f"9000{number}": IssueType(
            code=f"9000{number}",
            slug=f"type_{number}",
            name_zh="类",
            name_en="type",
            department="police",
            severity="low",
            time_limit_hours=1,
            time_limit_clock="work",
            source="own",
            rule=rule,
            **changes,
        )
        for number, rule in enumerate(rules, start=1)
    }
    classes = {name for one in types.values() for name in one.rule.seen_classes}
    return IssueCatalogue(
        "7",
        MappingProxyType(types),
        major_classes=dict.fromkeys(types, NAMES),
        visual_classes={
            name: DescribedClass(name=name, zh="物", en=f"a {name}") for name in classes
        },
    )


def working(known: str, weak: str = "") -> WorkingModels:
    """A model that finds classes well, and others that were never measured."""
    good = {name: found(name, 0.5) for name in known.split()}
    unmeasured = {name: ClassFigure(visual_class=name) for name in weak.split()}
    version = ModelVersion(name="m", version="1")
    return WorkingModels(CountedModels.CHOSEN, (version,), good | unmeasured)


def found(
    name: str,
    recall: float,
    source: PictureSource = PictureSource.UNSEEN,
    viewpoint: Viewpoint = Viewpoint.POLE,
) -> ClassFigure:
    """A class that was measured on enough boxes."""
    return ClassFigure(
        visual_class=name,
        precision=0.9,
        recall=recall,
        boxes=50,
        source=source,
        viewpoint=viewpoint,
    )


def covered(*rules: dict, known: str, **changes) -> Coverage:
    return coverage_of(catalogue_with(*rules, **changes), working(known))


def only(rule: dict, known: str, **changes) -> TypeCoverage:
    (one,) = covered(rule, known=known, **changes).types
    return one


@pytest.mark.parametrize(
    ("rule", "known", "status"),
    [
        ({"classes": ["car", "bus"]}, "car bus dog", CoverageStatus.RECOGNISABLE),
        ({"classes": ["car", "bus"]}, "car", CoverageStatus.PARTLY),
        ({"classes": ["car", "bus"]}, "dog", CoverageStatus.NEEDS_CLASSES),
        ({"classes": ["car", "bus"], "match": "all"}, "car", CoverageStatus.NEEDS_CLASSES),
        (
            {"classes": ["person"], "relations": [{"classes": ["hat"], **ABSENT}]},
            "person",
            CoverageStatus.NEEDS_CLASSES,
        ),
        (
            {"classes": ["hoarding", "fence"], "watch_for": "absence", "zones": ["road"]},
            "fence",
            CoverageStatus.NEEDS_CLASSES,
        ),
        (
            {"classes": ["car"], "size": {"minimum_area_m2": 2}},
            "car",
            CoverageStatus.NEEDS_CAMERA_SETUP,
        ),
        (
            {"classes": ["car"], "size": {"minimum_area_m2": 2}},
            "",
            CoverageStatus.NEEDS_CLASSES,
        ),
        (
            {"watch_for": "camera_fault", "faults": ["dark"]},
            "",
            CoverageStatus.RECOGNISABLE,
        ),
        (
            {"classes": ["car"], "not_in_reference": True},
            "car",
            CoverageStatus.RECOGNISABLE,
        ),
        (
            {"watch_for": "change", "minimum_change": 0.3, "zones": ["road"]},
            "",
            CoverageStatus.RECOGNISABLE,
        ),
        ({"needs": ["sound"]}, "car", CoverageStatus.NEEDS_KNOWLEDGE),
    ],
)
def test_a_type_stands_as_its_rule_can_be_judged(rule, known, status):
    assert only(rule, known).status is status


def test_a_type_says_what_it_knows_and_lacks():
    one = only(
        {
            "classes": ["car", "bus"],
            "not_in_reference": True,
            "minimum_density": 2,
            "zones": ["road"],
            "confirmation": {"by": "dispatcher"},
        },
        "car",
    )
    assert one.known_classes == ("car",)
    assert one.missing_classes == ("bus",)
    assert one.camera_setup == (CameraSetup.CALIBRATION, CameraSetup.REFERENCE_PICTURE)
    assert one.confirmed_by == "dispatcher"


def test_what_is_off_or_not_seen_by_cameras_is_said_before_its_classes():
    off = only({"classes": ["car"]}, "car", default=Default.OFF)
    assert (off.status, off.unwatched) == (CoverageStatus.SWITCHED_OFF, Unwatched.OFF_BY_DEFAULT)
    unseen = only({"classes": ["car"]}, "car", tier=Tier.NOT_BY_CAMERA)
    assert unseen.status is CoverageStatus.NEEDS_KNOWLEDGE


def test_missing_classes_are_ranked_by_what_each_unlocks_alone():
    found = covered(
        {"classes": ["hole"]},
        {"classes": ["hole", "crack"]},
        {"classes": ["car", "van"]},
        {"classes": ["net", "rod"], "match": "all"},
        {"needs": ["sound"], "classes": ["siren"]},
        known="car",
    )
    ranked = [(one.name, len(one.unlocks), len(one.asked_by)) for one in found.missing_classes]
    assert ranked == [("hole", 2, 2), ("crack", 1, 1), ("net", 0, 1), ("rod", 0, 1), ("van", 0, 1)]
    assert found.missing_classes[0].meaning.en == "a hole"


def test_totals_count_every_type_once():
    found = covered({"classes": ["car"]}, {"classes": ["bus"]}, known="car")
    assert found.totals[CoverageStatus.RECOGNISABLE] == 1
    assert found.totals[CoverageStatus.NEEDS_CLASSES] == 1
    assert sum(found.totals.values()) == 2
    assert set(found.totals) == set(CoverageStatus)


def test_a_class_that_is_seldom_found_makes_its_type_recognisable_in_part():
    catalogue = catalogue_with({"classes": ["car", "bus"]}, {"classes": ["car"]})
    both, one = coverage_of(catalogue, working("car", weak="bus")).types
    assert (both.status, one.status) == (CoverageStatus.PARTLY, CoverageStatus.RECOGNISABLE)
    assert [figure.visual_class for figure in both.weak_classes] == ["bus"]
    assert list(reasons(both)) == ["not found well enough: bus not measured"]
    assert both.missing_classes == one.weak_classes == ()


def test_figure_of_a_class_stands_beside_its_type():
    figure = found("car", 0.09)
    few = found("bus", 0.7).model_copy(update={"boxes": 3})
    own = found("van", 0.7, PictureSource.TRAINED)
    assert figure_words(figure) == "car recall 0.09 at precision 0.90"
    assert figure_words(few) == "bus recall 0.70 at precision 0.90 on 3 boxes only"
    assert figure_words(own) == (
        "van recall 0.70 at precision 0.90, on pictures of sets it learnt from"
    )
    assert not any(one.is_enough for one in (figure, few, own))


def test_a_class_that_is_found_on_phone_pictures_says_that_no_pole_showed_it():
    catalogue = catalogue_with({"classes": ["car", "bus"]})
    known = {"car": found("car", 0.6), "bus": found("bus", 0.6, viewpoint=Viewpoint.HAND)}
    version = ModelVersion(name="m", version="1")
    (one,) = coverage_of(catalogue, WorkingModels(CountedModels.CHOSEN, (version,), known)).types
    assert (one.status, one.not_from_poles) == (CoverageStatus.RECOGNISABLE, ("bus",))
    assert list(reasons(one)) == ["not measured on pictures from a pole: bus"]


def test_workers_that_run_different_models_are_worth_the_worst_of_them():
    one, other = working("car").known, working("", weak="car bus").known
    known = known_by_all([one, other])
    assert set(known) == {"car", "bus"}
    assert not known["car"].is_enough
    assert known_by_all([one])["car"].is_enough


def test_without_a_live_model_the_shipped_one_counts_and_no_candidate(tmp_path):
    install(tmp_path, "street@2099")
    registry = open_registry(RegistrySettings(registry=str(tmp_path)))
    expected = expected_models(registry, [])
    assert expected.versions == (registry.shipped.versions()[0],)
    assert "garbage_pile" in expected.known
    assert expected.without_card == ()
    assert "shop_signboard recall 0.09 at precision 0.94, on pictures of sets it learnt from" in {
        figure_words(figure) for figure in expected.known.values()
    }


def test_a_live_model_that_this_registry_does_not_hold_is_named(tmp_path):
    registry = open_registry(RegistrySettings(registry=str(tmp_path)))
    absent = ModelVersion(name="street", version="1999")
    shipped = registry.shipped.versions()[0]
    expected = expected_models(registry, [absent, shipped])
    assert expected.without_card == (absent,)
    assert expected.versions == (absent, shipped)


@pytest.mark.parametrize(
    ("model", "classes", "is_missing"),
    [
        ("street", ["car", "hard_hat"], False),
        ("street@2026.11", ["car"], False),
        ("street@1999", ["car"], True),
        ("hats", ["hard_hat"], True),
        ("street", ["hard_hat"], True),
    ],
)
def test_a_second_model_that_the_registry_lacks_is_named(tmp_path, model, classes, is_missing):
    second = {"by": "second_model", "model": model, "classes": classes}
    catalogue = catalogue_with({"classes": ["car"], "confirmation": second}, {"classes": ["car"]})
    registry = open_registry(RegistrySettings(registry=str(tmp_path)))

    missing = without_second_model(catalogue, registry)
    one, other = coverage_of(catalogue, working("car"), missing).types

    assert one.status is CoverageStatus.RECOGNISABLE
    assert one.missing_model == (model if is_missing else None)
    assert any(model in reason for reason in reasons(one)) == is_missing
    assert other.missing_model is None
