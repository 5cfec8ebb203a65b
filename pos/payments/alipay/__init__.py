"""Alipay face to face (当面付): payment codes, QR, refunds, bills, over one gateway URL."""
