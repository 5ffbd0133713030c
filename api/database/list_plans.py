"""How PostgreSQL shall plan lists: the first hundred of millions, in their order."""

from sqlalchemy import text

# A page is the first hundred of an ordered walk through an index. To find all that match by two
# indexes and sort them looks cheaper to PostgreSQL, and takes seconds where many match one. A plan
# kept for any value does not know which of two is rare, and walks through all that match the other.
BY_ORDERED_WALK = text(
    "SET LOCAL enable_bitmapscan = off; SET LOCAL plan_cache_mode = force_custom_plan"
)
"""For lists that an index has in their order."""
BY_ESTIMATE = text("SET LOCAL plan_cache_mode = force_custom_plan")
"""For lists of what may be rare, such as a word, or what lies below a unit that is idle."""
