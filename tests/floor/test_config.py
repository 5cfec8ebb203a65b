"""config.toml: the packed file says what the code says, and a wrong key is named with its line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec
import pytest

from pos.config import (
    Config,
    Settings,
    basis_points,
    changed_keys,
    check,
    default_text,
    fen,
    find,
    load,
)
from pos.refusal import Refused

ROOT_FILE = Path(__file__).parents[2] / "config.toml"


def flat(value: Any, head: str = "") -> dict[str, object]:
    """Dotted keys of a nested dict; `keys` holds a shop's own entries and is left out."""
    found: dict[str, object] = {}
    for key, item in value.items():
        if isinstance(item, dict) and head + key != "keys":
            found |= flat(item, f"{head}{key}.")
        elif head + key != "keys":
            found[head + key] = item
    return found


def checked(tmp_path: Path, text: str) -> tuple[list[Refused], Config | None]:
    file = tmp_path / "config.toml"
    file.write_text(text, "utf-8")
    return check(file)


def only(tmp_path: Path, text: str) -> Refused:
    problems, config = checked(tmp_path, text)
    assert config is None
    assert len(problems) == 1
    assert problems[0].values["file"] == tmp_path / "config.toml"
    return problems[0]


# --- the file that travels with the product ---


def test_the_file_at_the_root_has_every_key_with_its_default() -> None:
    written = flat(tomllib.loads(ROOT_FILE.read_text("utf-8")))
    kept = flat(msgspec.json.decode(msgspec.json.encode(Settings())))
    assert kept.pop("scale_labels") == []  # a section for each, none by default
    assert written == kept


def test_the_file_at_the_root_is_the_default() -> None:
    assert default_text() == ROOT_FILE.read_text("utf-8")
    config = load(ROOT_FILE)
    assert msgspec.structs.replace(config.settings, keys={}) == Settings()
    assert config.settings.keys == {"preset": "cn"}


