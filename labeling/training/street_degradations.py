"""Street degradations: what street cameras do to a picture.

Photographs of data sets are sharp and well lit. Street cameras look at night, through rain and
fog, with motion blur, sensor noise, few pixels on the thing and hard compression. A part of the
training pictures is spoilt in the same ways; boxes stay where they are.
"""

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

# The library reports its use over the network unless told not to, when it is imported.
os.environ["ALBUMENTATIONS_NO_TELEMETRY"] = "1"
os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"

import albumentations


def street_degradations() -> list[Any]:
    """The degradations, in the order in which a camera adds them: light, weather, lens, chip."""
    return [
        albumentations.OneOf(
            [
                # Night under lamps, and dusk: 250 is a gamma of 2.5.
                albumentations.RandomGamma(gamma_range=(130, 250), p=1.0),
                albumentations.RandomBrightnessContrast(
                    brightness_range=(-0.4, 0.25), contrast_range=(-0.4, 0.3), p=1.0
                ),
                # Sodium lamps and wrong white balance.
                albumentations.PlanckianJitter(p=1.0),
                # Infrared light at night makes grey pictures.
                albumentations.ToGray(p=1.0),
            ],
            p=0.3,
        ),
        albumentations.OneOf(
            [
                albumentations.RandomRain(rain_type="drizzle", blur_value=3, p=1.0),
                albumentations.RandomRain(rain_type="heavy", blur_value=5, p=1.0),
            ],
            p=0.05,
        ),
        albumentations.OneOf(
            [
                albumentations.MotionBlur(blur_range=(3, 9), p=1.0),
                albumentations.GaussianBlur(sigma_range=(0.5, 2.0), p=1.0),
                # Linear on the way up, as a player scales a small stream.
                albumentations.Downscale(
                    scale_range=(0.3, 0.7), interpolation_pair={"downscale": 3, "upscale": 1}, p=1.0
                ),
            ],
            p=0.2,
        ),
        albumentations.GaussNoise(std_range=(0.02, 0.08), p=0.1),
        albumentations.ImageCompression(quality_range=(20, 70), p=0.25),
        albumentations.Lambda(image=_writable, p=1.0),
    ]


def _writable(picture: NDArray[np.uint8], **_parameters: object) -> NDArray[np.uint8]:
    """Some degradations return pictures that cannot be written to; the next step writes."""
    return picture if picture.flags.writeable else picture.copy()
