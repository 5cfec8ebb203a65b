"""Tills: when they were last heard of, what they have not sent, what is missing, forked, fenced."""

from __future__ import annotations

from pos.clock import stamp
from pos.headoffice.database import Work
from pos.headoffice.pages.gate import Answer, Shown, Visit
from pos.headoffice.pages.views.shops import shop_of, shops
from pos.headoffice.pages.views.today import SILENT

_TILLS = """SELECT t.*, s.name AS shop_name FROM tills t JOIN shops s ON s.shop_id = t.shop_id
    WHERE (:s = '' OR t.shop_id = :s) ORDER BY t.shop_id, t.till_id"""
_EPOCHS = """SELECT e.*, p.jn AS reached FROM epochs e LEFT JOIN progress p
    ON p.shop_id = e.shop_id AND p.till_id = e.till_id AND p.epoch = e.epoch
    WHERE (:s = '' OR e.shop_id = :s) ORDER BY e.shop_id, e.till_id, e.epoch DESC"""
_GAPS = """SELECT * FROM gaps WHERE (:s = '' OR shop_id = :s)
    ORDER BY shop_id, till_id, epoch, from_jn LIMIT 200"""
_FORKS = """SELECT shop_id, till_id, epoch, count(*) AS n, min(jn) AS jn FROM quarantine
    WHERE verdict = 'conflict' AND decided_at = '' AND (:s = '' OR shop_id = :s)
    GROUP BY shop_id, till_id, epoch ORDER BY shop_id, till_id, epoch"""
_LATE = """SELECT shop_id, till_id, business_date, count(*) AS n FROM late
    WHERE (:s = '' OR shop_id = :s) GROUP BY shop_id, till_id, business_date
    ORDER BY business_date DESC, shop_id, till_id LIMIT 50"""


def show(visit: Visit) -> Answer:
    """`/tills`"""
    shop = shop_of(visit)
    before = stamp(visit.house.clock.now() - SILENT)

    def ask(work: Work) -> Shown:
        values = {
            "shop": shop,
            "shops": shops(work, visit),
            "before": before,
            "tills": work.rows(_TILLS, s=shop),
            "epochs": work.rows(_EPOCHS, s=shop),
            "gaps": work.rows(_GAPS, s=shop),
            "forks": work.rows(_FORKS, s=shop),
            "late": work.rows(_LATE, s=shop),
        }
        return Shown("tills.html", values)

    return visit.house.database.read(ask)
