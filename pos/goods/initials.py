"""The first letters of a name's pinyin, by which a cashier finds goods: 可口可乐330ml is kkkl330ml.

Readings come from pypinyin, one character at a time, each looked up once. Characters with several
first letters *in use today* stand in `_SEVERAL`, the likelier letter first; the archaic readings
that dictionaries add are left out, or most names would have dozens of variants.
"""

from __future__ import annotations

import os
import re
import subprocess  # nosec B404  # fixed commands, no shell
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations, islice, product

import msgspec

from pos.child import environment
from pos.refusal import Refused

MOST_VARIANTS = 8
"""No name has more variants than this."""
_CHILD_SECONDS = 60.0

_SEVERAL = """
阿ae 艾a 扒bp 柏b 般b 磅bp 膀bp 蚌b 堡bp 刨bp 暴b 爆b 扁b 便bp 薄b 卜bp 埔pb 泊bp 藏cz 曾zc 参cs
查cz 差c 禅cs 长cz 朝cz 车cj 晟sc 盛sc 乘cs 澄cd 称c 匙cs 尺c 豉c 臭cx 畜xc 褚cz 传cz 伺cs 刹sc
从c 攒zc 大d 单ds 弹dt 石sd 铛dc 得d 调td 囤td 驮td 沓td 提td 度d 番fp 佛f 缝f 否fp 冯f 脯fp 蕃fp
嘎g 干g 扛kg 蛤gh 葛g 个g 给gj 谷g 枸gj 骨g 莞wg 龟gj 柜g 红h 虹h 哈h 还h 汗h 行xh 合h 呵h 和h
鹄h 壑h 会hk 混h 荠jq 奇qj 贾jg 降jx 将j 角j 脚j 校xj 嚼j 解jx 芥jg 桔j 茄qj 句j 圈qj 卷j 菌j
咖kg 伽gj 卡kq 咳k 壳kq 可k 吭k 槛kj 括k 溃k 拉l 腊l 乐ly 丽l 凉l 靓lj 率ls 六l 露l 绿l 落l 咯l
蔓mw 秘mb 泌mb 模m 粘zn 粥z 尿ns 弄nl 宁n 糯n 哦oe 喔wo 区qo 炮pb 胖p 屏p 朴p 瀑p 其q 期q 栖qx
蹊xq 茜qx 强q 翘q 切q 亲q 芹q 曲q 券qx 苣qj 荨xq 省sx 色s 莎s 厦sx 杉s 扇s 裳sc 蛇s 舍s 莘sx 什s
识sz 食s 氏s 似s 适s 熟s 数s 术sz 属sz 说s 宿sx 糁s 台t 汤t 帖t 吐t 拓t 万w 尾wy 尉wy 隗w 窝w 涡wg
系xj 洗x 虾x 吓xh 纤xq 鲜x 巷xh 削x 邪x 血x 畦q 熊x 呷x 仇cq 腌y 殷y 叶y 遗y 颐y 柚y 涌y 郁y 芫y
栅zs 炸z 折zs 辗z 着z 蛰z 蜇z 召zs 重zc 轧zy 种zc 竹z 拽z 椎z 侧cz 塞s 椰y 菽s 葚s 镐gh 浒hx 疟n
龈y 犍j 呲c 荑y 炰p 圩wx 侗dt 塔t 荷h 薏y 薯s 胳g 盖g 恶e 拗a 凹a 嗯en
"""
_OPEN = re.compile(r"[^\x00-\x7f]")


@cache
def _several() -> dict[str, str]:
    return {entry[0]: entry[1:] for entry in _SEVERAL.split()}


@cache
def _first() -> dict[int, str]:
    return {ord(char): letters[0] for char, letters in _several().items()}


def initials(name: str) -> tuple[str, ...]:
    """All variants of a name's first letters, lower case, the likeliest first; at most 8.

    Latin letters and digits stay in their places, every other sign is dropped. Empty where
    nothing is left. Loads pypinyin on the first call: a running till calls `in_child`.
    """
    # a character that reads in several ways stays as it is and is spelled out below
    kept = unicodedata.normalize("NFKC", name).translate(_letters())
    if kept.isascii():
        return (kept,) if kept else ()
    several = _several()
    likeliest = kept.translate(_first())
    found = [(match.start(), several[match[0]][1:]) for match in _OPEN.finditer(kept)]
    if len(found) > 1:
        return tuple(islice(_spelled(likeliest, found), MOST_VARIANTS))
    place, others = found[0]
    head, tail = likeliest[:place], likeliest[place + 1 :]
    return (likeliest, *[head + letter + tail for letter in others])


def _spelled(likeliest: str, open_places: Sequence[tuple[int, str]]) -> Iterator[str]:
    """Every spelling: first the likeliest letters, then one other letter, then two …"""
    for others in range(len(open_places) + 1):
        for places in combinations(open_places, others):
            for chosen in product(*(letters for _, letters in places)):
                spelled = list(likeliest)
                for (place, _), letter in zip(places, chosen, strict=True):
                    spelled[place] = letter
                yield "".join(spelled)


class _Letters(dict[int, str]):
    """What `str.translate` makes of each character, found out once."""

    def __init__(self, reading: Callable[[str], str]) -> None:
        super().__init__()
        self._reading = reading

    def __missing__(self, point: int) -> str:
        self[point] = found = self._letter(chr(point))
        return found

    def _letter(self, char: str) -> str:
        several = _several().get(char)
        if several is not None:
            return char if len(several) > 1 else several
        base = unicodedata.normalize("NFD", char)[0]
        if not base.isascii():
            base = unicodedata.normalize("NFD", self._reading(char) or " ")[0]
        return base.lower() if base.isascii() and base.isalnum() else ""


@cache
def _letters() -> _Letters:
    first_letter = _pypinyin()

    def reading(char: str) -> str:
        return first_letter(char)

    return _Letters(reading)


def _pypinyin() -> Callable[[str], str]:
    """The dictionary of single characters; its phrases would cost 45 MB that nothing here reads."""
    switch = "PYPINYIN_NO_PHRASES"
    before = os.environ.get(switch)
    os.environ[switch] = "1"
    try:
        from pypinyin import Style, lazy_pinyin
    finally:
        if before is None:
            del os.environ[switch]
        else:
            os.environ[switch] = before

    def first_letter(char: str) -> str:
        return "".join(lazy_pinyin(char, style=Style.FIRST_LETTER, errors="ignore"))

    return first_letter


def in_child(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """`initials` of each name, worked out in a child process that ends with the call.

    So pypinyin never loads into a running till. Refused("child_failed") where the child fails.
    """
    try:
        done = subprocess.run(  # nosec B603  # our own interpreter and module
            [sys.executable, "-P", "-m", "pos.goods.initials"],
            input=msgspec.json.encode(list(names)),
            capture_output=True,
            timeout=_CHILD_SECONDS,
            check=True,
            env=environment(),
        )
        return msgspec.json.decode(done.stdout, type=dict[str, tuple[str, ...]])
    except (OSError, subprocess.SubprocessError, msgspec.DecodeError) as error:
        raise Refused("child_failed", why=type(error).__name__) from error


def _answer(names: Iterable[str]) -> bytes:
    return msgspec.json.encode({name: initials(name) for name in names})


if __name__ == "__main__":
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=list[str])
    sys.stdout.buffer.write(_answer(asked))
