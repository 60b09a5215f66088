"""The words of messages: what they say on each occasion, in each language and over each channel.

An *occasion* is what a message is about: a confirmation, a change, a reminder. Its words are blocks of a template, one
file per language, drawn as subject, plain text, HTML and SMS from the *facts* of the case.
"""
