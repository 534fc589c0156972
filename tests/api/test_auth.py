# SPDX-License-Identifier: Apache-2.0
"""Logging in and out, sessions, lock-out, roles and stores, accounts, the audit log."""

import hashlib
import json
import sqlite3
import time
import unittest

from harness import Client, Server, main, wait_until
from schema import Document

ROLES = {
    "admin": {"stores.read", "cameras.read", "cameras.write", "pictures.read", "video.watch", "recordings.read", "snapshots.read",
              "scenes.read", "scenes.write", "kpis.read", "events.read", "users.read", "users.write", "audit.read", "metrics.read",
              "sales.read", "sales.write", "people.see", "recordings.export",
                "evidence.read", "evidence.write", "evidence.release", "audits.write"},
    "manager": {"stores.read", "cameras.read", "cameras.write", "pictures.read", "video.watch", "recordings.read", "snapshots.read",
                "scenes.read", "scenes.write", "kpis.read", "events.read", "sales.read", "sales.write", "people.see", "recordings.export",
                "evidence.read", "evidence.write", "evidence.release", "audits.write"},
    "regional": {"stores.read", "cameras.read", "pictures.read", "video.watch", "recordings.read", "snapshots.read",
                 "scenes.read", "kpis.read", "events.read", "sales.read"},
    "corporate": {"stores.read", "kpis.read"},
    "security": {"stores.read", "cameras.read", "pictures.read", "video.watch", "recordings.read", "snapshots.read", "events.read", "people.see", "recordings.export",
                 "evidence.read", "evidence.write"},
    "installer": {"stores.read", "cameras.read", "cameras.write", "pictures.read", "video.watch", "recordings.read",
                  "scenes.read", "scenes.write", "metrics.read", "audits.write"},
    "viewer": {"stores.read", "cameras.read", "pictures.read", "video.watch", "recordings.read", "snapshots.read",
               "scenes.read", "kpis.read", "events.read"},
}

# What each operation needs; None = anybody who is logged in, "public" = anybody.
NEEDS = {
    "login": "public", "getHealth": "public", "logout": None, "getMe": None,
    "changePassword": None, "openLive": None, "getOpenapi": None,
    "listStores": "stores.read", "getStore": "stores.read",
    "listCameras": "cameras.read", "getCamera": "cameras.read", "getSnapshot": "pictures.read",
    "createCamera": "cameras.write", "updateCamera": "cameras.write", "removeCamera": "cameras.write", "testCamera": "cameras.write",
    "discoverCameras": "cameras.write", "lookUpStreams": "cameras.write", "listMakers": "cameras.write",
    "getCameraSettings": "cameras.write", "listRecordings": "recordings.read", "getPlaylist": "recordings.read", "getRecording": "recordings.read",
    "getArchive": "cameras.write", "tryArchive": "cameras.write",
    "getStill": "recordings.read",
    "listExports": "recordings.export", "askExport": "recordings.export", "getExport": "recordings.export",
    "getExportVideo": "recordings.export", "deleteExport": "recordings.export",
    "getJourneys": "kpis.read", "listReplays": "kpis.read", "askReplay": "scenes.write", "getReplay": "kpis.read", "deleteReplay": "scenes.write",
    "listSnapshots": "snapshots.read", "getSnapshotPicture": "snapshots.read", "getSnapshotThumbnail": "snapshots.read",
    "getEvidenceKey": "evidence.read", "listEvidence": "evidence.read", "getEvidence": "evidence.read",
    "getEvidenceBundle": "evidence.read", "keepEvidence": "evidence.write", "bundleEvidence": "evidence.write",
    "releaseEvidence": "evidence.release",
    "listCountAudits": "audits.write", "planCountAudit": "audits.write", "getCountAudit": "audits.write", "deleteCountAudit": "audits.write",
    "putCountInterval": "audits.write",
    "watchCamera": "video.watch", "unwatchCamera": "video.watch", "openMse": "video.watch", "takeMse": "video.watch",
    "acceptView": "scenes.write", "getScene": "scenes.read", "putScene": "scenes.write", "listSceneVersions": "scenes.read",
    "getLiveKpis": "kpis.read", "getTraffic": "kpis.read", "getZoneKpis": "kpis.read", "getForecast": "kpis.read",
    "getQueueKpis": "kpis.read", "getHeatMap": "kpis.read", "getStaffing": "kpis.read",
    "listEvents": "events.read", "listUsers": "users.read", "createUser": "users.write",
    "updateUser": "users.write", "deleteUser": "users.write", "listAudit": "audit.read",
    "getMetrics": "metrics.read", "getSalesKpis": "kpis.read", "getBasketKpis": "kpis.read",
    "listTransactions": "sales.read", "listServices": "sales.read", "getFunnel": "kpis.read", "listRecommendations": "kpis.read", "pushTransactions": "sales.write",
    "listProducts": "sales.read", "putProducts": "sales.write",
    "getPlacement": "scenes.read", "putPlanImage": "scenes.write", "getPlanImage": "scenes.read",
    "getFloorPlan": "scenes.read", "checkCalibration": "scenes.read",
    "listTerminals": "sales.read", "putTerminals": "sales.write",
}


