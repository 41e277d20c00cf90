# SPDX-License-Identifier: GPL-3.0-or-later
"""A clinic's line in front of a door on this machine: so many bits a second in each direction, and so
long for a bit to arrive. Slow start and loss are not imitated: a real line is no better than this."""
import asyncio
import contextlib
import multiprocessing
import socket

CHUNK_BYTES = 4096      # what of one connection is on the line before another has its turn
BACKLOG_SECONDS = 0.02  # of what waits at the line before whoever sends has to wait


class Direction:
    """What all connections share in one direction."""

    def __init__(self, bits_per_second, delay):
        self.bytes_per_second, self.delay, self.free_at = bits_per_second / 8, delay, 0.0

    async def arrival(self, size, clock):
        """When `size` bytes that are handed over now will be at the other end; waits for room."""
        while self.free_at - clock() > BACKLOG_SECONDS:
            await asyncio.sleep(self.free_at - clock() - BACKLOG_SECONDS / 2)
        self.free_at = max(self.free_at, clock()) + size / self.bytes_per_second
        return self.free_at + self.delay


async def carry(reader, writer, direction):
    loop = asyncio.get_running_loop()
    arrives = loop.time()
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(CHUNK_BYTES):
            arrives = await direction.arrival(len(data), loop.time)
            loop.call_at(arrives, writer.write, data)
    await asyncio.sleep(max(0, arrives - loop.time()) + 0.001)
    with contextlib.suppress(OSError):
        writer.write_eof()


async def serve(listener, port, bits_per_second, round_trip):
    up, down = (Direction(bits_per_second, round_trip / 2) for _ in range(2))

    async def join(reader, writer):
        await asyncio.sleep(round_trip)  # for the handshake of TCP
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port, limit=CHUNK_BYTES)
        await asyncio.gather(carry(reader, far_writer, up), carry(far_reader, writer, down))
        writer.close()
        far_writer.close()

    server = await asyncio.start_server(join, sock=listener, limit=CHUNK_BYTES)
    await server.serve_forever()


class ShapedLine:
    """Such a line to `port`; `self.port` is its near end."""

    def __init__(self, port, bits_per_second, round_trip):
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self.process = multiprocessing.Process(
            target=lambda: asyncio.run(serve(listener, port, bits_per_second, round_trip)), daemon=True)
        self.process.start()
        listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.join()
