"""Cases on screen: the list, and one case with what can be done with it."""
