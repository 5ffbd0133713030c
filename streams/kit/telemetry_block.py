"""Keeps OpenVINO and NNCF from reporting their use to Intel.

Both report through the package openvino-telemetry, which OpenVINO brings along, and neither asks
first: importing OpenVINO already sends an event and writes an id into the user's home. Once this
module is imported, an import of that package fails, and both then do without it.

The packages that use OpenVINO import this module in their ``__init__``, so before all else.
"""

import sys

sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # Python's way to forbid it
