"""What tests share: a database that forgets, two chains, and hands to act with."""
