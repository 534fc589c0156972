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


class Sales(unittest.TestCase):
    CSV = ("Bon;Kasse;Zeit;Summe;EAN;Menge;Preis\n"
           "1;POS 1;24.11.2026 09:00:00;12,50;a;2;5,00\n"
           "1;POS 1;24.11.2026 09:00:00;12,50;b;1;2,50\n"
           "2;POS 1;24.11.2026 09:01:00;1.000,00;;;\n")
    MAPS = ("Bon=receipt", "Kasse=terminal", "Zeit=ts", "Summe=amount", "EAN=sku",
            "Menge=quantity", "Preis=unit_price")

    def setUp(self):
        self.server = Server()
        self.addCleanup(lambda: self.assertEqual(self.server.stop(), 0))
        self.file = os.path.join(self.server.folder, "day.csv")

    def write(self, text, encoding="utf-8"):
        with open(self.file, "w", encoding=encoding, newline="") as file:
            file.write(text)

    def sales(self, *words):
        return subprocess.run([INVEYE, "sales", *words, "--store", "demo", "--data-dir",
                               self.server.folder], capture_output=True, text=True, timeout=30)

    def maps(self):
        return [word for text in self.MAPS for word in ("--map", text)]

    def revenue(self):
        sales = self.server.login().get(
            "/api/v1/stores/demo/kpis/sales?from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z")
        return sales.json["totals"]["revenue_minor"]["value"]

    def test_import_beside_the_server(self):
        with self.server.database() as database:
            database.execute("UPDATE stores SET currency = 'EUR' WHERE id = 'demo'")
        self.write(self.CSV, "latin-1")
        for stored, duplicates in ((2, 0), (0, 2)):
            done = self.sales("import", self.file, *self.maps())
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn(f"{stored} stored, {duplicates} were there already, 0 bad", done.stdout)
        self.assertEqual(self.revenue(), 101250)
        entry = self.server.login().get("/api/v1/audit").json["entries"][2]
        self.assertEqual((entry["actor"], entry["action"]), ("cli", "sales.imported"))
        done = self.sales("recount", "--from", "2026-11-24T00:00:00Z", "--to",
                          "2026-11-25T00:00:00Z")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.revenue(), 101250)

    def test_bad_rows_are_told(self):
        self.write("terminal,receipt,ts,amount,currency\n1,1,2026-11-24 09:00,1,EUR\n"
                   "1,2,yesterday,1,EUR\n1,3,2026-11-24 09:00,1,USD\n")
        done = self.sales("import", self.file)
        self.assertEqual(done.returncode, 1)
        self.assertIn("1 stored, 0 were there already, 2 bad", done.stdout)
        self.assertEqual(done.stderr.count("\n"), 2, done.stderr)
        self.assertIn("line 3: ts:", done.stderr)
        self.assertIn("line 4: the store's sales are in another currency", done.stderr)

    def test_refusals(self):
        self.write(self.CSV)
        for words, status, text in (
                (("import", self.file), 1, 'no column "terminal"'),
                (("import", self.file, "--map", "X=receipt"), 1, 'no column "X"'),
                (("import", self.file, "--map", "X"), 1, "COLUMN=field"),
                (("import", "/nowhere.csv"), 1, "/nowhere.csv"),
                (("import",), 2, "which file"),
                (("recount",), 2, "--from")):
            done = self.sales(*words)
            self.assertEqual(done.returncode, status, words)
            self.assertIn(text, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)


if __name__ == "__main__":
    main()
