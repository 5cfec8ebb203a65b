"""What is said when looking up, upkeep, imports, customers or deliveries are refused."""

from __future__ import annotations

import msgspec


class CatalogRefusals(msgspec.Struct, frozen=True):
    """One field for each code."""

    nothing_found: str
    order_not_ended: str
    order_not_closed: str
    nothing_to_deliver: str
    code_first: str
    barcode_known: str
    catalog_owned: str
    name_missing: str
    phone_wrong: str
    person_empty: str
    person_unknown: str
    person_sealed: str
    person_key_wrong: str
    import_failed: str
    printer_unknown: str
    printer_none: str
    simulator_failed: str
    scale_none: str
    devices_none: str
    scanner_unknown: str
    display_none: str
    payment_code_early: str
    member_card_early: str
    no_print_jobs: str
    job_too_late: str
    job_cut_off: str
    job_not_waiting: str


ZH = CatalogRefusals(
    nothing_found="没有找到：{text}",
    order_not_ended="这张单还没结，没有小票；回车取单",
    order_not_closed="{number} 不是已完成的单",
    nothing_to_deliver="{number} 没有送货",
    code_first="先输条码，再按建档",
    barcode_known="条码 {code} 已有商品",
    catalog_owned="商品由总部管理（[catalog] owner），请在总部改",
    name_missing="品名是空的，请重输",
    phone_wrong="手机号不对：{text}",
    person_empty="手机和姓名至少输一个",
    person_unknown="没有这位顾客，或资料已删除",
    person_sealed="顾客资料打不开：密钥不对（[secrets] person_key），请放回原来的密钥文件",
    person_key_wrong="顾客资料的密钥应是 {bytes} 字节，请放回原来的文件",
    import_failed="导入程序出错（{code}），什么也没改，请叫技术员",
    printer_unknown="没有打印机 {name}，有：{known}（[printers.NAME]）",
    printer_none="没有设打印机：在 config.toml 写 [printers.receipt]",
    simulator_failed="模拟器 {name} 没有启动",
    scale_none="没有接秤（[scale]），请手输重量",
    devices_none="没有设任何设备；在 config.toml 里写（见 docs/technician.md）",
    scanner_unknown="没有扫码枪 {name}，有：{known}（[scanners.NAME]）；键盘方式的不用设",
    display_none="没有接客显（[display]）",
    payment_code_early="这是付款码，请先结算再扫",
    member_card_early="这是会员卡，这里不能用",
    no_print_jobs="没有等着打印的小票",
    job_too_late="开机前就等着的旧小票，要打请选再打",
    job_cut_off="打印时断电或停机，看看纸上有没有",
    job_not_waiting="这张小票已经处理过了",
)

EN = CatalogRefusals(
    nothing_found="Nothing found: {text}",
    order_not_ended="This order is not closed, it has no receipt; Enter recalls it",
    order_not_closed="{number} is no closed order",
    nothing_to_deliver="{number} has no delivery",
    code_first="Type the barcode first, then this key",
    barcode_known="Barcode {code} has a product already",
    catalog_owned="Head office keeps the products ([catalog] owner), change them there",
    name_missing="The name is empty, type it again",
    phone_wrong="That is no phone number: {text}",
    person_empty="Type a phone number or a name",
    person_unknown="There is no such customer, or they were erased",
    person_sealed="Customer data cannot be opened: wrong key ([secrets] person_key), put it back",
    person_key_wrong="The key of customer data should have {bytes} bytes, put the old file back",
    import_failed="The import failed ({code}), nothing was changed; call the technician",
    printer_unknown="There is no printer {name}, there are: {known} ([printers.NAME])",
    printer_none="There is no printer: write [printers.receipt] into config.toml",
    simulator_failed="The simulator {name} did not start",
    scale_none="There is no scale ([scale]), type the weight",
    devices_none="No device is set up; write it into config.toml (docs/technician.md)",
    scanner_unknown="There is no scanner {name}, there are: {known} ([scanners.NAME])",
    display_none="There is no customer display ([display])",
    payment_code_early="That is a payment code, go to payment first",
    member_card_early="That is a member's card, it is of no use here",
    no_print_jobs="No receipt waits to be printed",
    job_too_late="An old receipt from before the start; choose to print it again",
    job_cut_off="Cut off while printing, look at the paper",
    job_not_waiting="This job is done already",
)
