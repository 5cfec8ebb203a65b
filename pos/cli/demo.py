"""`pos demo`: a shop in a folder of its own, with everything it talks to on loopback."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import closing
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from pos.access.pins import check_pin
from pos.cli import demo_people
from pos.cli.companions import Companions
from pos.cli.desk import refusing, tell
from pos.cli.laying import lay_out
from pos.cli.run import run
from pos.clock import system_clock
from pos.config import basis_points, load
from pos.config.editing import with_keys
from pos.ids import system_ids
from pos.refusal import Refused
from pos.store.reader import Reader
from pos.system import is_terminal, write_private
from pos.words import CATALOGUE

DEMO_NAME = "柜台演示便利店"
DEMO_PEOPLE = (
    ("1001", "收银员", "cashier"),
    ("2001", "主管", "supervisor"),
    ("9001", "店长", "manager"),
)
PINS_FILE = "demo-pins.txt"


PRINTER = (
    "[printers.receipt]\n"
    'connection = "network"     # the simulator that `pos demo` starts\n'
    'host = "127.0.0.1"\n'
    "port = 9100\n\n"
)
"""Where the simulated printer listens; ports are written anew at each start."""

TAX_CODES = {
    "饮料": "1030307040000000000",
    "休闲零食": "1030201040000000000",
    "方便食品": "1030203030000000000",
    "日用品": "1060105040000000000",
    "粮油调味": "1030206040000000000",
    "个护": "1070224010000000000",
    "乳品": "1030204010000000000",
    "糖果": "1030202010000000000",
    "酒": "1030302000000000000",
    "现制熟食": "1030108990000000000",
    "水果": "1010115019900000000",
    "文具": "1060401990000000000",
    "冷饮": "1030209990000000000",
    "蔬菜": "1010112150000000000",
    "烟": "1030402020000000000",
    "面包糕点": "1030201010000000000",
    "蛋品": "1010303029900000000",
}
"""The tax bureau's codes for the demo's kinds of goods; the rest is 其他食品."""
OTHER_FOOD = "1030299000000000000"


def demo(
    folder: Annotated[Path, typer.Option("--dir", help="its own folder")] = Path("demo"),
    run_till: Annotated[bool, typer.Option("--run/--no-run", hidden=True)] = True,
    language: Annotated[str, typer.Option("--language", help="zh|en")] = "zh",
) -> None:
    """Open the till on a demo shop in its own folder; its operators' PINs are printed."""
    words = CATALOGUE["en" if language == "en" else "zh"]
    with refusing(words):
        file = folder.absolute() / "config.toml"
        if not file.exists():
            _make_demo(file.parent, language)
        if not (folder / PINS_FILE).exists():
            raise Refused("already_there", path=file)  # somebody's till, no demo of ours
        config = load(file)
        with closing(Reader(config.ledger)) as reader:
            count = reader.products()
        tell(words.cli.demo_ready.format(folder=folder, products=count))
        tell(*(folder / PINS_FILE).read_text("utf-8").splitlines())
        if run_till:
            codes = _codes()
            tell(*(line.format(**codes) for line in words.cli.demo_pay))
            shown = {"phone": demo_people.MEMBERS[0].phone, "gift": demo_people.GIFT}
            tell(words.cli.demo_members.format(**shown, coupon=demo_people.COUPON))
            with Companions(file) as companions:
                tell(words.cli.demo_invoice)
                tell(words.cli.demo_printed.format(folder=companions.printed))
                password = companions.office_password
                tell(words.cli.demo_office.format(url=companions.office, password=password))
                if is_terminal():  # read before the screen covers it
                    input(words.cli.demo_enter)
                code = run(load(file))
            raise typer.Exit(code)


def _codes() -> dict[str, str]:
    """Fresh payment codes; each serves once. Their ends say what the customer does."""
    from pos.simulators.wallets import SCRIPTS, code_for

    serial = secrets.randbelow(10**11)
    told = {script.name: code_for(script, "wechat", serial) for script in SCRIPTS}
    paid = next(script for script in SCRIPTS if script.name == "paid")
    return told | {"alipay": code_for(paid, "alipay", serial)}


def _make_demo(folder: Path, language: str) -> None:
    """A whole demo shop under the name `folder`, or nothing there."""
    if folder.exists() and any(folder.iterdir()):
        raise Refused("already_there", path=folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".demo-", dir=folder.parent) as aside:
        made = Path(aside) / "demo"
        _fill_demo(made / "config.toml", language)
        made.rename(folder)


def _fill_demo(file: Path, language: str) -> None:
    from pos.goods.importing import stage
    from pos.store.ledger import Ledger, Place
    from pos.store.staging import apply

    people = [(who, name, role, _pin()) for who, name, role in DEMO_PEOPLE]
    values = {"shop.name": DEMO_NAME, "cash.rounding": "down_jiao", "till.language": language}
    config = lay_out(file, values, people, PRINTER)
    place = Place(
        config.ledger,
        "0001",
        "01",
        config.signing_key.read_bytes(),
        system_clock(),
        system_ids(),
        "pos demo",
    )
    ledger = Ledger(place)
    products = resources.files("pos.goods") / "demo_products.csv"
    staged = file.parent / "staging.db"
    with resources.as_file(products) as source:
        stage(source, staged)
    apply(ledger, staged, "demo", basis_points(config.settings.tax.default_rate))
    staged.unlink()
    demo_people.sign_up(ledger, config, DEMO_PEOPLE[0][0])
    ledger.close()
    demo_people.lay_files(file.parent)
    file.write_text(demo_people.switch_on(file.read_text("utf-8")), "utf-8")
    _can_invoice(file)
    lines = [f"  {who}  {name}  {pin}" for who, name, _role, pin in people]
    write_private(file.parent / PINS_FILE, ("\n".join(lines) + "\n").encode())


def _can_invoice(file: Path) -> None:
    """What a shop settles once: whose invoices they are, and the tax code of each kind of goods."""
    table = resources.files("pos.cli") / "demo_tax_codes.csv"
    (file.parent / "tax-codes.csv").write_bytes(table.read_bytes())
    text = file.read_text("utf-8")
    text = with_keys(text, "invoices", {"default_code": OTHER_FOOD, "clerk": DEMO_PEOPLE[0][1]})
    text = with_keys(text, "invoices.seller", {"name": f"{DEMO_NAME}有限公司"})
    categories = {f'"{name}"': code for name, code in reversed(TAX_CODES.items())}
    file.write_text(with_keys(text, "invoices.categories", categories), "utf-8")


def _pin() -> str:
    while True:
        pin = f"{secrets.randbelow(10**6):06d}"
        try:
            check_pin(pin)
        except Refused:
            continue
        return pin
