"""What the WeChat Pay and Alipay simulators share: money, time, scripts, administration.

The simulators verify every request as the provider would, answer with its codes and signatures, and
write down every fen that moved (`GET /_admin/ledger`, `WalletSimulator.ledger()`): the outside
truth a till's own records are held against. They import nothing else of `pos`.

A customer, a network and a provider behave as a script says (`SCRIPTS`), chosen by a payment code
that ends in `99NN`, by the amount 8888.NN yuan, by `POST /_admin/script` or by `casting.give`.
Each has one right end. +/- is how often the amount is charged and given back when the till does
everything right; `returned` means: charged, and given back by a cancel or a refund. A fault meets
the first call of its kind, then the next ones behave.

::

    NN name                 who how end           +/- what happens
    00 paid                 WA  cq  paid          1/0 paid at once; a QR waits to be scanned
    02 asks_then_pays       WA  c   paid          1/0 password asked, paid after two queries
    03 asks_then_pays_20s   WA  c   paid          1/0 password asked, paid after 20 s
    04 asks_then_declines   WA  c   not_paid      0/0 password asked, customer gives up after two
                                                     queries
    05 asks_for_ever        WA  c   not_paid      0/0 password asked, nobody answers; WeChat revokes
                                                     at 45 s
    06 balance_short        WA  c   not_paid      0/0 declined: not enough money
    07 code_expired         WA  c   not_paid      0/0 declined: the code is too old
    08 code_invalid         WA  c   not_paid      0/0 declined: no such code
    09 declined             WA  c   not_paid      0/0 declined by the wallet's rules
    10 account_blocked      WA  c   not_paid      0/0 declined: account abnormal
    11 bank_error           W   c   not_paid      0/0 500 BANK_ERROR, nothing charged
    12 system_before        WA  c   not_paid      0/0 system error, nothing done
    13 system               WA  c   paid          1/0 system error although the money moved
    14 lost_before          WA  c   not_paid      0/0 connection closed, nothing done
    15 lost                 WA  c   paid          1/0 connection closed after the money moved: the
                                                     answer is lost
    16 hang_before          WA  c   not_paid      0/0 no answer, nothing done
    17 hang                 WA  c   paid          1/0 no answer although the money moved
    18 accepted             WA  c   paid          1/0 accepted (202 / 10003), paid after 3 s without
                                                     a password
    19 portal               WA  c   not_paid      0/0 a captive portal answers 200 with HTML,
                                                     nothing done
    20 wrong_amount         WA  c   paid          1/0 paid, the answer names another amount
    21 wrong_id             WA  c   paid          1/0 paid, the answer names another order
    22 bad_signature        WA  c   paid          1/0 paid, the answer is signed by another key
    23 stale                W   c   paid          1/0 paid, the answer's signature is an hour old
    24 unknown_serial       WA  c   paid          1/0 paid, the answer names a key nobody knows
    25 unsigned             WA  c   paid          1/0 paid, the answer carries no signature
    26 cut_off              WA  c   paid          1/0 paid, the connection closes in the middle of
                                                     the answer
    27 slow                 WA  c   paid          1/0 paid, the answer takes its time
    28 rate_limited         WA  c   not_paid      0/0 refused: too many calls; nothing done
    29 twice                WA  c   paid          1/0 the request arrives twice; charged once
    30 pays_as_reversed     WA  c   returned      1/1 the customer pays between the last query and
                                                     the cancel; it is given back
    31 reverse_fails_first  WA  c   not_paid      0/0 nobody pays; the cancel fails twice, then
                                                     works
    32 reverse_refused      W   c   not_paid      0/0 the cancel is refused twice while the customer
                                                     is paying, then works
    33 reverse_not_done     WA  c   returned      1/1 the cancel answers well and does nothing; the
                                                     customer pays 5 s later
    34 late_success         WA  c   returned      1/1 cancelled and confirmed; 120 s later the money
                                                     is there
    35 failed_then_charged  W   c   not_paid      0/0 PAYERROR; charged 60 s later if nobody
                                                     reverses it
    36 late_arrival         WA  c   paid          1/0 the request is lost on its way and arrives 30
                                                     s later
    37 query_system_errors  WA  c   paid          1/0 password asked; three queries fail, then it is
                                                     paid
    38 query_wrong_amount   WA  c   paid          1/0 the answer is lost and the first query names
                                                     another amount
    39 query_bad_signature  WA  c   paid          1/0 the answer is lost and the first query is
                                                     signed by another key
    40 query_lost           WA  c   paid          1/0 the answer is lost and so are the first two
                                                     queries
    41 reverse_recall       WA  c   not_paid      0/0 nobody pays; the first cancel says: call again
                                                     (recall / retry_flag Y)
    42 reverse_lost         WA  c   not_paid      0/0 nobody pays; the cancel works and its answer
                                                     is lost
    43 wrong_merchant       W   c   paid          1/0 paid, the answer names another merchant
    44 odd_text             WA  c   paid          1/0 paid, braces, quotes and emoji in the answer's
                                                     text
    45 unsigned_error       A   c   paid          1/0 paid, the answer is an unsigned error
    46 coupon               WA  c   paid          1/0 paid with a coupon: the customer pays less
    50 qr_paid              WA  q   paid          1/0 scanned after 2 s and paid
    51 qr_scanned_late      WA  q   paid          1/0 scanned after 20 s, paid 10 s later
    52 qr_never             WA  q   not_paid      0/0 nobody scans
    53 qr_declined          WA  q   not_paid      0/0 scanned after 5 s, not paid
    54 qr_paid_after_close  WA  q   returned      1/1 closed and confirmed; 30 s later the money is
                                                     there
    55 qr_pays_as_closed    WA  q   returned      1/1 the customer pays as the close arrives
    56 qr_answer_lost       WA  q   not_paid      0/0 the answer with the QR is lost: nobody can
                                                     scan
    57 qr_customer          WA  q   paid          1/0 scanned after 6 s, paid 3 s later
    60 refund_slow          WA  rc  refunded      1/1 the refund takes 30 s
    61 refund_abnormal      W   rc  refund_failed 1/0 the refund ends ABNORMAL: a person must see to
                                                     it
    62 refund_closed        W   rc  refund_failed 1/0 the refund ends CLOSED: another number is
                                                     needed
    63 refund_lost          WA  rc  refunded      1/1 refunded, the answer is lost
    64 refund_system_error  WA  rc  refunded      1/1 system error, nothing done; the same number
                                                     works next time
    65 refund_short         WA  rc  refunded      1/1 the merchant's balance is too low the first
                                                     time
    66 refund_bad_signature WA  rc  refunded      1/1 refunded, the answer is signed by another key
    70 bill_creating        WA  b   bill          0/0 the bill is still being made
    71 bill_none            WA  b   bill          0/0 no bill: nothing was traded that day
    72 bill_hash            W   b   bill          0/0 the file is not the one that was hashed
    73 bill_missing_row     WA  b   bill          0/0 the last payment is not in the bill
    74 bill_extra_row       WA  b   bill          0/0 the bill has a payment nobody made
    75 bill_fee_off         WA  b   bill          0/0 a fee is one yuan too high
    76 bill_amount_off      WA  b   bill          0/0 an amount is one yuan too high
    77 bill_sum_off         WA  b   bill          0/0 the summary does not add up

Payments of WeChat's password prompt that nobody answers are revoked after 45 s by the provider's
clock (`WalletClock`: real until it is set), which drives everything above except `hang` and `slow`.
What no page of the providers says, and we chose: a code used twice is AUTH_CODE_ERROR; a reverse
within 15 s is INVALID_REQUEST; unknown fields are refused; a cancel ends a QR nobody has scanned;
a declined password leaves Alipay's trade TRADE_CLOSED; its timestamp may be 10 minutes off.
"""

from __future__ import annotations

from pos.simulators.wallets.casting import Settings
from pos.simulators.wallets.clock import WalletClock
from pos.simulators.wallets.journal import Entry
from pos.simulators.wallets.scripts import SCRIPTS, Script, code_for
from pos.simulators.wallets.wallet import WalletSimulator

__all__ = ["SCRIPTS", "Entry", "Script", "Settings", "WalletClock", "WalletSimulator", "code_for"]
