"""The shared PostgreSQL: its own schema and rules, how a desk connects to it, how it is administered."""
