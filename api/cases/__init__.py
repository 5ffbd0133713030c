"""Cases: the administrative record of one or more events, from report to closing."""
