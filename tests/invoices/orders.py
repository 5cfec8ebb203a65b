"""Small orders, codes and settings that the tests of invoices share."""

from __future__ import annotations

from msgspec.structs import replace

from pos.invoices.building import Codes, Order, documents
from pos.invoices.classification import Classification
from pos.invoices.document import Buyer, Document, Kind, Limits, Sold
from pos.invoices.settings import InvoiceSettings, Nuonuo, Seller
from pos.money import tax_within

NUMBER = "000101010000042"
AT = "2026-07-27T02:03:04.000Z"
BISCUIT = "1030201030000000000"
WATER = "1030307040000000000"
EGG = "1010303020000000000"
TABLE = Classification(
    {
        "1030000000000000000": ("食品、饮料", "食品"),
        "1030201000000000000": ("焙烤食品", "焙烤食品"),
        BISCUIT: ("饼干", "焙烤食品"),
        "1030307000000000000": ("饮料", "软饮料"),
        WATER: ("包装饮用水", "软饮料"),
        EGG: ("禽蛋", "禽蛋"),
    }
)
CODES = Codes(TABLE, default=BISCUIT, categories={"饮料": WATER, "蛋": EGG}, zero={"蛋": "exempt"})
COMPANY = Buyer("深圳市腾讯计算机系统有限公司", tax_id="91440300708461136T", email="fp@example.cn")
PERSON = Buyer("张女士", person=True, mobile="13800001234")
SETTINGS = InvoiceSettings(
    provider="nuonuo",
    seller=Seller("339902999999789113", "柜台便利店有限公司", "杭州市文一路 1 号", "0571-88888888"),
    clerk="王五",
    payee="李四",
    checker="赵六",
    default_code=BISCUIT,
    nuonuo=Nuonuo(app_key="appKey01", app_secret="nuonuo.secret"),  # noqa: S106 - a file's name
)


def sold(
    line_no: int, name: str, milli: int, list_fen: int, net_fen: int = -1, tax_bp: int = 1300,
    category: str = "", tax_code: str = "",
) -> Sold:  # fmt: skip
    """A line whose tax is split as at the till."""
    net = list_fen if net_fen < 0 else net_fen
    return Sold(
        line_no, name, "袋", milli, list_fen, net, tax_bp, tax_within(net, tax_bp), "90g",
        tax_code, category,
    )  # fmt: skip


def back(line: Sold, milli: int, net_fen: int, list_fen: int) -> Sold:
    """Part of a line returned, as the returning order stores it."""
    return replace(
        line,
        milli=-milli,
        list_fen=-list_fen,
        net_fen=-net_fen,
        tax_fen=-tax_within(net_fen, line.tax_bp),
    )


LINES = (
    sold(1, "苏打饼干", 2000, 990, 880),
    sold(2, "矿泉水", 1000, 350, category="饮料"),
    sold(3, "赠品", 1000, 100, 0),
    sold(4, "散养鸡蛋", 1535, 2456, tax_bp=0, category="蛋"),
)
ORDER = Order(NUMBER, LINES)


def document(
    order: Order = ORDER, kind: Kind = "normal", buyer: Buyer = COMPANY, first: int = 1
) -> Document:
    """The only invoice of an order."""
    (found,) = documents(order, kind, buyer, CODES, Limits(), first, AT)
    return found
