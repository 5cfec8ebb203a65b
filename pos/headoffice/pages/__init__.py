"""Head office's web pages: read on a phone, work without a script, in Chinese and English.

gate       who may, how much, what was asked; every page is a row of `site.table`, closed by default
accounts   names, passwords, lockout, sessions
views      one module a page: SQL → plain values; no rule of trade lives here
templates/ Jinja2, everything escaped; look.css is the only asset
"""
