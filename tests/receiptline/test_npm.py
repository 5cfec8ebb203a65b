"""Equality, character for character, with the independent implementation.

It is the npm package `receiptline` (Apache-2.0), which wants Node.js 16 or newer. Either
`npm install --prefix DIR receiptline` and `export RECEIPTLINE_NODE_MODULES=DIR/node_modules`, or
install it with `--prefix ~/.cache/guitai`, where these tests look of themselves
(`$XDG_CACHE_HOME/guitai` where that is set). Without it they are skipped.

Node starts once for all documents. Left out is what differs on purpose: markup that we refuse and
npm passes over in silence (unknown keys and values, stray braces, `command`), control and format
signs, which npm lets through, marks that stand on a sign they cannot be composed with, and the
text that we print in place of a code that cannot say its data.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pos.receiptline.as_text import text
from pos.receiptline.layout import lay_out
from pos.receiptline.parse import parse
from tests.receiptline.documents import WRITTEN, made

COLUMNS = (32, 48)
RUNNER = Path(__file__).with_name("runner.js")


def node_modules() -> Path | None:
    """The folder that holds the package, if any does."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for place in (os.environ.get("RECEIPTLINE_NODE_MODULES"), cache / "guitai" / "node_modules"):
        if place and (Path(place) / "receiptline").is_dir():
            return Path(place)
    return None


@pytest.fixture(scope="module")
def asked() -> list[tuple[str, int]]:
    documents = [*WRITTEN, *made(7, 1000)]
    return [(document, columns) for columns in COLUMNS for document in documents]


@pytest.fixture(scope="module")
def answers(asked: list[tuple[str, int]]) -> list[str]:
    modules, node = node_modules(), shutil.which("node")
    if modules is None or node is None:
        pytest.skip("no node, or no npm package receiptline")
    ran = subprocess.run(
        [node, str(RUNNER)],
        input=json.dumps(asked).encode(),
        stdout=subprocess.PIPE,
        env={**os.environ, "NODE_PATH": str(modules)},
        timeout=60,
        check=True,
    )
    texts = json.loads(ran.stdout)
    assert isinstance(texts, list)
    return [str(said) for said in texts]


def test_text_is_equal_to_npm(asked: list[tuple[str, int]], answers: list[str]) -> None:
    assert len(answers) == len(asked)
    other = [
        (document, columns, said, ours)
        for (document, columns), said in zip(asked, answers, strict=True)
        if (ours := text(lay_out(parse(document), columns))) != said
    ]
    assert not other, other[0]


def test_there_are_documents_for_the_whole_grammar() -> None:
    assert len(set(WRITTEN)) > 120
