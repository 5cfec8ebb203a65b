"""Products, their codes, what they are found by."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from pos.store.models.columns import STRICT, later_int, later_text, text


class Product(SQLModel, table=True):
    """A product. Prices are fen for one unit."""

    __tablename__ = "products"
    __table_args__ = (Index("products_by_change", "changed_at"), STRICT)
    product_id: int = Field(primary_key=True)
    sku: str = text(unique=True)
    name: str = text()
    short_name: str = text()
    spec: str = text()
    unit: str = text()
    category: str = text()
    price_fen: int
    member_fen: int | None = None
    lowest_fen: int | None = None
    tax_bp: int
    weighed: int = 0
    discountable: int = 1
    active: int = 1
    brand: str = later_text()
    origin: str = later_text()
    supplier: str = later_text()
    cost_fen: int | None = None
    tax_code: str = later_text()
    earns_points: int = later_int(1)
    stocked: int = later_int(1)
    low_milli: int | None = None
    high_milli: int | None = None
    created_at: str = later_text()
    changed_at: str = later_text()
    listed: int | None = None
    """Whether head office sells it, where it keeps products; it is active once it has a price."""


class Barcode(SQLModel, table=True):
    """A code on a product; one code, one product.

    A pack code stands for `factor` units, at its own price (fen for the pack) or at theirs.
    """

    __tablename__ = "barcodes"
    __table_args__ = STRICT
    code: str = text(primary_key=True)
    product_id: int = Field(foreign_key="products.product_id", ondelete="RESTRICT", index=True)
    factor: int = later_int(1)
    price_fen: int | None = None


class ProductSearch(SQLModel, table=True):
    """What a product is found by, lower case: name, short name, spec, brand."""

    __tablename__ = "product_search"
    __table_args__ = STRICT
    product_id: int = Field(
        primary_key=True, foreign_key="products.product_id", ondelete="RESTRICT"
    )
    text: str = text()


class ProductInitials(SQLModel, table=True):
    """Pinyin initials of a product's name; a name with several readings has several."""

    __tablename__ = "product_initials"
    __table_args__ = {"sqlite_strict": True, "sqlite_with_rowid": False}
    initials: str = text(primary_key=True)
    product_id: int = Field(
        primary_key=True, foreign_key="products.product_id", ondelete="RESTRICT", index=True
    )
