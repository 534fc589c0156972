# SPDX-License-Identifier: Apache-2.0
"""Tests of the true figures: small scripts written by hand, and one that the simulator tells."""

import json
import os
import pathlib
import subprocess
import sys
import traceback
import unittest

import kpi_truth

INVEYE = os.environ.get("IV_INVEYE", "build/inveye")
KIOSK = pathlib.Path(__file__).resolve().parents[2] / "packaging/stores/kiosk.json"
SECOND, HOUR = 1_000_000, 3_600_000_000
NOON = 1_774_267_200 * SECOND  # 2026-03-23T12:00Z


def header(start=NOON, hours=3, zone="UTC"):
    return {"t": start, "fact": "script", "version": 1, "store": "s", "seed": 1,
            "time_zone": zone, "currency": "EUR", "until": start + int(hours * HOUR),
            "lines": [{"id": "door", "kind": "entrance"}, {"id": "street", "kind": "passby"}],
            "zones": [{"id": "z", "kind": "product", "leaf": True}],
            "lanes": [{"id": "one", "terminal": "P1", "self_checkout": False, "group": "tills"},
                      {"id": "two", "terminal": "P2", "self_checkout": False}]}


def fact(seconds, name, agent=1, **more):
    return {"t": NOON + round(seconds * SECOND), "fact": name, "agent": agent, "party": agent,
            "staff": False, **more}


def cross(seconds, direction, agent=1, **more):
    return fact(seconds, "line.cross", agent, line="door", dir=direction, **more)


def figures(*facts, **options):
    head = options.pop("head", header())
    lines = [json.dumps(each) for each in (head, *sorted(facts, key=lambda f: f["t"]))]
    return kpi_truth.compute(lines, **options)


class Traffic(unittest.TestCase):
    def test_in_and_out(self):
        total = figures(cross(0, "in"), cross(60, "out"), cross(5, "in", 2))["total"]
        self.assertEqual((total["traffic_in"], total["traffic_out"], total["footfall"]), (2, 1, 2))

    def test_coming_back_soon_is_one_visit(self):
        total = figures(cross(0, "in"), cross(100, "out"), cross(900, "in"),
                        cross(950, "out"))["total"]
        self.assertEqual((total["traffic_in"], total["footfall"]), (2, 1))
        self.assertEqual(total["visit_s"]["mean"], 150)

    def test_coming_back_late_is_another(self):
        total = figures(cross(0, "in"), cross(100, "out"), cross(1001, "in"), cross(1051, "out"))
        self.assertEqual(total["total"]["footfall"], 2)
        self.assertEqual(total["total"]["unique_visitors"], 1)
        self.assertEqual(total["total"]["visit_s"]["n"], 2)

    def test_turning_back_is_no_visit(self):
        total = figures(cross(0, "in"), cross(1.9, "out"), cross(10, "in", 2),
                        cross(12.1, "out", 2))["total"]
        self.assertEqual((total["footfall"], total["turn_backs"], total["visit_s"]["n"]), (1, 1, 1))

    def test_pass_bys(self):
        total = figures(cross(0, "in"), fact(1, "pass_by", 2, line="street", dir="in"),
                        fact(2, "pass_by", 3, line="street", dir="out"))["total"]
        self.assertAlmostEqual(total["capture_rate"], 1 / 3)

    def test_staff_do_not_count(self):
        total = figures(cross(0, "in", staff=True))["total"]
        self.assertEqual(total["traffic_in"], 0)

    def test_occupancy(self):
        hours = figures(cross(1800, "in"), cross(1800, "in", 2), cross(5400, "out"))["hours"]
        self.assertEqual((hours[0]["occupancy_mean"], hours[0]["occupancy_max"]), (1, 2))
        self.assertEqual((hours[1]["occupancy_mean"], hours[1]["occupancy_max"]), (1.5, 2))
        self.assertEqual((hours[2]["occupancy_mean"], hours[2]["occupancy_max"]), (1, 1))

    def test_visit_belongs_to_its_entry(self):
        hours = figures(cross(3599, "in"), cross(3700, "out"))["hours"]
        self.assertEqual((hours[0]["visit_s"]["n"], hours[1]["visit_s"]["n"]), (1, 0))


