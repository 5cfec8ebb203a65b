"""Counts in Prometheus' text form: of this process since it started, and of the whole database."""

from __future__ import annotations

import threading
from collections import Counter

from pos.headoffice.database import Work

_GAUGES = {
    "pos_tills": "SELECT count(*) AS n FROM tills WHERE state = 'active'",
    "pos_till_pending_records": "SELECT COALESCE(sum(pending), 0) AS n FROM tills",
    "pos_gaps": "SELECT count(*) AS n FROM gaps WHERE kind = 'missing'",
    "pos_quarantined_records": "SELECT count(*) AS n FROM quarantine WHERE decided_at = ''",
    "pos_flawed_records": "SELECT count(*) AS n FROM flaws",
    "pos_records_not_projected": """SELECT COALESCE(sum(e.top_jn - p.jn), 0) AS n FROM epochs e
        JOIN progress p ON p.shop_id = e.shop_id AND p.till_id = e.till_id AND p.epoch = e.epoch
        WHERE e.top_jn > p.jn""",
}


class Metrics:
    """Counters that threads share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._seconds: Counter[tuple[str, str]] = Counter()
        self._records: Counter[str] = Counter()

    def request(self, method: str, path: str, status: int, seconds: float) -> None:
        """One answer."""
        with self._lock:
            self._requests[method, path, status] += 1
            self._seconds[method, path] += seconds  # type: ignore[assignment]

    def record(self, verdict: str) -> None:
        """One record judged or projected."""
        with self._lock:
            self._records[verdict] += 1

    def text(self, work: Work) -> str:
        """Everything, as Prometheus reads it."""
        with self._lock:
            lines = ["# TYPE pos_requests_total counter"]
            for (method, path, status), n in sorted(self._requests.items()):
                where = f'method="{method}",path="{path}",status="{status}"'
                lines.append(f"pos_requests_total{{{where}}} {n}")
            lines.append("# TYPE pos_request_seconds_total counter")
            for (method, path), seconds in sorted(self._seconds.items()):
                where = f'method="{method}",path="{path}"'
                lines.append(f"pos_request_seconds_total{{{where}}} {seconds:.6f}")
            lines.append("# TYPE pos_records_total counter")
            for verdict, n in sorted(self._records.items()):
                lines.append(f'pos_records_total{{verdict="{verdict}"}} {n}')
        for name, sql in _GAUGES.items():
            lines += [f"# TYPE {name} gauge", f"{name} {int(work.rows(sql)[0]['n'])}"]
        return "\n".join(lines) + "\n"
