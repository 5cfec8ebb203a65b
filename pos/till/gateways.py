"""Gateways as config.toml tells them. One that cannot be made says why, in one line, when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pos.clock import Clock
from pos.config import Config
from pos.payments.protocol import PaymentGateway
from pos.refusal import Refused

CHANNELS = ("wechat", "alipay")


def enabled(config: Config, channel: str) -> bool:
    """Whether a shop takes this wallet."""
    section = getattr(config.settings.payments, channel, None)
    return bool(section is not None and section.enabled)


def make(config: Config, channel: str, clock: Clock) -> PaymentGateway:
    """The gateway of a channel, not connected yet.

    Refused: what is wrong with its settings, keys or certificates.
    """
    settings, folder = config.settings.payments, config.file.parent
    if channel == "wechat":
        from pos.payments.wechat.gateway import WechatGateway

        return WechatGateway(settings.wechat, folder, clock)
    from pos.payments.alipay.gateway import AlipayGateway

    return AlipayGateway(settings.alipay, folder, clock)


Maker = Callable[[Config, str, Clock], PaymentGateway]


class Gateways:
    """All gateways of a till, each made when it is first wanted; for one thread."""

    def __init__(self, config: Config, clock: Clock, maker: Maker = make) -> None:
        self._config, self._clock, self._maker = config, clock, maker
        self._made: dict[str, PaymentGateway] = {}
        self.troubles: dict[str, Refused] = {}
        """Channels that cannot be used as they are set up, with what is wrong."""

    def prepare(self, channels: Iterable[str] = CHANNELS) -> None:
        """Read keys and certificates beforehand."""
        for channel in channels:
            if enabled(self._config, channel):
                self.find(channel)

    def find(self, channel: str) -> PaymentGateway | None:
        """The gateway, or None where it cannot be made: `troubles` says why."""
        if channel not in self._made:
            try:
                self._made[channel] = self._maker(self._config, channel, self._clock)
            except Refused as refused:
                self.troubles[channel] = refused
                return None
            self.troubles.pop(channel, None)
        return self._made[channel]

    def close(self) -> None:
        """Close all connections."""
        for gateway in self._made.values():
            gateway.close()
