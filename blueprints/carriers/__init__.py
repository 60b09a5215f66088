"""What providers of text messages tell the installation about its own accounts with them, which serve every chain.

A *hook* is the part of our callback address that nobody can guess; it stands in SHOPBELL_SMS_PROVIDERS.
"""
