"""The rules of rules.csv, one small function each, named after its id."""
