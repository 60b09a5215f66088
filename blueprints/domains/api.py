"""What other features may ask of own domains, in the caller's transaction."""

from blueprints.domains.queries import MailSender, mail_sender

__all__ = ["MailSender", "mail_sender"]
