"""The replay server with a clock that is wrong: ``--seconds`` ahead in its sender reports."""

import sys
import time
from types import SimpleNamespace

import aio_rtsp_toolkit.server_rtp

from streams.replay import replay_server


def main() -> None:
    ahead = float(sys.argv.pop(1))
    # The module reads the time only for what it writes into sender reports.
    aio_rtsp_toolkit.server_rtp.time = SimpleNamespace(
        **{**vars(time), "time": lambda: time.time() + ahead}
    )
    replay_server.main()


if __name__ == "__main__":
    main()
