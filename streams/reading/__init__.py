"""Reading RTSP streams: connections, decoding, the newest frame of each camera."""
