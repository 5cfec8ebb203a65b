"""Which account a figure goes to. Defaults follow 企业会计准则; a shop may map its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec.structs import replace

from pos.refusal import Refused

Root = Literal["Assets", "Liabilities", "Equity", "Income", "Expenses"]
_CODE = re.compile(r"[0-9]{1,10}(\.[0-9]{1,6}){0,5}", re.ASCII)
_NO_COMPONENT = re.compile(r"[^\w-]|_")


class Account(msgspec.Struct, frozen=True):
    """A leaf account: its code with dots between levels, its name, and where it stands."""

    code: str
    name: str
    root: Root = "Assets"

    @property
    def digits(self) -> str:
        """The code without dots, as 用友 and 精斗云 write it."""
        return self.code.replace(".", "")

    @property
    def beancount(self) -> str:
        """Its name in beancount; a component must begin with a capital letter or a digit."""
        return f"{self.root}:{self.digits}-{_NO_COMPONENT.sub('-', self.name)}"


WAYS: Mapping[str, Account] = {
    "cash": Account("1001", "库存现金"),
    "bank": Account("1002.01", "银行存款-刷卡"),
    "transfer": Account("1002.02", "银行存款-转账"),
    "static_code": Account("1012.03", "其他货币资金-收款码"),
    "wechat": Account("1012.01", "其他货币资金-微信"),
    "alipay": Account("1012.02", "其他货币资金-支付宝"),
    "stored_value": Account("2203", "预收账款-储值", "Liabilities"),
}
"""Where money of a way of paying stands: cash, at the bank, at a wallet, or as a debt of ours."""


class Accounts(msgspec.Struct, frozen=True):
    """All accounts of a shop. `ways` by way of paying; `revenues` by tax rate, else `revenue`.

    The float stays in the cash account, so it makes no entry.
    """

    ways: Mapping[str, Account] = msgspec.field(default_factory=lambda: dict(WAYS))
    revenues: Mapping[int, Account] = {}
    revenue: Account = Account("6001", "主营业务收入", "Income")
    vat: Account = Account("2221.01.01", "应交税费-销项税额", "Liabilities")
    cost: Account = Account("6401", "主营业务成本", "Expenses")
    goods: Account = Account("1405", "库存商品")
    over_short: Account = Account("1901", "待处理财产损溢")
    deposit: Account = Account("1002.03", "银行存款-解款")
    paid_in: Account = Account("2241", "其他应付款", "Liabilities")
    paid_out: Account = Account("1221", "其他应收款")
    fee: Account = Account("6603", "财务费用", "Expenses")

    def of_way(self, way: str) -> Account:
        """The account of a way of paying. Refused("account_missing")."""
        found = self.ways.get(way)
        if found is None:
            raise Refused("account_missing", way=way)
        return found

    def of_rate(self, tax_bp: int) -> Account:
        """The revenue account of a tax rate."""
        return self.revenues.get(tax_bp, self.revenue)


def check(accounts: Accounts) -> None:
    """Refuse codes that no program takes. Refused("account_wrong")."""
    single = [getattr(accounts, name) for name in accounts.__struct_fields__]
    found = [one for one in single if isinstance(one, Account)]
    for account in [*found, *accounts.ways.values(), *accounts.revenues.values()]:
        if not _CODE.fullmatch(account.code) or not account.name.strip():
            raise Refused("account_wrong", code=account.code)


_SINGLE = (
    *("revenue", "vat", "cost", "goods", "over_short", "deposit", "paid_in", "paid_out", "fee"),
)
_RATE = re.compile(r"revenue ([0-9]{1,2}(?:\.[0-9]{1,2})?)%", re.ASCII)


def of_settings(named: Mapping[str, str]) -> Accounts:
    """The accounts of a shop: `named` maps a key to "code name"; what is not named stays.

    Keys: a way of paying, `revenue 9%` for a rate of its own, and those of `Accounts`.
    Refused: account_unknown, account_wrong.
    """
    found, ways, revenues = Accounts(), dict(WAYS), dict[int, Account]()
    single: dict[str, Account] = {}
    for key, text in named.items():
        code, _, name = text.strip().partition(" ")
        if key in _SINGLE:
            single[key] = _of(getattr(found, key), code, name)
        elif rate := _RATE.fullmatch(key):
            whole, _, part = rate[1].partition(".")
            bp = int(whole) * 100 + int((part + "00")[:2])
            revenues[bp] = _of(found.revenue, code, name)
        elif key in ways:
            ways[key] = _of(ways[key], code, name)
        else:
            known = "、".join((*ways, *_SINGLE, "revenue 9%"))
            raise Refused("account_unknown", key=key[:30], known=known)
    made = replace(found, ways=ways, revenues=revenues, **single)
    check(made)
    return made


def _of(before: Account, code: str, name: str) -> Account:
    return Account(code, name.strip() or before.name, before.root)
