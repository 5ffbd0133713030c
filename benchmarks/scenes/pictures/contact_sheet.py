"""Contact sheets: a scene at a glance, with its truth drawn in."""

import cv2
import numpy as np

from benchmarks.scenes.material import SceneMaterial
from benchmarks.scenes.pictures.composer import render
from benchmarks.scenes.pictures.truth import visible_things
from benchmarks.scenes.scene import Scene
from streams.frame import Picture

_COLUMNS = 4
_WIDTH = 480
_ZONE_COLOUR = (255, 200, 0)
_BOX_COLOUR = (0, 255, 255)


def contact_sheet(scene: Scene, material: SceneMaterial, count: int = 8) -> Picture:
    """Pictures of a scene at equal distances, zones and true boxes drawn in.

    Args:
        scene: What is shown.
        material: Its pictures.
        count: How many pictures.
    """
    moments = [scene.duration * (number + 0.5) / count for number in range(count)]
    tiles = [_tile(scene, moment, material) for moment in moments]
    while len(tiles) % _COLUMNS:
        tiles.append(np.zeros_like(tiles[0]))
    rows = [np.hstack(tiles[first : first + _COLUMNS]) for first in range(0, len(tiles), _COLUMNS)]
    return np.vstack(rows)


def _tile(scene: Scene, moment: float, material: SceneMaterial) -> Picture:
    picture = render(scene, moment, material)
    height = round(_WIDTH * picture.shape[0] / picture.shape[1])
    tile = cv2.resize(picture, (_WIDTH, height), interpolation=cv2.INTER_AREA)
    size = np.array([_WIDTH, height])
    for zone in scene.camera.zones:
        corners = (np.array(zone.polygon) * size).astype(np.int32)
        cv2.polylines(tile, [corners], True, _ZONE_COLOUR, 1)  # noqa: FBT003 - closed
    for thing in visible_things(scene, moment, material):
        low = (round(thing.box.left * _WIDTH), round(thing.box.top * height))
        high = (round(thing.box.right * _WIDTH), round(thing.box.bottom * height))
        cv2.rectangle(tile, low, high, _BOX_COLOUR, 1)
        text = f"{thing.what} {thing.visible:.0%}"
        cv2.putText(tile, text, low, cv2.FONT_HERSHEY_SIMPLEX, 0.32, _BOX_COLOUR, 1)
    look = moment / scene.camera.look_interval_seconds
    told = f"look {look:.0f}  {scene.time_at(moment):%H:%M:%S}"
    cv2.putText(tile, told, (5, height - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (255, 255, 255), 1)
    return tile.astype(np.uint8, copy=False)
