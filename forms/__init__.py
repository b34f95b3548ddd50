"""The declarations. Each module of this package holds one `FORM`; `services.catalogue` finds them."""
