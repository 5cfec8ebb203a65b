"""What is said of members: joining, cards, levels, points, stored value."""

from __future__ import annotations

import msgspec


class MemberWords(msgspec.Struct, frozen=True):
    """One field for each word; braces are filled in."""

    joined: str
    birthday: str
    birthday_hint: str
    card: str
    card_hint: str
    changed: str
    erased: str
    menu: str
    menu_columns: tuple[str, str]
    menu_rows: tuple[str, ...]
    menu_person: tuple[str, ...]
    mail: str
    mail_hint: str
    mail_end_hint: str
    mail_kept: str
    mail_ended: str
    history: str
    history_columns: tuple[str, ...]
    favourites: str
    favourite_columns: tuple[str, ...]
    level: str
    erase: str
    erase_choices: tuple[str, str]
    points: str
    taken_off: str
    only_here: str
    cli_added: str
    cli_topped_up: str
    cli_paid_out: str
    cli_row: str
    cli_none: str
    cli_member: tuple[str, ...]
    topup_amount: str
    topup_line: str
    topup_on: str
    gift_code: str
    gift_hint: str
    gift_card: str
    balance: str
    pay_title: str
    payout_reasons: tuple[str, ...]
    payout_amount: str
    payout_hint: str
    payout_title: str
    payout_transfer: str
    payout_reference: str
    payout_reference_hint: str
    payout_line: str
    pay_member: str
    pay_gift: str
    points_title: str
    points_use: str
    points_some: str
    points_how_many: str
    points_hint: str
    points_keep: str
    points_on: str
    points_off: str
    # refusals
    stored_off: str
    points_no_member: str
    points_no_offer: str
    points_too_few: str
    points_too_many: str
    points_no_step: str
    points_form: str
    stored_for_goods: str
    stored_short: str
    payout_cash_limit: str
    erase_has_money: str
    member_card_unknown: str
    topup_twice: str
    topup_fixed: str
    topup_limit: str
    topup_not_back: str
    member_off: str
    member_unknown: str
    member_already: str
    member_card_form: str
    member_card_taken: str
    member_birthday_form: str
    member_level: str
    member_no_history: str
    member_several: str


ZH = MemberWords(
    joined="已入会 {who}，卡号 {card}",
    birthday="生日",
    birthday_hint="例如 0502 或 19900502；没有就直接回车",
    card="会员卡号",
    card_hint="扫卡或输卡号",
    changed="已改 {who}",
    erased="资料已抹除，账里只剩编号",
    menu="会员 {who}",
    menu_columns=("做什么", ""),
    menu_rows=(
        "消费记录",
        "常买商品",
        "改等级",
        "换卡",
        "改生日",
        "查余额和积分",
        "储值退款",
        "电子小票邮箱",
        "抹除资料",
        "这单不记顾客",
    ),
    menu_person=("消费记录", "常买商品", "入会", "电子小票邮箱", "抹除资料", "这单不记顾客"),
    mail="电子小票发到",
    mail_hint="顾客说的邮箱；说了就是同意以后的小票都发到这里",
    mail_end_hint="新邮箱；直接回车不再发",
    mail_kept="{who} 以后的小票发到邮箱",
    mail_ended="{who} 不再收电子小票",
    history="消费记录 {who}",
    history_columns=("单号", "时间", "金额"),
    favourites="常买商品 {who}",
    favourite_columns=("品名", "货号", "次数", "数量", "最近"),
    level="等级",
    erase="抹除 {who} 的姓名、手机、地址、卡号？抹了就找不回来",
    erase_choices=("不", "抹除"),
    points="积分 {points}",
    taken_off="这单不记顾客了",
    only_here="连不上总部，只查到本机的会员",
    cli_added="已入会 {who}，卡号 {card}",
    cli_paid_out="{who} 已退储值 {amount} 元，单号 {number}",
    cli_topped_up="{who} 已充值 {amount} 元，单号 {number}",
    cli_row="{person_id}  {who}  {level}  {card}",
    cli_none="没有找到",
    cli_member=("编号", "顾客", "等级", "卡号", "生日", "入会", "积分"),
    topup_amount="{who} 充值金额（元）",
    topup_line="储值充值 {who}",
    topup_on="充值 {amount} 元已加入，收款后到账",
    gift_code="礼品卡",
    gift_hint="扫卡或输卡号",
    gift_card="礼品卡 {card}",
    balance="{who}  储值 {amount} 元  积分 {points}",
    payout_reasons=("顾客要求", "充错了", "停业退卡", "其他"),
    payout_amount="{who} 退多少储值（元）",
    payout_hint="余额 {amount}，直接回车退全部",
    payout_title="储值退款 {amount} 元",
    payout_transfer="超过 {most} 元只能转账退回本人账户",
    payout_reference="转账凭证号",
    payout_reference_hint="转到本人账户后输凭证号",
    payout_line="储值退款 {who}",
    pay_title="储值付 {amount} 元",
    pay_member="会员 {who}",
    pay_gift="礼品卡",
    points_title="积分抵现：有 {points} 分",
    points_use="用 {points} 分，抵 {amount} 元",
    points_some="少用一些…",
    points_how_many="用多少积分",
    points_hint="最多 {points}，直接回车就全用",
    points_keep="不用",
    points_on="用 {points} 分，抵 {amount} 元",
    points_off="不用积分了",
    points_no_member="单上没有会员：Esc 返回，F2 记会员再收款",
    points_no_offer="现在没有积分抵现的优惠",
    points_too_few="积分有 {has}，这单用不上",
    points_too_many="有 {has} 分，这单最多用 {most} 分",
    points_no_step="{wanted} 分不够抵一次，多用一些或不用",
    points_form="“{text}” 不是积分数，输整数",
    stored_off="没有开通储值：config.toml 的 [members] stored_value",
    stored_for_goods="储值只能付商品，充值要用别的方式付",
    payout_cash_limit="超过 {most:yuan} 元只能转账退回：--transfer 凭证号",
    stored_short="余额只有 {has:yuan} 元",
    erase_has_money="还有储值 {has:yuan} 元，先退款再抹除",
    member_card_unknown="没有会员卡 {card}",
    topup_twice="这单已有给它的充值，要改请删行再充",
    topup_fixed="充值行不能改，请删行再充",
    topup_not_back="充值不能退，余额可以用掉",
    topup_limit="超过上限 {most:yuan} 元（已有 {has:yuan} 元），没有充值",
    member_off="没有开通会员：config.toml 的 [members] enabled",
    member_unknown="不是会员",
    member_already="已经是会员了",
    member_card_form="“{text}” 不是卡号（4 到 32 位字母数字）",
    member_card_taken="卡号 {card} 已经是别人的了",
    member_birthday_form="“{text}” 不是生日，例如 0502 或 19900502",
    member_level="没有等级 {text}，可用 {known}",
    member_no_history="还没有消费",
    member_several="“{text}” 有 {count} 个人，请用手机全号或卡号",
)