# These show people as they are, which by default is not for everybody who may ask for them.
SHOWS_PEOPLE = {"getPlaylist", "getRecording", "planCountAudit", "putCountInterval"}

# Where {} would be a search of the network.
BODIES = {"discoverCameras": b'{"interface": "not-there"}'}


def content_type(operation):
    return "application/sdp" if operation == "watchCamera" else "application/json"


def operations(document):
    for path, item in document.document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield method.upper(), path, operation["operationId"]


class Base(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.stop)

    def stop(self):
        self.server.command("release")
        self.assertEqual(self.server.stop(), 0)


class Sessions(Base):
    def test_first_password_is_made_once(self):
        self.assertRegex(self.server.password, r"^([2-9a-z]{4}-){4}[2-9a-z]{4}$")
        me = self.server.login().get("/api/v1/me").json
        self.assertEqual((me["name"], me["role"], me["all_stores"]), ("admin", "admin", True))
        self.assertTrue(me["initial_password"])
        folder, self.server.owns_folder = self.server.folder, False
        password = self.server.password
        self.assertEqual(self.server.stop(), 0)
        self.server = Server(folder=folder)
        self.server.owns_folder = True
        self.assertIsNone(self.server.password)
        self.assertEqual(self.server.login("admin", password).get("/api/v1/me").status, 200)

    def test_cookie(self):
        client = self.server.client()
        answer = client.post("/api/v1/login",
                             {"username": "ADMIN", "password": self.server.password})
        cookie = answer.headers["set-cookie"]
        self.assertIn("HttpOnly", cookie)
        self.assertIn("SameSite=Lax", cookie)
        self.assertNotIn("Secure", cookie)
        self.assertNotIn("Domain", cookie)
        token = cookie.split("=")[1].split(";")[0]
        self.assertEqual(len(token), 43)
        with self.server.database() as database:
            rows = database.execute("SELECT hash FROM sessions").fetchall()
        self.assertEqual(rows, [(hashlib.sha256(token.encode()).digest(),)])
        with open(f"{self.server.folder}/inveye.db", "rb") as file:
            self.assertNotIn(token.encode(), file.read())

    def test_cookie_behind_tls(self):
        secure = Server(IV_TEST_TLS=1)
        try:
            answer = secure.client().post("/api/v1/login",
                                          {"username": "admin", "password": secure.password})
            self.assertIn("; Secure", answer.headers["set-cookie"])
            self.assertIn("max-age", answer.headers["strict-transport-security"])
        finally:
            secure.stop()

    def test_logout(self):
        client = self.server.login()
        cookie = client.cookie
        answer = client.post("/api/v1/logout")
        self.assertEqual(answer.status, 204)
        self.assertIn("Max-Age=0", answer.headers["set-cookie"])
        self.assertEqual(Client(self.server.port, cookie).get("/api/v1/me").status, 401)

    def test_nonsense_cookies(self):
        for cookie in ("inveye_session=", "inveye_session=x", "a=b; inveye_session=" + "A" * 43,
                       "inveye_session=" + "A" * 44, "inveye_session=" + "'" * 43, ";;;=;"):
            answer = Client(self.server.port, cookie).get("/api/v1/me")
            self.assertEqual(answer.status, 401, cookie)
        client = self.server.login()
        good = client.cookie
        self.assertEqual(Client(self.server.port, f"theme=dark; {good}; x=y").get("/api/v1/me").status,
                         200)

    def age(self, column, seconds):
        with self.server.database() as database:
            database.execute(f"UPDATE sessions SET {column} = {column} - ?", (seconds * 1000000,))
        database.close()

    def test_idle_and_absolute_end(self):
        client = self.server.login()
        self.age("seen_at", 11.9 * 3600)
        self.assertEqual(client.get("/api/v1/me").status, 200)
        self.age("seen_at", 11.9 * 3600)  # the request before was a sign of life
        self.assertEqual(client.get("/api/v1/me").status, 200)
        self.age("seen_at", 12.1 * 3600)
        answer = client.get("/api/v1/me")
        self.assertEqual(answer.status, 401)
        self.assertIn("ended", answer.json["detail"])
        client = self.server.login()
        self.age("created_at", 7 * 86400 + 60)
        self.assertEqual(client.get("/api/v1/me").status, 401)

    def test_unknown_user_and_wrong_password_look_the_same(self):
        client = self.server.client()
        answers = [client.post("/api/v1/login", {"username": name, "password": "wrong wrong"})
                   for name in ("admin", "nobody", "", "no/../body", "ü" * 50)]
        self.assertEqual({a.status for a in answers}, {401})
        self.assertEqual(len({a.body for a in answers}), 1)

    def test_both_cost_a_hash(self):
        client = self.server.client()

        def cost(name):
            best = 1e9
            for _ in range(2):
                start = time.process_time_ns(), time.monotonic()
                client.post("/api/v1/login", {"username": name, "password": "wrong wrong"})
                best = min(best, time.monotonic() - start[1])
            return best
        # Not a bar on speed: a shortcut would be a hundred times faster than a hash.
        self.assertGreater(cost("nobody"), cost("admin") / 10)

    def test_bad_bodies(self):
        client = self.server.client()
        for body, status in ((b"", 400), (b"{", 400), (b"[]", 400), (b'"x"', 400), (b"{}", 422),
                             (b'{"username":1,"password":"x"}', 422),
                             (b'{"username":"a","password":"x","more":1}', 422),
                             (b'{"username":"a","username":"b","password":"x"}', 400),
                             (b'{"username":"a\\u0000","password":"x"}', 400),
                             (b'{"username":"' + b"a" * 300 + b'","password":"x"}', 422),
                             (b"\xff\xfe", 400)):
            answer = client.post("/api/v1/login", body, Content_Type="application/json")
            self.assertEqual(answer.status, status, body)
            self.assertEqual(answer.headers["content-type"], "application/problem+json")
        answer = client.post("/api/v1/login", b"username=a", Content_Type="application/x-www-form-urlencoded")
        self.assertEqual(answer.status, 415)

    def test_lock_out_of_an_account(self):
        client = self.server.client()
        statuses = []
        # The wait doubles with each failure, so a busy machine comes to be too early as well.
        while len(statuses) < 16 and statuses[-1:] != [429]:
            answer = client.post("/api/v1/login", {"username": "Mia", "password": "wrong wrong"})
            statuses.append(answer.status)
        self.assertEqual(statuses[:5], [401] * 5)
        self.assertEqual(set(statuses[5:-1]) - {401}, set())
        self.assertEqual(statuses[-1], 429)
        self.assertGreaterEqual(int(answer.headers["retry-after"]), 1)
        self.assertIn("second", answer.json["detail"])
        # Others are not held up, and waiting helps.
        self.assertEqual(self.server.login().get("/api/v1/me").status, 200)
        wait_until(lambda: client.post("/api/v1/login", {"username": "mia", "password": "x" * 10})
                   .status == 401, "tried again after the wait")

    def test_other_sites_cannot_write(self):
        client = self.server.login()
        host = f"127.0.0.1:{self.server.port}"
        for headers, status in (({"Origin": "http://evil.example"}, 403),
                                ({"Origin": "null"}, 403),
                                ({"Origin": f"http://{host}.evil.example"}, 403),
                                ({"Sec-Fetch-Site": "cross-site"}, 403),
                                ({"Sec-Fetch-Site": "same-site"}, 403)):
            answer = client.request("POST", "/api/v1/logout", headers=headers)
            self.assertEqual(answer.status, status, headers)
        self.assertEqual(client.get("/api/v1/me").status, 200)
        answer = client.request("POST", "/api/v1/logout", headers={
            "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"})
        self.assertEqual(answer.status, 204)

    def test_own_password(self):
        client, other = self.server.login(), self.server.login()

        def change(current, new):
            return client.post("/api/v1/me/password",
                               {"current_password": current, "new_password": new})
        self.assertEqual(change("wrong wrong", "a new password").status, 422)
        for bad in ("short", "aaaaaaaaaaaaa", "x" * 257, "admin"):
            self.assertEqual(change(self.server.password, bad).status, 422, bad)
        self.assertEqual(change(self.server.password, "a new password").status, 204)
        self.assertEqual(other.get("/api/v1/me").status, 401)
        me = client.get("/api/v1/me")
        self.assertEqual((me.status, me.json["initial_password"]), (200, False))
        self.server.login("admin", "a new password")
        answer = self.server.client().post(
            "/api/v1/login", {"username": "admin", "password": self.server.password})
        self.assertEqual(answer.status, 401)

    def test_many_logins_at_once(self):
        """More than may hash at once: each gets an answer, and others are served meanwhile."""
        clients = [self.server.client() for _ in range(12)]
        body = json.dumps({"username": "admin", "password": self.server.password})
        for client in clients:
            client.connection.request("POST", "/api/v1/login", body,
                                      {"Content-Type": "application/json"})
        me = self.server.client().get("/api/v1/me")
        self.assertEqual(me.status, 401)
        statuses = {client.connection.getresponse().status for client in clients}
        self.assertLessEqual(statuses, {200, 429, 503})
        self.assertIn(200, statuses)


