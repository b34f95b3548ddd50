"""What clerks and their programs do to completed forms, done to real files, with what must come of it.

`bench/roundtrip.py` runs any number of such cases and prints the score; `tests/test_roundtrip.py` runs a few
fixed ones. A case is a form, a record, up to four operations and a way through other programs; what is
expected follows from the record that was filled in and from what each operation is known to do.
"""
