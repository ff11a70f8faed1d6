"""The report: statements, questions, own words, what the checker found."""
