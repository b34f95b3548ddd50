"""Many prefilled forms from one list (名单): a row is a form."""
