# SPDX-License-Identifier: Apache-2.0
"""TLS in front of a service, as a shop's own S3 server has it: certificates of a CA made for the test,
and a terminator that passes on bytes."""
import asyncio
import pathlib
import ssl
import subprocess
import threading


class Authority:
    """A CA, and certificates for servers that it signs."""

    def __init__(self, folder, name):
        self.folder, self.name = pathlib.Path(folder), name
        self.file = self.folder / f"{name}.pem"
        self._openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                      f"/CN={name}", "-keyout", self.folder / f"{name}.key", "-out", self.file)

    def _openssl(self, *words):
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True,
                       cwd=self.folder, timeout=60)

    def sign(self, *names):
        """The files of a certificate for these host names, and of its key."""
        stem = self.folder / f"{self.name}-{names[0]}"
        key, request, cert = (stem.with_suffix(end) for end in (".key", ".csr", ".crt"))
        more = stem.with_suffix(".ext")
        more.write_text("subjectAltName=" + ",".join(f"DNS:{name}" for name in names) + "\n")
        self._openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={names[0]}", "-keyout",
                      key, "-out", request)
        self._openssl("x509", "-req", "-days", "2", "-in", request, "-CA", self.file, "-CAkey",
                      self.folder / f"{self.name}.key", "-CAcreateserial", "-extfile", more, "-out",
                      cert)
        return cert, key


class Terminator:
    """Listens with TLS on a port of its own and passes on to another; stop() ends it."""

    def __init__(self, cert, key, to_port):
        self.to_port = to_port
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(cert, key)
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda loop, context: None)  # clients that refuse it
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.context))
        self.port = self.server.sockets[0].getsockname()[1]

    def _run(self, what):
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(10)

    async def _serve(self, reader, writer):
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self.to_port)
            await asyncio.gather(self._pump(reader, inner_writer), self._pump(inner_reader, writer))
        except OSError:
            writer.close()

    @staticmethod
    async def _pump(reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.close()

    def stop(self):
        self.server.close()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
