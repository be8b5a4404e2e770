"""Recording a request, completing it, and its page."""
