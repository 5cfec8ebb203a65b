"""The command table, its presets, and a shop's own keys."""

from __future__ import annotations

from typing import get_args

import pytest

from pos.commands import (
    BY_ID,
    PRESETS,
    RIGHTS,
    TABLE,
    Command,
    Keymap,
    Mode,
    bindable,
    keymap,
    nearest,
    normal_key,
    shown_key,
)
from pos.refusal import Refused

each_preset = pytest.mark.parametrize("preset", PRESETS)


def refused(changed: dict[str, str], preset: str = "cn") -> Refused:
    with pytest.raises(Refused) as caught:
        keymap(preset, changed)
    return caught.value


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(TABLE)


def test_rights_and_modes_exist() -> None:
    assert {c.right for c in TABLE} - {None} <= set(RIGHTS)
    assert {mode for c in TABLE for mode in c.modes} <= set(get_args(Mode))
    assert all(c.modes for c in TABLE)


def test_verbs_of_the_command_line_have_no_key_and_all_else_has_one() -> None:
    for command in TABLE:
        is_verb = command.id.startswith("cli.")
        assert is_verb == (not command.keys)
        assert is_verb == ("cli" in command.modes)


def test_whatever_changes_money_needs_a_right() -> None:
    exempt = {c.id for c in TABLE if c.right is None and not c.id.startswith("cli.")}
    assert exempt == {
        *("help", "lock", "sign_out", "duties", "print_slip", "back", "quit"),
        *("up", "down", "page_up", "page_down"),
    }


def test_no_sale_at_the_counter_waits_for_a_network() -> None:
    """Law 8: cash can always be taken."""
    assert not BY_ID["cash"].network
    assert not BY_ID["settle"].network


@each_preset
def test_presets_have_no_clash_and_every_command_a_key(preset: str) -> None:
    keys = keymap(preset)
    for command in TABLE:
        for key in keys.keys[command.id]:
            assert normal_key(key) == key
            for mode in command.modes:
                assert keys.command(mode, key) is command
        assert bool(keys.key_of(command.id)) == bool(command.keys)


@each_preset
def test_the_keys_of_a_preset_may_be_written_out(preset: str) -> None:
    plain = keymap(preset)
    written = {name: shown_key(plain.key_of(name)) for name in bindable()}
    arrows = {"up": "up", "down": "down"}
    again = keymap(preset, written | arrows)
    assert {c.id: again.key_of(c.id) for c in TABLE} == {c.id: plain.key_of(c.id) for c in TABLE}


@each_preset
def test_digits_and_enter_stay_for_codes(preset: str) -> None:
    """Law 9: on the sale screen digits and a terminator are one code."""
    keys = keymap(preset)
    assert not keys.characters("selling") & set("0123456789")
    assert keys.command("selling", "enter") is None


def test_presets_differ_where_they_say() -> None:
    assert keymap("cn").key_of("hold") == "f6"
    assert keymap("guanjiapo").key_of("hold") == "f8"
    assert keymap("rtpos").key_of("hold") == "home"
    assert keymap("rtpos").command("selling", "f6") is BY_ID["reduce_order"]


def test_a_change_replaces_the_key() -> None:
    keys = keymap("cn", {"hold": "F11", "lock": ""})
    assert keys.command("selling", "f11") is BY_ID["hold"]
    assert keys.command("selling", "f6") is None
    assert keys.command("selling", "home") is None
    assert keys.key_of("lock") == ""
    assert BY_ID["lock"] not in keys.footer("selling")


def test_two_keys_may_be_exchanged() -> None:
    keys = keymap("cn", {"hold": "f8", "discount_order": "f6"})
    assert keys.command("selling", "f8") is BY_ID["hold"]
    assert keys.command("selling", "f6") is BY_ID["discount_order"]


def test_one_key_in_two_modes_is_no_clash() -> None:
    keys = keymap()
    assert keys.command("selling", "delete") is BY_ID["delete_line"]
    assert keys.command("paying", "delete") is BY_ID["take_back"]


