"""Tables of the library and the steps that made them (Alembic)."""
