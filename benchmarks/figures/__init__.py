"""The figures of cases computed a second time, from what the REST API tells of each case."""
