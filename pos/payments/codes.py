"""Payment codes as a scanner reads them: whose wallet they belong to, and how they stay secret.

WeChat Pay: 18 digits from 10 to 15. Alipay: 16 to 24 digits from 25 to 30. UnionPay QR: 62 and 17
more digits. Scale labels of 18 digits starting 25 to 29 look like Alipay, so digits are payment
codes on the payment screen only. (pay.weixin.qq.com "付款码支付" 2025.02.17; opendocs
alipay.trade.pay `auth_code`.)
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Literal

from pos.refusal import Refused

Wallet = Literal["wechat", "alipay", "unionpay"]

_WALLETS: tuple[tuple[Wallet, re.Pattern[str]], ...] = (
    ("wechat", re.compile(r"1[0-5]\d{16}", re.ASCII)),
    ("unionpay", re.compile(r"62\d{17}", re.ASCII)),
    ("alipay", re.compile(r"(?:2[5-9]|30)\d{14,22}", re.ASCII)),
)
_DIGITS = re.compile(r"\d{1,64}", re.ASCII)


class PaymentCode:
    """A customer's payment code. It is shown to a gateway and to nobody else.

    Printing, logging, copying or pickling one gives no digits; `reveal()` is for the request.
    """

    __slots__ = ("_digits", "wallet")

    def __init__(self, digits: str, wallet: Wallet) -> None:
        self._digits = digits
        self.wallet = wallet

    def reveal(self) -> str:
        """The digits, for the one request that carries them."""
        return self._digits

    def digest(self, key: bytes) -> str:
        """A keyed mark by which the same code is known again (HMAC-SHA-256, hex).

        Without `key`, a secret of the till, the digits cannot be searched for.
        """
        if len(key) < 16:
            raise ValueError("a key of at least 16 bytes")
        return hmac.new(key, self._digits.encode(), hashlib.sha256).hexdigest()

    def __repr__(self) -> str:
        return f"PaymentCode({self.wallet}, …)"

    def __reduce__(self) -> str:
        raise TypeError("a payment code is never stored")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PaymentCode):
            return NotImplemented
        return hmac.compare_digest(self._digits, other._digits)

    def __hash__(self) -> int:
        return hash((self.wallet, self._digits))


def read_code(scanned: str) -> PaymentCode:
    """The payment code behind what was scanned on the payment screen.

    Raises Refused: "pay_code_not_a_code" where it is none, "pay_code_other_wallet" where it is of
    a length and form that no wallet known here uses. Neither tells the digits.
    """
    digits = scanned.strip()
    for wallet, pattern in _WALLETS:
        if pattern.fullmatch(digits):
            return PaymentCode(digits, wallet)
    if _DIGITS.fullmatch(digits) and len(digits) >= 16:
        raise Refused("pay_code_other_wallet")
    raise Refused("pay_code_not_a_code")
