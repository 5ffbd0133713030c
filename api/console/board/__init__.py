"""The board: live events, the map and the camera tiles on one screen."""