class Zones(unittest.TestCase):
    def stay(self, start, end, agent=1):
        return (fact(start, "zone.enter", agent, zone="z"), fact(end, "zone.leave", agent, zone="z"))

    def test_dwell(self):
        zone = figures(*self.stay(0, 10), *self.stay(20, 50), *self.stay(5, 25, 2))["total"]["zones"]["z"]
        self.assertEqual(zone["visitors"], 2)
        self.assertEqual(zone["dwell_s"], {"n": 3, "mean": 20, "median": 20, "p90": 30,
                                           "median_band": [9.999, 30.001], "p90_band": [19.999, None]})

    def test_engaged(self):
        """Ever, not on average."""
        zone = figures(*self.stay(0, 14.9), *self.stay(20, 34.9), *self.stay(0, 15, 2),
                       *self.stay(20, 22, 2), *self.stay(0, 1.9, 3))["total"]["zones"]["z"]
        self.assertEqual((zone["visitors"], zone["engaged"]), (2, 1))

    def test_bounces(self):
        """Short, and engaged in nothing; absences are no time in the store."""
        total = figures(cross(0, "in"), cross(59, "out"),
                        cross(0, "in", 2), *self.stay(10, 26, 2), cross(59, "out", 2),
                        cross(0, "in", 3), cross(30, "out", 3), cross(400, "in", 3), cross(429, "out", 3),
                        cross(0, "in", 4), cross(61, "out", 4))["total"]
        self.assertEqual((total["bounces"], total["visit_s"]["n"]), (2, 4))

    def test_short_stays_do_not_count(self):
        zone = figures(*self.stay(0, 1.9))["total"]["zones"]["z"]
        self.assertEqual((zone["visitors"], zone["dwell_s"]["n"], zone["dwell_s"]["mean"]), (0, 0, None))
        self.assertEqual(figures(*self.stay(0, 1.9), min_dwell=1)["total"]["zones"]["z"]["visitors"], 1)


class Sight(unittest.TestCase):
    """Zones as far as cameras see, which look at every half second."""

    def zone(self, *facts):
        head = {**header(), "sight": True}
        return figures(*facts, head=head)["total"]["zones"]["z"]

    def stay(self, start, end, agent=1):
        return Zones.stay(self, start, end, agent)

    def seen(self, start, end, agent=1):
        return fact(start, "sight.found", agent), fact(end, "sight.lost", agent)

    def test_absence_that_nobody_sees(self):
        """Out of the zone from 10.2 to 11.8; the looks of 10.5, 11 and 11.5 are what tells."""
        stays = self.stay(3, 10.2), self.stay(11.8, 20)
        for spans, n, mean in (((0, 10.5), (12, 30)), 1, 17), (((0, 11), (12, 30)), 2, 7.7), (
                ((0, 10.5), (11.5, 30)), 2, 7.7), (((0, 30),), 2, 7.7):
            zone = self.zone(*stays[0], *stays[1], *(each for span in spans for each in self.seen(*span)))
            self.assertEqual((zone["dwell_s"]["n"], zone["visitors"], zone["peak"]), (n, 1, 1))
            self.assertAlmostEqual(zone["dwell_s"]["mean"], mean)

    def test_stay_that_nobody_sees(self):
        zone = self.zone(*self.stay(10.2, 20.2), *self.seen(0, 10.5), *self.seen(20.5, 30))
        self.assertEqual((zone["dwell_s"]["n"], zone["visitors"], zone["peak"]), (0, 0, 0))
        zone = self.zone(*self.stay(10.2, 20.2), *self.seen(0, 11), *self.seen(20.5, 30))
        self.assertEqual((zone["dwell_s"]["n"], zone["dwell_s"]["mean"]), (1, 10))

    def test_nobody_is_seen_before_it_is_told(self):
        self.assertEqual(self.zone(*self.stay(3, 10))["visitors"], 0)

    def test_it_goes_on(self):
        """Who is still inside at the end counts when his stay is over, but is there."""
        zone = self.zone(fact(3, "zone.enter", 1, zone="z"), *self.seen(0, 60))
        self.assertEqual((zone["visitors"], zone["peak"]), (0, 1))

    def test_band(self):
        """Whether it was 2 s nobody can tell whose way in, at 1.2, was out of sight from 0.5 to 2."""
        zone = self.zone(*self.stay(1.2, 3.5), *self.seen(0, .5), *self.seen(2, 9))
        self.assertEqual((zone["dwell_s"]["n"], zone["visits_band"], zone["visitors_band"]), (1, [0, 1], [0, 1]))
        self.assertEqual(self.zone(*self.stay(1.2, 3.5), *self.seen(0, 9))["visits_band"], [1, 1])
        self.assertEqual(self.zone(*self.stay(1.2, 3.19998), *self.seen(0, 9))["visits_band"], [0, 1])
        self.assertEqual(self.zone(*self.stay(1.2, 3.1999), *self.seen(0, 9))["visits_band"], [0, 0])
        self.assertEqual(self.zone(*self.stay(1.2, 16.20002), *self.seen(0, 99))["engaged_band"], [0, 1])


