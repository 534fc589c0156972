# SPDX-License-Identifier: Apache-2.0
"""What the network may do to the server: limits, slow and rude clients, files, ports."""

import http.client
import os
import shutil
import socket
import tempfile
import time
import unittest

from harness import DEADLINE, Client, Server, main, raw_exchange, wait_until

PAGE = b"<!doctype html><title>InvEye</title>"
SCRIPT = b"console.log('x');" * 20000  # several chunks


def web_folder():
    folder = tempfile.mkdtemp(prefix="inveye-web-")
    os.mkdir(f"{folder}/assets")
    for name, content in (("index.html", PAGE), ("assets/index-a1b2.js", SCRIPT),
                          ("assets/index-a1b2.js.gz", b"gzip form"),
                          ("assets/index-a1b2.js.br", b"brotli form"), ("theme.js", b"1"),
                          (".secret", b"hidden"), ("favicon.svg", b"<svg/>")):
        with open(f"{folder}/{name}", "wb") as file:
            file.write(content)
    os.symlink("/etc/hostname", f"{folder}/link.txt")
    return folder


class Http(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.web = web_folder()
        cls.server = Server(web=cls.web)
        cls.port = cls.server.port

    @classmethod
    def tearDownClass(cls):
        cls.server.command("release")
        assert cls.server.stop() == 0
        shutil.rmtree(cls.web)

    def raw(self, text, **more):
        return raw_exchange(self.port, text.encode("latin-1") if isinstance(text, str) else text, **more)

    def is_alive(self):
        return self.server.client().get("/healthz").status == 200

    # --- files ---

    def test_page_and_fallback(self):
        client = self.server.client()
        for path in ("/", "/index.html", "/stores/demo", "/login", "/stores/demo/cameras/entrance"):
            answer = client.get(path)
            self.assertEqual((answer.status, answer.body), (200, PAGE), path)
            self.assertEqual(answer.headers["cache-control"], "no-cache")
            policy = answer.headers["content-security-policy"]
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertIn("script-src 'self';", policy)
            self.assertEqual(answer.headers["x-content-type-options"], "nosniff")
            self.assertEqual(answer.headers["referrer-policy"], "same-origin")
        again = client.get("/", If_None_Match=answer.headers["etag"])
        self.assertEqual((again.status, again.body), (304, b""))
        self.assertEqual(client.get("/").status, 200)  # the connection lives on

    def test_hashed_files(self):
        client = self.server.client()
        answer = client.get("/assets/index-a1b2.js")
        self.assertEqual(answer.body, SCRIPT)
        self.assertIn("immutable", answer.headers["cache-control"])
        self.assertEqual(answer.headers["content-type"], "text/javascript; charset=utf-8")
        for accepted, coding in (("gzip, deflate, br", "br"), ("gzip", "gzip"), ("GZIP;q=0.5", "gzip"),
                                 ("br;q=0, gzip", "gzip"), ("identity", None), ("", None)):
            answer = client.get("/assets/index-a1b2.js", Accept_Encoding=accepted)
            self.assertEqual(answer.headers.get("content-encoding"), coding, accepted)
            self.assertEqual(answer.headers["vary"], "accept-encoding")
        head = client.request("HEAD", "/assets/index-a1b2.js")
        self.assertEqual((head.body, head.headers["content-length"]), (b"", str(len(SCRIPT))))

    def test_what_is_not_there(self):
        client = self.server.client()
        for path in ("/.secret", "/link.txt", "/assets/none.js", "/none.css", "/assets/", "/api",
                     "/api/v1/none", "/assets/index-a1b2.js.map"):
            self.assertEqual(client.get(path).status, 404, path)
        self.assertEqual(client.post("/index.html").status, 405)

    def test_path_traversal(self):
        for path in ("/../../../../etc/passwd", "/assets/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
                     "/..%2f..%2fetc%2fpasswd", "/assets/..%5c..%5cetc", "//etc/passwd",
                     "/%00/etc/passwd", "/index.html%00.js", "/./././etc/passwd", "/assets/%2e%2e/.secret",
                     "/api/v1/stores/..%2f..", "/api/v1/stores/demo/cameras/..%2f..%2f..%2fx/scene"):
            answer = self.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertNotIn(b"root:", answer, path)
            self.assertNotIn(b"hidden", answer, path)
            if answer:
                self.assertIn(answer.split(b" ")[1], (b"200", b"400", b"401", b"403", b"404"), path)
            if b" 200 " in answer:
                self.assertIn(PAGE, answer, path)
        self.assertTrue(self.is_alive())

    # --- limits ---

    def test_body_limits(self):
        client = self.server.client()
        big = b'{"username":"' + b"a" * 5000 + b'"}'
        answer = client.post("/api/v1/login", big, Content_Type="application/json")
        self.assertEqual(answer.status, 413)
        self.assertIn("4096", answer.json["detail"])
        self.assertEqual(client.get("/healthz").status, 200)  # the connection lives on
        admin = self.server.login()
        path = "/api/v1/stores/demo/cameras/entrance/scene"
        answer = admin.request("PUT", path, b" " * (256 * 1024 + 1),
                               {"If-Match": '"1"', "Content-Type": "application/json"})
        self.assertEqual(answer.status, 413)
        answer = admin.request("PUT", path, b" " * (256 * 1024),
                               {"If-Match": '"1"', "Content-Type": "application/json"})
        self.assertEqual(answer.status, 400)

    def test_huge_body_is_not_waited_for(self):
        start = "POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        answer = self.raw(start + "Content-Length: 99999999999\r\n\r\n{}")
        self.assertIn(b" 413 ", answer)
        for length in ("-1", "1e3", "+5", "5, 5", "99999999999999999999", "0x10"):
            answer = self.raw(start + f"Content-Length: {length}\r\n\r\n{{}}")
            self.assertNotIn(b" 200 ", answer, length)
            self.assertNotIn(b" 401 ", answer, length)

    def test_chunked_body_is_refused(self):
        answer = self.raw("POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
        self.assertIn(b" 411 ", answer)
        answer = self.raw("POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                          "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
        self.assertIn(b" 411 ", answer)

    def test_long_headers_and_addresses(self):
        for text in ("GET /" + "a" * 600 + " HTTP/1.1\r\nHost: x\r\n\r\n",
                     "GET / HTTP/1.1\r\nHost: x\r\nCookie: " + "c" * 3000 + "\r\n\r\n",
                     "GET /healthz?" + "&".join(f"a{i}=1" for i in range(40)) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                     "GET /healthz?a=" + "b" * 600 + " HTTP/1.1\r\nHost: x\r\n\r\n"):
            self.assertIn(b" 400 ", self.raw(text), text[:40])
        for text in ("GET / HTTP/1.1\r\nHost: x\r\n" + "X-A: b\r\n" * 20000 + "\r\n",
                     "GET / HTTP/1.1\r\nCookie: " + "c" * 100000 + "\r\n\r\n",
                     "GET /" + "a" * 100000 + " HTTP/1.1\r\n\r\n"):
            self.raw(text)
        self.assertTrue(self.is_alive())

    def test_nonsense(self):
        for data in (b"\r\n\r\n", b"\0" * 100, b"GET\r\n\r\n",
                     b"BREW /coffee HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01",
                     b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
                     b"CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n", b"GET http://x/ HTTP/1.1\r\n\r\n",
                     b"GET /healthz HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
                     b"Connection: Upgrade, HTTP2-Settings\r\nHost: x\r\n\r\n",
                     b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", os.urandom(2000)):
            answer = self.raw(data, half_close=True)
            self.assertNotIn(b" 200 ", answer[:20], data[:40])
            self.assertNotIn(b" 101 ", answer[:20], data[:40])
        self.assertTrue(self.is_alive())

    def test_header_injection(self):
        answer = self.raw("GET /api/v1/stores/a%0d%0aX-Evil:%20yes HTTP/1.1\r\nHost: x\r\n"
                          "Connection: close\r\n\r\n")
        self.assertNotIn(b"\r\nX-Evil", answer)

    # --- time ---

    def test_pipelined_requests(self):
        one = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        last = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        answer = self.raw(one * 20 + last)
        self.assertEqual(answer.count(b"HTTP/1.1 200"), 21)
        jobs = "GET /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n"
        answer = self.raw(jobs * 10 + last)
        self.assertEqual(answer.count(b"HTTP/1.1 401"), 10)
        self.assertEqual(answer.count(b"HTTP/1.1 200"), 1)

    def test_http_1_0(self):
        answer = self.raw("GET /healthz HTTP/1.0\r\n\r\n")
        self.assertIn(b' 200 OK', answer)
        self.assertTrue(answer.endswith(b'}'))

    def test_slow_loris(self):
        """Headers a byte at a time don't keep a connection, nor others from being served."""
        slow = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(50)]
        for connection in slow:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nX: ")
        body = socket.create_connection(("127.0.0.1", self.port))
        body.sendall(b"POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                     b"Content-Length: 1000\r\n\r\n{")
        self.assertTrue(self.is_alive())
        end = time.monotonic() + 45
        waiting = set(slow + [body])
        while waiting and time.monotonic() < end:
            for connection in list(waiting):
                connection.settimeout(0.01)
                try:
                    connection.send(b"x")
                    if not connection.recv(100):
                        raise ConnectionError
                except TimeoutError:
                    continue
                except OSError:
                    waiting.discard(connection)
                    connection.close()
        for connection in waiting:
            connection.close()
        self.assertEqual(len(waiting), 0, "still open")
        self.assertTrue(self.is_alive())

    def test_client_that_does_not_read(self):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", self.port))
        connection.sendall(b"GET /assets/index-a1b2.js HTTP/1.1\r\nHost: x\r\n\r\n" * 50)
        # It neither takes its answers nor is quiet: let go within moments, not when the kernel's
        # buffers have been full for long.
        wait_until(lambda: not self.is_open_for_writing(connection), "let go")
        connection.close()

    @staticmethod
    def is_open_for_writing(connection):
        try:
            connection.send(b"G")
            return True
        except OSError:
            return False

    def test_worker_is_freed_when_the_client_goes(self):
        server = Server()
        try:
            admin = server.login()
            before = int(server.command("sockets"))
            impatient = [Client(server.port, admin.cookie) for _ in range(30)]
            for client in impatient:
                client.connection.request("GET", "/api/v1/stores/demo/cameras/slow/snapshot.jpg",
                                          headers={"Cookie": client.cookie})
            wait_until(lambda: server.command("waiting") == "6", "all workers are busy")
            self.assertEqual(server.client().get("/healthz").status, 200)
            for client in impatient:
                client.close()
            wait_until(lambda: int(server.command("sockets")) <= before, "it is seen that they went")
            asking = Client(server.port, admin.cookie)
            asking.connection.request("GET", "/api/v1/me", headers={"Cookie": admin.cookie})
            server.command("release")
            self.assertEqual(asking.connection.getresponse().status, 200)
            text = server.client().get("/metrics").text
            self.assertIn("inveye_api_jobs_late_total 24", text)
        finally:
            self.assertEqual(server.stop(), 0)

    def test_answer_that_takes_too_long(self):
        server = Server()
        try:
            admin = server.login()
            answer = admin.get("/api/v1/stores/demo/cameras/slow/snapshot.jpg")
            self.assertEqual(answer.status, 503)
            self.assertEqual(answer.headers["retry-after"], "1")
            self.assertEqual(admin.get("/api/v1/me").status, 200)
        finally:
            server.command("release")
            self.assertEqual(server.stop(), 0)

    def test_full_queue(self):
        server = Server()
        try:
            admin = server.login()
            many = [Client(server.port, admin.cookie) for _ in range(280)]
            for client in many:
                client.connection.request("GET", "/api/v1/stores/demo/cameras/slow/snapshot.jpg",
                                          headers={"Cookie": client.cookie})
            answer = server.client()
            wait_until(lambda: answer.get("/api/v1/me").status == 503, "the queue is full")
            self.assertEqual(answer.get("/healthz").status, 200)
            server.command("release")
            statuses = [client.connection.getresponse().status for client in many]
            self.assertLessEqual(set(statuses), {200, 503})
            self.assertGreaterEqual(statuses.count(200), 256)
        finally:
            self.assertEqual(server.stop(), 0)

    # --- connections ---

    def test_connections_leave_nothing_behind(self):
        server = Server(web=self.web)
        try:
            admin = server.login()
            admin.get("/api/v1/me")
            before = int(server.command("sockets"))
            for i in range(200):
                connection = socket.create_connection(("127.0.0.1", server.port))
                if i % 4 == 0:
                    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                    connection.recv(10)
                elif i % 4 == 1:
                    connection.sendall(b"GET /api/v1/me HTTP/1.1\r\nCookie: " + admin.cookie.encode() +
                                       b"\r\nHost: x\r\n\r\n")
                elif i % 4 == 2:
                    connection.sendall(b"GET /heal")
                else:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                connection.close()
            for i in range(50):
                live = admin.websocket()
                if i % 2:
                    live.subscribe("store/demo/kpi")
                live.close()
            wait_until(lambda: int(server.command("sockets")) <= before, "sockets are closed")
        finally:
            self.assertEqual(server.stop(), 0)

    def test_most_connections(self):
        server = Server()
        crowd = []
        try:
            for _ in range(1030):
                connection = socket.socket()
                connection.settimeout(DEADLINE)
                connection.connect(("127.0.0.1", server.port))
                crowd.append(connection)
            wait_until(lambda: not self.is_open(crowd[-1]), "the last ones are refused")
            self.assertTrue(self.is_open(crowd[0]))
            for connection in crowd:
                connection.close()
            wait_until(lambda: self.answers(server), "there is room again")
        finally:
            self.assertEqual(server.stop(), 0)

    @staticmethod
    def is_open(connection):
        connection.settimeout(0.01)
        try:
            return connection.recv(1) != b""
        except TimeoutError:
            return True
        except OSError:
            return False

    @staticmethod
    def answers(server):
        try:
            return server.client().get("/healthz").status == 200
        except (OSError, http.client.HTTPException):
            return False

    # --- ports and folders ---

    def test_busy_port(self):
        second = Server(IV_TEST_PORT=self.port)
        self.assertRegex(second.error, rf"port {self.port} of 127\.0\.0\.1 is in use.*server\.port")
        second.stop()

    def test_restart_on_the_same_port(self):
        first = Server()
        port = first.port
        client = first.client()
        client.get("/healthz")
        self.assertEqual(first.stop(), 0)
        again = Server(IV_TEST_PORT=port)
        self.assertIsNone(again.error)
        self.assertEqual(again.port, port)
        again.stop()

    def test_missing_web_folder(self):
        server = Server(web="/nowhere/at/all")
        self.assertIn("/nowhere/at/all", server.error)
        server.stop()


if __name__ == "__main__":
    main()
