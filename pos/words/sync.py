"""Words about head office: what is wrong, how it stands, what a person can do."""

from __future__ import annotations

import msgspec


class SyncWords(msgspec.Struct, frozen=True):
    """One field for each word; braces are filled in. The first are refusals."""

    # refusals
    ho_not_set: str
    ho_unreachable: str
    ho_tls: str
    ho_foreign: str
    ho_malformed: str
    ho_other_batch: str
    ho_failed: str
    ho_broken: str
    ho_unauthorised: str
    ho_stale: str
    ho_replayed: str
    ho_revoked: str
    ho_forbidden: str
    ho_code_unknown: str
    ho_protocol: str
    ho_not_found: str
    ho_not_allowed: str
    ho_conflict: str
    ho_snapshot_needed: str
    ho_claimed: str
    ho_not_enough: str
    ho_settled: str
    ho_too_large: str
    ho_encoding: str
    ho_too_many: str
    ho_busy: str
    ho_bad_change: str
    ho_bad_snapshot: str
    ho_bad_order: str
    share_no_returns: str
    ho_other_place: str
    ho_code_missing: str
    epochs_gone: str
    order_going: str
    nothing_shared: str
    not_parked: str
    # the header
    online: str
    offline: str
    stopped: str
    conflicts: str
    # the screen
    title: str
    columns: tuple[str, ...]
    states: dict[str, str]
    row_state: str
    row_last: str
    row_pending: str
    row_parked: str
    row_conflicts: str
    row_clock: str
    row_trouble: str
    row_recovered: str
    row_strange: str
    act_now: str
    act_parked: str
    act_again: str
    never: str
    seconds: str
    trying: str
    parked_title: str
    parked_columns: tuple[str, ...]
    again_all: str
    again_done: str
    verdicts: dict[str, str]
    # between tills
    giving: str
    given: str
    shared_row: str
    shared_title: str
    shared_columns: tuple[str, ...]
    asking: str
    taken: str
    # the command line
    sent: str
    nothing: str
    pending: str
    settings_sent: str
    settings_aside: str
    settings_bad: str
    none_parked: str
    enrolled: str


ZH = SyncWords(
    ho_not_set="本机没有接总部（config.toml 的 [headoffice] url 为空；pos init --enrol 开通码）",
    ho_unreachable="连不上总部，照常卖货，恢复后自动上传",
    ho_tls="总部的证书不对：检查 [headoffice] url 和 ca_file、本机时间",
    ho_foreign="答话的不是总部（状态 {status}）：网络要登录？检查 [headoffice] url",
    ho_malformed="总部的答复看不懂：{detail}",
    ho_other_batch="总部答的不是这一批，不作数，再传",
    ho_failed="总部出错（状态 {status}），稍后再传",
    ho_broken="与总部通讯时出错：{why}",
    ho_unauthorised="总部不认识本机：向总部要新的开通码，pos init --enrol",
    ho_stale="本机时间差太多，总部不收：把时间调对",
    ho_replayed="总部说这个请求用过了，再传",
    ho_revoked="总部停用了本机：问总部",
    ho_forbidden="总部不让：这是别的门店的",
    ho_code_unknown="开通码不对、用过了或过期了：向总部再要一个",
    ho_protocol="总部的版本与本机不同：升级其中一个",
    ho_not_found="总部没有这个",
    ho_not_allowed="总部不会做这个：升级总部",
    ho_conflict="总部已有同号而不同的内容：叫技术员",
    ho_snapshot_needed="总部要求重新取全部资料",
    ho_claimed="已被别的收银机取走",
    ho_not_enough="不够：总部那边剩的比要的少",
    ho_settled="总部那边已经了结",
    ho_too_large="太大，总部不收",
    ho_encoding="总部不认这种压缩",
    ho_too_many="总部太忙，{status}，稍后再传",
    ho_busy="总部正忙，稍后再传",
    ho_bad_change="总部发来的资料有错，没有采用：{kind} {key}（{why}）",
    ho_bad_snapshot="总部发来的全部资料不完整，没有采用，再取",
    ho_bad_order="总部传来的这单有错，没有采用（{why}）：请重新扫商品",
    share_no_returns="单里有退货，只能在本机结：先删掉退货行",
    ho_other_place="开通码是门店 {shop} 机号 {till} 的，本机是 {own_shop} {own_till}",
    ho_code_missing="没有总部地址：用 --headoffice URL，或粘贴 地址#开通码",
    epochs_gone="没有可用的账本代号了（{epoch}）：叫技术员",
    order_going="这单正在交给其他机，等总部答复",
    nothing_shared="没有其他机的挂单",
    not_parked="没有被退回的记录 {jn}",
    online="总部通",
    offline="总部断",
    stopped="总部停",
    conflicts="总部有不同的记录 {count} 条：叫技术员",
    title="总部",
    columns=("", ""),
    states={
        "starting": "刚开机",
        "idle": "正常",
        "sending": "正在上传",
        "waiting": "等待重试",
        "stopped": "停了，要人处理",
    },
    row_state="状态",
    row_last="上次成功",
    row_pending="未上传",
    row_parked="被退回",
    row_conflicts="与总部不同",
    row_clock="时间差",
    row_trouble="资料下发",
    row_recovered="找回的记录",
    row_strange="找不回的记录",
    act_now="马上上传",
    act_parked="看被退回的记录",
    act_again="全部再传",
    never="从未",
    seconds="{n} 秒",
    trying="正在联系总部",
    parked_title="总部没收的记录（选一条再传）",
    parked_columns=("号", "时间", "结果", "总部的话"),
    again_all="全部再传",
    again_done="已排队再传 {count} 条",
    verdicts={"rejected": "退回", "conflict": "不同"},
    giving="正在交给其他机",
    given="已交给其他机，任一台可取",
    shared_row="其他机的挂单（{count}）",
    shared_title="其他机的挂单",
    shared_columns=("内容", "时间", "件数", "金额", "机号"),
    asking="正在问总部",
    taken="已取来，在挂单里",
    sent="上传 {records} 条，退回 {refused} 条，还有 {pending} 条",
    nothing="没有要上传的",
    pending="未上传 {pending} 条（最早 {oldest}），被退回 {rejected} 条",
    settings_sent="总部设置（重新打开收银机生效）：{keys}",
    settings_aside="总部发来的设置没有用：config.toml 里 [headoffice] settings 是 till",
    settings_bad="总部发来的设置不合用，按 config.toml 的来：{why}",
    none_parked="没有被退回的记录",
    enrolled="已接总部：门店 {shop} 机号 {till}，账本代号 {epoch}",
)

