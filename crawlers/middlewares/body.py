"""CompleteBody: keeps each answer as it came, then undoes gzip if, and only if, the stream is whole.

Scrapy's own decompression delivers a truncated gzip as a normal page. Only gzip is asked for, so only gzip is
undone; a body in any other coding, or in several, was not asked for and cannot be trusted to be read right.
"""

import zlib
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from common import clock
from common.addresses import split_origin
from crawlers import exchange
from crawlers.exchange import Received, Refused
from crawlers.middlewares.answers import headers_of

MAX_BODY = 5 * 2**20


class CompleteBody:
    """The first to see an answer."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls()

    def process_response(self, request: Request, response: Response) -> Response:
        """The response with its body decoded. Raises Refused if it is cut, too large or coded otherwise."""
        exchange.of(request).received = _received(response)
        codings = [part.strip().lower() for part in _codings(response) if part.strip()]
        if not codings or codings == ["identity"] or not response.body:
            return response
        if codings not in (["gzip"], ["x-gzip"]):
            raise Refused("quarantine", f"content coding {', '.join(codings)[:60]} was not asked for")
        return response.replace(body=gunzip(response.body))


def gunzip(data: bytes) -> bytes:
    """`data` decompressed, all members of it. Raises Refused if it is cut or comes to more than 5 MiB."""
    found = bytearray()
    while data:
        stream = zlib.decompressobj(wbits=31)
        try:
            found += stream.decompress(data, MAX_BODY + 1 - len(found))
        except zlib.error as error:
            raise Refused("quarantine", f"not gzip: {error}") from error
        if len(found) > MAX_BODY:
            raise Refused("error", f"too large: more than {MAX_BODY} bytes after decompression")
        if not stream.eof:
            raise Refused("quarantine", "the compressed body is cut off")
        data = stream.unused_data
    return bytes(found)


def _codings(response: Response) -> list[str]:
    values = response.headers.getlist("Content-Encoding")
    return b",".join(values).decode("latin-1").split(",")


def _received(response: Response) -> Received:
    origin = split_origin(response.url)
    address = response.ip_address
    return Received(
        url=response.url,
        status=response.status,
        headers=tuple(headers_of(response)),
        body=response.body,
        peer=None if address is None else origin._replace(host=str(address)).pair,
        certificate_sha256=_fingerprint(response),
        at=clock.now(),
    )


def _fingerprint(response: Response) -> str | None:
    if response.certificate is None:
        return None
    digest: bytes = response.certificate.digest("sha256")
    return digest.decode("ascii").replace(":", "").lower()
