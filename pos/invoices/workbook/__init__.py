"""The tax bureau's batch-import workbook (批量开票-导入开票模板): filled, kept intact, read back.

The shop drops the bureau's own file in; its sheets and columns are found by their headers, its
validations, hidden sheets and names stay. openpyxl runs in a process of its own.
"""