class Matrix(Base):
    """Every route × every role, by the permission it must have."""

    def test_matrix(self):
        admin = self.server.login()
        self.server.command("release")
        document = Document(admin.get("/api/v1/openapi.json").json)
        self.assertEqual({o for _, _, o in operations(document)}, set(NEEDS))
        for role in ROLES:
            name = f"a-{role}"
            password = self.server.add_user(admin, name, role)
            client = self.server.login(name, password)
            me = client.get("/api/v1/me").json
            self.assertEqual(set(me["permissions"]), ROLES[role])
            self.assertEqual(me["stores"], ["demo"])
            for method, path, operation in operations(document):
                if operation in ("logout", "login"):
                    continue
                allowed = NEEDS[operation] in (None, "public") or NEEDS[operation] in ROLES[role]
                self.try_one(client, role, method, path, operation, allowed)

    def try_one(self, client, role, method, path, operation, allowed):
        body = None if method in ("GET", "DELETE") else BODIES.get(operation, b"{}")
        for store, bound in (("demo", True), ("north", False), ("nowhere", False)):
            url = (path.replace("{store}", store).replace("{camera}", "entrance")
                   .replace("{name}", "no-such-user").replace("{image}", "0" * 16))
            headers = {"Content-Type": content_type(operation)} if body else {}
            if operation == "getMetrics":
                headers["X-Forwarded-For"] = "192.0.2.1"
            answer = client.request(method, url, body, headers)
            what = f"{role} {method} {url}: {answer.status}"
            if not allowed:
                self.assertEqual(answer.status, 403, what)
                self.assertIn(NEEDS[operation], answer.json["detail"])
            elif "{store}" in path and not bound:
                self.assertEqual(answer.status, 404, what)
            elif operation in SHOWS_PEOPLE and "people.see" not in ROLES[role]:
                self.assertEqual(answer.status, 403, what)
                self.assertIn("people.see", answer.json["detail"])
            else:
                self.assertNotIn(answer.status, (401, 403), what)
                self.assertLess(answer.status, 500, what)
                if method == "GET" and operation not in ("openLive", "getCountAudit", "takeMse", "getPlanImage", "getPlaylist", "getRecording", "getSnapshotPicture",
                                                           "getSnapshotThumbnail", "getStill", "getEvidence", "getEvidenceBundle",
                                                           "getExport", "getExportVideo", "getReplay", "getCountAudit"):
                    self.assertEqual(answer.status, 200, what)
            if "{store}" not in path:
                return

    def test_without_a_session(self):
        client = self.server.client()
        admin = self.server.login()
        document = Document(admin.get("/api/v1/openapi.json").json)
        for method, path, operation in operations(document):
            url = path.replace("{store}", "demo").replace("{camera}", "entrance").replace("{name}", "x")
            headers = {"Content-Type": content_type(operation), "X-Forwarded-For": "192.0.2.1"}
            answer = client.request(method, url, None if method == "GET" else b"{}", headers)
            public = NEEDS[operation] == "public"
            self.assertEqual(answer.status == 401, not public, f"{method} {url} {answer.status}")
            security = document.operation(method, path).get("security")
            self.assertEqual(security == [], public, operation)

    def test_unbound_store_looks_like_none(self):
        admin = self.server.login()
        client = self.server.login("mia", self.server.add_user(admin, "mia", "manager"))
        self.assertEqual([s["id"] for s in client.get("/api/v1/stores").json["stores"]], ["demo"])
        there = client.get("/api/v1/stores/north")
        nowhere = client.get("/api/v1/stores/nowhere")
        self.assertEqual(there.json, {**nowhere.json, "detail": there.json["detail"]})
        self.assertEqual(there.json["detail"].replace("north", "nowhere"), nowhere.json["detail"])


