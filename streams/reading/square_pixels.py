"""Square pixels: the size of a picture whose pixels are as wide as they are high."""

from fractions import Fraction

# Beyond it a camera says nonsense; the widest that is sold is anamorphic video of 2.
_WIDEST = 4


def square_size(
    width: int, height: int, pixel_aspect: Fraction | None, most_pixels: int
) -> tuple[int, int]:
    """Width and height in which a picture shows things as they are.

    The side that is too short is stretched, so that nothing seen is lost, as far as
    ``most_pixels`` allow. Cameras that halve their lines, or squeeze them as analogue video did,
    say by ``pixel_aspect`` how their picture is meant.

    Args:
        width: Of the coded picture.
        height: Of the coded picture.
        pixel_aspect: Width over height of a pixel; None or 0 if the camera does not say.
        most_pixels: Pixels of the largest picture that is taken.

    Example:
        >>> square_size(704, 288, Fraction(6, 11), 10_000_000)
        (704, 528)
    """
    aspect = pixel_aspect or Fraction(1)
    if aspect == 1 or not Fraction(1, _WIDEST) <= aspect <= _WIDEST:
        return width, height
    wide, high = (width * aspect, Fraction(height)) if aspect > 1 else (width, height / aspect)
    shrink = min(1.0, (most_pixels / float(wide * high)) ** 0.5)
    return max(1, round(float(wide) * shrink)), max(1, round(float(high) * shrink))
