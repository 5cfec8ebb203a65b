"""Messages out: mail by SMTP, webhooks of WeCom (企业微信), DingTalk (钉钉) and anybody else.

A message is kept before it is sent and tried until it went; one that may have arrived is marked.
`queue` and `texts` are pure. Nothing here knows the ledger or starts a thread: the till and head
office give the queue its place on disk and call it from a thread of their own.
"""
