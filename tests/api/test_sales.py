# SPDX-License-Identifier: Apache-2.0
"""Receipts from the door to the figures, and what the document says of them."""

import datetime
import unittest

from harness import Server, main
from schema import Document

BASE = "/api/v1/stores/{store}"
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def ago(seconds):
    return (NOW - datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def receipt(number, amount=1000, **more):
    return {"terminal_id": "POS 1", "receipt": str(number), "ts": ago(600), "amount_minor": amount,
            "currency": "EUR", **more}


def item(sku, quantity=1, price=100, **more):
    return {"sku": sku, "quantity": quantity, "unit_price_minor": price, **more}


class Base(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(lambda: self.assertEqual(self.server.stop(), 0))
        self.admin = self.server.login()
        self.document = Document(self.admin.get("/api/v1/openapi.json").json)

    def check(self, answer, method, path, status):
        self.assertEqual(answer.status, status, answer.text)
        schema = self.document.schema_of(method, BASE + path.split("?")[0], status)
        if schema is None:
            self.assertEqual(answer.body, b"")
            return None
        self.assertEqual(self.document.faults(answer.json, schema), [])
        return answer.json

    def get(self, path, status=200, store="demo"):
        return self.check(self.admin.get(f"/api/v1/stores/{store}{path}"), "GET", path, status)

    def push(self, body, status=200, **headers):
        answer = self.admin.request("POST", "/api/v1/stores/demo/transactions", body,
                                    {k.replace("_", "-"): v for k, v in headers.items()})
        return self.check(answer, "POST", "/transactions", status)

    def put(self, path, body, status=204):
        answer = self.admin.request("PUT", "/api/v1/stores/demo" + path, body)
        return self.check(answer, "PUT", path, status)


class Push(Base):
    def test_single(self):
        stored = self.push(receipt(1, items=[item("a", 2, 150), item("b", 0.5, 1400)]), 201)
        self.assertEqual((stored["stored"], stored["results"][0]["result"]), (1, "stored"))
        again = self.push(receipt(1, items=[item("a", 2, 150), item("b", 0.5, 1400)]), 200)
        self.assertEqual((again["duplicates"], again["results"][0]["id"]),
                         (1, stored["results"][0]["id"]))
        changed = self.push(receipt(1, 999), 409)
        self.assertIn("says something else", changed["detail"])
        page = self.get("/transactions")
        self.assertEqual(len(page["transactions"]), 1)
        row = page["transactions"][0]
        self.assertEqual((row["items_count"], row["lane_id"], row["source"]), (3, None, "api"))
        self.assertEqual([i["amount_minor"] for i in row["items"]], [300, 700])

    def test_key_in_the_header(self):
        self.push(receipt(1), 201, Idempotency_Key="k1")
        self.push(receipt(1), 200, Idempotency_Key="k1")
        self.push(receipt(2), 409, Idempotency_Key="k1")
        batch = {"transactions": [receipt(3), receipt(4)]}
        self.assertEqual(self.push(batch, Idempotency_Key="k2")["stored"], 2)
        batch["transactions"][1]["ts"] = ago(500)
        told = self.push(batch, Idempotency_Key="k2")
        self.assertEqual([r["result"] for r in told["results"]], ["duplicate", "conflict"])
        self.push(receipt(5), 400, Idempotency_Key="x" * 121)

    def test_partial_success(self):
        told = self.push({"transactions": [
            receipt(1), receipt(2, kind="gift"), {"x": 1}, receipt(3, currency="USD"), receipt(1),
            receipt(1, 5), receipt(4, ts=ago(-7200)), receipt(5, terminal_id="POS 2")]})
        self.assertEqual([r["result"] for r in told["results"]],
                         ["stored", "refused", "refused", "refused", "duplicate", "conflict",
                          "refused", "stored"])
        self.assertEqual([r["index"] for r in told["results"]], list(range(8)))
        self.assertEqual((told["stored"], told["duplicates"], told["conflicts"], told["refused"]),
                         (2, 1, 1, 4))
        self.assertIn("/kind", told["results"][1]["detail"])
        self.assertIn("future", told["results"][6]["detail"])

    def test_refusals(self):
        for body in ({}, [], {"transactions": []}, {"transactions": {}}, receipt(1, x=1),
                     {"transactions": [receipt(1)], "more": 1}, receipt(1, amount=1.5),
                     {"transactions": [receipt(i) for i in range(501)]},
                     receipt(1, items=[item("a")] * 501), receipt(1, items=[item("")])):
            told = self.push(body, 422)
            self.assertTrue(told["errors"])
        self.push(b"{", 400, Content_Type="application/json")
        self.push(b"", 400, Content_Type="application/json")
        self.push(b"x", 415, Content_Type="text/csv")
        self.assertEqual(self.get("/transactions")["transactions"], [])

    def test_largest_batch(self):
        batch = [receipt(i, items=[item(f"sku-{k}", name="n" * 20) for k in range(20)])
                 for i in range(500)]
        self.assertEqual(self.push({"transactions": batch})["stored"], 500)
        self.assertEqual(self.push({"transactions": batch})["duplicates"], 500)
        page = self.get("/transactions?limit=500")
        self.assertLess(len(page["transactions"]), 500)  # ends early: 10000 lines are too many
        rest = self.get(f"/transactions?limit=500&cursor={page['next_cursor']}")
        numbers = {t["receipt"] for t in page["transactions"] + rest["transactions"]}
        self.assertEqual(len(numbers), 500)

    def test_audit_once_in_a_while(self):
        for i in range(5):
            self.push(receipt(i), 201)
        self.put("/products", {"products": [{"sku": "a", "name": "Apple"}]})
        self.put("/terminals", {"terminals": [{"id": "POS 1", "lane_id": "lane-1"}]})
        told = [e["action"] for e in self.admin.get("/api/v1/audit").json["entries"]]
        self.assertEqual(told[:3], ["terminals.changed", "products.changed", "sales.received"])
        self.assertEqual(told.count("sales.received"), 1)


class Lists(Base):
    def test_filters_and_pages(self):
        self.push({"transactions": [
            receipt(1, ts=ago(400), items=[item("a")]), receipt(2, ts=ago(300), kind="refund"),
            receipt(3, ts=ago(200), terminal_id="POS 2", items=[item("a"), item("b")]),
            receipt(4, ts=ago(100), kind="void")]})

        def numbers(query):
            return [t["receipt"] for t in self.get("/transactions" + query)["transactions"]]
        self.assertEqual(numbers(""), ["4", "3", "2", "1"])
        self.assertEqual(numbers("?kind=refund"), ["2"])
        self.assertEqual(numbers("?terminal=POS%202"), ["3"])
        self.assertEqual(numbers("?receipt=1"), ["1"])
        self.assertEqual(numbers("?sku=a"), ["3", "1"])
        self.assertEqual(numbers(f"?from={ago(300)}&to={ago(100)}"), ["3", "2"])
        first = self.get("/transactions?limit=3")
        rest = self.get(f"/transactions?limit=3&cursor={first['next_cursor']}")
        self.assertEqual([t["receipt"] for t in rest["transactions"]], ["1"])
        self.assertIsNone(rest["next_cursor"])
        for query in ("?kind=gift", "?limit=0", "?limit=501", "?cursor=x", "?from=now"):
            self.get("/transactions" + query, 400)
        self.assertEqual(self.get("/transactions", store="north")["transactions"], [])
        self.get("/transactions", 404, store="nowhere")

    def test_products(self):
        self.put("/products", {"products": [
            {"sku": f"{i:03}", "name": f"Product {i}", "category": "Fruit" if i % 2 else None,
             "price_minor": i} for i in range(250)]})
        page = self.get("/products?limit=200")
        rest = self.get(f"/products?limit=200&cursor={page['next_cursor']}")
        self.assertEqual((len(page["products"]), len(rest["products"])), (200, 50))
        self.put("/products", {"products": [{"sku": "000", "name": "New"}]})
        self.assertEqual(self.get("/products?limit=1")["products"][0],
                         {"sku": "000", "name": "New", "category": None, "price_minor": None})
        for bad in ({"sku": "", "name": "x"}, {"sku": "a"}, {"sku": "a", "name": "x", "y": 1},
                    {"sku": "a", "name": "x", "price_minor": -1}, "a", {"sku": "a\n", "name": "x"}):
            told = self.put("/products", {"products": [{"sku": "z", "name": "z"}, bad]}, 422)
            self.assertIn("/products/1", told["errors"][0]["pointer"])
        self.put("/products", {"products": 1}, 422)
        self.put("/products", {"products": [{"sku": "a", "name": "x"}] * 2001}, 422)

    def test_terminals(self):
        self.push(receipt(1), 201)
        known = self.get("/terminals")["terminals"]
        self.assertEqual([(t["id"], t["lane_id"]) for t in known], [("POS 1", None)])
        self.put("/terminals", {"terminals": [
            {"id": "POS 1", "name": "Till 1", "lane_id": "lane-1"}, {"id": "X", "lane_id": None}]})
        known = self.get("/terminals")["terminals"]
        self.assertEqual([(t["id"], t["lane_id"]) for t in known], [("POS 1", "lane-1"), ("X", None)])
        self.assertIsNone(known[1]["last_receipt_ts"])
        self.assertEqual(self.get("/transactions")["transactions"][0]["lane_id"], "lane-1")
        for bad in ({"id": "X"}, {"id": "", "lane_id": "a"}, {"id": "X", "lane_id": "No lane"}):
            self.put("/terminals", {"terminals": [bad]}, 422)


class Figures(Base):
    def test_without_pos(self):
        sales = self.get("/kpis/sales")
        self.assertTrue(all(f["value"] is None for f in sales["totals"].values()))
        self.assertTrue(all(b["revenue_minor"] is None for b in sales["buckets"]))
        self.assertIsNone(sales["currency"])
        baskets = self.get("/kpis/baskets")
        self.assertIsNone(baskets["baskets"])
        self.assertIsNone(baskets["items_per_basket"]["value"])

    def test_sales(self):
        self.server.command("events", "demo", 8)  # every second one walks in
        self.put("/terminals", {"terminals": [{"id": "POS 1", "lane_id": "lane-1"}]})
        self.put("/products", {"products": [{"sku": "a", "name": "Apple", "category": "Fruit"}]})
        self.push({"transactions": [
            receipt(1, 1000, items=[item("a", 2, 300), item("b", 1, 400)]),
            receipt(2, 500, terminal_id="POS 2"), receipt(3, 200, kind="refund"),
            receipt(4, kind="void"), receipt(5, kind="no-sale", amount_minor=0)]})
        query = f"?from={ago(3600)}&to={ago(-300)}"
        sales = self.get("/kpis/sales" + query)
        totals = {name: figure["value"] for name, figure in sales["totals"].items()}
        self.assertEqual(totals, {
            "revenue_minor": 1300, "transactions": 2, "average_value_minor": 650,
            "units_per_transaction": 3, "refunds": 1, "refunds_minor": 200, "voids": 1,
            "no_sales": 1, "link_rate": None, "conversion_rate": 0.5,
            "sales_per_visitor_minor": 325, "group_conversion": 0.5})
        self.assertEqual(sales["totals"]["conversion_rate"]["denominator"], "footfall")
        self.assertIsNone(sales["totals"]["revenue_minor"]["coverage"])
        self.assertEqual((sales["currency"], sales["minor_digits"]), ("EUR", 2))
        self.assertEqual([(r["lane_id"], r["revenue_minor"]) for r in sales["lanes"]],
                         [("lane-1", 800), (None, 500)])
        self.assertEqual([(r["terminal_id"], r["transactions"]) for r in sales["terminals"]],
                         [("POS 1", 1), ("POS 2", 1)])
        self.assertEqual([(r["category"], r["revenue_minor"], r["items"])
                          for r in sales["categories"]], [("Fruit", 600, 2), (None, 400, 1)])
        self.assertEqual(sales["unmapped_receipts"], 1)
        self.assertEqual(sum(b["revenue_minor"] for b in sales["buckets"] if b["revenue_minor"]),
                         1300)
        for step in ("5min", "day", "week"):
            self.get(f"/kpis/sales{query}&step={step}")
        for bad in ("?step=month", "?compare=day", f"?from={ago(0)}", f"?from={ago(0)}&to={ago(1)}",
                    "?from=2016-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&step=5min"):
            self.get("/kpis/sales" + bad, 400)

    def test_late_receipts(self):
        """A receipt that comes late corrects the hour it belongs to."""
        query = f"?from={ago(90000)}&to={ago(80000)}"
        self.push(receipt(1, 100, ts=ago(86400)), 201)
        self.push(receipt(2, 100), 201)
        self.assertEqual(self.get("/kpis/sales" + query)["totals"]["revenue_minor"]["value"], 100)
        self.push(receipt(3, 11, ts=ago(86399)), 201)
        self.assertEqual(self.get("/kpis/sales" + query)["totals"]["revenue_minor"]["value"], 111)

    def test_baskets(self):
        contents = ("ab", "abc", "ac", "d", "d")
        self.push({"transactions": [receipt(i, items=[item(sku, name=sku.upper()) for sku in skus])
                                    for i, skus in enumerate(contents)]})
        query = f"?from={ago(3600)}&to={ago(0)}&min_support=0.4"
        baskets = self.get(f"/kpis/baskets{query}&sku=b")
        self.assertEqual((baskets["baskets"], baskets["cut"]), (5, False))
        self.assertEqual(baskets["items_per_basket"]["value"], 1.8)
        self.assertEqual(baskets["rules_found"], 4)
        best = baskets["rules"][0]
        self.assertEqual((best["if"][0]["sku"], best["then"], best["baskets"]),
                         ("a", {"sku": "b", "name": "B"}, 2))
        self.assertAlmostEqual(best["lift"], 5 / 3)
        self.assertAlmostEqual(best["support"], 0.4)
        hint = baskets["hint"]
        self.assertEqual((hint["then"], hint["baskets"]), ({"sku": "a", "name": "A"}, 2))
        self.assertEqual([product["sku"] for product in hint["if"]], ["b"])
        self.assertIsNone(self.get("/kpis/baskets" + query)["hint"])
        for bad in ("?min_support=0", "?min_support=2", "?min_support=x", "?min_support=nan",
                    "?limit=0", "?" + "&".join(["sku=a"] * 21)):
            self.get("/kpis/baskets" + bad, 400)


class Comparison(Base):
    def test_week(self):
        week = 7 * 86400
        for i, amount in enumerate((1000, 500, 500)):
            self.push(receipt(i, amount, ts=ago(600 + i)), 201)
        for i, amount in enumerate((800, 200)):
            self.push(receipt(10 + i, amount, ts=ago(week + 600 + i)), 201)
        self.push(receipt(20, 9999, ts=ago(week - 900)), 201)  # a week ago it was yet to come
        range_ = f"?from={ago(3600)}&to={ago(-7200)}&compare=week"
        told = self.get("/kpis/sales" + range_)["comparison"]
        self.assertEqual(told["weeks"], 1)
        self.assertEqual(told["totals"]["revenue_minor"]["value"], 1000)
        self.assertAlmostEqual(told["changes"]["revenue_minor"], 1)
        self.assertAlmostEqual(told["changes"]["transactions"], 0.5)
        self.assertIsNone(told["changes"]["conversion_rate"])
        self.assertEqual(sum(b["revenue_minor"] for b in told["buckets"] if b["revenue_minor"]), 1000)
        for path in ("traffic", "queues", "zones"):
            told = self.get(f"/kpis/{path}{range_}&step=hour")
            self.assertEqual(told["comparison"]["weeks"], 1)
        self.assertEqual(len(told["periods"]), len(self.get(f"/kpis/traffic{range_}")["buckets"]))
        changes = self.get("/kpis/traffic" + range_)["comparison"]["changes"]
        self.assertLessEqual({"footfall", "unique_visitors", "visit_mean_s", "bounce_rate"},
                             set(changes))
        future = f"?from={ago(-3600)}&to={ago(-7200)}&compare=week"
        for path in ("traffic", "queues", "zones", "sales"):
            self.assertIsNone(self.get(f"/kpis/{path}{future}")["comparison"])
            self.get(f"/kpis/{path}?compare=month", 400)


class Advice(Base):
    def test_recommendations(self):
        """Of the week before today; what has too few cases is not told."""
        week = [receipt(i, ts=ago(86400 * 2 + i), items=[item("a"), item("b")])
                for i in range(30)]
        self.push({"transactions": week})
        self.assertEqual(self.get("/recommendations")["recommendations"], [])
        rest = [receipt(100 + i, ts=ago(86400 * 2 + i), items=[item("c")]) for i in range(60)]
        self.push({"transactions": rest})
        found = self.get("/recommendations")["recommendations"]
        self.assertEqual([(r["rule"], r["screen"]) for r in found], [("cross-sell", "sales")])
        self.assertIn({"name": "baskets", "value": 30, "unit": "baskets"}, found[0]["evidence"])

    def test_funnel(self):
        self.server.command("events demo 8")  # four went in
        self.push({"transactions": [receipt(1), receipt(2, kind="refund")]})
        funnel = self.get(f"/kpis/funnel?from={ago(3600)}&to={ago(-300)}")
        steps = {step["step"]: (step["value"], step["share"]) for step in funnel["steps"]}
        self.assertEqual(steps, {"entered": (4, 1), "engaged": (None, None),
                                 "in_cart": (None, None), "purchased": (1, 0.25)})
        self.assertEqual([step["same_people"] for step in funnel["steps"]],
                         [True, False, False, False])
        units = [step["figure"] and step["figure"]["unit"] for step in funnel["steps"]]
        self.assertEqual(units, ["people", None, None, "transactions"])
        self.get("/kpis/funnel?from=x", 400)


class Links(Base):
    def test_findings(self):
        self.put("/terminals", {"terminals": [{"id": "POS 1", "name": "", "lane_id": "till"}]})
        self.server.command("queue demo 60")  # served for 50 s, from 70 s after an hour ago on
        self.push(receipt(1, ts=ago(3600 - 115)), 201)
        self.push(receipt(2, ts=ago(3600 - 118), kind="refund"), 201)
        page = self.get("/services")
        self.assertEqual(len(page["services"]), 1)
        service = page["services"][0]
        self.assertEqual((service["lane_id"], service["linked"], service["transaction"]["receipt"]),
                         ("till", True, "1"))
        self.assertEqual(self.get("/services?linked=false")["services"], [])
        rows = {row["receipt"]: row for row in self.get("/transactions")["transactions"]}
        self.assertIs(rows["1"]["linked"], True)
        self.assertEqual(rows["1"]["service"]["start"], service["start"])
        self.assertEqual((rows["2"]["linked"], rows["2"]["service"]), (None, None))
        window = f"?from={ago(7200)}&to={ago(0)}"
        self.assertEqual(self.get("/kpis/sales" + window)["totals"]["link_rate"]["value"], 1)
        self.assertEqual(self.get("/kpis/queues" + window)["total"]["linked_share"], 1)
        for bad in ("linked=maybe", "limit=0", "cursor=x", "from=x"):
            self.get("/services?" + bad, 400)
        self.get("/transactions?linked=1", 400)


if __name__ == "__main__":
    main()
