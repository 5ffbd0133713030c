"""Pictures of cases on the wire."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.contract.case_words import PictureKind
from api.contract.moment import Moment
from models.words import Sha256

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
# The shore of the Dead Sea, and above it what a drone may fly at over the highest settlement.
LOWEST_ALTITUDE_M = -450.0
HIGHEST_ALTITUDE_M = 9000.0


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TakenFrom(_Sent):
    """Where and when a flying camera took a picture.

    Attributes:
        lon: WGS-84 longitude, degrees.
        lat: WGS-84 latitude, degrees.
        taken_at: When.
        altitude_m: Height above the WGS-84 ellipsoid, metres, as satellites give it.
        heading: Where the camera looked, degrees clockwise from true north.
    """

    lon: Longitude
    lat: Latitude
    taken_at: Moment
    altitude_m: Annotated[float, Field(ge=LOWEST_ALTITUDE_M, le=HIGHEST_ALTITUDE_M)] | None = None
    heading: Annotated[float, Field(ge=0, lt=360)] | None = None


class CasePicture(_Sent):
    """A picture of a case; uploaded before to ``/v1/evidence/{sha256}``.

    Attributes:
        sha256: Its hash.
        kind: What it shows.
    """

    sha256: Sha256
    kind: PictureKind


class ReportPicture(CasePicture):
    """A picture that comes with a report.

    Attributes:
        taken_from: Where a drone took it; of reports of the channel ``drone`` only.
    """

    taken_from: TakenFrom | None = None


class ShownPicture(BaseModel):
    """A picture of a case, and who added it.

    Attributes:
        sha256: Its hash; at ``/v1/evidence/{sha256}``.
        kind: What it shows.
        added_by: Who added it.
        added_at: When.
        taken_from: Where a drone took it.
    """

    sha256: Sha256
    kind: PictureKind
    added_by: str
    added_at: AwareDatetime
    taken_from: TakenFrom | None
