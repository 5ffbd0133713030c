"""Where pictures come from: cameras, zones, RTSP readers and camera health."""
