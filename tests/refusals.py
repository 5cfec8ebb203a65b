"""What a rule says when it says no."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pos.refusal import Refused


def refusal(act: Callable[[], object]) -> tuple[str, dict[str, object]]:
    """The code and the values of the refusal that `act` ends with; it must end with one."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code, caught.value.values
