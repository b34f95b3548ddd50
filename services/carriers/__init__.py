"""Carriers: docx, xlsx, pdf. Each answers fill, read and mark; see `services.carriers.reading`."""
