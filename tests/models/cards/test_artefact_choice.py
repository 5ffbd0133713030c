import pytest

from models.cards.artefact_choice import chosen_artefact
from models.cards.model_card import ModelCard, ModelFileError

FORMS = ("onnx", "openvino", "tensorrt", "ultralytics")


def card(*forms: str, results: tuple[tuple[str, str, float], ...] = ()) -> ModelCard:
    """A card with these artefacts, and results as (form, set, mAP50-95)."""
    return ModelCard.model_validate(
        {
            "name": "m",
            "version": "1",
            "classes": [{"name": "car", "visual_class": "car"}],
            "preprocessing": {"input_width": 64, "input_height": 64},
            "artefacts": [
                {
                    "format": form.split()[0],
                    "precision": form.split()[1],
                    "files": [{"path": "model", "sha256": "0" * 64}],
                }
                for form in forms
            ],
            "results": [
                {
                    "set_name": set_name,
                    "split": "val",
                    "format": form.split()[0],
                    "precision": form.split()[1],
                    "pictures": 9,
                    "map50": 0.9,
                    "map50_95": value,
                    "classes": [],
                }
                for form, set_name, value in results
            ],
        }
    )


def chosen(card: ModelCard, device: str = "CPU") -> str:
    artefact = chosen_artefact(card, device)
    return f"{artefact.format} {artefact.precision}"


BOTH = ("onnx float32", "openvino int8", "ultralytics float16")


@pytest.mark.parametrize(
    ("integer", "expected"),
    [
        ((0.5, 0.4), "openvino int8"),
        ((0.495, 0.386), "openvino int8"),
        ((0.475, 0.4), "onnx float32"),
        ((0.52, 0.39), "openvino int8"),
    ],
)
def test_int8_runs_where_it_loses_at_most_one_point(integer: tuple[float, float], expected: str):
    street, river = integer
    results = (
        ("onnx float32", "street", 0.5),
        ("onnx float32", "river", 0.4),
        ("openvino int8", "street", street),
        ("openvino int8", "river", river),
        ("openvino int8", "other", 0.0),
    )
    assert chosen(card(*BOTH, results=results)) == expected
    assert chosen(card(*BOTH, results=results), "GPU") == "onnx float32"


def test_what_a_class_of_one_box_lost_is_chance():
    results = (("onnx float32", "site", 0.75), ("openvino int8", "site", 0.55))
    made = card(*BOTH, results=results).model_dump(mode="json")
    for result, (truck, digger) in zip(made["results"], ((1.0, 0.5), (0.6, 0.495)), strict=True):
        result["classes"] = [
            {
                "visual_class": name,
                "boxes": boxes,
                "ap50": 1.0,
                "ap50_95": ap,
                "precision": 0.9,
                "recall": 0.9,
                "threshold": 0.5,
            }
            for name, boxes, ap in (("truck", 1, truck), ("digger", 20, digger))
        ]
    assert chosen(ModelCard.model_validate(made)) == "openvino int8"
    for result in made["results"]:
        result["classes"][0]["boxes"] = 10
    assert chosen(ModelCard.model_validate(made)) == "onnx float32"


def test_int8_that_was_not_measured_does_not_run():
    assert chosen(card(*BOTH)) == "onnx float32"
    only = (("onnx float32", "street", 0.5), ("openvino int8", "river", 0.5))
    assert chosen(card(*BOTH, results=only)) == "onnx float32"


def test_what_a_stand_in_lost_says_nothing_of_this_versions_int8():
    results = (("onnx float32", "street", 0.5), ("openvino int8", "street", 0.5))
    own = card(*BOTH, results=results)
    worse = own.results[1].model_copy(update={"map50_95": 0.1, "by_stand_in": True})
    assert chosen(own.model_copy(update={"results": (*own.results, worse)})) == "openvino int8"


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        (("onnx float32", "openvino float16"), "openvino float16"),
        (("onnx float16", "tensorrt int8"), "onnx float16"),
        (("openvino int8", "ultralytics float32"), "openvino int8"),
    ],
)
def test_what_runs_without_results(forms: tuple[str, ...], expected: str):
    assert chosen(card(*forms)) == expected


def test_what_openvino_cannot_run_is_named():
    with pytest.raises(ModelFileError, match=r"m@1 has only tensorrt float16: .*models add"):
        chosen(card("tensorrt float16"))
