"""The pages of a creditor, in the order of its menu; the first is where it begins."""

from gateway.console.pages import Page
from gateway.console.schuldeiser import deliveries, files, quality, questions, signal, signals, start

PAGES: tuple[Page, ...] = (
    *start.PAGES, *signal.PAGES, *files.PAGES, *signals.PAGES, *deliveries.PAGES, *questions.PAGES, *quality.PAGES,
)  # fmt: skip
