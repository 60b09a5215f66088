"""What can be said of texts without asking anybody: what they consist of, what is wrong with them, who approves."""
