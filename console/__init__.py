"""Everything of Vigie but the screen: domain, verdict engine, use cases and adapters."""

__version__ = "0.1.0"
