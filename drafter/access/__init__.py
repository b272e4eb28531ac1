"""Who may use the page: people and their passwords, sessions, and what guards every request.

Knows nothing of documents or of the page behind it; speaks plain ASGI.
"""
