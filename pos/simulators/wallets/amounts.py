"""Fen as the yuan text of bills and of Alipay."""

from __future__ import annotations


def yuan(fen: int) -> str:
    """`1205` → `12.05`, `-5` → `-0.05`."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def fee_of(fen: int, basis_points: int) -> int:
    """The provider's fee in fen, half up."""
    return (fen * basis_points + 5000) // 10000
