"""The ways out for text messages: one contract, and an adapter for each provider that keeps to it."""