EN = MemberWords(
    joined="Joined: {who}, card {card}",
    birthday="Birthday",
    birthday_hint="say 0502 or 19900502; Enter alone for none",
    card="Member's card",
    card_hint="scan the card or type its number",
    changed="Changed {who}",
    erased="Erased; only an id is left on record",
    menu="Member {who}",
    menu_columns=("What to do", ""),
    menu_rows=(
        "What was bought",
        "Favourites",
        "Level",
        "Another card",
        "Birthday",
        "Balance and points",
        "Pay the balance back",
        "Receipts by mail",
        "Erase",
        "Take off this order",
    ),
    menu_person=(
        "What was bought",
        "Favourites",
        "Join",
        "Receipts by mail",
        "Erase",
        "Take off this order",
    ),
    mail="Receipts to",
    mail_hint="the address the customer tells, who thereby agrees to get receipts there",
    mail_end_hint="another address; Enter alone: no more mail",
    mail_kept="{who} gets receipts by mail from now",
    mail_ended="{who} gets no more receipts by mail",
    history="Bought by {who}",
    history_columns=("Number", "Time", "Amount"),
    favourites="Favourites of {who}",
    favourite_columns=("Product", "Code", "Times", "Qty", "Last"),
    level="Level",
    erase="Erase name, phone, address and card of {who}? They cannot be had back",
    erase_choices=("No", "Erase"),
    points="points {points}",
    taken_off="No customer on this order now",
    only_here="Head office cannot be reached: only members of this till are known",
    cli_added="Joined: {who}, card {card}",
    cli_paid_out="Paid back {amount} to {who}, order {number}",
    cli_topped_up="{who}: {amount} paid in, order {number}",
    cli_row="{person_id}  {who}  {level}  {card}",
    cli_none="Nobody found",
    cli_member=("Id", "Customer", "Level", "Card", "Birthday", "Joined", "Points"),
    topup_amount="Top-up of {who}",
    topup_line="Top-up {who}",
    topup_on="{amount} is on the order, there once it is paid",
    gift_code="Gift card",
    gift_hint="scan the card or type its number",
    gift_card="gift card {card}",
    balance="{who}  stored {amount}  points {points}",
    payout_reasons=("customer asked", "paid in by mistake", "shop closes", "other"),
    payout_amount="Pay back to {who} (yuan)",
    payout_hint="there are {amount}; Enter alone pays all back",
    payout_title="Pay back {amount}",
    payout_transfer="Above {most} only by transfer to the owner's account",
    payout_reference="Number of the transfer",
    payout_reference_hint="transfer to the owner's account first",
    payout_line="Stored value paid back {who}",
    pay_title="{amount} of stored value",
    pay_member="Member {who}",
    pay_gift="Gift card",
    points_title="{points} points to spend",
    points_use="Use {points} points for {amount}",
    points_some="Use fewer…",
    points_how_many="How many points",
    points_hint="at most {points}; Enter alone uses them all",
    points_keep="Keep them",
    points_on="{points} points for {amount}",
    points_off="No points are spent now",
    points_no_member="No member on this order: Esc, then F2, then pay",
    points_no_offer="There is no offer for points now",
    points_too_few="{has} points give nothing on this order",
    points_too_many="There are {has} points, this order takes {most} at most",
    points_no_step="{wanted} points give nothing: use more, or none",
    points_form="“{text}” is no number of points",
    stored_off="Stored value is off: [members] stored_value in config.toml",
    stored_for_goods="Stored value pays goods; a top-up is paid another way",
    payout_cash_limit="Above {most:yuan} only by transfer: --transfer NUMBER",
    stored_short="There are only {has:yuan} left",
    erase_has_money="There are {has:yuan} on the account: pay them back first",
    member_card_unknown="There is no member card {card}",
    topup_twice="There is a top-up for it on this order; take it off first",
    topup_fixed="A top-up does not change; take it off and put it on anew",
    topup_not_back="A top-up does not come back; the balance can be spent",
    topup_limit="Above the limit of {most:yuan} (it has {has:yuan}), not topped up",
    member_off="Members are off: [members] enabled in config.toml",
    member_unknown="Not a member",
    member_already="Is a member already",
    member_card_form='"{text}" is no card number (4 to 32 letters and digits)',
    member_card_taken="Card {card} is somebody else's",
    member_birthday_form='"{text}" is no birthday, say 0502 or 19900502',
    member_level="There is no level {text}, there are {known}",
    member_no_history="Nothing bought yet",
    member_several='"{text}" is {count} people, use the whole phone number or the card',
)