def test_unknown_preset() -> None:
    found = refused({}, "odoo")
    assert found.code == "unknown_preset"
    assert found.values["name"] == "preset"
    assert found.values["known"] == "cn | guanjiapo | rtpos"


@pytest.mark.parametrize(
    ("name", "near"), [("holt", "hold"), ("discountline", "discount_line"), ("zzzzzz", "")]
)
def test_unknown_command_with_the_nearest(name: str, near: str) -> None:
    found = refused({name: "f11"})
    assert (found.code, found.values) == ("unknown_command", {"name": name, "near": near})


def test_verbs_of_the_command_line_take_no_key() -> None:
    assert refused({"cli.sell": "f11"}).code == "unknown_command"


@pytest.mark.parametrize(
    "key",
    ["F13", "F0", "ctrl+", "++", "ctrl++", "alt+f4", "strg+x", "折", "ab", "  ", "\x1b", "x+f5"],
)
def test_unknown_key(key: str) -> None:
    found = refused({"hold": key})
    assert (found.code, found.values) == ("unknown_key", {"name": "hold", "key": key})


@pytest.mark.parametrize(
    "key",
    [
        *("Enter", "Return", "0", "9", "Tab", "Space", " ", "Backspace"),
        *("Ctrl+C", "Ctrl+M", "Ctrl+J", "Ctrl+I", "Ctrl+H", "CONTROL+c"),
    ],
)
def test_reserved_key(key: str) -> None:
    found = refused({"hold": key})
    assert (found.code, found.values) == ("key_reserved", {"name": "hold", "key": key})


def test_clash_names_both() -> None:
    found = refused({"hold": "F9"})
    assert found.code == "key_clash"
    assert found.values["key"] == "f9"
    assert {found.values["one"], found.values["two"]} == {"hold", "reduce_order"}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("F6", "f6"),
        ("Ctrl+Del", "ctrl+delete"),
        ("control + PgUp", "ctrl+pageup"),
        ("Shift+Ctrl+F5", "ctrl+shift+f5"),
        ("Esc", "escape"),
        ("Ins", "insert"),
        ("PgDn", "pagedown"),
        ("Return", "enter"),
        ("+", "+"),
        ("A", "a"),
        (" ", "space"),
        ("", ""),
    ],
)
def test_normal_key(written: str, key: str) -> None:
    assert normal_key(written) == key
    assert normal_key(key) == key


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("f6", "F6"),
        ("ctrl+delete", "Ctrl+Del"),
        ("escape", "Esc"),
        ("up", "↑"),
        ("pageup", "PgUp"),
        ("*", "*"),
        ("q", "Q"),
        ("", ""),
    ],
)
def test_shown_key(key: str, shown: str) -> None:
    assert shown_key(key) == shown


@each_preset
def test_no_key_is_shown_as_nothing(preset: str) -> None:
    for command in TABLE:
        for key in keymap(preset).keys[command.id]:
            assert shown_key(key).strip("+") or key == "+"


def test_footer_is_in_order_and_of_its_mode() -> None:
    for mode in get_args(Mode):
        shown = keymap().footer(mode)
        assert all(mode in c.modes and c.rank for c in shown)
        assert [c.rank for c in shown] == sorted(c.rank for c in shown)
    assert keymap().footer("selling")[0].id == "settle"
    assert keymap().footer("paying")[0].id == "cash"


def test_characters_are_the_printable_keys() -> None:
    assert keymap().characters("selling") == frozenset("+*/.-=")
    assert keymap().characters("paying") == frozenset("qwer")


def test_a_keymap_made_by_hand_is_checked_too() -> None:
    keys = {c.id: c.keys for c in TABLE} | {"hold": ("f8",)}
    with pytest.raises(Refused, match="key_clash"):
        Keymap(keys)


def test_nearest() -> None:
    assert nearest("roundng", ["rounding", "most_change"]) == "rounding"
    assert nearest("xyz", ["rounding"]) == ""
    assert nearest("a", []) == ""


def test_a_row_is_only_data() -> None:
    assert Command("x", (), None, ("cli",)) == Command("x", (), None, ("cli",), 0, network=False)
