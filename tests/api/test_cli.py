# SPDX-License-Identifier: Apache-2.0
"""`inveye user ...` beside a running server."""

import os
import subprocess
import unittest

from harness import Server, main

INVEYE = os.environ.get("IV_INVEYE", "build/inveye")


class User(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(lambda: self.assertEqual(self.server.stop(), 0))

    def user(self, *words, password="", where=True):
        return subprocess.run(
            [INVEYE, "user", *words] + (["--data-dir", self.server.folder] if where else []),
            input=password, capture_output=True, text=True, timeout=30)

    def test_an_account_beside_the_server(self):
        done = self.user("add", "mia", "--role", "manager", "--store", "demo",
                         password="mia's password\n")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        mia = self.server.login("mia", "mia's password")
        self.assertEqual(mia.get("/api/v1/me").json["stores"], ["demo"])
        self.assertIn("mia", self.user("list").stdout)
        self.assertEqual(self.user("disable", "mia").returncode, 0)
        self.assertEqual(mia.get("/api/v1/me").status, 401)
        self.assertEqual(self.user("enable", "mia").returncode, 0)
        done = self.user("passwd", "mia", "--generate")
        password = done.stdout.split(": ")[1].strip()
        self.server.login("mia", password)
        entries = self.server.login().get("/api/v1/audit").json["entries"]
        told = [e["action"] for e in reversed(entries) if e["actor"] == "cli"]
        self.assertEqual(told, ["user.created", "user.changed", "user.changed",
                                "user.password_changed"])
        self.assertNotIn(password, str(entries))

    def test_a_lost_admin_password(self):
        self.assertEqual(self.user("passwd", "admin", password="a new password").returncode, 0)
        self.server.login("admin", "a new password")

    def test_refusals(self):
        cases = (
            (("add", "Mia", "--role", "viewer", "--all-stores"), 1, "user name"),
            (("add", "mia", "--role", "boss", "--all-stores"), 1, "--role"),
            (("add", "mia", "--role", "viewer"), 1, "--store"),
            (("add", "mia", "--role", "viewer", "--store", "A B"), 1, "store id"),
            (("add", "admin", "--role", "viewer", "--all-stores", "-g"), 1, "already a user"),
            (("add", "mia", "--role", "viewer", "--all-stores"), 1, "no password"),
            (("disable", "admin"), 1, "last enabled admin"),
            (("disable", "nobody"), 1, 'no user "nobody"'),
            (("passwd",), 2, "which user"),
            (("list", "extra"), 2, "unexpected"),
            (("disable", "admin", "--generate"), 2, "--generate"),
        )
        for words, status, text in cases:
            done = self.user(*words)
            self.assertEqual(done.returncode, status, words)
            self.assertIn(text, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assertEqual(done.stdout, "")
        done = self.user("list", "-d", "/nowhere", where=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("/nowhere/inveye.db", done.stderr)


if __name__ == "__main__":
    main()
