"""What may be claimed of a class by a model's card."""

from models.cards.class_figure import ClassFigure, class_figure
from models.cards.model_card import ModelCard, read_card
from models.cards.training_record import ClassResult, SetResult
from models.registry.shipped_weights import SHIPPED_WEIGHTS


def result(set_name: str, name: str, recall: float, boxes: int = 100, form: str = "onnx"):
    found = ClassResult(
        visual_class=name,
        boxes=boxes,
        ap50=0.5,
        ap50_95=0.3,
        precision=0.9,
        recall=recall,
        threshold=0.5,
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


def test_the_shipped_model_claims_neither_flames_nor_potholes_nor_signs():
    shipped = read_card(SHIPPED_WEIGHTS / "street" / "2026.11" / "card.yaml")
    enough = {name for name in shipped.class_names if class_figure(shipped, name).is_enough}
    assert {"garbage_pile", "garbage_bin", "overflowing_bin", "car", "person"} <= enough
    assert enough.isdisjoint({"flame", "smoke", "pothole", "shop_signboard", "window_ad"})
