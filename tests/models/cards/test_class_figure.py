"""What may be claimed of a class by a model's card."""

from models.cards.class_figure import ClassFigure, class_figure
from models.cards.model_card import ModelCard, read_card
from models.cards.training_record import ClassResult, SetResult
from models.registry.shipped_weights import SHIPPED_WEIGHTS
from models.words import PictureSource, Viewpoint


def result(
    set_name: str,
    name: str,
    recall: float,
    boxes: int = 100,
    form: str = "onnx",
    source: PictureSource | None = PictureSource.UNSEEN,
):
    found = ClassResult(
        visual_class=name,
        boxes=boxes,
        ap50=0.5,
        ap50_95=0.3,
        precision=0.9,
        recall=recall,
        threshold=0.5,
        source=source,
    )
    return SetResult(
        set_name=set_name,
        split="val",
        format=form,
        precision="float32",
        pictures=10,
        map50=0.5,
        map50_95=0.3,
        classes=(found,),
        viewpoint=Viewpoint.POLE,
    )


def card(*results: SetResult) -> ModelCard:
    return ModelCard(
        name="m",
        version="1",
        classes=[{"name": name, "visual_class": name} for name in ("car", "bus")],
        preprocessing={"input_width": 64, "input_height": 64},
        artefacts=[
            {
                "format": "onnx",
                "precision": "float32",
                "files": [{"path": "model.onnx", "sha256": "0" * 64}],
            }
        ],
        results=results,
    )


def test_the_set_on_which_a_class_is_found_worst_counts():
    found = class_figure(card(result("easy", "car", 0.9), result("hard", "car", 0.1)), "car")
    assert (found.recall, found.is_enough) == (0.1, False)


def test_sets_that_a_class_was_not_learnt_from_count_before_those_that_it_was():
    own = result("own", "car", 0.95, source=PictureSource.TRAINED)
    worse = result("worse", "car", 0.6, source=PictureSource.TRAINED)
    found = class_figure(card(own, result("other", "car", 0.7), worse), "car")
    assert (found.recall, found.is_enough, found.viewpoint) == (0.7, True, Viewpoint.POLE)


def test_a_class_that_was_measured_on_its_own_sets_alone_is_not_known_to_be_found():
    for source in (PictureSource.TRAINED, None):
        found = class_figure(card(result("own", "car", 0.95, source=source)), "car")
        assert (found.recall, found.is_enough) == (0.95, False)
    few = result("other", "car", 0.9, boxes=5)
    own = result("own", "car", 0.95, source=PictureSource.TRAINED)
    assert not class_figure(card(few, own), "car").is_enough


def test_a_handful_of_boxes_neither_proves_nor_refutes():
    good, few = result("street", "car", 0.6), result("web", "car", 0.1, boxes=5)
    assert class_figure(card(few, good), "car").is_enough
    alone = class_figure(card(result("web", "car", 1.0, boxes=5)), "car")
    assert (alone.recall, alone.boxes, alone.is_enough) == (1.0, 5, False)


def test_a_class_that_is_scored_with_others_has_their_figure():
    joint = card(result("traffic", "vehicle (car, bus)", 0.6))
    assert class_figure(joint, "bus").is_enough


def test_a_form_that_no_worker_runs_counts_only_where_there_is_no_other():
    other = result("street", "car", 0.9, form="ultralytics")
    assert class_figure(card(other, result("street", "car", 0.2)), "car").recall == 0.2
    assert class_figure(card(other), "car").recall == 0.9


def test_what_was_never_measured_has_no_figure():
    assert class_figure(card(), "car") == ClassFigure(visual_class="car")


def test_the_shipped_model_claims_what_it_finds_elsewhere_and_no_more():
    shipped = read_card(SHIPPED_WEIGHTS / "street" / "2026.11" / "card.yaml")
    enough = {name for name in shipped.class_names if class_figure(shipped, name).is_enough}
    # Vehicles alone were measured on pictures that nothing was learnt from, and found well there.
    assert enough == {"car", "motorcycle", "bus", "truck"}
    assert class_figure(shipped, "garbage_bin").source is PictureSource.TRAINED
    assert class_figure(shipped, "flame").source is PictureSource.UNSEEN
