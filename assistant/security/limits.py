"""How often one person may ask. Counts live in memory and belong to one process."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class RateLimit:
    """At most `per_minute` uses in any 60 seconds, for each principal apart. 0 means no limit."""

    def __init__(self, per_minute: int, *, name: str) -> None:
        self.per_minute = per_minute
        self._name = name
        self._item = RateLimitItemPerMinute(max(per_minute, 1))
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def take(self, principal: str) -> int:
        """0 if this use is allowed (and now counted), else the whole seconds to wait, at least 1."""
        if self.per_minute == 0 or self._window.hit(self._item, self._name, principal):
            return 0
        reset = self._window.get_window_stats(self._item, self._name, principal).reset_time
        return max(1, math.ceil(reset - time.time()))