class Accounts(Base):
    def setUp(self):
        super().setUp()
        self.admin = self.server.login()
        self.document = Document(self.admin.get("/api/v1/openapi.json").json)

    def check(self, answer, method, path, status):
        self.assertEqual(answer.status, status, answer.text)
        schema = self.document.schema_of(method, path, status)
        if schema:
            self.assertEqual(self.document.faults(answer.json, schema), [])
        return answer.json if answer.body else None

    def add(self, **body):
        return self.admin.post("/api/v1/users", body)

    def change(self, name, **body):
        return self.admin.request("PATCH", f"/api/v1/users/{name}", body)

    def test_life_of_an_account(self):
        made = self.check(self.add(name="mia", role="manager", password="mia's password",
                                   stores=["demo", "demo"]), "POST", "/api/v1/users", 201)
        self.assertEqual((made["stores"], made["initial_password"]), (["demo"], True))
        self.check(self.add(name="mia", role="viewer", password="mia's password"), "POST",
                   "/api/v1/users", 409)
        names = [u["name"] for u in self.check(self.admin.get("/api/v1/users"), "GET",
                                               "/api/v1/users", 200)["users"]]
        self.assertEqual(names, ["admin", "mia"])
        mia = self.server.login("mia", "mia's password")
        template = "/api/v1/users/{name}"
        changed = self.check(self.change("mia", stores=["north"]), "PATCH", template, 200)
        self.assertEqual(changed["stores"], ["north"])
        self.assertEqual(mia.get("/api/v1/me").status, 401)  # its sessions have ended
        mia = self.server.login("mia", "mia's password")
        self.assertEqual(mia.get("/api/v1/stores/demo").status, 404)
        self.check(self.change("mia", all_stores=True), "PATCH", template, 200)
        mia = self.server.login("mia", "mia's password")
        self.assertEqual(mia.get("/api/v1/stores/demo").status, 200)
        self.check(self.change("mia", disabled=True), "PATCH", template, 200)
        self.assertEqual(mia.get("/api/v1/me").status, 401)
        answer = self.server.client().post("/api/v1/login",
                                           {"username": "mia", "password": "mia's password"})
        self.assertEqual(answer.status, 401)
        self.check(self.change("mia", disabled=False, password="another password"), "PATCH",
                   template, 200)
        self.server.login("mia", "another password")
        self.check(self.admin.request("DELETE", "/api/v1/users/mia"), "DELETE", template, 204)
        self.check(self.admin.request("DELETE", "/api/v1/users/mia"), "DELETE", template, 404)
        self.check(self.change("mia", disabled=True), "PATCH", template, 404)

    def test_refusals_point_at_the_place(self):
        cases = (
            (dict(role="viewer", password="a good password"), "/name"),
            (dict(name="Mia", role="viewer", password="a good password"), "/name"),
            (dict(name="-mia", role="viewer", password="a good password"), "/name"),
            (dict(name="mia", role="boss", password="a good password"), "/role"),
            (dict(name="mia", role="viewer", password="short"), "/password"),
            (dict(name="mia", role="viewer", password="mia-mia-mia"), None),
            (dict(name="miamiamiami", role="viewer", password="miamiamiami1"), "/password"),
            (dict(name="mia", role="viewer", password="a good password", stores=["A"]), "/stores"),
            (dict(name="mia", role="viewer", password="a good password", stores="demo"), "/stores"),
            (dict(name="mia", role="viewer", password="a good password", all_stores=1), "/all_stores"),
            (dict(name="mia", role="viewer", password="a good password", disabled=True), "/disabled"),
        )
        for body, pointer in cases:
            answer = self.add(**body)
            if pointer is None:
                self.assertEqual(answer.status, 201, answer.text)
                self.admin.request("DELETE", "/api/v1/users/mia")
                continue
            problem = self.check(answer, "POST", "/api/v1/users", 422)
            self.assertEqual([e["pointer"] for e in problem["errors"]], [pointer])
            self.assertNotIn(body.get("password", "?"), answer.text)
        self.check(self.change("admin"), "PATCH", "/api/v1/users/{name}", 422)

    def test_the_last_admin_stays(self):
        template = "/api/v1/users/{name}"
        for change in (dict(disabled=True), dict(role="viewer"), dict(stores=["demo"]),
                       dict(all_stores=False)):
            self.check(self.change("admin", **change), "PATCH", template, 409)
        self.check(self.admin.request("DELETE", "/api/v1/users/admin"), "DELETE", template, 409)
        self.assertEqual(self.admin.get("/api/v1/me").json["role"], "admin")
        self.server.add_user(self.admin, "second", "admin", all_stores=True)
        self.check(self.admin.request("DELETE", "/api/v1/users/admin"), "DELETE", template, 204)
        self.assertEqual(self.admin.get("/api/v1/me").status, 401)

    def test_password_hash_is_argon2id_and_stays_inside(self):
        with self.server.database() as database:
            (stored,), = database.execute("SELECT password_hash FROM users").fetchall()
        self.assertTrue(stored.startswith("$argon2id$v=19$m=65536,t=2,p=1$"), stored)
        for path in ("/api/v1/users", "/api/v1/me", "/api/v1/audit", "/metrics"):
            self.assertNotIn("argon2", self.admin.get(path).text)


