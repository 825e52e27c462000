"""The public ASGI app: notifications in, sellers' consents back, and nothing else.

It writes to the inbox, answers, and is done; what follows from an event is the matter
of ``ingest/webhook_work.py``. The private parts of the product never share this port.
"""
