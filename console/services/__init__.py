"""The use cases, one file a noun, and the Protocols that adapters fulfil (`ports`)."""