def structs(kind: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    inner = [get_args(f.type)[0] for f in msgspec.structs.fields(kind) if get_origin(f.type)]
    plain = [f.type for f in msgspec.structs.fields(kind)]
    found = [k for k in (*inner, *plain) if isinstance(k, type) and issubclass(k, msgspec.Struct)]
    return [kind, *(deep for k in found for deep in structs(k))]


def test_every_key_is_described() -> None:
    for struct in structs(Settings):
        assert struct.__doc__
        schema = msgspec.json.schema(struct)["$defs"][struct.__name__]
        for name, entry in schema["properties"].items():
            assert "$ref" in str(entry) or entry.get("description"), f"{struct.__name__}.{name}"


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    problems, config = checked(tmp_path, "")
    assert not problems
    assert config is not None
    assert config.settings == Settings()


# --- wrong keys ---


@pytest.mark.parametrize(
    ("text", "line", "key", "near"),
    [
        ('[cash]\n\nroundng = "none"\n', 3, "cash.roundng", "rounding"),
        ("# 门店\n[shopp]\n", 2, "shopp", "shop"),
        ('[shop]\nname = "a"\nnme = "b"\n', 3, "shop.nme", "name"),
        ('[roles.cashier]\ndiscont = "5%"\n', 2, "roles.cashier.discont", "discount"),
        ('[roles.casher]\ndiscount = "5%"\n', 1, "roles.casher", "cashier"),
        ('roles.cashier.discont = "5%"\n', 1, "roles.cashier.discont", "discount"),
        ("\n\n[cash]\nzzz = 1\n", 4, "cash.zzz", ""),
        ('# \u2028 \u0085\n[cash]\nroundng = "none"\n', 3, "cash.roundng", "rounding"),
        ('\n[till]\n\ncash = { "a b" = 1 }\n', 4, "till.cash", ""),
        ('\ncash = { roundng = "none" }\n', 2, "cash.roundng", "rounding"),
        ('"ca\\u001bsh" = 1\n', 1, "cash", "cash"),
    ],
)
def test_unknown_key(tmp_path: Path, text: str, line: int, key: str, near: str) -> None:
    found = only(tmp_path, text)
    assert found.code == "config_unknown_key"
    assert (found.values["line"], found.values["key"]) == (line, key)
    assert found.values["near"] == near


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("[cash]\nrounding = 1\n", 2, "cash.rounding"),
        ('[cash]\nrounding = "up"\n', 2, "cash.rounding"),
        ('[cash]\n\nmost_change = "1.234"\n', 3, "cash.most_change"),
        ("[cash]\nmost_change = 500\n", 2, "cash.most_change"),
        ('[cash]\nmost_change = "５００"\n', 2, "cash.most_change"),
        ('[cash]\nmost_change = "500\\n"\n', 2, "cash.most_change"),
        ('[cash]\nmost_change = "-1"\n', 2, "cash.most_change"),
        ('[sale]\nmerge_repeats = "yes"\n', 2, "sale.merge_repeats"),
        ("[sale]\nmost_held = 0\n", 2, "sale.most_held"),
        ("[sale]\nmost_held = 100\n", 2, "sale.most_held"),
        ("[sale]\nmost_held = true\n", 2, "sale.most_held"),
        ("[sale]\nmost_held = 1.5\n", 2, "sale.most_held"),
        ("[sale]\nmost_held = 2026-01-01\n", 2, "sale.most_held"),
        ('[tax]\ndefault_rate = "13"\n', 2, "tax.default_rate"),
        ('[tax]\ndefault_rate = "101%"\n', 2, "tax.default_rate"),
        ('[tax]\ndefault_rate = "１３%"\n', 2, "tax.default_rate"),
        ('[shop]\nid = "1"\n', 2, "shop.id"),
        ('[shop]\nid = "０００１"\n', 2, "shop.id"),
        ('[shop]\nid = "0001\\n"\n', 2, "shop.id"),
        ('[shop]\nname = "a\\u001b[2J"\n', 2, "shop.name"),
        ('[shop]\nname = "a\\u202eb"\n', 2, "shop.name"),
        ('[shop]\nname = "{}"\n'.replace("{}", "店" * 41), 2, "shop.name"),
        ('[till]\nid = "1"\n', 2, "till.id"),
        ('\n[ledger]\npath = ["a"]\n', 3, "ledger.path"),
        ('[roles]\n[roles.supervisor]\nprice_cut = "x"\n', 3, "roles.supervisor.price_cut"),
        ("\n[keys]\n# \nhold = 6\n", 4, "keys.hold"),
        ("\n[keys]\nhold = {}\n", 3, "keys.hold"),
    ],
)
def test_wrong_value(tmp_path: Path, text: str, line: int, key: str) -> None:
    found = only(tmp_path, text)
    assert found.code == "config_bad_value"
    assert (found.values["line"], found.values["key"]) == (line, key)
    assert found.values["wants"]


def test_a_wrong_value_says_what_is_wanted(tmp_path: Path) -> None:
    def wants(text: str) -> object:
        return only(tmp_path, text).values["wants"]

    assert wants('[till]\nlanguage = "de"\n') == '"zh" | "en"'
    assert wants("[sale]\nmost_held = 0\n") == "int 1–99"
    assert wants('[tax]\ndefault_rate = "x"\n') == '"13%"'
    assert wants('[cash]\nmost_change = "x"\n') == '"500.00"'
    assert wants("[sale]\nmerge_repeats = 1\n") == "bool"


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("\ncash = 1\n", 2, "cash"),
        ("\nkeys = 1\n", 2, "keys"),
        ('\n\n[[cash]]\nrounding = "none"\n', 3, "cash"),
        ("[roles]\ncashier = 1\n", 2, "roles.cashier"),
    ],
)
def test_a_section_is_a_section(tmp_path: Path, text: str, line: int, key: str) -> None:
    found = only(tmp_path, text)
    assert found.code == "config_not_section"
    assert (found.values["line"], found.values["key"]) == (line, key)


def test_a_shop_may_have_a_chinese_name(tmp_path: Path) -> None:
    problems, config = checked(tmp_path, '[shop]\nname = "𠮷祥　超市（一店）"\n')
    assert not problems
    assert config is not None
    assert config.settings.shop.name == "𠮷祥　超市（一店）"


def test_all_problems_come_in_the_order_of_lines(tmp_path: Path) -> None:
    text = '[screen]\ntheme = "red"\n[cash]\nroundng = 1\n[shop]\nid = "x"\n'
    problems, config = checked(tmp_path, text)
    assert config is None
    assert [p.values["line"] for p in problems] == [2, 4, 6]
    with pytest.raises(Refused) as caught:
        load(tmp_path / "config.toml")
    assert caught.value.values["line"] == 2


