"""The ways out: an SMS provider over HTTP and any mail server over SMTP. No database, no business rules."""
