"""Pages for clerks, the JSON API, templates and static files: the only place that knows Flask."""
