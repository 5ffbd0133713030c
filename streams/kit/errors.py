"""The root of the errors that a user of CityPatrol is meant to read."""


class CityPatrolError(Exception):
    """An error whose text names the thing, the bad value and the way out.

    The command line prints it as one line and exits 1; anything else is a bug and
    keeps its traceback.
    """