# --- [keys] ---


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('[keys]\npreset = "cn"\nholt = "F6"\n', "unknown_command", 3),
        ('[keys]\n\nhold = "F13"\n', "unknown_key", 3),
        ('[keys]\npreset = "cn"\n\nhold = "Enter"\n', "key_reserved", 4),
        ('[keys]\npreset = "cn"\nhold = "F8"\n', "key_clash", 3),
        ('[keys]\nhold = "Shift+F6"\nlock = "F11"\nprice = "F11"\n', "key_clash", 4),
        ('\n[keys]\npreset = "odoo"\n', "unknown_preset", 3),
        ('\n\nkeys.hold = "F13"\n', "unknown_key", 3),
        ('\n\nkeys = { hold = "F13" }\n', "unknown_key", 3),
        ('\n[keys]\n"cli.sell" = "F11"\n', "unknown_command", 2),
    ],
)
def test_wrong_keys_are_told_with_their_line(
    tmp_path: Path, text: str, code: str, line: int
) -> None:
    found = only(tmp_path, text)
    assert (found.code, found.values["line"]) == (code, line)


def test_keys_act(tmp_path: Path) -> None:
    problems, config = checked(tmp_path, '[keys]\npreset = "rtpos"\nhold = "Ctrl+Home"\n')
    assert not problems
    assert config is not None
    assert config.keymap.key_of("hold") == "ctrl+home"
    assert config.keymap.key_of("open_drawer") == "f9"


# --- files that are none ---


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[shop]\nid = "0001"\nname = oops\n', "line 3"),
        ("[shop]\nid = '0001'\nid = '0002'\n", "line 3"),
        ("[shop]\n[shop]\n", "line 2"),
        ("[shop\n", "line 1"),
        ('[shop]\nname = "a\x1b"\n', "line 2"),
    ],
)
def test_syntax_errors_keep_their_line(tmp_path: Path, text: str, where: str) -> None:
    found = only(tmp_path, text)
    assert found.code == "config_not_toml"
    assert where in str(found.values["why"])


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000], ids=["deep", "long"])
def test_a_hostile_file_is_refused_like_any_other(tmp_path: Path, text: str) -> None:
    assert only(tmp_path, text).code == "config_not_toml"


def test_missing_and_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="config_missing"):
        load(tmp_path / "none.toml")
    with pytest.raises(Refused, match="config_unreadable"):
        load(tmp_path)
    file = tmp_path / "gbk.toml"
    file.write_bytes('[shop]\nname = "超市"\n'.encode("gbk"))
    with pytest.raises(Refused, match="config_unreadable"):
        load(file)


def test_a_byte_order_mark_and_crlf_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b'\xef\xbb\xbf[shop]\r\nname = "a"\r\nid = "x"\r\n')
    problems, _ = check(file)
    assert [(p.code, p.values["line"]) for p in problems] == [("config_bad_value", 3)]


# --- the rest ---


def test_paths_start_at_the_file(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[secrets]\npepper = "/etc/pos/pepper"\n', "utf-8")
    config = load(tmp_path / "config.toml")
    assert config.ledger == tmp_path / "data/ledger.db"
    assert config.signing_key == tmp_path / "data/till.key"
    assert config.pepper == Path("/etc/pos/pepper")


def test_find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POS_CONFIG", raising=False)
    assert find(None) == tmp_path / "config.toml"
    monkeypatch.setenv("POS_CONFIG", "/etc/pos.toml")
    assert find(None) == Path("/etc/pos.toml")
    assert find(Path("mine.toml")) == tmp_path / "mine.toml"


def test_units() -> None:
    assert [basis_points(p) for p in ("13%", "0%", "0.5%", "99.99%", "100%")] == [
        *(1300, 0, 50, 9999, 10_000)
    ]
    assert [fen(a) for a in ("500.00", "0.5", "7")] == [50_000, 50, 700]


def test_changed_keys() -> None:
    old = {"cash": {"rounding": "none"}, "shop": {"name": "a"}, "keys": {"hold": "F6"}}
    new = {"cash": {"rounding": "none"}, "shop": {"name": "b"}, "till": {"id": "02"}}
    assert changed_keys(old, new) == ("keys.hold", "shop.name", "till.id")
    assert changed_keys(old, old) == ()
