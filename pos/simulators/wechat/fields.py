"""What a request body may hold, field by field, and PARAM_ERROR for what it may not.

Lengths are characters. Unknown fields are refused, as DESIGN wants a strict judge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pos.simulators.wechat.signing import ApiError

TRADE_NO = r"[0-9A-Za-z_\-|*]{6,32}"
REFUND_NO = r"[0-9A-Za-z_\-|*@]{1,64}"
MAX_FEN = 10_000_000_000


@dataclass(frozen=True)
class Text:
    most: int
    needed: bool = False
    pattern: str = ""


@dataclass(frozen=True)
class Number:
    least: int
    most: int = MAX_FEN
    needed: bool = False


@dataclass(frozen=True)
class Flag:
    needed: bool = False


@dataclass(frozen=True)
class Items:
    each: Group
    most: int
    needed: bool = False


@dataclass(frozen=True)
class Group:
    fields: Mapping[str, Field]
    needed: bool = False


Field = Text | Number | Flag | Items | Group

_AMOUNT = Group({"total": Number(1, needed=True), "currency": Text(16, pattern="CNY")}, True)
_GOODS = Group(
    {
        "merchant_goods_id": Text(32, True),
        "wechatpay_goods_id": Text(32),
        "goods_name": Text(256),
        "quantity": Number(1, needed=True),
        "unit_price": Number(0, needed=True),
    }
)
_DETAIL = Group(
    {"cost_price": Number(0), "invoice_id": Text(32), "goods_detail": Items(_GOODS, 6000)}
)
_SETTLE = Group({"profit_sharing": Flag()})
_NOTIFY = r"https://[^\s?#]+"
_ORDER: dict[str, Field] = {
    "appid": Text(32, True),
    "mchid": Text(32, True),
    "description": Text(127, True),
    "out_trade_no": Text(32, True, TRADE_NO),
    "attach": Text(128),
    "goods_tag": Text(32),
    "support_fapiao": Flag(),
    "detail": _DETAIL,
    "settle_info": _SETTLE,
    "amount": _AMOUNT,
}
NATIVE = Group(
    _ORDER
    | {
        "notify_url": Text(255, True, _NOTIFY),
        "time_expire": Text(64),
        "scene_info": Group(
            {
                "payer_client_ip": Text(45, True),
                "device_id": Text(32),
                "store_info": Group(
                    {
                        "id": Text(32, True),
                        "name": Text(256),
                        "area_code": Text(32),
                        "address": Text(512),
                    }
                ),
            }
        ),
    }
)
CODEPAY = Group(
    _ORDER
    | {
        "payer": Group({"auth_code": Text(32, True, r"\d+")}, True),
        "scene_info": Group(
            {
                "device_id": Text(32),
                "device_ip": Text(45),
                "store_info": Group({"id": Text(32), "out_id": Text(32)}, True),
            },
            True,
        ),
    }
)
CLOSE = Group({"mchid": Text(32, True)})
REVERSE = Group({"appid": Text(32, True), "mchid": Text(32, True)})
REFUND = Group(
    {
        "transaction_id": Text(32),
        "out_trade_no": Text(32, pattern=TRADE_NO),
        "out_refund_no": Text(64, True, REFUND_NO),
        "reason": Text(80),
        "notify_url": Text(256, pattern=_NOTIFY),
        "funds_account": Text(32, pattern="AVAILABLE|UNSETTLED"),
        "amount": Group(
            {
                "refund": Number(1, needed=True),
                "total": Number(1, needed=True),
                "currency": Text(16, True, "CNY"),
            },
            True,
        ),
        "goods_detail": Items(
            Group(
                {
                    "merchant_goods_id": Text(32, True),
                    "wechatpay_goods_id": Text(32),
                    "goods_name": Text(256),
                    "unit_price": Number(0, needed=True),
                    "refund_amount": Number(0, needed=True),
                    "refund_quantity": Number(1, needed=True),
                }
            ),
            6000,
        ),
    }
)


def read(body: bytes, group: Group) -> dict[str, Any]:
    """The body as data. Raises `ApiError` 400 PARAM_ERROR naming the field."""
    try:
        data = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as why:
        raise ApiError(400, "PARAM_ERROR", "请求体不是合法的JSON", location="body") from why
    _check(data, group, "")
    if not isinstance(data, dict):
        raise TypeError("a group is an object")
    return data


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _wrong(path: str, value: object, issue: str) -> ApiError:
    message = f"参数错误：输入源“/body{path}”{issue}"
    return ApiError(400, "PARAM_ERROR", message, location="body", field=path, value=value)


def _check(value: Any, field: Field, path: str) -> None:
    match field:
        case Text(most, needed, pattern):
            if not isinstance(value, str):
                raise _wrong(path, value, "应为字符串")
            if len(value) > most or (needed and not value):
                raise _wrong(path, value, f"长度应在1到{most}之间")
            if pattern and not re.fullmatch(pattern, value, re.ASCII):
                raise _wrong(path, value, "格式不符合规则")
        case Number(least, most):
            if isinstance(value, bool) or not isinstance(value, int):
                raise _wrong(path, value, "应为整数")
            if not least <= value <= most:
                raise _wrong(path, value, f"应在{least}到{most}之间")
        case Flag():
            if not isinstance(value, bool):
                raise _wrong(path, value, "应为布尔值")
        case Items(each, most):
            if not isinstance(value, list) or len(value) > most:
                raise _wrong(path, None, "应为数组")
            for index, item in enumerate(value):
                _check(item, each, f"{path}/{index}")
        case Group(fields):
            if not isinstance(value, dict):
                raise _wrong(path, None, "应为对象")
            _check_group(value, fields, path)


def _check_group(value: dict[str, Any], fields: Mapping[str, Field], path: str) -> None:
    for name, field in fields.items():
        if name in value:
            _check(value[name], field, f"{path}/{name}")
        elif field.needed:
            raise _wrong(f"{path}/{name}", None, "必填")
    for name in value:
        if name not in fields:
            raise _wrong(f"{path}/{name}", None, "不是本接口的参数")
