"""From the picture to the ground: homography, pose, planes."""
