# SPDX-License-Identifier: Apache-2.0
"""Live video over the API: who may open and end a view, what is told, what it leaves the others."""

import unittest

from harness import Client, Server, WebSocket, main, wait_until
from schema import Document

PATH = "/api/v1/stores/demo/cameras/entrance/whep"
TEMPLATE = "/api/v1/stores/{store}/cameras/{camera}/whep"


class Watching(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.stop)
        self.admin = self.server.login()
        self.document = Document(self.admin.get("/api/v1/openapi.json").json)

    def stop(self):
        self.server.command("release")
        self.assertEqual(self.server.stop(), 0)

    def watch(self, client, offer, path=PATH, **headers):
        return client.request("POST", path, offer,
                              {"Content-Type": "application/sdp",
                               **{k.replace("_", "-"): v for k, v in headers.items()}})

    def test_open_and_end(self):
        answer = self.watch(self.admin, b"v=0 and more")
        self.assertEqual((answer.status, answer.headers["content-type"]), (201, "application/sdp"))
        self.assertEqual(answer.text, "answer to v=0 and more")
        self.assertEqual(answer.headers["cache-control"], "no-store")
        location = answer.headers["location"]
        self.assertTrue(location.startswith(PATH + "/"), location)
        self.assertEqual(self.admin.request("DELETE", location).status, 204)
        self.assertEqual(self.admin.request("DELETE", PATH + "/nobody").status, 404)

    def test_one_stream_or_the_other(self):
        for query, said in (("?stream=main", "answer to v=0"),
                            ("?stream=sub", "answer to v=0 of the sub stream")):
            answer = self.watch(self.admin, b"v=0", PATH + query)
            self.assertEqual((answer.status, answer.text), (201, said))
            location = answer.headers["location"]
            self.assertNotIn("stream", location)
            self.assertEqual(self.admin.request("DELETE", location).status, 204)
        answer = self.watch(self.admin, b"v=0", PATH + "?stream=third")
        self.assertEqual(answer.status, 400, answer.text)

    def test_another_login_can_not_end_it(self):
        location = self.watch(self.admin, b"v=0").headers["location"]
        self.assertEqual(self.server.login().request("DELETE", location).status, 404)
        self.assertEqual(self.admin.request("DELETE", location).status, 204)

    def test_refusals(self):
        for offer, status, kind in ((b"bad", 400, "bad-request"),
                                    (b"not playable", 409, "not-playable"),
                                    (b"full", 503, "too-many-watch"), (b"no live", 503, "no-live")):
            answer = self.watch(self.admin, offer)
            self.assertEqual(answer.status, status, answer.text)
            self.assertEqual(answer.json["type"], f"urn:inveye:problem:{kind}")
            self.assertEqual(answer.json["detail"], f"the host says: {offer.decode()}")
            schema = self.document.schema_of("POST", TEMPLATE, status)
            self.assertEqual(self.document.faults(answer.json, schema), [])
        answer = self.admin.request("POST", PATH, b"v=0", {"Content-Type": "application/json"})
        self.assertEqual(answer.status, 415)
        self.assertIn("application/sdp", answer.json["detail"])
        self.assertEqual(self.watch(self.admin, b"v" * 40000).status, 413)
        elsewhere = self.watch(self.admin, b"v=0", Origin="http://evil.example")
        self.assertEqual(elsewhere.status, 403)

    def test_it_is_told_once_in_a_while(self):
        for offer in (b"bad", b"v=0", b"v=0", b"v=0"):
            self.watch(self.admin, offer)
        entries = self.admin.get("/api/v1/audit").json["entries"]
        watched = [(e["actor"], e["subject"]) for e in entries if e["action"] == "video.watched"]
        self.assertEqual(watched, [("admin", "entrance")])

    def test_logging_out_ends_it(self):
        client = self.server.login()
        self.watch(client, b"v=0")
        self.assertEqual(self.server.command("may"), "yes")
        client.post("/api/v1/logout")
        self.assertEqual(self.server.command("may"), "no")
        wait_until(lambda: "user changed" in self.server.errors(), "the host is told")

    def test_losing_the_right_ends_it(self):
        mia = self.server.login("mia", self.server.add_user(self.admin, "mia", "security"))
        self.watch(mia, b"v=0")
        self.assertEqual(self.server.command("may"), "yes")
        self.admin.request("PATCH", "/api/v1/users/mia", {"disabled": True})
        self.assertEqual(self.server.command("may"), "no")

    def test_openings_that_wait_leave_the_others_alone(self):
        """More of them than there are workers: everything else goes on."""
        many = [Client(self.server.port, self.admin.cookie) for _ in range(12)]
        for client in many:
            client.connection.request("POST", PATH.replace("entrance", "slow"), b"v=0",
                                      {"Cookie": client.cookie, "Content-Type": "application/sdp"})
        wait_until(lambda: self.server.command("waiting") == "2", "as many as may wait at once")
        for _ in range(20):
            self.assertEqual(self.admin.get("/api/v1/me").status, 200)
        self.server.login()
        self.server.command("release")
        statuses = [client.connection.getresponse().status for client in many]
        self.assertEqual(set(statuses), {201})


