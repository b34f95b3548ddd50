"""Plain functions over immutable values; see the layers in README.md."""