class Audit(Base):
    def entries(self, admin, query=""):
        document = Document(admin.get("/api/v1/openapi.json").json)
        answer = admin.get("/api/v1/audit" + query)
        self.assertEqual(answer.status, 200, answer.text)
        self.assertEqual(document.faults(answer.json, document.schema_of("GET", "/api/v1/audit", 200)),
                         [])
        return answer.json

    def test_what_is_told(self):
        admin = self.server.login()
        self.server.client().post("/api/v1/login", {"username": "eve", "password": "guess guess"})
        password = self.server.add_user(admin, "mia", "manager")
        mia = self.server.login("mia", password)
        for _ in range(5):
            mia.get("/api/v1/stores/demo/cameras/entrance/snapshot.jpg")
        mia.request("PUT", "/api/v1/stores/demo/cameras/entrance/scene",
                    {"image": {"w": 768, "h": 576}, "zones": [], "lines": []}, {"If-Match": '"1"'})
        mia.post("/api/v1/me/password", {"current_password": password, "new_password": "new password"})
        mia.post("/api/v1/logout")
        admin.request("PATCH", "/api/v1/users/mia", {"disabled": True})
        admin.request("DELETE", "/api/v1/users/mia")
        entries = self.entries(admin)["entries"]
        told = [(e["actor"], e["action"], e["subject"]) for e in reversed(entries)]
        self.assertEqual(told, [
            ("", "user.created", "admin"), ("admin", "session.login", "admin"),
            ("", "session.login_failed", "eve"), ("admin", "user.created", "mia"),
            ("mia", "session.login", "mia"), ("mia", "picture.viewed", "entrance"),
            ("mia", "scene.changed", "entrance"), ("mia", "user.password_changed", "mia"),
            ("mia", "session.logout", "mia"), ("admin", "user.changed", "mia"),
            ("admin", "user.removed", "mia")])
        self.assertEqual(entries[5]["store_id"], "demo")
        self.assertEqual(entries[0]["address"], "127.0.0.1")
        text = json.dumps(entries)
        for secret in (password, "guess guess", "new password", self.server.password):
            self.assertNotIn(secret, text)

    def test_pages(self):
        admin = self.server.login()
        for _ in range(3):
            self.server.login()
        ids, cursor = [], ""
        for _ in range(10):
            page = self.entries(admin, f"?limit=2{cursor}")
            ids += [e["id"] for e in page["entries"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        self.assertEqual(ids, [5, 4, 3, 2, 1])
        self.assertEqual(admin.get("/api/v1/audit?cursor=x").status, 400)

    def test_append_only_and_chained(self):
        admin = self.server.login()
        self.server.login()
        entries = list(reversed(self.entries(admin)["entries"]))
        self.assertEqual(entries[0]["previous_hash"], "0" * 64)
        for before, after in zip(entries, entries[1:]):
            self.assertEqual(after["previous_hash"], before["hash"])
        database = self.server.database()
        for statement in ("UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log",
                          "DELETE FROM audit_log WHERE id = 1"):
            with self.assertRaisesRegex(sqlite3.IntegrityError, "append-only"):
                database.execute(statement)
        database.close()
        self.assertEqual(len(self.entries(admin)["entries"]), 3)


if __name__ == "__main__":
    main()
