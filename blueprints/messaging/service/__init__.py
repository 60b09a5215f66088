"""What can be done with messages: compose, deliver, settle, take a receipt, remind."""
