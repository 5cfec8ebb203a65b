"""Our signatures against two libraries that know nothing of us."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pos.payments.alipay.signing import certificate_sn, root_sn, signed_form
from pos.payments.codes import read_code
from pos.payments.protocol import Charge, Missing, Paid
from pos.payments.wechat.signing import Signer, unseal
from tests.payments import alipay_side, wechat_side
from tests.payments.line import Line, http, key, private_pem, public_pem
from tests.payments.papers import certificate, pem

CHARGE = Charge("0123456789abcdef0123456789abcdef", 1234, "柜台 & 商品", "0001", "02")


def test_wechatpayv3_agrees_on_every_signature(tmp_path: Path) -> None:
    utils: Any = pytest.importorskip("wechatpayv3.utils")
    body = '{"说明":"1"}'
    header = Signer("1900000001", "SERIAL", key("merchant")).authorization(
        "POST", "/v3/x?a=1", body.encode(), 1_772_337_600, "nonce"
    )
    parts = dict(part.split("=", 1) for part in header.split(" ", 1)[1].split(","))
    signature = parts["signature"].strip('"')
    message = f"POST\n/v3/x?a=1\n1772337600\nnonce\n{body}\n"
    assert signature == utils.rsa_sign(key("merchant"), message)
    order = {"mchid": wechat_side.MCHID, "out_trade_no": CHARGE.out_trade_no}
    text = str({**order, "trade_state": "SUCCESS", "transaction_id": "42"}).replace("'", '"')
    text = text[:-1] + ', "amount": {"total": 1234}}'
    theirs = utils.rsa_sign(key("wechat"), f"{wechat_side.SECONDS}\nabc\n{text}\n")
    headers = {
        "Wechatpay-Timestamp": str(wechat_side.SECONDS),
        "Wechatpay-Nonce": "abc",
        "Wechatpay-Serial": wechat_side.KEY_ID,
        "Wechatpay-Signature": theirs,
    }
    with Line(lambda request: http(text.encode(), headers)) as line:
        wechat = wechat_side.gateway(tmp_path, line)
        assert isinstance(wechat.pay_code(CHARGE, read_code("130000000000000001")), Paid)
        wechat.close()


def test_wechatpayv3_opens_what_we_open() -> None:
    utils: Any = pytest.importorskip("wechatpayv3.utils")
    api_key = b"0123456789abcdef" * 2
    sealed = b64encode(AESGCM(api_key).encrypt(b"0123456789ab", b"text", b"x")).decode()
    assert utils.aes_decrypt("0123456789ab", sealed, "x", api_key.decode()) == "text"
    assert unseal(api_key, "0123456789ab", "x", sealed) == b"text"


def alipay_library() -> Any:
    return pytest.importorskip("alipay").AliPay(
        appid=alipay_side.APP_ID,
        app_private_key_string=private_pem(key("alipay")).decode(),
        alipay_public_key_string=public_pem(key("app")).decode(),
        sign_type="RSA2",
    )


def test_python_alipay_sdk_verifies_our_requests_and_signs_answers(tmp_path: Path) -> None:
    library = alipay_library()
    params = {"app_id": "1", "biz_content": '{"a":"柜台 & 1"}', "charset": "utf-8", "b": ""}
    sent = dict(parse_qsl(signed_form(params, key("app")).decode()))
    assert library.verify({k: v for k, v in sent.items() if k != "sign"}, sent["sign"])
    node = '{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST","sub_msg":"交易不存在"}'
    body = f'{{"alipay_trade_query_response":{node},"sign":"{library._sign(node)}"}}'
    with Line(lambda request: http(body.encode())) as line:
        alipay = alipay_side.gateway(tmp_path, line)
        assert alipay.query(CHARGE) == Missing()
        alipay.close()


@pytest.mark.filterwarnings("ignore:X509:DeprecationWarning")
def test_python_alipay_sdk_numbers_certificates_as_we_do() -> None:
    library: Any = pytest.importorskip("alipay").DCAliPay
    roots = [certificate("root", "root", 11), certificate("app", "app", 2**120)]
    for each in roots:
        assert library.get_cert_sn(pem(each)) == certificate_sn(each)
    assert library.get_root_cert_sn(pem(*roots).decode()) == root_sn(roots)
