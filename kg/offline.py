"""Nothing phones home: the switches of libraries that would, set in this process before they are imported."""

from __future__ import annotations

import os
from typing import Final

# What tells others of our users: never. ONNX Runtime (1.29 and later) keeps a device id and a queue of events
# in the home folder and sends them; the switch has gone by both names. The others come with users' pipelines.
_TELLING: Final = {
    "ORT_DISABLE_TELEMETRY": "1",
    "ORT_TELEMETRY_DISABLED": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "WANDB_MODE": "disabled",
    "COMET_MODE": "disabled",
}
# What fetches a model that isn't here: not unless the user has said so in the environment.
_FETCHING: Final = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
}


def stay_offline() -> None:
    """Set them all; before the first import of ONNX Runtime, spaCy, or what a user's pipeline may bring.

    The one setting of the process that the library makes: its promise needs it, and those libraries read
    nothing but the environment. Processes that are started later have it too.
    """
    os.environ.update(_TELLING)
    for name, value in _FETCHING.items():
        os.environ.setdefault(name, value)
