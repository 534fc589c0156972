# SPDX-License-Identifier: Apache-2.0
"""The real server in a process of its own, and small clients for it (standard library only)."""

import base64
import http.client
import json
import os
import shutil
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import traceback
import unittest

SERVE = os.environ.get("IV_API_SERVE", "build/tests/api/api-serve")
DEADLINE = 20  # seconds; nothing waits that long unless it is broken


def wait_until(condition, what):
    """Waits on a condition, not for a time."""
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {DEADLINE} s: {what}")
        time.sleep(0.01)


class Server:
    def __init__(self, web=None, folder=None, **environment):
        self.owns_folder = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="inveye-api-")
        command = [SERVE, self.folder] + ([web] if web else [])
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, **{k: str(v) for k, v in environment.items()}})
        os.set_blocking(self.process.stderr.fileno(), False)
        self.said = b""
        started = json.loads(self.process.stdout.readline())
        self.port, self.password, self.error = (
            started["port"], started.get("password"), started.get("error"))

    def command(self, *words):
        self.process.stdin.write((" ".join(map(str, words)) + "\n").encode())
        self.process.stdin.flush()
        return self.process.stdout.readline().decode().strip()

    def errors(self):
        """What it has written to standard error so far."""
        self.said += self.process.stderr.read() or b""
        return self.said.decode()

    def database(self):
        return sqlite3.connect(os.path.join(self.folder, "inveye.db"), timeout=10)

    def stop(self):
        """Ends it the ordinary way; returns the exit status."""
        self.process.stdin.close()
        status = self.process.wait(DEADLINE)
        self.errors()
        self.process.stdout.close()
        self.process.stderr.close()
        if self.owns_folder:
            shutil.rmtree(self.folder)
        return status

    def client(self):
        return Client(self.port)

    def login(self, name="admin", password=None):
        client = self.client()
        answer = client.post("/api/v1/login",
                             {"username": name, "password": password or self.password})
        if answer.status != 200:
            raise AssertionError(f"login of {name}: {answer.status} {answer.text}")
        return client

    def add_user(self, admin, name, role, stores=("demo",), all_stores=False):
        body = {"name": name, "role": role, "password": f"{name} has a password"}
        body.update({"all_stores": True} if all_stores else {"stores": list(stores)})
        answer = admin.post("/api/v1/users", body)
        assert answer.status == 201, answer.text
        return f"{name} has a password"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {}
        for name, value in response.getheaders():
            self.headers.setdefault(name.lower(), value)
        self.body = response.read()
        self.text = self.body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    """One keep-alive connection with a cookie."""

    def __init__(self, port, cookie=None):
        self.port = port
        self.cookie = cookie
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)

    def request(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if self.cookie:
            headers["Cookie"] = self.cookie
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        self.connection.request(method, path, body, headers)
        answer = Answer(self.connection.getresponse())
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].split(";")[0]
        return answer

    def get(self, path, **headers):
        return self.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path, body=None, **headers):
        return self.request("POST", path, body, {k.replace("_", "-"): v for k, v in headers.items()})

    def websocket(self, **more):
        return WebSocket(self.port, self.cookie, **more)

    def close(self):
        self.connection.close()


def raw_exchange(port, data, half_close=False):
    """Sends bytes as they are; returns everything the server says until it closes or is silent
    after a whole answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE) as connection:
        try:
            connection.sendall(data)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        received = b""
        while True:
            try:
                more = connection.recv(65536)
            except OSError:
                return received
            received += more
            if not more:
                return received


class WebSocket:
    """A client of RFC 6455, as much as is needed."""

    def __init__(self, port, cookie=None, path="/api/v1/ws", origin=None, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(DEADLINE)
        self.socket.connect(("127.0.0.1", port))
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket",
                 "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}"]
        if cookie:
            lines.append(f"Cookie: {cookie}")
        if origin:
            lines.append(f"Origin: {origin}")
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.buffer = b""
        self.close_code = None
        head = self.read_until(b"\r\n\r\n")
        self.status = int(head.split(b" ")[1]) if head else None
        self.head = head.decode("latin-1")

    def read_until(self, mark):
        while mark not in self.buffer:
            more = self.socket.recv(65536)
            if not more:
                return self.buffer
            self.buffer += more
        head, self.buffer = self.buffer.split(mark, 1)
        return head

    def read_exactly(self, n):
        while len(self.buffer) < n:
            more = self.socket.recv(65536)
            if not more:
                raise EOFError
            self.buffer += more
        data, self.buffer = self.buffer[:n], self.buffer[n:]
        return data

    def send_frame(self, opcode, payload, final=True):
        mask = os.urandom(4)
        n = len(payload)
        length = (bytes([0x80 | n]) if n < 126 else
                  bytes([0x80 | 126]) + struct.pack("!H", n) if n < 65536 else
                  bytes([0x80 | 127]) + struct.pack("!Q", n))
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
        self.socket.sendall(bytes([(0x80 if final else 0) | opcode]) + length + mask + masked)

    def send(self, message):
        self.send_frame(1, json.dumps(message).encode())

    def subscribe(self, *topics):
        self.send({"subscribe": list(topics)})

    def receive(self):
        """The next message as JSON; None once the server has closed (see close_code)."""
        while True:
            try:
                first, second = self.read_exactly(2)
            except (EOFError, ConnectionError):
                return None
            n = second & 127
            if n == 126:
                n, = struct.unpack("!H", self.read_exactly(2))
            elif n == 127:
                n, = struct.unpack("!Q", self.read_exactly(8))
            payload = self.read_exactly(n)
            opcode = first & 15
            if opcode == 8:
                self.close_code = struct.unpack("!H", payload[:2])[0] if payload else 1005
                return None
            if opcode == 9:
                self.send_frame(10, payload)
            elif opcode == 2:
                assert first & 0x80, "fragmented"
                return payload
            elif opcode == 1:
                assert first & 0x80, "fragmented"
                return json.loads(payload)

    def receive_until_closed(self):
        messages = []
        while (message := self.receive()) is not None:
            messages.append(message)
        return messages

    def close(self):
        self.socket.close()


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number = 0

    def line(self, ok, test, note=""):
        self.number += 1
        print(f"{'ok' if ok else 'not ok'} {self.number} {test.id()}{note}", flush=True)

    def addSuccess(self, test):
        self.line(True, test)

    def addSkip(self, test, reason):
        self.line(True, test, f" # SKIP {reason}")

    def bad(self, test, error):
        super().addError(test, error)
        self.line(False, test)
        for text in "".join(traceback.format_exception(*error)).splitlines():
            print(f"# {text}", flush=True)

    addError = addFailure = bad

    def addSubTest(self, test, subtest, error):
        if error:
            self.bad(subtest, error)


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    print(f"1..{suite.countTestCases()}", flush=True)
    result = TapResult()
    suite.run(result)
    sys.exit(0 if not result.errors else 1)
