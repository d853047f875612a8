"""The shared database: the state of the line, decisions that met, what was refused."""
