"""An SMSC that speaks SMPP 3.4: `pdu` reads and writes, `texts` decodes, `session` answers, `smsc` is the server."""
