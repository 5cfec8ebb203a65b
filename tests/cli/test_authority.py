"""A head office whose certificate is of an authority of its own: told in words, nothing is lost."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pos.config import load
from pos.config.editing import with_keys
from pos.sync.link import open_link
from pos.sync.status import Status
from pos.sync.trouble import LinkFailed
from pos.sync.visiting import Visitor
from pos.words import CATALOGUE
from pos.words.refusals import say
from tests.cli.conftest import Pos
from tests.floor.test_wire import tls
from tests.payments.papers import certificate, pem
from tests.sync.office import SOON, Office, TillSide, direct, enrol_till, initials


def authorities(folder: Path) -> tuple[Path, Path, Path]:
    """The server's paper, its authority's file, and the file of another authority."""
    _, good = tls(folder)
    now = datetime.now(UTC)
    span = (now - timedelta(days=1), now + timedelta(days=30))
    other = folder / "other.pem"
    other.write_bytes(pem(certificate("other", "other", 1, *span)))
    return folder / "site.pem", good, other


def trusting(side: TillSide, authority: Path) -> tuple[Visitor, LinkFailed | None]:
    """A visit with this authority in config.toml; why it came to nothing."""
    file = side.shop.config_file
    text = with_keys(file.read_text("utf-8"), "headoffice", {"ca_file": str(authority)})
    file.write_text(text, "utf-8")
    config, clock = load(file), side.shop.hands.clock()
    with closing(open_link(config, clock, SOON)) as link:
        visitor = Visitor(config, clock, link, direct(side.ledger), initials)
        try:
            visitor.send(visitor.beat(Status()), lambda: True)
        except LinkFailed as failed:
            return visitor, failed
    return visitor, None


def test_sending_to_whom_nobody_vouches_for_keeps_everything(tmp_path: Path) -> None:
    paper, good, other = authorities(tmp_path)
    office = Office(tmp_path / "office", paper=paper)
    side = enrol_till(tmp_path / "till", office, authority=good)
    try:
        side.sell(3)
        _, failed = trusting(side, other)
        assert failed is not None
        assert (failed.code, failed.kind, failed.sent) == ("ho_tls", "offline", False)
        assert not failed.final  # it is tried again once the file is right
        line = say(CATALOGUE["zh"].refusals, failed.refused())
        assert "证书" in line
        assert "ca_file" in line
        assert office.inbox() == []
        assert trusting(side, good)[1] is None
        assert [(jn, hashed) for _, jn, hashed in office.inbox()] == side.journal()
    finally:
        side.close()
        office.stop()


def test_enrolling_by_whom_nobody_vouches_for_changes_nothing(pos: Pos, tmp_path: Path) -> None:
    paper, good, other = authorities(tmp_path)
    office = Office(tmp_path / "office", paper=paper)
    file = tmp_path / "new" / "config.toml"
    file.parent.mkdir()
    try:
        code = f"{office.url}#{office.code()}"
        asked = ("init", "--enrol", code, "--config", str(file))
        why = pos(*asked, "--ca-file", str(other), by="9001").why
        assert "证书" in why
        assert not file.exists()
        assert (
            "证书" in pos(*asked, by="9001").why
        )  # the system's authorities do not know it either
        done = pos(*asked, "--ca-file", str(good), by="9001")  # the same code: it was not used up
        assert done.code == 0, done
        found = load(file).settings
        assert (found.headoffice.url, found.headoffice.settings) == (office.url, "headoffice")
        assert found.catalog.owner == "headoffice"
    finally:
        office.stop()
