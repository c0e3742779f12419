"""A small reverse proxy: _proxy.py PORT WEB_PORT WEBSOCKET_PORT

Odoo with worker processes answers pages at one port and its live notifications at
another. In production a proxy brings them together; this one does for the tests.
A browser opens a connection of its own for a websocket, so the first line decides.
"""

import asyncio
import sys
from contextlib import suppress


async def pour(reader, writer):
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with suppress(ConnectionError, OSError):
        writer.close()


async def main(port, web_port, websocket_port):
    async def serve(reader, writer):
        first = await reader.read(65536)
        target = websocket_port if first.startswith(b"GET /websocket") else web_port
        try:
            server_reader, server_writer = await asyncio.open_connection(
                "127.0.0.1", target
            )
        except OSError:
            writer.close()
            return
        server_writer.write(first)
        await asyncio.gather(pour(reader, server_writer), pour(server_reader, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