class Quantiles(unittest.TestCase):
    def test_band(self):
        hundred = list(range(100))
        self.assertEqual(kpi_truth.band(hundred, .5), [47, 51])
        self.assertEqual(kpi_truth.band(hundred, .9), [87, 91])
        self.assertEqual(kpi_truth.band([1, 2, 2, 2, 3], .5), [1, 3])
        self.assertEqual(kpi_truth.band([7], .5), [None, None])
        self.assertIsNone(kpi_truth.band([], .5))


class Queues(unittest.TestCase):
    def wait(self, join, served, end, agent=1):
        return (fact(join, "queue.join", agent, group="tills", position=1),
                fact(served, "queue.served", agent, lane="one", group="tills"),
                fact(end, "queue.service_end", agent, lane="one", group="tills"))

    def test_wait_and_service(self):
        total = figures(*self.wait(0, 30, 90), *self.wait(0, 90, 100, 2))["total"]
        queue = total["queues"]["tills"]
        self.assertEqual((queue["joined"], queue["wait_s"]["mean"], queue["length_max"]), (2, 60, 2))
        self.assertEqual(total["lanes"]["one"]["service_s"]["mean"], 35)
        self.assertAlmostEqual(queue["length_mean"], 120 / (3 * 3600))

    def test_passing_through_is_not_queuing(self):
        queue = figures(*self.wait(0, 4, 10))["total"]["queues"]["tills"]
        self.assertEqual((queue["joined"], queue["wait_s"]["n"], queue["service_s"]["n"]), (0, 0, 1))

    def test_out_of_the_area_is_not_queuing(self):
        """The fifth second counts, and being called ends nothing before the area is left."""
        def out(at, served, agent):
            join, serve, end = self.wait(0, served, 60, agent)
            return (join, fact(4, "queue.called", agent, lane="one", group="tills"),
                    fact(at, "queue.out", agent, group="tills"), serve, end)
        queue = figures(*out(4.999, 9, 1))["total"]["queues"]["tills"]
        self.assertEqual((queue["joined"], queue["wait_s"]["n"], queue["served"]), (0, 0, 1))
        queue = figures(*out(5, 9, 1))["total"]["queues"]["tills"]
        self.assertEqual((queue["joined"], queue["wait_s"]["mean"]), (1, 9))

    def test_service_level(self):
        queue = figures(*self.wait(0, 300, 310), *self.wait(0, 301, 310, 2), *self.wait(0, 20, 30, 3),
                        fact(0, "queue.join", 4, lane="two", position=1))["total"]["queues"]
        self.assertAlmostEqual(queue["tills"]["service_level"], 2 / 3)
        self.assertEqual(queue["two"]["service_level"], 0)

    def test_who_still_waits_has_joined(self):
        queue = figures(fact(0, "queue.join", 1, lane="two", position=1))["total"]["queues"]["two"]
        self.assertEqual((queue["joined"], queue["wait_s"]["n"], queue["length_mean"]), (1, 0, 1))

    def test_length_is_sampled_each_second(self):
        queue = figures(*self.wait(.5, 6.4, 9), *self.wait(.2, 5.4, 9, 2))["total"]["queues"]["tills"]
        self.assertAlmostEqual(queue["length_mean"], (6 + 5) / (3 * 3600))
        lengths = figures(*self.wait(0, 30, 90))["queue_length_5min"]["tills"]
        self.assertEqual((len(lengths), lengths[0], lengths[1]), (36, .1, 0))

    def test_open_hours(self):
        lanes = figures(fact(0, "lane.open", 0, lane="one"), fact(600, "lane.close", 0, lane="one"),
                        *self.wait(500, 520, 660))["total"]["lanes"]
        self.assertEqual(lanes["one"]["open_hours"], 840 / 3600)
        self.assertEqual(lanes["two"]["open_hours"], 0)

    def test_abandonment(self):
        def gives_up(agent, t, left):
            return (fact(0, "queue.join", agent, lane="two", position=1),
                    fact(t, "queue.abandon", agent, lane="two", position=1),
                    fact(left, "queue.left", agent, lane="two"))
        queue = figures(*gives_up(1, 40, 40.5), *gives_up(2, 8, 8.5))["total"]["queues"]["two"]
        self.assertEqual((queue["joined"], queue["abandoned"], queue["abandonment_rate"]), (2, 1, .5))

    def test_stands_in_line_until_there_is_a_way_out(self):
        """One comes while the other, who has given up at 39.5, cannot leave until 41."""
        queue = figures(fact(0, "queue.join", 1, lane="two", position=1),
                        fact(39.5, "queue.abandon", 1, lane="two", position=1),
                        fact(41.5, "queue.left", 1, lane="two"),
                        fact(40, "queue.join", 2, lane="two", position=1))["total"]["queues"]["two"]
        self.assertEqual((queue["length_max"], queue["abandoned"]), (2, 1))


