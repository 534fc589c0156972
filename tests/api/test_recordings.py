# SPDX-License-Identifier: Apache-2.0
"""Recordings over the API: which there are and what is missing, playlists, and parts of files."""

import pathlib
import unittest

from harness import Server, main
from schema import Document

CAMERA = "/api/v1/stores/demo/cameras/entrance"
PATH = CAMERA + "/recordings"
TEMPLATE = "/api/v1/stores/{store}/cameras/{camera}/recordings"
T0 = 1774778400  # 2026-03-29T10:00:00Z
HEAD, PIECE = 700, 700_000  # bytes, as `serve` makes them


def at(seconds):
    return f"2026-03-29T{10 + seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}Z"


def content(first, n):
    return bytes(i % 251 for i in range(first, first + n))


class Recordings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.admin = cls.server.login()
        cls.document = Document(cls.admin.get("/api/v1/openapi.json").json)
        for start, pieces in ((0, 15), (60, 15), (300, 2)):  # pieces of 4 s
            cls.server.command("record", "demo", "entrance", T0 + start, pieces)

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0

    def get(self, path, status=200, template=TEMPLATE, **headers):
        answer = self.admin.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        self.assertEqual(answer.status, status, answer.text[:200])
        if "json" in answer.headers["content-type"]:
            schema = self.document.schema_of("GET", template, status)
            self.assertEqual(self.document.faults(answer.json, schema), [])
        return answer

    def test_list_and_gaps(self):
        page = self.get(f"{PATH}?from={at(30)}&to={at(600)}").json
        self.assertEqual([r["start"][11:19] for r in page["recordings"]], ["10:00:00", "10:01:00", "10:05:00"])
        self.assertEqual([(g["start"][11:19], g["end"][11:19]) for g in page["gaps"]],
                         [("10:02:00", "10:05:00"), ("10:05:08", "10:10:00")])
        first = page["recordings"][0]
        self.assertEqual((first["codec"], first["size"], first["closed"], first["held"]),
                         ("H.264", {"w": 768, "h": 576}, True, False))
        self.assertIsNone(page["next_cursor"])

    def test_pages(self):
        """Page by page it is the same list, with the same gaps."""
        query = f"{PATH}?from={at(0)}&to={at(600)}"
        whole = self.get(query).json
        recordings, gaps, cursor = [], [], ""
        while cursor is not None:
            page = self.get(f"{query}&limit=1" + (f"&cursor={cursor}" if cursor else "")).json
            recordings += page["recordings"]
            gaps += page["gaps"]
            cursor = page["next_cursor"]
        self.assertEqual(recordings, whole["recordings"])
        self.assertEqual(gaps, whole["gaps"])

    def test_from_the_archive(self):
        """What is only in the archive is listed, and its parts come from there."""
        start = 7200
        number = self.server.command("record", "demo", "dark", T0 + start, 3).strip()
        path = f"/api/v1/stores/demo/cameras/dark/recordings"
        self.server.command("archive", number, "dark", T0 + start)
        page = self.get(f"{path}?from={at(start)}&to={at(start + 60)}").json
        self.assertEqual([r["place"] for r in page["recordings"]], ["archive"])
        playlist = self.get(f"{path}/playlist.m3u8?from={at(start)}&to={at(start + 60)}",
                            template=TEMPLATE + "/playlist.m3u8")
        self.assertEqual(playlist.text.count("#EXTINF"), 3)
        video = f"{path}/{number}/video.mp4"
        template = TEMPLATE + "/{recording}/video.mp4"
        size = HEAD + 3 * PIECE
        whole = self.get(video, template=template)
        self.assertEqual(whole.body, content(0, size))
        part = self.get(video, 206, template, Range=f"bytes={HEAD + PIECE}-{HEAD + 2 * PIECE - 1}")
        self.assertEqual(part.body, content(HEAD + PIECE, PIECE))
        self.assertEqual(part.headers["content-range"], f"bytes {HEAD + PIECE}-{HEAD + 2 * PIECE - 1}/{size}")
        self.get(video, 416, template, Range=f"bytes={size}-")
        self.assertIn("recording.watched", self.admin.get("/api/v1/audit").text)
        folder = pathlib.Path(self.server.folder) / "archive"
        folder.rename(folder.with_name("away"))
        try:
            self.get(video, 503, template)
        finally:
            folder.with_name("away").rename(folder)

    def test_archive_state(self):
        path = "/api/v1/stores/demo/archive"
        self.assertEqual(self.get(path, template="/api/v1/stores/{store}/archive").json, {"state": "off"})
        answer = self.admin.request("POST", path + "/test")
        self.assertEqual(answer.status, 409)
        self.assertIn("archive.tested", self.admin.get("/api/v1/audit").text)

    def test_nothing(self):
        page = self.get("/api/v1/stores/demo/cameras/dark/recordings").json  # a day up to now
        self.assertEqual(page["recordings"], [])
        self.assertEqual(len(page["gaps"]), 1)
        self.get("/api/v1/stores/demo/cameras/dark/recordings/playlist.m3u8", 404, TEMPLATE + "/playlist.m3u8")
        self.get("/api/v1/stores/demo/cameras/none/recordings", 404)
        self.get("/api/v1/stores/north/cameras/entrance/recordings", 404)

    def test_bad_queries(self):
        for query in (f"from={at(9)}&to={at(9)}", f"from={at(9)}&to={at(1)}", "from=now", "limit=0", "limit=501",
                      "cursor=x", "cursor=1.2", "cursor=1.2.3.4", "cursor=-1.2.3", f"from=2026-01-01T00:00:00Z&to={at(0)}"):
            self.get(f"{PATH}?{query}", 400)
        self.get(f"{PATH}/playlist.m3u8?from=2026-03-27T00:00:00Z&to={at(0)}", 400, TEMPLATE + "/playlist.m3u8")

    def playlist(self):
        answer = self.get(f"{PATH}/playlist.m3u8?from={at(50)}&to={at(400)}", template=TEMPLATE + "/playlist.m3u8")
        self.assertEqual(answer.headers["content-type"], "application/vnd.apple.mpegurl")
        return answer.text

    def test_playlist(self):
        text = self.playlist()
        self.assertEqual(text.count("#EXTINF:4.000,"), 3 + 15 + 2)  # from 48 s on
        self.assertEqual(text.count("#EXT-X-DISCONTINUITY"), 2)
        self.assertIn("#EXT-X-PROGRAM-DATE-TIME:2026-03-29T10:00:48.000Z", text)
        part = [line for line in text.splitlines() if line.startswith("#EXT-X-BYTERANGE")][0]
        self.assertEqual(part, f"#EXT-X-BYTERANGE:{PIECE}@{HEAD + 12 * PIECE}")

    def video(self):
        uri = [line for line in self.playlist().splitlines() if line.endswith("/video.mp4")][0]
        return f"{PATH}/{uri}"

    def test_parts(self):
        url, size = self.video(), HEAD + 15 * PIECE
        template = TEMPLATE + "/{recording}/video.mp4"
        part = self.get(url, 206, template, Range=f"bytes={HEAD}-{HEAD + PIECE - 1}")
        self.assertEqual(part.headers["content-range"], f"bytes {HEAD}-{HEAD + PIECE - 1}/{size}")
        self.assertEqual(part.headers["content-type"], "video/mp4")
        self.assertEqual(part.body, content(HEAD, PIECE))
        whole = self.get(url, 200, template)  # ten times as much as is read at once
        self.assertEqual(whole.headers["accept-ranges"], "bytes")
        self.assertEqual(len(whole.body), size)
        self.assertEqual(whole.body, content(0, size))
        large = self.get(url, 206, template, Range="bytes=5-")
        self.assertEqual(large.body, whole.body[5:])
        self.assertEqual(self.get(url, 206, template, Range="bytes=-3").body, whole.body[-3:])
        beyond = self.get(url, 416, template, Range=f"bytes={size}-")
        self.assertEqual(beyond.headers["content-range"], f"bytes */{size}")
        tag = whole.headers["etag"]
        self.assertEqual(self.get(url, 206, template, Range="bytes=0-0", If_Range=tag).body, b"\x00")
        self.assertEqual(len(self.get(url, 200, template, Range="bytes=0-0", If_Range='"other"').body), size)
        head = self.admin.request("HEAD", url)
        self.assertEqual((head.status, head.headers["content-length"], head.body), (200, str(size), b""))

    def test_no_such_video(self):
        template = TEMPLATE + "/{recording}/video.mp4"
        number = self.video().split("/")[-2]
        for wrong in ("0", "x", "-1", "99999999999999999999", "999999"):
            self.get(f"{PATH}/{wrong}/video.mp4", 404, template)
        self.get(f"/api/v1/stores/demo/cameras/dark/recordings/{number}/video.mp4", 404, template)

    def test_gone_file(self):
        """A file that is shorter than the index says, or gone, breaks nothing."""
        number = self.server.command("record", "demo", "slow", T0, 3)
        template = TEMPLATE + "/{recording}/video.mp4"
        url = f"/api/v1/stores/demo/cameras/slow/recordings/{number}/video.mp4"
        self.get(url, 200, template)
        self.server.command("shorten", "slow", T0)
        self.get(url, 404, template)
        self.server.command("lose", "slow", T0)
        self.get(url, 404, template)
        self.assertNotIn("slow/", self.get(url, 404, template).text)  # no path of the machine

    def test_audit(self):
        watcher = self.server.login()
        for _ in range(3):
            watcher.get(f"{PATH}/playlist.m3u8?from={at(0)}&to={at(400)}")
        rows = [r for r in self.admin.get("/api/v1/audit").json["entries"] if r["action"] == "recording.watched"]
        self.assertTrue(rows)
        self.assertEqual(rows[0]["subject"], "entrance")
        for _ in range(3):
            self.assertEqual(watcher.get(self.video()).status, 200)
        rows = [r for r in self.admin.get("/api/v1/audit").json["entries"] if r["action"] == "recording.watched"]
        self.assertTrue(rows[0]["detail"]["from"] < rows[0]["detail"]["to"])  # the hour of it
        self.assertEqual(len([r for r in rows if "from" in r["detail"]]), 1)

    def still(self, query, status=200, camera="entrance"):
        path = f"/api/v1/stores/demo/cameras/{camera}/recordings/still.jpg"
        return self.get(f"{path}?{query}", status, TEMPLATE + "/still.jpg")

    def test_still(self):
        """The file is chosen in which the time lies, and asked for the time within it."""
        answer = self.still(f"at={at(70)}")
        self.assertEqual(answer.headers["content-type"], "image/jpeg")
        self.assertEqual(answer.headers["x-frame-ts"], "2026-03-29T10:01:09.960Z")
        self.assertEqual(answer.headers["cache-control"], "no-store")
        self.assertRegex(answer.text, r"^entrance/.* 10000 ms 0$")
        self.assertRegex(self.still(f"at={at(60)}&width=320").text, r" 0 ms 320$")  # not the file before
        self.assertRegex(self.still(f"at={at(120)}").text, r" 60000 ms 0$")  # within the slack of its end
        # Beginnings are told in whole ms, so one that is asked for may be a little early.
        self.assertRegex(self.still("at=2026-03-29T09:59:59.9995Z").text, r" 0 ms 0$")
        for nothing in (at(121), at(299), at(400), "2026-03-29T09:59:59Z"):
            self.still(f"at={nothing}", 404)
        for bad in ("", "at=now", f"at={at(0)}&width=9", "at=1960-01-01T00:00:00Z"):
            self.still(bad, 400)
        self.server.command("record", "demo", "slow", T0 + 900, 3)
        self.still(f"at={at(901)}", 503, camera="slow")
        rows = [r for r in self.admin.get("/api/v1/audit").json["entries"] if r["action"] == "recording.still"]
        self.assertEqual((rows[-1]["subject"], rows[-1]["detail"]), ("entrance", {"id": "2026-03-29T10:01:09.960Z"}))

    def test_stopped_reader(self):
        """Whoever doesn't take what he asked for holds nobody up."""
        url = self.video()
        lazy = self.server.client()
        lazy.cookie = self.admin.cookie
        lazy.connection.request("GET", url, headers={"Cookie": self.admin.cookie})
        for _ in range(20):
            self.assertEqual(self.admin.get(CAMERA).status, 200)
        lazy.connection.close()


if __name__ == "__main__":
    main()
