"""The local study database; the only home of SQLAlchemy."""
