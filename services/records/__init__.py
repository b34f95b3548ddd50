"""What is kept: records, files, units; every kept row has its owning unit."""
