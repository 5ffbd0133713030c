"""A model card as a person reads it in a terminal."""

from collections.abc import Iterator

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from models.cards.model_card import ModelCard
from models.cards.training_record import ClassResult, ResultInUse, SetResult
from models.words import PictureSource, Viewpoint

_VIEWPOINTS = {
    Viewpoint.POLE: "poles",
    Viewpoint.VEHICLE: "moving cars",
    Viewpoint.HAND: "phones and the web",
}
_SOURCES = {PictureSource.TRAINED: "yes", PictureSource.UNSEEN: "no"}
_POINT = ("precision", "recall", "from score")


def print_card(card: ModelCard, console: Console) -> None:
    """Print what a model version is, knows, was trained on and how well it does."""
    facts = Table(show_header=False, box=None)
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column(overflow="fold")
    for label, text in _facts(card):
        facts.add_row(label, text)
    console.print(facts)
    if card.summary:
        console.print()
        console.print(Markdown(card.summary))
    for table in (_artefacts(card), _training_sets(card), *map(_result, card.results)):
        if table.row_count:
            console.print()
            console.print(table)


def _facts(card: ModelCard) -> Iterator[tuple[str, str]]:
    size = card.preprocessing
    yield "model", str(card.model_version)
    yield "task", card.task.replace("_", " ")
    yield "input", f"{size.input_width} x {size.input_height} pixels, {size.colours}, {size.resize}"
    yield "licence", card.licence or "unknown"
    yield "parent", str(card.parent) if card.parent else "none"
    yield "created", f"{card.created_at:%Y-%m-%d %H:%M %Z}" if card.created_at else "unknown"
    yield f"{len(card.classes)} classes", ", ".join(_class_texts(card))
    if card.self_test is not None:
        expected = ", ".join(one.visual_class for one in card.self_test.expected)
        yield "self-test", f"{card.self_test.picture.path}: {expected}"
    else:
        yield "self-test", "none"


def _class_texts(card: ModelCard) -> Iterator[str]:
    for entry in card.classes:
        threshold = card.thresholds.get(entry.visual_class)
        score = "" if threshold is None else f" (from score {threshold:.2f})"
        prompts = f" [{'; '.join(entry.prompts)}]" if entry.prompts else ""
        yield f"{entry.visual_class}{score}{prompts}"


def _artefacts(card: ModelCard) -> Table:
    table = _table("Artefacts")
    for heading in ("format", "precision"):
        table.add_column(heading)
    table.add_column("files", overflow="fold")
    table.add_column("SHA-256", overflow="fold")
    table.add_column("note", overflow="fold")
    for artefact in card.artefacts:
        table.add_row(
            artefact.format,
            artefact.precision,
            "\n".join(file.path for file in artefact.files),
            "\n".join(file.sha256[:12] for file in artefact.files),
            artefact.note,
        )
    return table


def _training_sets(card: ModelCard) -> Table:
    table = _table("Trained on")
    table.add_column("set")
    table.add_column("pictures", justify="right")
    for heading in ("licence", "labelled classes", "source", "note", "taken from"):
        table.add_column(heading, overflow="fold")
    for one in card.training_sets:
        classes = ", ".join(one.labelled_classes)
        viewpoint = "" if one.viewpoint is None else _VIEWPOINTS[one.viewpoint]
        table.add_row(
            one.name, str(one.pictures), one.licence, classes, one.source, one.note, viewpoint
        )
    return table


def _result(result: SetResult) -> Table:
    title = (
        f"{result.set_name} {result.split}, {result.pictures} pictures, {result.format} "
        f"{result.precision}"
    )
    if result.by_stand_in:
        title += ", by a model trained without this set"
    if result.viewpoint is not None:
        title += f", pictures from {_VIEWPOINTS[result.viewpoint]}"
    table = _table(f"{title}\n{result.note}" if result.note else title)
    table.add_column("class")
    table.add_column("learnt from\nthis set")
    headings = ("boxes", "AP50", "AP50-95", *_POINT, *(f"{name}\nin use" for name in _POINT))
    for heading in headings:
        table.add_column(heading, justify="right")
    table.add_row(
        "all", "", "", f"{result.map50:.3f}", f"{result.map50_95:.3f}", *[""] * 6, style="bold"
    )
    for one in result.classes:
        table.add_row(
            one.visual_class,
            "" if one.source is None else _SOURCES[one.source],
            str(one.boxes),
            f"{one.ap50:.3f}",
            f"{one.ap50_95:.3f}",
            *_point(one),
            *(("", "", "") if one.in_use is None else _point(one.in_use)),
        )
    return table


def _point(at: ClassResult | ResultInUse) -> tuple[str, str, str]:
    return (f"{at.precision:.3f}", f"{at.recall:.3f}", f"{at.threshold:.2f}")


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=None)
