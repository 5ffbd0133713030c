"""The folder of a report: figures, charts and example pictures."""

from pathlib import Path

from labeling.evaluation.confusion import confusion
from labeling.evaluation.contact_sheets import write_contact_sheets
from labeling.evaluation.report import EvaluationReport
from labeling.evaluation.set_evaluation import EvaluationError, SetEvaluation
from models.cards.model_card import Preprocessing

REPORT_FILE = "report.json"


def write_report_folder(
    report: EvaluationReport,
    evaluation: SetEvaluation,
    preprocessing: Preprocessing,
    folder: Path,
) -> list[Path]:
    """Write the report, its charts and its contact sheets; ``folder`` is made if missing.

    Raises:
        EvaluationError: The folder cannot be written.
        PictureError: A picture of the set is gone.
    """
    # Late, since matplotlib takes a second to import and most evaluations draw nothing.
    from labeling.evaluation.charts import (  # noqa: PLC0415
        write_confusion_chart,
        write_precision_chart,
    )

    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / REPORT_FILE
        path.write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
        return [
            path,
            write_precision_chart(evaluation, folder),
            write_confusion_chart(confusion(evaluation), folder),
            *write_contact_sheets(evaluation, preprocessing, folder),
        ]
    except OSError as error:
        raise EvaluationError(
            f"--output {folder} cannot be written: {error.strerror or error}; choose another folder"
        ) from None
