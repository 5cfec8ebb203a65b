"""WeChat Pay API v3 as a direct merchant: payment codes, Native QR, refunds, bills."""
