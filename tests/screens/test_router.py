"""The entry line: what is typed and what is scanned, told apart, nothing lost."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pos.commands import Keymap, Mode, keymap
from pos.screens.router import LIMIT, Router
from pos.till.events import Acted, Entered, Event, Rejected, Strayed

EAN = "6901234567890"
TERMINATOR = {"\r": "enter", "\n": "ctrl+j", "\t": "tab"}
NAMES = {
    "*": "asterisk",
    "+": "plus",
    "-": "minus",
    "/": "slash",
    ".": "full_stop",
    "=": "equals_sign",
}


@dataclass
class Where:
    """The till as the router sees it."""

    mode: Mode = "selling"
    keymap: Keymap = field(default_factory=keymap)
    free_text: bool = False


class Hand:
    """Presses keys on a router, with a clock of its own; timers run as they would."""

    def __init__(self, where: Where | None = None) -> None:
        self.where = where or Where()
        self.router = Router(self.where)
        self.time = 100.0
        self.events: list[Event] = []

    def wait(self, seconds: float) -> Hand:
        """Let time pass, with the timer of the router."""
        end = self.time + seconds
        while self.router.deadline is not None and self.router.deadline <= end:
            self.time = self.router.deadline
            self.events += self.router.tick(self.time)
        self.time = end
        return self

    def press(self, key: str, character: str | None = None) -> Hand:
        """One key, now."""
        self.events += self.router.feed(key, character, self.time)
        return self

    def send(self, text: str, gap: float = 0.0) -> Hand:
        """Characters and terminators as the terminal names them, `gap` seconds apart."""
        for index, char in enumerate(text):
            if index:
                self.wait(gap)
            self.press(TERMINATOR.get(char) or NAMES.get(char, char), char)
        return self

    def typed(self, text: str) -> Hand:
        """As a person types."""
        return self.send(text, 0.15).wait(0.15)


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\t", "\r\r", "\r\t"])
def test_a_scan_is_one_code_whatever_ends_it(hand: Hand, end: str) -> None:
    hand.send(EAN + end, 0.002).wait(1)
    assert hand.events == [Entered(EAN, burst=True)]
    assert hand.router.text == ""


def test_the_same_digits_typed_are_the_same_code(hand: Hand) -> None:
    hand.typed(EAN + "\r")
    assert hand.events == [Entered(EAN, burst=False)]


def test_a_short_entry_is_never_a_burst(hand: Hand) -> None:
    hand.send("123\r")
    assert hand.events == [Entered("123", burst=False)]


def test_enter_on_an_empty_line_is_told(hand: Hand) -> None:
    hand.press("enter", "\r").wait(1).press("enter", "\r")
    assert hand.events == [Entered(""), Entered("")]


def test_line_feed_after_a_typed_return_is_one(hand: Hand) -> None:
    hand.typed("12").send("\r\n", 0.001)
    assert hand.events == [Entered("12")]


def test_tab_on_an_empty_line_is_a_stray_key(hand: Hand) -> None:
    hand.press("tab", "\t")
    assert hand.events == [Strayed("tab")]


@pytest.mark.parametrize(
    ("char", "command"),
    [
        ("*", "quantity"),
        ("/", "discount_line"),
        ("-", "decrement"),
        ("+", "settle"),
        ("=", "increment"),
    ],
)
def test_a_typed_operator_acts_on_what_stands_before_it(
    hand: Hand, char: str, command: str
) -> None:
    hand.typed("85").send(char)
    assert hand.events == []
    hand.wait(0.05)
    assert hand.events == [Acted(command, "85")]
    assert hand.router.text == ""


def test_a_point_acts_only_on_an_empty_line(hand: Hand) -> None:
    hand.typed("12.50\r").wait(1).typed(".")
    assert hand.events == [Entered("12.50"), Acted("price", "")]


@pytest.mark.parametrize("code", ["ABC-123", "*ABC*", "A+B/C.D", "12-", "-12", "3*" + EAN, "+1"])
def test_an_operator_inside_a_scan_is_data(hand: Hand, code: str) -> None:
    if len(code) < 4:
        code = code.ljust(4, "7")
    hand.send(code + "\r", 0.010).wait(1)
    assert hand.events == [Entered(code, burst=True)]


@pytest.mark.parametrize(
    ("text", "event"), [("3*", Acted("quantity", "3")), ("85/", Acted("discount_line", "85"))]
)
def test_an_operator_at_the_end_of_one_write_acts(hand: Hand, text: str, event: Event) -> None:
    hand.send(text).wait(0.1)
    assert hand.events == [event]


def test_quantity_then_scan_typed_and_scanned(hand: Hand) -> None:
    hand.typed("3*").send(EAN + "\r", 0.001)
    assert hand.events == [Acted("quantity", "3"), Entered(EAN, burst=True)]


def test_an_operator_acts_before_the_key_that_follows_it(hand: Hand) -> None:
    hand.typed("3").send("*").press("f6").press("enter", "\r")
    assert hand.events == [Acted("quantity", "3"), Acted("hold"), Entered("")]


def test_an_operator_written_with_a_key_behind_it_acts_first(hand: Hand) -> None:
    hand.send("85/").press("delete")
    assert hand.events == [Acted("discount_line", "85"), Acted("delete_line")]


def test_late_timers_do_not_change_what_was_meant(hand: Hand) -> None:
    """The screen was busy: no timer ran, but the keys have the times they were read at."""
    hand.router.feed("3", "3", 10.0)
    hand.router.feed("asterisk", "*", 10.5)
    events = hand.router.feed("6", "6", 11.0)
    assert events == [Acted("quantity", "3")]
    assert hand.router.text == "6"


def test_a_key_held_down_acts_each_time(hand: Hand) -> None:
    hand.send("-" * 6, 0.025).wait(0.2)
    assert hand.events == [Acted("decrement")] * 6


def test_pay_keys_act_when_typed_in_any_case() -> None:
    hand = Hand(Where("paying"))
    hand.typed("q").typed("50W")
    assert hand.events == [Acted("quick_1"), Acted("quick_2", "50")]


def test_letters_of_a_scan_are_no_pay_keys() -> None:
    hand = Hand(Where("paying"))
    hand.send("qwer1234\r", 0.005)
    assert hand.events == [Entered("qwer1234", burst=True)]


def test_enter_is_entered_also_where_it_is_a_command() -> None:
    hand = Hand(Where("paying")).typed("100\r")
    assert hand.events == [Entered("100")]


def test_named_keys_take_what_was_typed(hand: Hand) -> None:
    hand.typed("85").press("f8")
    assert hand.events == [Acted("discount_order", "85")]
    assert hand.router.text == ""


def test_moving_and_help_keep_the_line(hand: Hand) -> None:
    hand.typed("12").press("up").press("pagedown").press("f1")
    assert hand.events == [Acted("up"), Acted("page_down"), Acted("help")]
    assert hand.router.text == "12"


def test_escape_clears_first_and_goes_back_then(hand: Hand) -> None:
    hand.typed("12").press("escape", "\x1b").press("escape", "\x1b")
    assert hand.events == [Acted("back")]


def test_backspace_takes_one_away(hand: Hand) -> None:
    hand.typed("123").press("backspace", "\x7f").typed("\r").press("backspace", "\x7f")
    assert hand.events == [Entered("12")]


def test_unknown_keys_stray_and_control_c_does_nothing(hand: Hand) -> None:
    hand.typed("1").press("f11").press("ctrl+c", "\x03").press("left_shift").press("ctrl+z", "\x1a")
    assert hand.events == [Strayed("f11"), Strayed("ctrl+z")]
    assert hand.router.text == "1"


@pytest.mark.parametrize(
    ("key", "character"),
    [("section_sign", "§"), ("alt+6", "6"), ("alt+6", None)],
)
def test_escape_melted_with_a_digit_is_taken_apart(
    hand: Hand, key: str, character: str | None
) -> None:
    hand.typed("99").press(key, character).send(EAN[1:] + "\r")
    assert hand.events == [Entered(EAN, burst=True)]


def test_escape_melted_with_a_letter_is_taken_apart(hand: Hand) -> None:
    hand.press("alt+shift+a", "A").send("B12\r")
    assert hand.events == [Acted("back"), Entered("AB12", burst=True)]


def test_full_width_input_is_narrowed(hand: Hand) -> None:
    hand.typed("６９０１２\r").wait(1).typed("３").send("＊").wait(0.1)
    assert hand.events == [Entered("69012", burst=False), Acted("quantity", "3")]


def test_fnc1_stays_inside_a_code(hand: Hand) -> None:
    fnc1 = ("ctrl+right_square_bracket", "\x1d")
    hand.press(*fnc1).send("0106901").press(*fnc1).send("10AB\r")
    assert hand.events == [Entered("0106901\x1d10AB", burst=True)]


def test_too_long_is_told_once_and_dropped_to_its_end(hand: Hand) -> None:
    hand.send("7" * 200 + "\r\n" + EAN + "\r")
    assert hand.events == [Rejected("too_long"), Entered(EAN, burst=True)]


def test_the_longest_code_fits(hand: Hand) -> None:
    hand.send("7" * LIMIT + "\r")
    assert hand.events == [Entered("7" * LIMIT, burst=True)]


def test_a_long_input_without_an_end_does_not_eat_the_next_scan(hand: Hand) -> None:
    hand.send("7" * 100).wait(2).send(EAN + "\r")
    assert hand.events == [Rejected("too_long"), Entered(EAN, burst=True)]


def test_free_text_takes_every_character() -> None:
    hand = Hand(Where("asking", free_text=True))
    hand.typed("a * b，§ +").press("tab", "\t").typed("\r")
    assert hand.events == [Strayed("tab"), Entered("a * b，§ +")]


def test_a_scan_into_free_text_may_end_with_tab() -> None:
    hand = Hand(Where("asking", free_text=True)).send("REF12345\t", 0.002)
    assert hand.events == [Entered("REF12345", burst=True)]


def test_a_paste_is_a_fast_typist(hand: Hand) -> None:
    hand.events += hand.router.paste(f"{EAN}\r\n{EAN}\n3*", 1.0)
    assert hand.events == [Entered(EAN, burst=True), Entered(EAN, burst=True)]
    assert hand.router.text == "3*"
    assert hand.router.deadline is None


def test_number_pad_names_without_characters(hand: Hand) -> None:
    hand.typed("3").press("multiply").wait(0.1).press("1", None).press("enter", None)
    assert hand.events == [Acted("quantity", "3"), Entered("1")]


CODES = st.text("0123456789ABCXYZ-+*/.=$%", min_size=4, max_size=40)


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(CODES, st.sampled_from(["\r", "\n", "\r\n", "\t"]), st.floats(0, 0.025)),
        max_size=8,
    ),
    st.floats(0.0, 0.3),
)
@example([("====0", "\r", 0.0)], 0.0)
def test_any_codes_come_back_whole_and_in_order(
    scans: list[tuple[str, str, float]], between: float
) -> None:
    hand = Hand()
    expected = []
    for code, end, gap in scans:
        if len(set(code)) == 1 and code[0] in "-+*/.=":
            code = "0" + code  # a key held down, not a code
        hand.send(code + end, gap).wait(max(between, 0.0))
        expected.append(Entered(code, burst=True))
    hand.wait(1)
    assert hand.events == expected


@given(
    st.lists(
        st.sampled_from([*"0123456789*/-+.=qwer\r\n\t\x1d ", "f6", "escape", "up", "backspace"]),
        max_size=60,
    ),
    st.floats(0, 0.1),
)
def test_no_sequence_breaks_the_line(keys: list[str], gap: float) -> None:
    for mode in ("selling", "paying", "signing", "locked"):
        hand = Hand(Where(mode))
        for key in keys:
            hand.press(
                TERMINATOR.get(key) or NAMES.get(key, key), key if len(key) == 1 else None
            ).wait(gap)
        hand.wait(1)
        assert hand.router.deadline is None
        assert len(hand.router.text) <= LIMIT