class Sales(unittest.TestCase):
    def receipt(self, kind, amount, units=1):
        return fact(5, "receipt", 1, kind=kind, amount=amount, terminal="P1", lane="one",
                    items=[{"sku": "x", "units": units, "price": 1}])

    def test_net_revenue(self):
        total = figures(cross(0, "in"), cross(1, "in", 2), self.receipt("sale", 10.5, 3),
                        self.receipt("refund", 2.5), self.receipt("void", 4),
                        self.receipt("no_sale", 0))["total"]
        self.assertEqual((total["transactions"], total["revenue"]), (1, 8))
        self.assertEqual((total["units_per_transaction"], total["conversion_rate"]), (3, .5))


    def test_kinds_and_pairs(self):
        def basket(t, *skus, kind="sale"):
            return fact(t, "receipt", 1, kind=kind, amount=2, terminal="P1", lane="one",
                        items=[{"sku": sku, "units": 1, "price": 1} for sku in skus])
        result = figures(basket(1, "a", "b"), basket(2, "b", "a", "c"), basket(3, "c"), basket(4, "b"),
                         basket(5, "a", "b", kind="refund"), basket(6, kind="no_sale"))
        total = result["total"]
        self.assertEqual((total["refunds"], total["refunded"], total["no_sales"], total["voids"]),
                         (1, 2, 1, 0))
        self.assertEqual(result["pairs"],
                         [{"skus": ["a", "b"], "count": 2, "support": .5, "confidence": 1,
                           "lift": 2 * 4 / (2 * 3)}])


class Long(unittest.TestCase):
    """Lane two has a line of its own; a lane that nobody opens has no estimated wait."""

    def stands(self, agent, join, out):
        return (fact(join, "queue.join", agent, lane="two", position=1),
                fact(out, "queue.out", agent, lane="two"),
                fact(out + 1, "queue.served", agent, lane="two"),
                fact(out + 9, "queue.service_end", agent, lane="two"))

    def spells(self, *facts):
        return [[(begin - NOON) / SECOND, end and (end - NOON) / SECOND]
                for begin, end in figures(*facts)["queue_long"]["two"]]

    def test_somebody_waits(self):
        """Over 8 min from the look after on; who leaves over its edge at 600.2 is out at 600.5."""
        self.assertEqual(self.spells(*self.stands(1, 0, 600.2)), [[480.5, 600.5]])
        self.assertEqual(self.spells(*self.stands(1, 0, 510)), [])
        self.assertEqual(self.spells(*self.stands(1, 0, 511)), [[480.5, 511]])

    def test_it_goes_on(self):
        self.assertEqual(self.spells(fact(0, "queue.join", 1, lane="two", position=1)), [[480.5, None]])

    def test_over_below_three_quarters(self):
        """At 600 the next one has waited 400 s; the one after him at 700 for 300 s."""
        self.assertEqual(self.spells(*self.stands(1, 0, 600), *self.stands(2, 200, 700),
                                     *self.stands(3, 400, 701)), [[480.5, 700]])

    def test_estimate(self):
        """One service of 8 min, known 2 s after its end; two in line at one lane are twice that."""
        facts = (fact(0, "queue.served", 9, lane="two"), fact(480, "queue.service_end", 9, lane="two"),
                 *self.stands(1, 400, 600), *self.stands(2, 420, 600))
        self.assertEqual(self.spells(*facts), [[482, 600]])

    def test_estimate_needs_an_open_lane(self):
        """3 min after the service nobody is there any more: only how long they waited is known."""
        facts = (fact(0, "queue.served", 9, lane="two"), fact(480, "queue.service_end", 9, lane="two"),
                 *self.stands(1, 600, 800), *self.stands(2, 600, 800))
        self.assertEqual(self.spells(*facts), [[605, 660]])
        self.assertEqual(self.spells(fact(500, "lane.open", 0, lane="two"), *facts), [[605, 800]])


