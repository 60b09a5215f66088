"""Webhooks: telling other people's programs what happened, signed, until they have heard it.

An *endpoint* is an address that head office registers, with the *types* of events it wants and a secret. A *delivery*
is one event for one endpoint: it is written when the event is heard, sent as due work, tried again later and later, and
kept with its outcome. Signatures follow Standard Webhooks (https://www.standardwebhooks.com), so that receivers can use
a library of theirs.
"""
