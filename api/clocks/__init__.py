"""How long a matter may take: limits, the city's working calendar, and the clocks of stages."""
