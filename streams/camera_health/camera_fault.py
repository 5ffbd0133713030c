"""What can be wrong with a camera."""

from enum import StrEnum


class CameraFault(StrEnum):
    """A reason not to trust what a camera shows."""

    DARK = "dark"
    """Nothing is lit: the scene has no light, the iris is stuck, or the lens is blacked out."""
    OVEREXPOSED = "overexposed"
    """Most of the picture is burnt out to white."""
    BLURRED = "blurred"
    """Even the sharpest edges are wide: out of focus, or water or grease on the glass."""
    COVERED = "covered"
    """Something close to the lens hides most of the scene."""
    FROZEN = "frozen"
    """The same picture is sent again and again while time goes on."""
    COLOUR_CAST = "colour_cast"
    """Everything has one colour, such as with a broken infrared filter or white balance."""
    NOISE = "noise"
    """Grain or snow drowns the scene: gain at its end, a bad cable, a dying sensor."""
    LOW_BITRATE = "low_bitrate"
    """So few bits are sent that the coder has washed out detail."""
    VIEW_MOVED = "view_moved"
    """The camera looks elsewhere than its zones were drawn for, or at no known preset."""
    CLOCK_WRONG = "clock_wrong"
    """The camera's own clock, which its pictures carry, is off."""
    STREAM_GONE = "stream_gone"
    """No picture comes."""
