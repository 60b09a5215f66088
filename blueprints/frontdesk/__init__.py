"""The branch console: its shell, the day board and the exchange of operations with devices.

An operation is one thing somebody did at the desk, with or without network: it has an id of the device's own, is sent
until it is answered, and counts once however often it arrives. A frame is what stands still on a day's board: who works
when, opening hours, what services are called.
"""