class ByMse(unittest.TestCase):
    """Fragmented MP4: a POST makes the viewer, its WebSocket carries the pieces."""

    PATH = "/api/v1/stores/demo/cameras/entrance/mse"

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.stop)
        self.admin = self.server.login()
        self.document = Document(self.admin.get("/api/v1/openapi.json").json)

    def stop(self):
        self.assertEqual(self.server.stop(), 0)

    def open(self, client, query=""):
        answer = client.post(self.PATH + query)
        self.assertEqual(answer.status, 201, answer.text)
        schema = self.document.schema_of("POST", "/api/v1/stores/{store}/cameras/{camera}/mse", 201)
        self.assertEqual(self.document.faults(answer.json, schema), [])
        return answer.json

    def test_pieces_come_and_it_ends(self):
        view = self.open(self.admin, "?stream=sub")
        self.assertEqual(view["type"], 'video/mp4; codecs="avc1.42c01e"')
        video = WebSocket(self.server.port, self.admin.cookie, view["socket"])
        self.assertEqual(video.status, 101)
        self.assertEqual([video.receive() for _ in range(3)], [b"piece 1", b"piece 2", b"piece 3"])
        self.assertIsNone(video.receive())
        self.assertEqual(video.close_code, 4410)
        video.close()
        wait_until(lambda: "video left" in self.server.errors(), "the host is told")
        entries = self.admin.get("/api/v1/audit").json["entries"]
        self.assertEqual([e["subject"] for e in entries if e["action"] == "video.watched"],
                         ["entrance"])

    def test_it_belongs_to_a_login(self):
        view = self.open(self.admin)
        other = self.server.login()
        for client, path in ((other, view["socket"]), (self.admin, "/api/v1/mse/nobody")):
            video = WebSocket(self.server.port, client.cookie, path)
            self.assertEqual(video.status, 101)
            self.assertIsNone(video.receive())
            self.assertEqual(video.close_code, 4404)
            video.close()
        self.assertEqual(WebSocket(self.server.port, None, view["socket"]).status, 401)
        elsewhere = WebSocket(self.server.port, self.admin.cookie, view["socket"],
                              origin="http://evil.example")
        self.assertEqual(elsewhere.status, 403)

    def test_a_viewer_has_nothing_to_say(self):
        view = self.open(self.admin)
        video = WebSocket(self.server.port, self.admin.cookie, view["socket"])
        video.send({"subscribe": []})
        self.assertEqual([m for m in video.receive_until_closed() if not m.startswith(b"piece")],
                         [])
        self.assertIn(video.close_code, (4400, 4410))
        video.close()

    def test_refusals(self):
        answer = self.admin.post(self.PATH.replace("entrance", "dark"))
        self.assertEqual((answer.status, answer.json["detail"]), (409, "the host says: dark"))
        self.assertEqual(self.admin.post(self.PATH + "?stream=third").status, 400)
        self.assertEqual(self.admin.get("/api/v1/mse/x").status, 426)
        mia = self.server.login("mia", self.server.add_user(self.admin, "mia", "corporate"))
        self.assertEqual(mia.post(self.PATH).status, 403)


if __name__ == "__main__":
    main()
