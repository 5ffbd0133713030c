"""Things cut out of real pictures, to be put into scenes."""
