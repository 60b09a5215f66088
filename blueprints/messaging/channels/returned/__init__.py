"""What comes back about mail: reports by mail (RFC 3464, RFC 5965), and by Amazon SES. No database."""
