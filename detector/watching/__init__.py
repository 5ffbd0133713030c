"""One camera's watch: all its rules, its faults and its reference, look by look."""
