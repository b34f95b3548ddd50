"""Bundles: packets bound and verified, summaries, rosters."""
