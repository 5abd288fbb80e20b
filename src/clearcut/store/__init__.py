"""The registry in SQL (SQLite, PostgreSQL): revisions, tokens, the record."""
