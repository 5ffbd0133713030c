"""The backgrounds that the scenes play in."""

from benchmarks.scenes.background import Background, ClipMedian, PictureParts
from benchmarks.scenes.ground import Ground
from benchmarks.scenes.picture_box import PictureBox

JUNCTION = Background(
    "junction",
    ClipMedian("media/city_crosswalk_cctv.mp4"),
    1280,
    704,
    Ground(horizon=0.277, camera_height_m=4.7),
)
"""A junction with a crosswalk, a bicycle lane and a pavement in front; day."""

CAMPUS = Background(
    "campus",
    ClipMedian("media/pedestrians_campus_cctv_vtest.mp4"),
    768,
    576,
    Ground(horizon=-0.109, camera_height_m=7.0),
    (
        ("truck", PictureBox(0.845, 0.07, 0.945, 0.18)),
        ("car", PictureBox(0.95, 0.08, 1.0, 0.165)),
    ),
)
"""A way between lawns beside a building with parked vehicles in the far corner; day."""

PLAZA = Background(
    "plaza",
    ClipMedian("media/sidewalk_fixedcam.mp4"),
    720,
    480,
    Ground(horizon=-0.9, camera_height_m=10.0),
)
"""A paved pavement with a manhole cover, seen steeply from above; overcast day."""

MOTORWAY = Background(
    "motorway",
    ClipMedian("media/motorway_960.mp4"),
    960,
    540,
    Ground(horizon=0.189, camera_height_m=5.8),
)
"""A dual carriageway towards the horizon; day."""

HIGHWAY = Background(
    "highway",
    ClipMedian("media/highway_cctv_320.mp4"),
    640,
    480,
    Ground(horizon=-0.123, camera_height_m=8.9),
)
"""A curved motorway seen by an old camera of 320 x 240 pixels; day."""

RIVER = Background(
    "river",
    PictureParts(
        "data/coco128/images/train/000000000404.jpg",
        (PictureBox(0.0, 0.34, 1.0, 0.482), PictureBox(0.0, 0.79, 1.0, 1.0)),
        blurred_seam=0.015,
    ),
    896,
    480,
    Ground(horizon=0.36, camera_height_m=7.0),
)
"""Open water under a blue sky; day."""

ROAD = Background(
    "road",
    PictureParts(
        "data/road_defects/images/train/road_defects_train_0026.jpg",
        (PictureBox(0.0, 0.0, 1.0, 1.0),),
    ),
    1024,
    640,
    Ground(horizon=-0.1, camera_height_m=3.0),
)
"""A country road close to the camera; day."""

BACKGROUNDS = (JUNCTION, CAMPUS, PLAZA, MOTORWAY, HIGHWAY, RIVER, ROAD)
