"""The tables, by what they hold; `console.store.tables` gathers them."""
