"""What the processes of an API used so far."""

from dataclasses import dataclass

import psutil

MEBIBYTE = 1024 * 1024
_DATABASE = "postgres"


@dataclass(frozen=True, slots=True)
class ProcessUse:
    """What processes used so far.

    Attributes:
        api_seconds: CPU time of the API itself.
        database_seconds: CPU time of its embedded PostgreSQL, of processes that still run.
        api_mebibytes: Memory that the API holds of its own now.
    """

    api_seconds: float
    database_seconds: float
    api_mebibytes: float


def process_use(pid: int) -> ProcessUse:
    """Add up what an API's process and its children use.

    Args:
        pid: Of the process that ``citypatrol serve`` runs in.
    """
    root = psutil.Process(pid)
    api_seconds = database_seconds = held = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times, memory = process.cpu_times(), process.memory_info()
            is_database = process.name().startswith(_DATABASE)
        except psutil.NoSuchProcess:
            continue
        if is_database:
            database_seconds += times.user + times.system
        else:
            api_seconds += times.user + times.system
            held += memory.rss / MEBIBYTE
    return ProcessUse(api_seconds, database_seconds, held)
