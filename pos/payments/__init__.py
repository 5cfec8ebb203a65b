"""Money over a network: wallets that are asked, and the machine that knows what was taken.

`protocol` is what every gateway can do and answer; `wechat`, `alipay` and `manual` are gateways;
`attempt` and `refunding` are pure: event and time in, state and next act out. `bills` reads what a
provider says of a day, `reconcile` compares it with the till's own records. Nothing here knows the
ledger, starts a thread or talks to a person.
"""
