"""A shop with offers of every kind on goods made for them, and what each kind should come to."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tests.shop import Shop, make_shop
from tests.staged import ProductRow

YOGURT, PEACH, TEA, CHIPS, PEARS, TOWEL, SMOKES = (f"69100{n}" for n in range(1, 8))
TEA_PACK = "691033"
GOODS = [
    ProductRow("Y1", "酸奶", "杯", 600, 1300, (YOGURT,), category="乳品/酸奶", member_fen=540),
    ProductRow("Y2", "桃酸奶", "杯", 800, 1300, (PEACH,), category="乳品/酸奶"),
    ProductRow("T1", "乌龙茶", "瓶", 500, 1300, (TEA,), category="饮料",
               packs=((TEA_PACK, 12, 5400),)),
    ProductRow("C1", "薯片", "袋", 990, 1300, (CHIPS,), category="零食"),
    ProductRow("P1", "鸭梨", "kg", 1000, 900, (PEARS,), category="水果", weighed=1),
    ProductRow("G1", "毛巾", "条", 1990, 1300, (TOWEL,), category="日用"),
    ProductRow("S1", "香烟", "包", 2500, 1300, (SMOKES,), discountable=0),
]  # fmt: skip


class Kind(NamedTuple):
    """One kind of offer: its file, what is scanned, what is to be paid, how the offer is told."""

    kind: str
    toml: str
    scans: tuple[str, ...]
    total: str
    told: str
    member: bool = False


def offer(kind: str, rest: str, name: str = "") -> str:
    """An offer of a file."""
    return f'[[offer]]\nid = "{kind}"\nname = "{name or kind}"\nkind = "{kind}"\n{rest}\n'


KINDS = (
    Kind("special", offer("special", 'skus = ["T1"]\nprice = "4.00"', "茶特价"),
         (TEA, TEA), "8.00", "原价 10.00，茶特价 -2.00"),
    Kind("member_price", offer("member_price", 'categories = ["饮料"]\nrate = "90"\nwho = "member"',
                               "会员饮料"),
         (TEA, YOGURT), "9.90", "会员饮料 -0.50", member=True),
    Kind("time_price", offer("time_price", 'skus = ["C1"]\nprice = "7.90"\ntimes = ["09:00-11:00"]',
                             "早市"),
         (CHIPS,), "7.90", "早市 -2.00"),
    Kind("nth", offer("nth", 'categories = ["乳品"]\nqty = 2\nrate = "50"\nmix = true',
                      "第二件半价"),
         (YOGURT, PEACH), "11.00", "第二件半价"),
    Kind("buy_get", offer("buy_get", 'skus = ["T1"]\nqty = 2\nfree = 1', "买二送一"),
         (TEA, TEA, TEA), "10.00", "买二送一 -5.00"),
    Kind("bundle", offer("bundle", 'slots = ["C1*1", "T1*2"]\nprice = "15.00"', "下午茶"),
         (CHIPS, TEA, TEA), "15.00", "下午茶"),
    Kind("add_on", offer("add_on", 'amount = "10.00"\ngifts = ["G1"]\nprice = "9.90"', "换购毛巾"),
         (TEA, TEA, TOWEL), "19.90", "换购毛巾 -10.00"),
    Kind("spend_off", offer("spend_off", 'amount = "15.00"\noff = "3.00"', "满15减3"),
         (CHIPS, TEA, TEA), "16.90", "满15减3 -3.00"),
    Kind("every_off", offer("every_off", 'amount = "8.00"\noff = "1.00"', "每满8减1"),
         (CHIPS, TEA, TEA), "17.90", "每满8减1 -2.00"),
    Kind("spend_rate", offer("spend_rate", 'amount = "15.00"\nrate = "90"', "满15打九折"),
         (CHIPS, TEA, TEA), "17.91", "满15打九折 -1.99"),
    Kind("coupon", offer("coupon", 'amount = "10.00"\noff = "2.00"', "两元券"),
         (CHIPS, TEA, "QUAN-1"), "12.90", "两元券 -2.00"),
)  # fmt: skip
"""All but points, which are spent against head office alone."""
COUPONS = "券码,促销,可用次数\nQUAN-1,coupon,1\nQUAN-2,coupon,2\n"


def offers_shop(
    folder: Path, toml: str, coupons: str = "", extra: dict[str, str] | None = None
) -> Shop:
    """A shop that sells these goods with these offers."""
    changes = {'file = ""                  # 促销': 'file = "offers.toml"  # 促销'} | (extra or {})
    if coupons:
        changes['coupons = ""               # 优惠券'] = 'coupons = "coupons.csv"  # 优惠券'
        (folder / "coupons.csv").write_text(coupons, "utf-8")
    (folder / "offers.toml").write_text(toml, "utf-8")
    return make_shop(folder, changes, GOODS)
