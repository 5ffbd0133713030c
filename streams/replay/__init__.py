"""Footage served as real RTSP streams, for the demo and measurements."""
