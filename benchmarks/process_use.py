"""What a process and its children used so far."""

from dataclasses import dataclass

import psutil

MEBIBYTE = 1024 * 1024
_DATABASE = "postgres"


@dataclass(frozen=True, slots=True)
class ProcessUse:
    """What processes used so far.

    Attributes:
        own_seconds: CPU time, without that of an embedded PostgreSQL.
        database_seconds: CPU time of its embedded PostgreSQL, of processes that still run.
        own_mebibytes: Memory that is held now, likewise.
    """

    own_seconds: float
    database_seconds: float
    own_mebibytes: float

    @property
    def seconds(self) -> float:
        """CPU time of all."""
        return self.own_seconds + self.database_seconds


def process_use(pid: int) -> ProcessUse:
    """Add up what a process and its children use."""
    root = psutil.Process(pid)
    own_seconds = database_seconds = held = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times, memory = process.cpu_times(), process.memory_info()
            is_database = process.name().startswith(_DATABASE)
        except psutil.NoSuchProcess:
            continue
        if is_database:
            database_seconds += times.user + times.system
        else:
            own_seconds += times.user + times.system
            held += memory.rss / MEBIBYTE
    return ProcessUse(own_seconds, database_seconds, held)
