"""`pos backup …`: a pair of keys, a backup, a till somewhere else."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Pos
from tests.shop import WATER


def test_from_key_to_a_restored_till(pos: Pos, tmp_path: Path) -> None:
    secret, shop = tmp_path / "technician.key", pos.shop
    assert "recipient" in pos("backup", "create", by="9001").why
    public = pos("backup", "key", str(secret), "--json").json["recipient"]
    text = shop.config_file.read_text("utf-8")
    shop.config_file.write_text(text.replace('recipient = ""', f'recipient = "{public}"'), "utf-8")
    sold = pos.sell(WATER, "--cash", "5").json
    made = pos("backup", "create", "--json", by="9001").json
    assert Path(made["path"]).parent == shop.folder / "backups"
    found = pos("backup", "verify", made["path"], "--identity", str(secret), "--json").json
    assert found == made["manifest"]
    assert sold["journal_head"] == found["head"] or found["jn"] > 1
    target = tmp_path / "elsewhere"
    done = pos("backup", "restore", made["path"], "--identity", str(secret), "--into", str(target))
    assert (done.code, done.err) == (0, "")
    file = str(target / "config.toml")
    orders = pos("order", "list", "--json", "--config", file, by="1001").json
    assert [order["number"] for order in orders] == [sold["number"]]
    assert pos("journal", "verify", "--json", "--config", file).json["ok"]


def test_a_cashier_makes_none(pos: Pos) -> None:
    assert pos("backup", "create", by="1001").why
    assert not (pos.shop.folder / "backups").exists()
