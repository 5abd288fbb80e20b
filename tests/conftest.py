"""How random tests run: the same examples every time in `make test`, new ones in `make fuzz`; never by the clock."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A machine that is busy is no fault: no deadline, and no complaint about slow generation.
_PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("bounded", derandomize=True, **_PATIENT)
settings.register_profile("fuzz", print_blob=True, **_PATIENT)
settings.load_profile("fuzz" if os.environ.get("CLEARCUT_FUZZ") else "bounded")
