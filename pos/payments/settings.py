"""Settings of `[payments.wechat]` and `[payments.alipay]`. Secrets are files, never values."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from pos.refusal import Refused


def _about(text: str) -> msgspec.Meta:
    return msgspec.Meta(description=text)


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


Seconds = Annotated[float, msgspec.Meta(ge=0.1, le=120)]


class WechatSettings(_Section, frozen=True):
    """WeChat Pay, API v3, as its own merchant (直连商户). Paths are relative to config.toml."""

    enabled: Annotated[bool, _about("take WeChat Pay")] = False
    mchid: Annotated[str, msgspec.Meta(pattern=r"^([0-9]{8,32})?$"), _about("商户号")] = ""
    appid: Annotated[
        str, msgspec.Meta(pattern=r"^([0-9A-Za-z]{8,32})?$"), _about("应用 AppID bound to it")
    ] = ""
    serial_no: Annotated[
        str,
        msgspec.Meta(pattern=r"^([0-9A-Fa-f]{16,64})?$"),
        _about("商户 API 证书序列号, of apiclient_cert.pem"),
    ] = ""
    private_key: Annotated[str, _about("apiclient_key.pem, mode 0600")] = ""
    public_key_id: Annotated[
        str,
        msgspec.Meta(pattern=r"^(PUB_KEY_ID_[0-9A-Za-z]{1,64})?$"),
        _about("微信支付公钥 ID; empty where the merchant still uses platform certificates"),
    ] = ""
    public_key: Annotated[str, _about("微信支付公钥, PEM; with public_key_id")] = ""
    api_v3_key: Annotated[
        str,
        _about(
            "file with the 32 characters of the APIv3 key, mode 0600; for platform certificates"
        ),
    ] = ""
    notify_url: Annotated[
        str,
        msgspec.Meta(pattern=r"^https://[^?#]{3,240}$"),
        _about("WeChat demands one for a QR; the till asks by itself and needs no call back"),
    ] = "https://notify.invalid/none"
    device_ip: Annotated[
        str, msgspec.Meta(pattern=r"^[0-9A-Fa-f.:]{2,45}$"), _about("address of this till")
    ] = "127.0.0.1"
    base_url: Annotated[str, _about("the provider; http only to this machine")] = (
        "https://api.mch.weixin.qq.com"
    )
    standby_url: Annotated[str, _about("tried when the first cannot be reached; empty: none")] = (
        "https://api2.mch.weixin.qq.com"
    )
    fee_rate: Annotated[
        str,
        msgspec.Meta(pattern=r"^([0-9]{1,2}(\.[0-9]{1,2})?%)?$"),
        _about("费率 as agreed, 0.6%; reconciliation tells fees that differ; empty: not compared"),
    ] = ""
    ca_file: Annotated[str, _about("PEM of a private authority; empty: the system's")] = ""
    connect_seconds: Annotated[Seconds, _about("until a connection is given up")] = 3.0
    read_seconds: Annotated[Seconds, _about("until an answer is given up")] = 15.0


class AlipaySettings(_Section, frozen=True):
    """Alipay face to face (当面付). Paths are relative to config.toml."""

    enabled: Annotated[bool, _about("take Alipay")] = False
    app_id: Annotated[
        str, msgspec.Meta(pattern=r"^([0-9A-Za-z]{8,32})?$"), _about("应用 APPID")
    ] = ""
    seller_id: Annotated[
        str,
        msgspec.Meta(pattern=r"^(2088[0-9]{12})?$"),
        _about("2088…: answers that name another seller are refused; empty: not compared"),
    ] = ""
    private_key: Annotated[str, _about("应用私钥, mode 0600")] = ""
    mode: Annotated[
        Literal["key", "certificate"], _about("公钥模式 or 证书模式, as set at open.alipay.com")
    ] = "key"
    alipay_public_key: Annotated[str, _about("支付宝公钥 (mode key)")] = ""
    app_certificate: Annotated[str, _about("appCertPublicKey_….crt (mode certificate)")] = ""
    alipay_certificate: Annotated[str, _about("alipayCertPublicKey_RSA2.crt")] = ""
    root_certificate: Annotated[str, _about("alipayRootCert.crt")] = ""
    base_url: Annotated[str, _about("the provider; http only to this machine")] = (
        "https://openapi.alipay.com"
    )
    fee_rate: Annotated[
        str,
        msgspec.Meta(pattern=r"^([0-9]{1,2}(\.[0-9]{1,2})?%)?$"),
        _about("费率 as agreed, 0.6%; reconciliation tells fees that differ; empty: not compared"),
    ] = ""
    ca_file: Annotated[str, _about("PEM of a private authority; empty: the system's")] = ""
    connect_seconds: Annotated[Seconds, _about("until a connection is given up")] = 3.0
    read_seconds: Annotated[Seconds, _about("until an answer is given up")] = 15.0


class PaymentSettings(_Section, frozen=True):
    """Money over a network."""

    wechat: WechatSettings = WechatSettings()
    alipay: AlipaySettings = AlipaySettings()


def needed(section: str, **values: str) -> None:
    """Raises Refused("pay_setting_missing", key=…) for the first of `values` that is empty."""
    for name, value in values.items():
        if not value:
            raise Refused("pay_setting_missing", key=f"payments.{section}.{name}")
