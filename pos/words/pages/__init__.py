"""Head office's web pages: what they say in either language."""

from __future__ import annotations

from pos.words.pages.en import EN
from pos.words.pages.form import PageWords
from pos.words.pages.zh import ZH

__all__ = ["EN", "ZH", "PageWords"]
