"""Property tests draw the same examples in every run; `HYPOTHESIS_PROFILE=wander` draws others."""

from __future__ import annotations

import os

from hypothesis import Phase, settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("wander", deadline=None)
settings.register_profile(  # of a mutant it is enough to know that it fails
    "unshrunk",
    settings.get_profile("steady"),
    phases=(Phase.explicit, Phase.generate),
    report_multiple_bugs=False,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
