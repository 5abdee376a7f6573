"""What goes wrong on purpose. Set by `POST /_control/faults`, read where requests are answered and webhooks leave."""

import random
import time
from collections import deque
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass
class WebhookFaults:
    delay: float = 0.0
    """Seconds before each webhook."""
    shuffle: float = 0.0
    """Up to so many seconds more, by chance: later events overtake earlier ones."""
    duplicate: int = 0
    """So many extra copies of each."""
    drop: float = 0.0
    """Share that never leaves."""


SEND_FAULTS = (
    "throttle",
    "pair",
    "timeout_before",
    "timeout_after",
    "error_500",
    "error_503",
    "error_504",
    "refuse_token",
    "no_id",
    "error_in_200",
    "not_reachable",
)


@dataclass
class SendFault:
    """The next `count` sends (all, when None) go wrong this way; `seconds` is how long a time-out stays silent."""

    kind: str
    count: int | None = 1
    seconds: float = 60.0


@dataclass
class Faults:
    webhooks: WebhookFaults = field(default_factory=WebhookFaults)
    sends: list[SendFault] = field(default_factory=list[SendFault])
    lenient: bool = False
    """No window, no rates, every number is reachable: for load and crash tests."""
    strict_rates: bool = False
    """Rates without any burst: at most 80 in any second, 6 seconds between two to one person."""
    accepted_at: list[float] = field(default_factory=list[float], repr=False)
    refused_for_rate: dict[str, int] = field(default_factory=lambda: {"number": 0, "pair": 0})
    """By the limit that refused."""
    status_scale: float = 1.0
    """Factor on the delays of statuses; 0 sends them at once."""
    retry_scale: float = 1.0
    window_errors: str = "status"
    """131047 comes as a failed status (as Meta does mostly) or, with `answer`, at once."""
    chance: random.Random = field(default_factory=random.Random, repr=False)
    _windows: dict[str, deque[float]] = field(default_factory=dict[str, "deque[float]"], repr=False)
    _tokens: dict[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]], repr=False)

    def next_send(self) -> SendFault | None:
        if not self.sends:
            return None
        fault = self.sends[0]
        if fault.count is not None:
            fault.count -= 1
            if fault.count <= 0:
                self.sends.pop(0)
        return fault

    def drops(self) -> bool:
        return self.chance.random() < self.webhooks.drop

    def webhook_delay(self) -> float:
        return self.webhooks.delay + self.chance.random() * self.webhooks.shuffle

    def takes_token(self, bucket: str, capacity: float, per_second: float) -> bool:
        """A token bucket by name: Meta's rates allow bursts."""
        now = time.monotonic()
        left, at = self._tokens.get(bucket, (capacity, now))
        left = min(capacity, left + (now - at) * per_second)
        self._tokens[bucket] = (left - 1 if left >= 1 else left, now)
        return left >= 1

    def is_within(self, bucket: str, most: int, seconds: float) -> bool:
        """Whether fewer than `most` were counted in the last `seconds`; counts this one if so. No burst, no tolerance."""
        now = time.monotonic()
        window = self._windows.setdefault(bucket, deque())
        while window and window[0] <= now - seconds:
            window.popleft()
        if len(window) >= most:
            return False
        window.append(now)
        return True

    def change(self, said: dict[str, Any]) -> None:
        """Take over what is named, leave the rest."""
        for name, value in said.get("webhooks", {}).items():
            if name not in {f.name for f in fields(WebhookFaults)}:
                raise ValueError(f"unknown webhook fault {name}")
            setattr(self.webhooks, name, type(getattr(self.webhooks, name))(value))
        for fault in said.get("sends", []):
            if fault.get("kind") not in SEND_FAULTS:
                raise ValueError(f"unknown send fault {fault.get('kind')}")
            self.sends.append(SendFault(**fault))
        for name in ("lenient", "strict_rates", "status_scale", "retry_scale", "window_errors"):
            if name in said:
                setattr(self, name, said[name])

    def clear(self) -> None:
        self.__init__()

    def as_json(self) -> dict[str, Any]:
        return {
            "webhooks": asdict(self.webhooks),
            "sends": [asdict(fault) for fault in self.sends],
            "lenient": self.lenient,
            "strict_rates": self.strict_rates,
            "refused_for_rate": self.refused_for_rate,
            "status_scale": self.status_scale,
            "retry_scale": self.retry_scale,
            "window_errors": self.window_errors,
        }
