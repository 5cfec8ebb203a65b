"""ReceiptLine, the open receipt markup: parsed, laid out, painted. It knows no till.

`template.fill` → text → `parse.parse` → document → `layout.lay_out` → rows, which `as_text`,
`as_html`, `as_svg` and `cells` paint and a printer's writer turns into bytes. The grammar is the
OFSC ReceiptLine specification's; the independent implementation that the tests compare with is
the npm package `receiptline`.
"""
