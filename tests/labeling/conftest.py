"""Tests of training need the extra 'train'; Ultralytics must be told to stay offline first."""

from models.intake.ultralytics_export import prepare_ultralytics, ultralytics_is_installed

collect_ignore: list[str] = []
if ultralytics_is_installed():
    prepare_ultralytics()
else:
    collect_ignore += ["test_partial_label_loss.py", "test_training_run.py"]
