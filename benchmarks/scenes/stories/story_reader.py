"""Reading story files, and playing what they tell at a pace."""

from datetime import timedelta
from pathlib import Path

from benchmarks.scenes.pace import Pace
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import Span
from benchmarks.scenes.stories.backgrounds import BACKGROUNDS
from benchmarks.scenes.stories.story_file import Story, StoryFile
from benchmarks.scenes.stories.street import CITY, camera
from models.catalogue.content import validated
from models.catalogue.yaml_file import read_catalogue_yaml

STORY_FOLDER = Path(__file__).parent
"""Where the story files are."""


def read_stories(path: Path) -> tuple[Story, ...]:
    """The stories of a file.

    Raises:
        CatalogueError: It cannot be read, or a field is missing, unknown or wrong.
    """
    # Codes begin with a zero and hours hold colons here as in the catalogue.
    return validated(path, read_catalogue_yaml(path), StoryFile).stories


def played(story: Story, pace: Pace) -> Scene:
    """A story as the scene that it is at a pace."""
    background = next(one for one in BACKGROUNDS if one.name == story.background)
    issue_types = (watch.issue_type(pace) for watch in story.issues)
    watching = camera(background, pace, story.camera_zones(), *issue_types)
    if story.lines:
        watching = watching.model_copy(update={"lines": story.lines})
    length = story.length.at(pace)
    actors = tuple(actor for form in story.actors for actor in form.actors(pace, Span(0.0, length)))
    named = {actor.name: actor for actor in actors}
    look_at = timedelta(seconds=pace.looks(story.clock.look))
    return Scene(
        f"{story.name}-{pace.name}",
        story.story,
        background,
        watching,
        story.clock.time.replace(tzinfo=CITY) - look_at,
        length,
        actors,
        story.disturbances.played(pace),
        tuple(
            event.event(pace, named)
            for event in story.expected
            if event.only_at in {None, pace.name}
        ),
    )
