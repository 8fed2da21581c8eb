"""Scrapy's response as the pure modules read it."""

from scrapy.http import Response

from crawlers.items import Answer


def headers_of(response: Response) -> list[tuple[str, str]]:
    """Names as they came, values as text; bytes beyond ASCII are read as Latin-1, as HTTP has it."""
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]


def answer_of(response: Response) -> Answer:
    """URL, status, headers (names in lower case) and body."""
    headers = [(name.lower(), value) for name, value in headers_of(response)]
    return Answer(response.url, response.status, headers, response.body)
