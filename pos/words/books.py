"""Words of vouchers. Summaries are Chinese in both languages: the books of a shop in China are."""

from __future__ import annotations

import msgspec


class BookWords(msgspec.Struct, frozen=True):
    """One field for each code and word."""

    # refusals
    account_missing: str
    account_wrong: str
    voucher_format: str
    settlement_wrong: str
    # summaries of entries
    sales: str
    tax: str
    cost: str
    over: str
    short: str
    drop: str
    cash_in: str
    cash_out: str
    topup: str
    settled: str
    fee: str
    # what a person is told of a voucher
    uncosted: str
    exported: str
    no_closed_day: str
    account_unknown: str
    # columns of the table
    columns: tuple[str, ...]


_COLUMNS = (
    "日期",
    "凭证字",
    "凭证号",
    "附件数",
    "分录序号",
    "摘要",
    "科目代码",
    "科目名称",
    "借方金额",
    "贷方金额",
    "客户",
    "供应商",
    "职员",
    "项目",
    "部门",
    "存货",
    "数量",
    "单价",
    "原币金额",
    "币别",
    "汇率",
)
ZH = BookWords(
    account_missing="没有设置“{way}”对应的会计科目，请在 config.toml 的 [books.accounts] 里补上",
    account_wrong="会计科目“{code}”有误，请写数字，可用点分级，如 2221.01.01",
    voucher_format="没有“{format}”这种凭证格式，可用：{known}",
    settlement_wrong="手续费 {fee:yuan} 不能大于结算金额 {gross:yuan}",
    sales="{date} 门店{shop} 收银机{till} 销售 Z{z}",
    tax="{date} 门店{shop} 收银机{till} 销项税额 {rate} Z{z}",
    cost="{date} 门店{shop} 收银机{till} 结转销售成本 Z{z}",
    over="{date} 门店{shop} 收银机{till} 长款 Z{z}",
    short="{date} 门店{shop} 收银机{till} 短款 Z{z}",
    drop="{date} 门店{shop} 收银机{till} 解款 Z{z}",
    cash_in="{date} 门店{shop} 收银机{till} 存入现金 Z{z}",
    cash_out="{date} 门店{shop} 收银机{till} 支出现金 Z{z}",
    topup="{date} 门店{shop} 收银机{till} 储值充值 Z{z}",
    settled="{date} 门店{shop} {way}到账",
    fee="{date} 门店{shop} {way}手续费",
    uncosted="有 {count} 行商品没有进价，成本未结转",
    exported="已导出 {count} 张凭证 {path}",
    no_closed_day="{date} 没有日结，没有凭证可导",
    account_unknown="[books.accounts] 里的“{key}”不认识，可用：{known}",
    columns=_COLUMNS,
)
EN = BookWords(
    account_missing="No account for “{way}”: add it to [books.accounts] in config.toml",
    account_wrong="Account “{code}” is wrong: digits, with dots between levels, like 2221.01.01",
    voucher_format="There is no voucher format “{format}”, there are: {known}",
    settlement_wrong="The fee {fee:yuan} is more than the settled {gross:yuan}",
    sales=ZH.sales,
    tax=ZH.tax,
    cost=ZH.cost,
    over=ZH.over,
    short=ZH.short,
    drop=ZH.drop,
    cash_in=ZH.cash_in,
    cash_out=ZH.cash_out,
    topup=ZH.topup,
    settled=ZH.settled,
    fee=ZH.fee,
    exported="{count} vouchers in {path}",
    no_closed_day="No day was closed on {date}: there is no voucher",
    account_unknown="“{key}” in [books.accounts] is not known; there are: {known}",
    uncosted="{count} lines have no cost; their cost is not in the voucher",
    columns=_COLUMNS,
)
