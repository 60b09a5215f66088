"""A telephone network with five doors: one module for each provider's contract, one network behind them.

`plans` says what goes wrong on purpose, `network` keeps the texts, `stories` plays out what becomes of them, and
`console` holds what a customer sets in the provider's own pages: callback addresses, signs and templates. The doors
(`twilio`, `alibaba`, `tencent`, `sns`, `smpp`) are written from the providers' documents and from nothing of the
product's, so that each side checks the other.
"""
