"""The days that a city has imported, in the database, and the calendar they make."""

from collections.abc import Sequence

from sqlalchemy import delete, extract, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.clocks.calendar_day import CalendarDay, DayKind
from api.clocks.city_calendar import city_calendar
from api.clocks.clock_settings import ClockSettings
from api.clocks.working_calendar import WorkingCalendar
from api.database.calendar_tables import calendar_days
from api.database.database import Database

# Two imports of one year would otherwise meet between their deletions and their insertions.
_ONE_WRITER = text("LOCK TABLE calendar_days IN SHARE ROW EXCLUSIVE MODE")


class CalendarStore:
    """Reads and replaces the imported days.

    Args:
        database: Where they are.
        settings: The city's hours, and the country whose days hold where it says nothing.
    """

    def __init__(self, database: Database, settings: ClockSettings) -> None:
        self._database = database
        self._settings = settings
        self._days: tuple[CalendarDay, ...] = ()
        self._calendar = city_calendar(settings)

    async def all(self) -> tuple[CalendarDay, ...]:
        """Return all imported days in order."""
        async with self._database.reading() as connection:
            return await _read(connection)

    async def replace(self, days: Sequence[CalendarDay]) -> None:
        """Make these the imported days of every year that they lie in; each comes once."""
        await self._replace({one.day.year for one in days}, days)

    async def replace_year(self, year: int, days: Sequence[CalendarDay]) -> None:
        """Make these the imported days of a year, all of which lie in it; none forgets it."""
        await self._replace({year}, days)

    async def calendar(self) -> WorkingCalendar:
        """Return the city's calendar as it is now."""
        async with self._database.reading() as connection:
            return await self.calendar_seen_by(connection)

    async def calendar_seen_by(self, connection: AsyncConnection) -> WorkingCalendar:
        """Return the calendar as ``connection`` sees it, made anew only when its days changed."""
        # A year has some forty of them: to read them costs no more than to ask what changed.
        days = await _read(connection)
        if days != self._days:
            self._days, self._calendar = days, city_calendar(self._settings, days)
        return self._calendar

    async def _replace(self, years: set[int], days: Sequence[CalendarDay]) -> None:
        rows = [{"day": one.day, "kind": one.kind.value, "name": one.name} for one in days]
        async with self._database.writing() as connection:
            await connection.execute(_ONE_WRITER)
            year_of_day = extract("year", calendar_days.c.day)
            await connection.execute(delete(calendar_days).where(year_of_day.in_(years)))
            if rows:
                await connection.execute(insert(calendar_days), rows)


async def _read(connection: AsyncConnection) -> tuple[CalendarDay, ...]:
    found = await connection.execute(select(calendar_days).order_by(calendar_days.c.day))
    return tuple(CalendarDay(row.day, DayKind(row.kind), row.name) for row in found)
