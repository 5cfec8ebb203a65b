"""Bills as the providers write them, line by line, for tests."""

from __future__ import annotations

import io
import zipfile

WECHAT_27 = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,"
    "退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
WECHAT_24 = (
    "交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,总金额,代金券或立减优惠金额,微信退款单号,商户退款单号,退款金额,"
    "代金券或立减优惠退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率"
)
WECHAT_SUMS = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)
ALIPAY_25 = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,"
    "对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,"
    "商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,"
    "退款批次号/请求号,服务费（元）,分润（元）,备注"
)
ALIPAY_HEAD = [
    "#支付宝业务明细查询",
    "#账号：[20880000000000010156]",
    "#起始日期：[2026年02月28日 00:00:00]   终止日期：[2026年03月01日 00:00:00]",
    "#-----------------------------------------业务明细列表----------------------------------------",
]


def wechat_row(
    number: str,
    provider: str,
    state: str = "SUCCESS",
    yuan: str = "12.34",
    settled: str = "",
    name: str = "柜台",
    attach: str = "000102",
    fee: str = "0.07000",
    refund: tuple[str, str, str] = ("0", "0", "0.00"),
    time: str = "2026-02-28 12:00:01",
) -> str:
    """27 fields, each behind a backtick; `refund`: provider's number, ours, yuan."""
    paid = state == "SUCCESS"
    return ",".join(
        "`" + field
        for field in (
            time, "wxd678efh567hg6787", "1900000001", "0", "000102", provider, number,
            "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "MICROPAY", state, "OTHERS", "CNY",
            (settled or yuan) if paid else "0.00", "0.00", refund[0], refund[1],
            refund[2], "0.00", "" if paid else "ORIGINAL", "" if paid else "SUCCESS", name, attach,
            fee, "0.60%", yuan if paid else "0.00", refund[2], "",
        )
    )  # fmt: skip


def wechat_bill(rows: list[str], sums: str = "", header: str = WECHAT_27) -> bytes:
    lines = ["\ufeff" + header, *rows]
    if sums:
        lines += [WECHAT_SUMS, sums]
    return ("\r\n".join(lines) + "\r\n").encode()


def alipay_row(
    number: str,
    provider: str,
    kind: str = "交易",
    yuan: str = "12.30",
    received: str = "",
    name: str = "柜台",
    terminal: str = "000102",
    request: str = "",
    fee: str = "0.07",
    time: str = "2026-02-28 12:00:01",
) -> str:
    """25 fields, ids with their trailing tabs."""
    return ",".join(
        (
            provider + "\t", number + "\t", kind, name, time, time, "0001", "一店", "7", terminal,
            "*明(138****0000)", yuan, received or yuan, "0.00", "0.00", "0.00", "0.00", "0.00", "",
            "0.00", "0.00", request, fee, "0.00", "",
        )
    )  # fmt: skip


def alipay_csv(rows: list[str], tail: list[str] | None = None, header: str = ALIPAY_25) -> bytes:
    ends = ["#-----------------业务明细列表结束-----------------", *(tail or [])]
    return ("\r\n".join([*ALIPAY_HEAD, header, *rows, *ends]) + "\r\n").encode("gb18030")


def alipay_zip(details: bytes, names: tuple[str, ...] = ("明细", "明细(汇总)")) -> bytes:
    """Names in GBK without a flag that says so, as Alipay packs them."""
    out = io.BytesIO()
    raw_names = [f"2088_20260228_业务{name}.csv".encode("gbk") for name in names]
    holders = [bytes([97 + n]) * len(raw) for n, raw in enumerate(raw_names)]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, holder in zip(names, holders, strict=True):
            archive.writestr(holder.decode(), b"#\r\n" if "汇总" in name else details)
    packed = out.getvalue()
    for raw, holder in zip(raw_names, holders, strict=True):
        packed = packed.replace(holder, raw)  # in the file's head and in the directory
    return packed
