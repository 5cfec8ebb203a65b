"""Words of the lists: products, orders, customers, imports."""

from __future__ import annotations

import msgspec


class FindingWords(msgspec.Struct, frozen=True):
    """One field for each word; braces are filled in."""

    products: str
    products_hint: str
    products_changed: str
    product_columns: tuple[str, ...]
    orders: str
    orders_hint: str
    order_columns: tuple[str, ...]
    found: str
    found_more: str
    found_none: str
    status: dict[str, str]
    all_orders: str
    receipt_of: str
    off_sale: str
    note_low: str
    note_short: str
    new_product: str
    new_price: str
    new_made: str
    price_of: str
    name_of: str
    edited: str
    disabled: str
    enabled: str
    import_file: str
    import_hint: str
    importing: str
    import_reading: str
    import_row: str
    import_done: str
    import_rejects: str
    import_stop_hint: str
    customer: str
    customer_hint: str
    customer_columns: tuple[str, ...]
    customer_title: str
    customer_new: str
    customer_name: str
    customer_phone: str
    customer_set: str
    customer_label: str
    address: str
    address_hint: str
    address_note: str
    address_note_hint: str
    deliver_set: str
    deliver_label: str
    delivered: str
    undelivered: str
    voucher_queued: str
    recalled_hint: str


ZH = FindingWords(
    products="查商品",
    products_hint="条码、货号、拼音首字母或品名；回车加入",
    products_changed="最近新增和改动",
    product_columns=("品名", "规格", "货号", "售价", "会员价", "库存", ""),
    orders="查订单",
    orders_hint="单号尾数、金额、日期、工号、顾客姓名或手机",
    order_columns=("单号", "时间", "收银员", "金额", "顾客", "状态"),
    found="{count} 条",
    found_more="前 {count} 条，请再输几个字",
    found_none="没有找到",
    status={
        "held": "待结账",
        "open": "未结",
        "closed": "已完成",
        "voided": "已取消",
        "returned": "已退货",
        "part_returned": "部分退货",
        "return": "退货单",
        "to_deliver": "待送货",
        "delivered": "已送达",
    },
    all_orders="全部",
    receipt_of="小票 {number}",
    off_sale="停用",
    note_low="库存剩 {left}",
    note_short="库存不足，剩 {left}",
    new_product="新商品 {code} 品名",
    new_price="{name} 售价（元）",
    new_made="已建档 {name}",
    price_of="{name} 新售价（元）",
    name_of="{name} 新品名",
    edited="已改 {name}",
    disabled="已停用 {name}",
    enabled="已启用 {name}",
    import_file="商品文件",
    import_hint="CSV 或 XLSX 的路径",
    importing="导入商品",
    import_reading="正在检查 {file}",
    import_row="{done} / {total} 行",
    import_done="新增 {created}，更新 {updated}，不变 {unchanged}，未导入 {rejected}",
    import_rejects="未导入的行在 {path}",
    import_stop_hint="Esc 停止，什么也不会改",
    customer="顾客手机或姓名",
    customer_hint="手机全号、后四位或姓名；新顾客输手机",
    customer_columns=("顾客",),
    customer_title="请选顾客",
    customer_new="＋ 新顾客",
    customer_name="顾客姓名",
    customer_phone="顾客手机",
    customer_set="顾客 {who}",
    customer_label="顾客",
    address="送货地址",
    address_hint="送到哪里",
    address_note="送货备注",
    address_note_hint="没有就直接回车",
    deliver_set="送货已记在单上",
    deliver_label="送货",
    delivered="已送达 {number}",
    undelivered="改回待送货 {number}",
    voucher_queued="结账凭证已排队打印 {number}",
    recalled_hint="待结账的单，回车取单",
)

EN = FindingWords(
    products="Products",
    products_hint="Barcode, item code, pinyin initials or name; Enter adds it",
    products_changed="New and changed",
    product_columns=("Name", "Spec", "Item code", "Price", "Member", "Stock", ""),
    orders="Orders",
    orders_hint="Last digits, amount, date, operator, customer's name or phone",
    order_columns=("No.", "Time", "Operator", "Amount", "Customer", "Status"),
    found="{count} found",
    found_more="first {count}, type more",
    found_none="Nothing found",
    status={
        "held": "held",
        "open": "open",
        "closed": "closed",
        "voided": "voided",
        "returned": "returned",
        "part_returned": "partly returned",
        "return": "a return",
        "to_deliver": "to deliver",
        "delivered": "delivered",
    },
    all_orders="all",
    receipt_of="Receipt {number}",
    off_sale="off",
    note_low="{left} left in stock",
    note_short="not enough in stock, {left} left",
    new_product="Name of new product {code}",
    new_price="Price of {name} (yuan)",
    new_made="New product {name}",
    price_of="New price of {name} (yuan)",
    name_of="New name of {name}",
    edited="Changed: {name}",
    disabled="Switched off: {name}",
    enabled="Switched on: {name}",
    import_file="Product file",
    import_hint="path of a CSV or XLSX file",
    importing="Importing products",
    import_reading="Checking {file}",
    import_row="{done} of {total} rows",
    import_done="{created} created, {updated} updated, {unchanged} unchanged, {rejected} left out",
    import_rejects="Rows left out are in {path}",
    import_stop_hint="Esc stops; nothing will be changed",
    customer="Customer's phone or name",
    customer_hint="whole phone, last four digits or name; a phone for a new one",
    customer_columns=("Customer",),
    customer_title="Choose the customer",
    customer_new="+ new customer",
    customer_name="Customer's name",
    customer_phone="Customer's phone",
    customer_set="Customer {who}",
    customer_label="Customer",
    address="Delivery address",
    address_hint="where to",
    address_note="Note for the driver",
    address_note_hint="Enter alone for none",
    deliver_set="The delivery is on the order",
    deliver_label="Delivery",
    delivered="Delivered {number}",
    undelivered="To deliver again {number}",
    voucher_queued="Settlement voucher queued {number}",
    recalled_hint="A held order; Enter recalls it",
)
