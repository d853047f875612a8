"""The queue page: see `page`."""

from ui.pages.queue.page import QueuePage

__all__ = ["QueuePage"]
