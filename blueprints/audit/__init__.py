"""The audit trail for people: who saw or changed what, found again and taken away.

What is written down, and how, is the kit's (`shopbell.audit`); this feature reads it. An *entry* is one use of a
permission; its *changes* are the rows that the same transaction altered.
"""
