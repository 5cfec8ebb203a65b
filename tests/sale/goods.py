"""Products and orders for the tests of the sale's rules."""

from __future__ import annotations

from pos.record import OrderClosed, Where
from pos.sale.ending import close
from pos.sale.order import Order, Product, add

COLA = Product(1, "A1", "可乐", "罐", 350, 1300)
MILK = Product(2, "A2", "牛奶", "盒", 1280, 900)
PEARS = Product(3, "A3", "鸭梨", "kg", 999, 900, weighed=True)
RICE = Product(4, "A4", "大米", "袋", 5990, 900, lowest_fen=5000)
SMOKES = Product(5, "A5", "香烟", "包", 2500, 1300, discountable=False)
BOOK = Product(6, "A6", "图书", "本", 4500, 0)

WHERE = Where("0042", "shift-1", "2026-03-01")


def order_of(*products: Product) -> Order:
    """An open order with one of each; a kilogram of what is weighed."""
    order = Order("o1", "2026-03-01T01:00:00.000Z", "0042")
    for product in products:
        order = add(order, product, "", 1000, merge=False)
    return order


def closed(order: Order) -> OrderClosed:
    """The fact of the order's end."""
    return close(order, WHERE, 1, "000101010000001")
