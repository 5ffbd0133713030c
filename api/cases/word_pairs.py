"""Which pairs of letters of a searched text the index of words is asked for."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# Each pair that is asked for is another list of cases to walk through. A fourth costs more than it
# spares of the cases that the three rarest leave to be read.
PAIRS_ASKED = 3

# How often PostgreSQL met a pair when it last looked at the table; those it does not tell of are
# rarer than all that it does.
_KNOWN = text("""
SELECT met.gram, met.share
FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS met(gram, share)
WHERE schemaname = current_schema() AND tablename = 'ix_cases_words' AND met.gram = ANY(:pairs)
""")


def pairs_of(said: str) -> tuple[str, ...]:
    """Return the pairs of letters that stand beside each other, or the one letter that there is."""
    pairs = (said[at : at + 2] for at in range(max(1, len(said) - 1)))
    return tuple(dict.fromkeys(pairs))


async def rarest_pairs(connection: AsyncConnection, said: str) -> tuple[str, ...]:
    """Return those pairs of a text that tell most about where it was said."""
    pairs = pairs_of(said)
    if len(pairs) <= PAIRS_ASKED:
        return pairs
    rows = await connection.execute(_KNOWN, {"pairs": list(pairs)})
    shares = {row.gram: row.share for row in rows}
    return tuple(sorted(pairs, key=lambda pair: shares.get(pair, 0.0))[:PAIRS_ASKED])
