"""What a chain is: its domains, schema, settings, people and trade packs."""
