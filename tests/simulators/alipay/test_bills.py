"""The bill read back is the ledger."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import urlsplit

import pytest

from pos.simulators.alipay import AlipaySimulator
from pos.simulators.wallets.clock import plain
from tests.simulators.alipay.test_rules import CANCEL, CODE, PAY, REFUND
from tests.simulators.wallets.clients import AlipayClient, Got, send
from tests.simulators.wallets.shops import NOON

BILL = "alipay.data.dataservice.bill.downloadurl.query"
DAY = "2026-03-01"
TRADE = {"bill_type": "trade", "bill_date": DAY}


def _trade(sim: AlipaySimulator) -> AlipayClient:
    client = AlipayClient(sim)
    for index, yuan in enumerate(("12.05", "8.80", "199.99")):
        wish = client.pay_wish(f"ORDER00{index}", yuan, str(int(CODE) + index))
        assert client.call(PAY, wish)["code"] == "10000"
    client.call(
        REFUND, {"out_trade_no": "ORDER000", "refund_amount": "2.05", "out_request_no": "R1"}
    )
    sim.clock.advance(15)
    client.call(CANCEL, {"out_trade_no": "ORDER001"})
    sim.foreign(500)
    sim.clock.set(NOON + 22.5 * 3600)
    return client


def get(sim: AlipaySimulator, link: str) -> Got:
    parts = urlsplit(link)
    return send(sim.url, "GET", f"{parts.path}?{parts.query}", b"", {}, 2)


def files_of(raw: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(raw), metadata_encoding="gbk") as packed:
        assert packed.testzip() is None
        assert all(not info.flag_bits & 0x800 for info in packed.infolist())
        return {name: packed.read(name).decode("gb18030") for name in packed.namelist()}


def rows_of(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.split("\r\n") if line and not line.startswith("#")]
    names = lines[0].split(",")
    return [dict(zip(names, line.split(","), strict=True)) for line in lines[1:]]


def details_of(files: dict[str, str]) -> list[dict[str, str]]:
    """The rows of the longer story: the summary's name is longer."""
    return rows_of(files[min(files, key=len)])


def _fen(text: str) -> int:
    whole, part = text.lstrip("-").split(".")
    return (int(whole) * 100 + int(part)) * (-1 if text.startswith("-") else 1)


def _fetch(client: AlipayClient, sim: AlipaySimulator) -> dict[str, str]:
    return files_of(get(sim, client.call(BILL, TRADE)["bill_download_url"]).body)


def test_the_bill_is_the_ledger(alipay: AlipaySimulator) -> None:
    files = _fetch(_trade(alipay), alipay)
    details, summary = sorted(files, key=len)
    assert details.endswith("_业务明细.csv")
    assert summary.endswith("_业务明细(汇总).csv")
    assert files[details].startswith("#支付宝业务明细查询\r\n#账号：[")
    rows = rows_of(files[details])
    assert all(len(row) == 25 for row in rows)
    assert rows[0]["商户订单号"] == "ORDER000\t"
    billed = {
        (
            row["业务类型"],
            row["商户订单号"].strip(),
            row["退款批次号/请求号"].strip(),
            row["完成时间"],
        ): _fen(row["订单金额（元）"])
        for row in rows
    }
    entries = {
        (
            "交易" if it.kind == "payment" else "退款",
            it.out_trade_no,
            it.refund_no if it.kind != "reversal" else it.out_trade_no,
            plain(it.at),
        ): it.signed_fen
        for it in alipay.ledger()
    }
    assert billed == entries
    assert len(billed) == 6
    total = rows_of(files[summary])[-1]
    assert _fen(total["订单金额（元）"]) == sum(entries.values())
    fees = sum(_fen(row["服务费（元）"]) for row in rows)
    assert (_fen(total["服务费（元）"]), fees < 0) == (fees, True)
    assert {row["终端号"].strip() for row in rows} == {"TILL-01", "OTHER-TILL"}


def test_a_month(alipay: AlipaySimulator) -> None:
    client = _trade(alipay)
    wish = TRADE | {"bill_date": "2026-03"}
    assert client.call(BILL, wish)["sub_code"] == "isp.bill_not_exist"
    alipay.clock.set(NOON + 32 * 86400)
    link = client.call(BILL, wish)["bill_download_url"]
    files = files_of(get(alipay, link).body)
    assert len(details_of(files)) == 6
    text = files[min(files, key=len)]
    assert "终止日期：[2026年04月01日" in text


def test_not_before_ten_and_not_without_trade(alipay: AlipaySimulator) -> None:
    client = _trade(alipay)
    for wish in (TRADE | {"bill_type": "signcustomer"}, TRADE | {"bill_date": "2026-02-27"}):
        assert client.call(BILL, wish)["sub_code"] == "isp.bill_not_exist"
    wrong = client.call(BILL, TRADE | {"bill_date": "2026-02-30"})
    assert wrong["sub_code"] == "isv.invalid-arguments"
    alipay.clock.set(NOON + 21.9 * 3600)
    assert client.call(BILL, TRADE)["sub_code"] == "isp.bill_not_exist"


def test_a_link_lives_30_s(alipay: AlipaySimulator) -> None:
    link = _trade(alipay).call(BILL, TRADE)["bill_download_url"]
    alipay.clock.advance(30)
    assert get(alipay, link).status == 200
    alipay.clock.advance(1)
    assert get(alipay, link).status == 403


@pytest.mark.parametrize(
    ("fault", "rows"),
    [
        ("bill_missing_row", 5),
        ("bill_extra_row", 7),
        ("bill_fee_off", 6),
        ("bill_amount_off", 6),
        ("bill_sum_off", 6),
    ],
)
def test_a_wrong_bill_is_wrong_as_announced(alipay: AlipaySimulator, fault: str, rows: int) -> None:
    client = _trade(alipay)
    right = _fetch(client, alipay)
    alipay.set_bill_fault(DAY, fault)
    wrong = _fetch(client, alipay)
    assert wrong != right
    assert len(details_of(wrong)) == rows
    alipay.set_bill_fault(DAY, "")
    assert _fetch(client, alipay) == right
    alipay.set_bill_fault(DAY, "bill_none")
    assert client.call(BILL, TRADE)["sub_code"] == "isp.bill_not_exist"
