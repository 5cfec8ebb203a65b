"""What facts are made of: lines, tenders, who and where."""

from __future__ import annotations

from typing import Literal

import msgspec

AdjustmentKind = Literal[
    "price",  # 变价
    "member",  # 会员价
    "promotion",  # an offer on lines
    "line_discount",  # 单品折扣
    "order_promotion",  # an offer on the order
    "coupon",
    "points",
    "order_discount",  # 整单折扣
    "rounding",  # 抹零
]


TenderWay = Literal["cash", "bank", "transfer", "static_code", "wechat", "alipay", "stored_value"]
"""Static code: 收款码, the customer scans a sticker and pays past the till."""


CashKind = Literal["float", "in", "out", "drop"]


Condition = Literal["", "stock", "damaged"]
"""Where goods that came back go; empty for what was sold."""


class Adjustment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fen taken off a line; negative where the price was raised.

    `offer` is the id of the offer that did it; empty for anything else.
    """

    kind: AdjustmentKind
    fen: int
    offer: str = ""


class GivenOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An offer that an order was given `times` times, with what it was called then.

    `kind` is a kind of offers (`pos.sale.promotions.model`); a coupon has its `code`, points
    how many were spent and as `code` the request they were held under. What a return takes back of
    points is negative, `times` 0.
    """

    offer: str
    name: str
    kind: str
    times: int
    fen: int
    code: str = ""
    points: int = 0


class SoldLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line as sold: `list_fen` - sum of `adjustments` = `net_fen`, which contains `tax_fen`.

    One unit of it is `factor` units of the product in stock (a pack). `cost_fen` is what the goods
    cost the shop, the moving average at close, negative for what came back; None: nobody knows.
    In a line that came back `milli` and all sums are negative; `of_order` and `of_line` name what
    was sold, empty and 0 without a receipt, and `condition` says where the goods go.
    `seller` is the operator who sold it (营业员), empty where nobody was named.
    `points` are what the member earned with it. A line with an `account` pays stored value into
    that: no goods, no revenue, no tax.
    """

    line_no: int
    product_id: int
    sku: str
    barcode: str
    name: str
    unit: str
    milli: int
    unit_fen: int
    list_fen: int
    adjustments: tuple[Adjustment, ...]
    net_fen: int
    tax_bp: int
    tax_fen: int
    factor: int = 1
    cost_fen: int | None = None
    of_order: str = ""
    of_line: int = 0
    condition: Condition = ""
    seller: str = ""
    points: int = 0
    account: str = ""


class Taken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tender: `given_fen` as handed over, `fen` of it kept, the rest was change.

    The `reference` of a wallet is our number at the provider, the attempt's out_trade_no. What
    goes back is negative: the reference of a wallet is then the refund's own number, and
    `of_order` with `of_tender` (from 1) name the tender it goes back to, if there is one.
    Of stored value the reference is the request it was held under, `account` whose it is.
    `unverified`: a person said that the money came; no provider has confirmed it to the till.
    """

    way: TenderWay
    fen: int
    given_fen: int
    reference: str = ""
    of_order: str = ""
    of_tender: int = 0
    unverified: bool = False
    account: str = ""


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who did it and in which shift; a signed-out till has neither."""

    operator: str
    shift_id: str
    business_date: str


class Base(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every fact has: its kind among its fields, and no field that is not told here."""
