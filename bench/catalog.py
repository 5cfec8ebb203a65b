"""A product file of 100,000 rows going in, and a list that follows the typing."""

from __future__ import annotations

import random
import sqlite3
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Result
from bench.shop import PRODUCTS, WHO, code_of, shop, sign_in, till
from pos.goods.importing import stage
from pos.store.staging import apply
from tests.shop import PIN, Shop

MILLION = 1_000_000
_WORDS = "可乐 牛奶 矿泉水 酸奶 薯片 面包 洗发水 纸巾 大米 酱油 啤酒 红茶 绿茶 巧克力"
_BRANDS = "清溪 北麓 云岭 谷丰 澄牧 果篱 麦垛里 小满 窖溪 朵可兰"


def run(quick: bool, full: bool) -> Result:
    """Import a file of so many rows; then type queries on the list of as many products.

    With `full` also a million products, and how the till starts and scans with them.
    """
    count, queries = (10_000, 10) if quick else (PRODUCTS, 60)
    result = Result("catalog", queries)
    with TemporaryDirectory(prefix="guitai-bench-") as folder:
        source = Path(folder) / "goods.csv"
        names = _write(source, count)
        times, floors = [], []
        for n in range(2 if quick else 3):
            floors.append(_floor(source, Path(folder) / f"floor{n}.db"))
            with shop(10) as place:
                times.append(_import(place, source, Path(folder) / f"staging{n}.db"))
        result.add("import_100k", times, floors)
        with shop(10) as place:
            _import(place, source, Path(folder) / "staging.db")
            lists, likes = _type(place, names, queries)
        result.add("key_to_list", lists, likes)
        result.counts["products"] = count
        if full:
            _million(result, Path(folder))
    return result


def _million(result: Result, folder: Path) -> None:
    source = folder / "million.csv"
    _write(source, MILLION)
    with shop(10) as place:
        result.add("import_1m", [_import(place, source, folder / "million.db")])
        starts, scans = [], []
        for _ in range(3):
            with till(place) as terminal:
                terminal.wait_for("工号")
                terminal.send(f"{WHO}\r{PIN[WHO]}\r{code_of(200_007)}\r")
                starts.append(terminal.wait_for("S0000007") - terminal.started)
                for n in range(50):
                    sent = terminal.send(f"{code_of(200_000 + 7919 * n)}\r")
                    scans.append(terminal.wait_for(f"S{7919 * n:07d}") - sent)
                terminal.send("\x1b[3;5~")
        result.add("first_scan_1m", starts)
        result.add("scan_to_line_1m", scans)


def _write(path: Path, count: int) -> list[str]:
    chance = random.Random(7)
    words_of, brands, names = _WORDS.split(), _BRANDS.split(), []
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write("商品名称,货号,条码,规格,单位,分类,售价,进价,税率\r\n")
        for index in range(count):
            words = chance.sample(words_of, 2)
            name = f"S{index:07d}{chance.choice(brands)}{words[0]}{words[1]}ml"
            names.append(name)
            file.write(
                f"{name},S{index:07d},{code_of(index + 200_000)},{index % 977}ml*12,瓶,{words[0]},"
                f"{1 + index % 90}.{index % 100:02d},{1 + index % 40}.50,13%\r\n"
            )
    return names


def _import(place: Shop, source: Path, staged: Path) -> float:
    """Seconds of a whole import into a ledger that knows none of it."""
    ledger = place.ledger()
    start = time.perf_counter()
    stage(source, staged)
    done = apply(ledger, staged, "bench", 1300)
    spent = time.perf_counter() - start
    ledger.close()
    assert not done.not_put
    assert not done.updated
    return spent


def _floor(source: Path, path: Path) -> float:
    """The same bytes split at commas, put into a table of text by sqlite3 alone."""
    start = time.perf_counter()
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE rows (a, b, c, d, e, f, g, h, i)")
    with source.open(encoding="utf-8-sig") as file:
        raw.executemany(
            "INSERT INTO rows VALUES (?,?,?,?,?,?,?,?,?)", (line.split(",") for line in file)
        )
    raw.commit()
    raw.close()
    return time.perf_counter() - start


def _type(place: Shop, names: list[str], queries: int) -> tuple[list[float], list[float]]:
    """Seconds from a key to the list that follows it, and of one LIKE over the names."""
    chance = random.Random(11)
    raw = sqlite3.connect(f"{place.place().path.as_uri()}?mode=ro", uri=True)
    times, likes = [], []
    with till(place) as terminal:
        sign_in(terminal)
        terminal.send("\x1bOR")
        terminal.wait_for("最近新增")
        for _ in range(queries):
            name = chance.choice(names)
            part = name[chance.randrange(len(name) - 4) :][:2]
            start = time.perf_counter()
            raw.execute("SELECT name FROM products WHERE name LIKE ? LIMIT 50", (f"%{part}%",))
            likes.append(time.perf_counter() - start)
            for typed in (part[0], part):
                sent = terminal.send(typed[-1])
                times.append(terminal.wait_for(f"查商品  {typed}") - sent)
            terminal.send("\x7f\x7f")
            terminal.wait_for("最近新增")
    raw.close()
    return times, likes
