"""What customers are told, by SMS and e-mail, and what became of it.

A *message* is one text for one person over one channel, written in the same transaction as its reason. A *template* is
what it is about: confirmation, change, cancellation, reminder. An *attempt* hands the message to a provider; its
outcome is accepted, refused, or unknown when nobody can say. *Settling* finds out what became of an unknown one. A
*receipt* is the provider's later word on it.
"""
