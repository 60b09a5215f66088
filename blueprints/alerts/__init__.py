"""Alerts: what staff have to know, told where they look.

A *topic* is a kind of thing that happens, at a *place*: a branch, the chain, or one person's account. What happens
again within a pause is counted on the alert there is, so that a bad day is one line and not a flood. Every alert stands
on the list of those it concerns, and goes out through *channels*: e-mail, a text message, or the chat a shop uses. A
channel is set for the chain, a region or a branch, or by a member of staff for themselves, with the topics it carries.
A *delivery* is one alert for one channel.
"""
