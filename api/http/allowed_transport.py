"""HTTP to where this node may connect, and to nowhere else."""

from collections.abc import AsyncIterator

import httpx

from streams.kit.allowed_networks import AllowedNetworks

_PORTS = {"http": 80, "https": 443}


class AllowedTransport(httpx.AsyncBaseTransport):
    """Resolves and checks the host of every request, and connects to the address it has checked.

    A name that resolves otherwise a moment later leads nowhere else. There is no proxy, for it
    would resolve the name again, and no connection is kept, for it is known by its address alone.

    Args:
        networks: Where it may connect.
        most_connections: At a time; one more waits for its turn. None is as many as there are.
        largest_answer: Most bytes of an answer that are read. None is all of it.
    """

    def __init__(
        self,
        networks: AllowedNetworks,
        most_connections: int | None = None,
        largest_answer: int | None = None,
    ) -> None:
        self._networks = networks
        self._largest_answer = largest_answer
        self._transport = httpx.AsyncHTTPTransport(
            verify=httpx.create_ssl_context(),
            trust_env=False,
            limits=httpx.Limits(max_connections=most_connections, max_keepalive_connections=0),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the first address of its host that can be connected to.

        Raises:
            AddressRefusedError: The host is where this node may not connect.
            httpx.ReadError: The answer is too long; raised as it is read.
        """
        url = request.url
        host, port = url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme]
        *others, last = await self._networks.resolve(host, port)
        for address in others:
            try:
                return await self._send(address, request)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._send(last, request)

    async def aclose(self) -> None:
        """Close what is open."""
        await self._transport.aclose()

    async def _send(self, address: str, request: httpx.Request) -> httpx.Response:
        aimed = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            # Host is among them, as the name.
            headers=request.headers,
            stream=request.stream,
            # The certificate must be that of the name.
            extensions={
                **request.extensions,
                "sni_hostname": request.url.raw_host.decode("ascii"),
            },
        )
        answer = await self._transport.handle_async_request(aimed)
        if self._largest_answer is not None:
            assert isinstance(answer.stream, httpx.AsyncByteStream)  # noqa: S101 - it is asynchronous
            answer.stream = _BoundedAnswer(answer.stream, self._largest_answer)
        return answer


class _BoundedAnswer(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream, most: int) -> None:
        self._stream = stream
        self._most = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for chunk in self._stream:
            read += len(chunk)
            if read > self._most:
                raise httpx.ReadError(f"the answer is longer than {self._most} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
