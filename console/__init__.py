"""Everything of Vigie but the screen: domain, verdict engine, use cases and adapters."""
