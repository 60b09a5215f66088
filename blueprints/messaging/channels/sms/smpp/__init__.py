"""SMPP 3.4: a connection to a message centre that stays open, over which receipts and replies come back."""

from blueprints.messaging.channels.sms.smpp.account import SmppSms

__all__ = ["SmppSms"]
