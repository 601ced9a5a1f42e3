"""What was exercised, kept: schema and migrations, the writing thread, queries for the pages."""
