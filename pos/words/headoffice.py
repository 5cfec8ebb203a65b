"""What head office says: on the command line, and to tills and their managers."""

from __future__ import annotations

import msgspec


class HeadofficeWords(msgspec.Struct, frozen=True):
    """`problems` by `pos.protocol.problems.Code`, `why` by `pos.protocol.records.Why`."""

    # refusals
    headoffice_missing: str
    headoffice_in_use: str
    headoffice_database: str
    headoffice_one_process: str
    headoffice_workers: str
    headoffice_not_migrated: str
    headoffice_not_installed: str
    headoffice_tls: str
    no_citus: str
    till_place: str
    till_unknown: str
    effective_form: str
    aside_unknown: str
    aside_not_ours: str
    # command line
    made: str
    serving: str
    migrated: str
    spread: str
    rebuilt: str
    code: str
    revoked: str
    goods: str
    offers_put: str
    offers_too_large: str
    setting: str
    states: dict[str, str]
    never: str
    # to tills
    problems: dict[str, str]
    why: dict[str, str]


ZH = HeadofficeWords(
    headoffice_missing="{folder} 里没有总部。先运行 pos headoffice init --dir {folder}",
    headoffice_in_use="总部数据库正被 {holder} 使用。先停掉它；要多个进程请用 PostgreSQL",
    headoffice_database="总部数据库打不开：{why}",
    headoffice_one_process="SQLite 只能一个进程：去掉 --workers {workers}，或改用 PostgreSQL",
    headoffice_workers="{workers} 个总部进程没有全部起来，已全部停止。原因见上面的日志",
    headoffice_not_migrated="数据库在版本 {found}，程序要 {wanted}。先运行 pos headoffice migrate",
    headoffice_not_installed="没有装总部部分：pip install 'guitai[headoffice]'（{why}）",
    headoffice_tls="证书或密钥读不了：{path}（{why}）",
    no_citus="这个 PostgreSQL 没有 Citus（CREATE EXTENSION citus），没有改动",
    till_place="门店号是 4 位数字，机号是 2 位：{shop} {till}",
    till_unknown="没有这台收银机：门店 {shop} 机号 {till}",
    effective_form="生效时间写成 2026-12-01 或 2026-12-01T08:00：{text}",
    aside_unknown="没有待处理的这条记录，可能已经处理过",
    aside_not_ours="这条记录的签名或前后接不上，或位置已有记录，不能收入",
    made="总部已建在 {folder}，数据库 {database}",
    serving="总部在 {url}，按 Ctrl+C 停止",
    migrated="数据库已在版本 {version}",
    spread="已分布的表：{tables}",
    rebuilt="重算了 {records} 条记录",
    code="门店 {shop} 机号 {till} 的一次性入网码（{hours} 小时内有效）：",
    revoked="已停用：门店 {shop} 机号 {till}",
    offers_put="促销 {offers}，券码 {coupons}；变动 {changed}",
    offers_too_large="促销文件太大，最多 {most} 字",
    goods="商品 {products}，条码 {barcodes}，价格 {prices}；变动 {changed}",
    setting="{key} = {value}（门店 {shop}），收银机下次打开时生效",
    states={"awaiting": "待入网", "active": "在用", "revoked": "已停用"},
    never="从未",
    problems={
        "unauthorised": "总部不认得这台收银机，请技术员重新入网",
        "stale": "收银机时钟与总部相差太多，请先校时",
        "replayed": "这个请求已经用过，请重发",
        "revoked": "这台收银机已被总部停用",
        "forbidden": "不是这台收银机的数据",
        "code_unknown": "入网码不对、已用过或已过期，请向总部要新的",
        "protocol": "收银机与总部的版本不能对话，请升级",
        "malformed": "请求的内容不对",
        "not_found": "总部没有这一项",
        "not_allowed": "这里不能这样做",
        "conflict": "同一编号已有别的内容",
        "snapshot_needed": "离开太久，需要取全量",
        "claimed": "这张挂单已被别的收银机取走",
        "not_enough": "余下的不够",
        "settled": "已经办结，不能再改",
        "too_large": "一次送得太多",
        "encoding": "不认得的压缩方式",
        "too_many": "请求太密，请稍候",
        "failed": "总部出错，请稍后再试",
        "busy": "总部正忙，请稍后再试",
    },
    why={
        "hash": "内容与哈希不符，可能传坏了",
        "signature": "签名不是这台收银机的",
        "misplaced": "记录写的门店、机号或序号不是这里的",
        "malformed": "不是一条完整的记录",
        "chain": "与总部已有的记录接不上，这里已有另一条",
        "fenced": "这本账已停用，收银机已换新账；留待总部处理",
        "key": "这本账是用另一把密钥开的",
    },
)
EN = HeadofficeWords(
    headoffice_missing="There is no head office in {folder}: pos headoffice init --dir {folder}",
    headoffice_in_use="The database is in use by {holder}. Stop it; several need PostgreSQL",
    headoffice_database="Cannot open head office's database: {why}",
    headoffice_one_process="SQLite is for one process: no --workers {workers}, or PostgreSQL",
    headoffice_workers="Not all {workers} processes came up, all are stopped. See the log above",
    headoffice_not_migrated="The database is at {found}, not {wanted}: pos headoffice migrate",
    headoffice_not_installed="Not installed: pip install 'guitai[headoffice]' ({why})",
    headoffice_tls="Cannot read certificate or key {path} ({why})",
    no_citus="This PostgreSQL has no Citus (CREATE EXTENSION citus); nothing was changed",
    till_place="A shop has 4 digits, a till 2: {shop} {till}",
    till_unknown="There is no till {till} in shop {shop}",
    effective_form="A time is written 2026-12-01 or 2026-12-01T08:00: {text}",
    aside_unknown="There is no such record to decide about; somebody may have decided",
    aside_not_ours="Signature or chain speak against this record; it is not taken in",
    made="Head office made in {folder}, database {database}",
    serving="Head office at {url}, Ctrl+C stops it",
    migrated="The database is at version {version}",
    spread="Tables spread: {tables}",
    rebuilt="{records} records counted anew",
    code="One-time code of shop {shop} till {till} (good for {hours} hours):",
    revoked="Stopped: shop {shop} till {till}",
    offers_put="{offers} offers, {coupons} coupon codes; {changed} changed",
    offers_too_large="The file of offers is too large: at most {most} characters",
    goods="{products} products, {barcodes} barcodes, {prices} prices; {changed} changed",
    setting="{key} = {value} (shop {shop}), in force when the tills start next",
    states={"awaiting": "to be enrolled", "active": "active", "revoked": "stopped"},
    never="never",
    problems={
        "unauthorised": "Head office does not know this till; have it enrolled again",
        "stale": "The till's clock is too far from head office's; set it first",
        "replayed": "This request was used before; send it anew",
        "revoked": "Head office has stopped this till",
        "forbidden": "Not this till's data",
        "code_unknown": "The code is wrong, used or expired; ask head office for a new one",
        "protocol": "Till and head office speak different versions; upgrade",
        "malformed": "The request is not in its form",
        "not_found": "Head office has no such thing",
        "not_allowed": "This cannot be done here",
        "conflict": "There is other content under this id",
        "snapshot_needed": "Away too long, everything is needed anew",
        "claimed": "Another till has taken this order",
        "not_enough": "Less is left than is wanted",
        "settled": "This is settled and stays as it is",
        "too_large": "Too much at once",
        "encoding": "A compression nobody here knows",
        "too_many": "Too many requests, wait a little",
        "failed": "Head office made a mistake; try again later",
        "busy": "Head office is busy; try again later",
    },
    why={
        "hash": "The bytes do not fit their hash; they may have been damaged on the way",
        "signature": "The signature is not this till's",
        "misplaced": "The record names another shop, till or place",
        "malformed": "Not a whole record",
        "chain": "It does not follow what head office has; another record is there",
        "fenced": "This ledger has ended, the till began a new one; head office decides",
        "key": "This ledger began with another key",
    },
)
