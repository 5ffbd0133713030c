"""Where somebody goes after signing in: a page of this console, and nowhere else."""

import re

HOME = "/"
# A browser reads "//host" and "/\host" as another site's address, and skips tabs and line ends.
_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")
LONGEST = 2000


def local_target(given: str | None) -> str:
    """Return a path as it was given if it is one of this site, else the console's first page."""
    if given is None or len(given) > LONGEST or not _LOCAL.fullmatch(given):
        return HOME
    return given
