"""The branch console: its shell, the day board and the exchange of operations with devices."""