EN = SyncWords(
    ho_not_set="This till has no head office ([headoffice] url is empty; pos init --enrol CODE)",
    ho_unreachable="Head office cannot be reached: go on selling, records go up later",
    ho_tls="Head office's certificate is wrong: check [headoffice] url, ca_file and this clock",
    ho_foreign="Not head office that answered (status {status}): check network login and url",
    ho_malformed="Head office's answer is not understood: {detail}",
    ho_other_batch="Head office answered for another batch: not believed, sent again",
    ho_failed="Head office failed (status {status}): tried again later",
    ho_broken="Something broke while speaking with head office: {why}",
    ho_unauthorised="Head office does not know this till: ask for a new code, pos init --enrol",
    ho_stale="This till's clock is too far off for head office: set it right",
    ho_replayed="Head office saw this request before: sent again",
    ho_revoked="Head office stopped this till: ask there",
    ho_forbidden="Head office does not allow it: it is another shop's",
    ho_code_unknown="The code is wrong, used or expired: ask head office for another",
    ho_protocol="Head office speaks another version: upgrade one of the two",
    ho_not_found="Head office has no such thing",
    ho_not_allowed="Head office cannot do this: upgrade it",
    ho_conflict="Head office has another version under this id: call the technician",
    ho_snapshot_needed="Head office wants everything to be fetched anew",
    ho_claimed="Another till took it",
    ho_not_enough="Not enough: head office has less left than is wanted",
    ho_settled="It is settled at head office already",
    ho_too_large="Too large for head office",
    ho_encoding="Head office does not read this compression",
    ho_too_many="Head office has too many requests ({status}): tried again later",
    ho_busy="Head office is busy: tried again later",
    ho_bad_change="What head office sent is wrong and was not used: {kind} {key} ({why})",
    ho_bad_snapshot="What head office sent is not whole and was not used: fetched again",
    ho_bad_order="The order head office sent is wrong and was not used ({why}): scan the goods",
    share_no_returns="Goods come back on this order: it ends at this till, or take those lines off",
    ho_other_place="The code is for shop {shop} till {till}, this is {own_shop} {own_till}",
    ho_code_missing="No address: give --headoffice URL, or paste ADDRESS#CODE",
    epochs_gone="No epoch is left ({epoch}): call the technician",
    order_going="This order is being handed over: wait for head office",
    nothing_shared="No other till holds an order",
    not_parked="No record {jn} was sent back",
    online="HO ok",
    offline="HO off",
    stopped="HO stop",
    conflicts="Head office has other versions of {count} records: call the technician",
    title="Head office",
    columns=("", ""),
    states={
        "starting": "just started",
        "idle": "well",
        "sending": "sending",
        "waiting": "waits to try again",
        "stopped": "stopped, needs a person",
    },
    row_state="State",
    row_last="Last success",
    row_pending="Unsent",
    row_parked="Sent back",
    row_conflicts="Differ there",
    row_clock="Clock is off by",
    row_trouble="What comes down",
    row_recovered="Records got back",
    row_strange="Records not got back",
    act_now="Send now",
    act_parked="Show records sent back",
    act_again="Send all again",
    never="never",
    seconds="{n} s",
    trying="Calling head office",
    parked_title="Records head office did not take (pick one to send it again)",
    parked_columns=("No.", "Time", "Verdict", "Its words"),
    again_all="Send all again",
    again_done="{count} will be sent again",
    verdicts={"rejected": "rejected", "conflict": "differs"},
    giving="Handing over",
    given="Handed over: any till can take it",
    shared_row="Held by other tills ({count})",
    shared_title="Held by other tills",
    shared_columns=("What", "Time", "Pieces", "Amount", "Till"),
    asking="Asking head office",
    taken="Taken: it is among the held orders",
    sent="{records} sent, {refused} sent back, {pending} left",
    nothing="Nothing to send",
    pending="{pending} unsent (oldest {oldest}), {rejected} sent back",
    settings_sent="Set by head office (in force when the till starts): {keys}",
    settings_aside="Head office's settings are left aside: [headoffice] settings is till",
    settings_bad="Head office's settings do not fit, config.toml is in force: {why}",
    none_parked="No record was sent back",
    enrolled="Enrolled: shop {shop} till {till}, epoch {epoch}",
)