class Time(unittest.TestCase):
    def test_clock_goes_back(self):
        """25 October in Lisbon: the hour from one to two comes twice, and the day has 25."""
        start = 1_792_882_800 * SECOND  # 2026-10-25T00:00+01:00
        periods = kpi_truth.Periods(start, start + 25 * HOUR, kpi_truth.zoneinfo.ZoneInfo("Europe/Lisbon"))
        self.assertEqual((len(periods.hours), len(periods.days)), (25, 1))
        self.assertEqual([key[1] for _, key in periods.hours][:4], [0, 1, 1, 2])

    def test_clock_goes_on(self):
        start = 1_774_742_400 * SECOND  # 2026-03-29T00:00Z
        periods = kpi_truth.Periods(start, start + 24 * HOUR, kpi_truth.zoneinfo.ZoneInfo("Europe/Lisbon"))
        self.assertEqual((len(periods.hours), len(periods.days)), (24, 2))

    def test_odd_offset(self):
        periods = kpi_truth.Periods(NOON, NOON + 2 * HOUR, kpi_truth.zoneinfo.ZoneInfo("Asia/Kathmandu"))
        self.assertEqual([t - NOON for t in periods.hour_starts], [0, HOUR // 4, 5 * HOUR // 4])

    def test_no_header(self):
        with self.assertRaises(ValueError):
            kpi_truth.compute([json.dumps(cross(0, "in"))])


class Simulated(unittest.TestCase):
    def test_kiosk(self):
        """The script of the shipped store, told by the program, adds up."""
        told = subprocess.run([INVEYE, "simulate", "--scenario", KIOSK, "--seed", "4", "--days", "8",
                               "--script", "-"], capture_output=True, text=True, check=True)
        result = kpi_truth.compute(told.stdout.splitlines())
        total = result["total"]
        begun = told.stdout.count('"fact":"visit.begin"')
        self.assertGreater(begun, 500)
        self.assertEqual((total["footfall"], total["unique_visitors"], total["visit_s"]["n"]), (begun,) * 3)
        self.assertEqual(total["traffic_in"], total["traffic_out"])
        self.assertEqual(total["turn_backs"], told.stdout.count('"fact":"turn_back"'))
        self.assertEqual(total["transactions"], told.stdout.count('"fact":"queue.service_end"'))
        for name in ("footfall", "traffic_in", "transactions", "turn_backs"):
            for step in ("days", "hours"):
                self.assertEqual(sum(each[name] for each in result[step]), total[name])
        sunday = result["days"][6]
        self.assertEqual((sunday["footfall"], sunday["end"] - sunday["start"]), (0, 23 * HOUR))


class Tap(unittest.TestResult):
    n = 0

    def tell(self, word, test, more=""):
        self.n += 1
        print(f"{word} {self.n} - {test.id().removeprefix('__main__.')}", flush=True)
        for line in more.splitlines():
            print(f"# {line}")

    def addSuccess(self, test):
        self.tell("ok", test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.tell("not ok", test, "".join(traceback.format_exception(*err)))

    addError = addFailure


if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    print(f"1..{suite.countTestCases()}", flush=True)
    result = Tap()
    suite.run(result)
    sys.exit(not result.wasSuccessful())
