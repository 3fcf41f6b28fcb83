"""A mail server that takes everything and keeps only which mails came, and how often.

`python -m benchmarks.sink FILE` prints its port, and writes the Message-ID of each mail it has
accepted into the file, one a line, before it says so.
"""

import asyncio
import re
import sys
from pathlib import Path
from typing import TextIO

ID = re.compile(rb"^Message-ID: *<([^>]+)>", re.MULTILINE | re.IGNORECASE)
OK = b"250 ok\r\n"
ANSWERS = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


async def take(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, came: TextIO
) -> None:
    """Talk to one client until it goes."""
    writer.write(b"220 sink\r\n")
    while line := await _line(reader):
        verb = line[:4].upper()
        writer.write(ANSWERS.get(verb, OK))
        if verb == b"QUIT":
            break
        if verb == b"DATA":
            mail = await reader.readuntil(b"\r\n.\r\n")
            found = ID.search(mail)
            came.write(f"{found[1].decode() if found else '?'}\n")
            came.flush()
            writer.write(OK)
    writer.close()


async def _line(reader: asyncio.StreamReader) -> bytes:
    """Read a line; nothing where the client was killed."""
    try:
        return await reader.readline()
    except ConnectionError:
        return b""


async def serve(path: Path) -> None:
    """Take mail until the end of the process."""
    with path.open("w") as came:
        server = await asyncio.start_server(
            lambda reader, writer: take(reader, writer, came), "127.0.0.1", 0, limit=1 << 20
        )
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
