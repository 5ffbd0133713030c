"""Charts are drawn also where there is little to draw."""

from pathlib import Path

from labeling.evaluation.charts import write_confusion_chart, write_precision_chart
from labeling.evaluation.confusion import confusion
from labeling.evaluation.set_evaluation import PictureGroup, evaluate_detections
from tests.labeling.evaluation.made_pictures import made_classes, made_picture


def test_class_that_is_never_found(tmp_path: Path):
    pictures = [made_picture([(0, (0, 0, 50, 50))])]
    group = PictureGroup("made", "val")
    evaluation = evaluate_detections(pictures, made_classes("car"), group, 0.9)

    charts = [
        write_precision_chart(evaluation, tmp_path),
        write_confusion_chart(confusion(evaluation), tmp_path),
    ]

    assert all(chart.stat().st_size > 1000 for chart in charts)
