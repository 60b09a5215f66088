"""What providers of text messages and of mail tell the installation, for whichever chain it is about.

A *hook* is the part of our callback address that nobody can guess; it stands in SHOPBELL_SMS_PROVIDERS. Reports about
mail are signed instead: by SHOPBELL_MAIL_HOOK_SECRET, or by Amazon for SHOPBELL_SES_TOPICS.
"""
