"""From a matter to the department and the person on duty, out of tables that a city imports."""
