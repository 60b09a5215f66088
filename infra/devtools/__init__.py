"""What a development machine needs instead of the outside world: a mailbox and a telephone network.

The mailbox is a real SMTP server with a page that shows what arrived. The telco simulator speaks the Twilio
Messages contract: it checks the credentials, answers as the provider does, calls back with signed receipts and
shows every number's phone screen. Both live in one process, `python -m infra.devtools`.

Nothing here is part of the product: it is reached only over SMTP and HTTP, as a real provider would be.
"""
