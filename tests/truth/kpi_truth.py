#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The true figures of a simulated store, from the agents' script alone (standard library only).

Usage: kpi_truth.py SCRIPT [--reentry-minutes 15] [--min-dwell 2] [--turn-back 2] [--out FILE]

It shares no code with the product, on purpose: docs/kpis.md says what a figure means, docs/simulator.md
what a fact means, and this program is a second reading of both. Staff count nowhere. Every figure
belongs to the period that its fact belongs to: a crossing its time, a visit its entry, a dwell its zone
entry, a wait or abandonment its join, a service its start, a sale its time. Joined is who stood in the
line for 5 s before being called to a till or giving up; the length of a line is sampled each second. Periods are the hours and
days of the store's own time; an hour that comes twice is two hours.
"""
import argparse
import bisect
import collections
import datetime
import itertools
import json
import math
import sys
import zoneinfo

SECOND = 1_000_000
STRETCH = 15 * 60 * SECOND  # offsets of time zones are multiples of it
JOIN_LEAST = 5 * SECOND     # queuing for less is passing through
ABANDON_LEAST = 10 * SECOND
ENGAGED_LEAST = 15 * SECOND
BOUNCE_BELOW = 60 * SECOND
# Kinds of zones in which people stay because of what is there.
ENGAGING = {"product", "promotion", "fitting", "service", "checkout"}
OPEN_AFTER_SERVICE = 3 * 60 * SECOND
BUCKET = 5 * 60 * SECOND
PAIRS_MAX = 50  # told, the most frequent first


def quantile(ordered, share):
    """Nearest rank; None of nothing."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


def band(ordered, share, ranks=.01):
    """The values that a quantile within 1 % of rank lies strictly between; None: no bound. Fewer than
    that many of the values lie between it and the true one."""
    if not ordered:
        return None
    true, most = quantile(ordered, share), math.floor(ranks * len(ordered))
    low = bisect.bisect_left(ordered, true) - 1 - most
    high = bisect.bisect_right(ordered, true) + most
    return [ordered[low] if low >= 0 else None, ordered[high] if high < len(ordered) else None]


def spread(values):
    ordered = sorted(values)
    return {"n": len(ordered), "mean": sum(ordered) / len(ordered) if ordered else None,
            "median": quantile(ordered, .5), "p90": quantile(ordered, .9),
            "median_band": band(ordered, .5), "p90_band": band(ordered, .9)}


class Periods:
    """Where the store's hours and days begin."""

    def __init__(self, start, until, zone):
        self.zone, self.until = zone, until
        self.hours, self.days = [], []
        for t in [start, *range(start - start % STRETCH + STRETCH, until, STRETCH)]:
            local = self.local(t)
            hour = (local.date(), local.hour, local.utcoffset())
            if not self.hours or hour != self.hours[-1][1]:
                self.hours.append((t, hour))
            if not self.days or local.date() != self.days[-1][1]:
                self.days.append((t, local.date()))
        self.hour_starts = [t for t, _ in self.hours]
        self.day_starts = [t for t, _ in self.days]

    def local(self, t):
        return datetime.datetime.fromtimestamp(t // SECOND, self.zone)

    def keys(self, t):
        """The hour, the day and the whole that hold t."""
        return (("hour", max(0, bisect.bisect_right(self.hour_starts, t) - 1)),
                ("day", max(0, bisect.bisect_right(self.day_starts, t) - 1)), ("total", 0))

    def bounds(self, key):
        kind, i = key
        if kind == "total":
            return self.hour_starts[0], self.until
        starts = self.hour_starts if kind == "hour" else self.day_starts
        return starts[i], starts[i + 1] if i + 1 < len(starts) else self.until


class Sums:
    """Counts, sets and lists of values, for each period they fall in."""

    def __init__(self, periods):
        self.periods = periods
        self.counts = collections.Counter()
        self.sets = collections.defaultdict(set)
        self.lists = collections.defaultdict(list)

    def count(self, t, name, by=1):
        for key in self.periods.keys(t):
            self.counts[key, name] += by

    def gather(self, t, name, value):
        for key in self.periods.keys(t):
            self.lists[key, name].append(value)

    def mark(self, t, name, member):
        for key in self.periods.keys(t):
            self.sets[key, name].add(member)


class Level:
    """A number of people over time: its time-weighted mean and its maximum in each period."""

    def __init__(self):
        self.changes = []

    def change(self, t, by):
        self.changes.append((t, by))

    def over(self, start, end):
        self.changes.sort()
        i = bisect.bisect_right(self.changes, (start, math.inf))
        level = self.levels()[i]
        area, most, last = 0, level, start
        while i < len(self.changes) and self.changes[i][0] < end:
            t, by = self.changes[i]
            area += level * (t - last)
            level, last, i = level + by, t, i + 1
            if i == len(self.changes) or self.changes[i][0] != t:
                most = max(most, level)
        return (area + level * (end - last)) / (end - start), most

    def levels(self):
        """Level before each change, and after the last."""
        if len(getattr(self, "before", ())) != len(self.changes) + 1:
            self.before = [0]
            for _, by in self.changes:
                self.before.append(self.before[-1] + by)
        return self.before


def full_second(t):
    """The first second at which a change at t is seen by somebody who looks each second."""
    return -(-t // SECOND) * SECOND


def union(spans):
    """Spans of time without overlaps, in order."""
    merged = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged


class Truth:
    def __init__(self, header, reentry, min_dwell, turn_back):
        self.header = header
        self.periods = Periods(header["t"], header["until"],
                               zoneinfo.ZoneInfo(header["time_zone"]))
        self.sums = Sums(self.periods)
        self.reentry, self.min_dwell, self.turn_back = reentry, min_dwell, turn_back
        self.inside, self.waiting = Level(), collections.defaultdict(Level)
        self.crossings = collections.defaultdict(list)
        self.in_zone, self.join, self.called, self.service = {}, {}, {}, {}
        self.engaging = {zone["id"] for zone in header["zones"] if zone["kind"] in ENGAGING}
        self.engaged = collections.defaultdict(list)  # beginnings of such stays, by agent
        self.staffed, self.open_spans = {}, collections.defaultdict(list)
        self.baskets = []
        self.entrances = {line["id"] for line in header["lines"] if line["kind"] == "entrance"}
        self.group_of = {lane["id"]: lane.get("group") for lane in header["lanes"]}

    # --- one method a fact ---

    def line_cross(self, fact):
        if fact["line"] not in self.entrances:
            return
        inwards = fact["dir"] == "in"
        self.sums.count(fact["t"], "traffic_in" if inwards else "traffic_out")
        self.inside.change(fact["t"], 1 if inwards else -1)
        self.crossings[fact["agent"]].append((fact["t"], inwards))

    def pass_by(self, fact):
        self.sums.count(fact["t"], "pass_bys")

    def zone_enter(self, fact):
        self.in_zone[fact["agent"], fact["zone"]] = fact["t"]

    def zone_leave(self, fact):
        entered = self.in_zone.pop((fact["agent"], fact["zone"]), None)
        if entered is None or fact["t"] - entered < self.min_dwell:
            return
        self.sums.gather(entered, ("zone", fact["zone"], "dwell"), (fact["t"] - entered) / SECOND)
        self.sums.mark(entered, ("zone", fact["zone"], "visitors"), fact["agent"])
        if fact["t"] - entered >= ENGAGED_LEAST:
            self.sums.mark(entered, ("zone", fact["zone"], "engaged"), fact["agent"])
            if fact["zone"] in self.engaging:
                self.engaged[fact["agent"]].append(entered)

    def queue_of(self, fact):
        return fact.get("group") or self.group_of.get(fact.get("lane")) or fact["lane"]

    def queue_join(self, fact):
        self.join[fact["agent"]] = (fact["t"], self.queue_of(fact))

    def queue_called(self, fact):
        if fact["agent"] in self.join:
            self.called[fact["agent"]] = fact["t"]

    def end_of_wait(self, agent, end):
        """(join, queue) when the one who waits has stood in line long enough to have joined."""
        joined, queue = self.join.pop(agent, (None, None))
        stood_until = self.called.pop(agent, end)
        if joined is None or stood_until - joined < JOIN_LEAST:
            return None, None
        self.sums.count(joined, ("queue", queue, "joined"))
        self.waiting[queue].change(full_second(joined), 1)
        self.waiting[queue].change(full_second(end), -1)
        return joined, queue

    def queue_served(self, fact):
        joined, queue = self.end_of_wait(fact["agent"], fact["t"])
        if joined is not None:
            self.sums.gather(joined, ("queue", queue, "wait"), (fact["t"] - joined) / SECOND)
        self.service[fact["agent"]] = fact["t"]

    def queue_abandon(self, fact):
        joined, queue = self.end_of_wait(fact["agent"], fact["t"])
        if joined is not None and fact["t"] - joined >= ABANDON_LEAST:
            self.sums.count(joined, ("queue", queue, "abandoned"))

    def queue_service_end(self, fact):
        start = self.service.pop(fact["agent"], None)
        if start is None:
            return
        seconds = (fact["t"] - start) / SECOND
        self.sums.gather(start, ("lane", fact["lane"], "service"), seconds)
        self.sums.gather(start, ("queue", self.queue_of(fact), "service"), seconds)
        self.open_spans[fact["lane"]].append((start, fact["t"] + OPEN_AFTER_SERVICE))

    def lane_open(self, fact):
        self.staffed[fact["lane"]] = fact["t"]

    def lane_close(self, fact):
        opened = self.staffed.pop(fact["lane"], None)
        if opened is not None:
            self.open_spans[fact["lane"]].append((opened, fact["t"]))

    def receipt(self, fact):
        self.sums.count(fact["t"], ("receipts", fact["kind"]))
        if fact["kind"] == "sale":
            self.sums.count(fact["t"], "transactions")
            self.sums.count(fact["t"], "units", sum(item["units"] for item in fact["items"]))
            self.baskets.append({item["sku"] for item in fact["items"]})
        if fact["kind"] in ("sale", "refund"):
            cents = round(fact["amount"] * 100)
            self.sums.count(fact["t"], "cents", cents if fact["kind"] == "sale" else -cents)
            self.sums.count(fact["t"], ("cents", fact["kind"]), cents)

    # --- visits, from the crossings of a person ---

    def visits_of(self, agent, crossings):
        """Footfall, visits and their durations. A crossing in that goes out again within `turn_back`
        is no visit; an absence up to `reentry` goes on with the one before."""
        first, last_out, inside = None, None, 0
        i = 0
        while i < len(crossings):
            t, inwards = crossings[i]
            out = crossings[i + 1][0] if i + 1 < len(crossings) else None
            i += 2
            if not inwards:
                i -= 1
                continue
            if out is not None and out - t <= self.turn_back:
                self.sums.count(t, "turn_backs")
                continue
            if first is None or t - last_out > self.reentry:
                self.close(agent, first, last_out, inside)
                self.sums.count(t, "footfall")
                self.sums.mark(t, "unique_visitors", agent)
                first, inside = t, 0
            if out is None:
                return  # still inside: the visit is not closed
            inside, last_out = inside + out - t, out
        self.close(agent, first, last_out, inside)

    def close(self, agent, entered, left, inside):
        if entered is None:
            return
        self.sums.gather(entered, "visit", inside / SECOND)
        stays = self.engaged[agent]
        engaged = bisect.bisect_right(stays, left) > bisect.bisect_left(stays, entered)
        self.sums.count(entered, "bounces", inside < BOUNCE_BELOW and not engaged)

    def finish_lanes(self):
        """Self-checkouts are open whenever they are switched on, which nobody sees: always."""
        for lane in self.header["lanes"]:
            if lane["self_checkout"]:
                self.open_spans[lane["id"]] = [(self.header["t"], self.periods.until)]
            elif lane["id"] in self.staffed:
                self.open_spans[lane["id"]].append((self.staffed[lane["id"]], self.periods.until))
            self.open_spans[lane["id"]] = union(self.open_spans[lane["id"]])

    def finish(self):
        for agent in list(self.join):  # they wait on when the script ends
            self.end_of_wait(agent, self.periods.until)
        self.finish_lanes()
        for stays in self.engaged.values():
            stays.sort()
        for agent, crossings in self.crossings.items():
            self.visits_of(agent, crossings)

    # --- what comes out ---

    def traffic(self, key):
        get = lambda name: self.sums.counts[key, name]
        seen = get("traffic_in") + get("pass_bys")
        mean, most = self.inside.over(*self.periods.bounds(key))
        return {"traffic_in": get("traffic_in"), "traffic_out": get("traffic_out"),
                "footfall": get("footfall"), "turn_backs": get("turn_backs"),
                "pass_bys": get("pass_bys"),
                "unique_visitors": len(self.sums.sets[key, "unique_visitors"]),
                "capture_rate": get("traffic_in") / seen if seen else None,
                "occupancy_mean": mean, "occupancy_max": most,
                "visit_s": spread(self.sums.lists[key, "visit"]), "bounces": get("bounces")}

    def sales(self, key):
        get = lambda name: self.sums.counts[key, name]
        n, footfall = get("transactions"), get("footfall")
        return {"transactions": n, "revenue": get("cents") / 100, "units": get("units"),
                "refunds": get(("receipts", "refund")), "voids": get(("receipts", "void")),
                "no_sales": get(("receipts", "no_sale")),
                "refunded": get(("cents", "refund")) / 100,
                "average_value": get("cents") / 100 / n if n else None,
                "units_per_transaction": get("units") / n if n else None,
                "conversion_rate": n / footfall if footfall else None,
                "sales_per_visitor": get("cents") / 100 / footfall if footfall else None}

    def zones(self, key):
        return {zone["id"]: {
            "visitors": len(self.sums.sets[key, ("zone", zone["id"], "visitors")]),
            "engaged": len(self.sums.sets[key, ("zone", zone["id"], "engaged")]),
            "dwell_s": spread(self.sums.lists[key, ("zone", zone["id"], "dwell")])}
            for zone in self.header["zones"]}

    def queues(self, key):
        names = dict.fromkeys(lane.get("group") or lane["id"] for lane in self.header["lanes"])
        result = {}
        for name in names:
            joined = self.sums.counts[key, ("queue", name, "joined")]
            abandoned = self.sums.counts[key, ("queue", name, "abandoned")]
            mean, most = self.waiting[name].over(*self.periods.bounds(key))
            result[name] = {
                "joined": joined, "abandoned": abandoned,
                "abandonment_rate": abandoned / joined if joined else None,
                "served": len(self.sums.lists[key, ("queue", name, "service")]),
                "wait_s": spread(self.sums.lists[key, ("queue", name, "wait")]),
                "service_s": spread(self.sums.lists[key, ("queue", name, "service")]),
                "length_mean": mean, "length_max": most}
        return result

    def open_hours(self, lane, key):
        start, end = self.periods.bounds(key)
        return sum(max(0, min(b, end) - max(a, start))
                   for a, b in self.open_spans[lane]) / (3600 * SECOND)

    def lanes(self, key):
        return {lane["id"]: {
            "served": len(self.sums.lists[key, ("lane", lane["id"], "service")]),
            "service_s": spread(self.sums.lists[key, ("lane", lane["id"], "service")]),
            "open_hours": self.open_hours(lane["id"], key)}
            for lane in self.header["lanes"]}

    def lengths(self):
        """Of each line the mean length of every 5 minutes, from the 5 minutes of the start on."""
        start = self.header["t"] - self.header["t"] % BUCKET
        return {name: [level.over(t, min(t + BUCKET, self.periods.until))[0]
                       for t in range(start, self.periods.until, BUCKET)]
                for name, level in sorted(self.waiting.items())}

    def insides(self):
        """People inside at the end of every 5 minutes."""
        start, levels = self.header["t"] - self.header["t"] % BUCKET, self.inside.levels()
        self.inside.changes.sort()
        return [levels[bisect.bisect_left(self.inside.changes, (t, -math.inf))]
                for t in range(start + BUCKET, self.periods.until + BUCKET, BUCKET)]

    def pairs(self, least=2):
        """What is in one basket together: the share of baskets, and the lift, of each pair."""
        single, both = collections.Counter(), collections.Counter()
        for basket in self.baskets:
            single.update(basket)
            both.update(itertools.combinations(sorted(basket), 2))
        n = len(self.baskets)
        found = [{"skus": list(pair), "count": count, "support": count / n,
                  "lift": count * n / (single[pair[0]] * single[pair[1]])}
                 for pair, count in both.items() if count >= least]
        return sorted(found, key=lambda pair: (-pair["count"], pair["skus"]))[:PAIRS_MAX]

    def figures(self, key):
        start, end = self.periods.bounds(key)
        return {"start": start, "end": end,
                "local": self.periods.local(start).isoformat(timespec="minutes"),
                **self.traffic(key), **self.sales(key), "zones": self.zones(key),
                "queues": self.queues(key), "lanes": self.lanes(key)}

    def result(self):
        self.finish()
        return {"store": self.header["store"], "seed": self.header["seed"],
                "time_zone": self.header["time_zone"], "currency": self.header["currency"],
                "queue_length_5min": self.lengths(), "inside_5min": self.insides(),
                "baskets": len(self.baskets), "pairs": self.pairs(),
                "total": self.figures(("total", 0)),
                "days": [self.figures(("day", i)) for i in range(len(self.periods.days))],
                "hours": [self.figures(("hour", i)) for i in range(len(self.periods.hours))]}


HANDLERS = {"line.cross": Truth.line_cross, "pass_by": Truth.pass_by,
            "zone.enter": Truth.zone_enter, "zone.leave": Truth.zone_leave,
            "queue.join": Truth.queue_join, "queue.called": Truth.queue_called,
            "lane.open": Truth.lane_open, "lane.close": Truth.lane_close,
            "queue.served": Truth.queue_served,
            "queue.abandon": Truth.queue_abandon, "queue.service_end": Truth.queue_service_end,
            "receipt": Truth.receipt}


def compute(lines, reentry_minutes=15, min_dwell=2, turn_back=2):
    """The figures of a script, given as lines of JSON; the first is its header."""
    lines = iter(lines)
    header = json.loads(next(lines))
    if header.get("fact") != "script" or header.get("version") != 1:
        raise ValueError("the first line is no header of a script of version 1")
    truth = Truth(header, int(reentry_minutes * 60 * SECOND), int(min_dwell * SECOND),
                  int(turn_back * SECOND))
    for line in lines:
        fact = json.loads(line)
        handler = HANDLERS.get(fact["fact"])
        if handler and not fact.get("staff"):
            handler(truth, fact)
    return truth.result()


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("script")
    parser.add_argument("--reentry-minutes", type=float, default=15)
    parser.add_argument("--min-dwell", type=float, default=2, help="seconds")
    parser.add_argument("--turn-back", type=float, default=2, help="seconds")
    parser.add_argument("--out", default="-")
    options = parser.parse_args(argv)
    with (sys.stdin if options.script == "-" else open(options.script, encoding="utf-8")) as script:
        result = compute(script, options.reentry_minutes, options.min_dwell, options.turn_back)
    with (sys.stdout if options.out == "-" else open(options.out, "w", encoding="utf-8")) as out:
        json.dump(result, out, indent=1)
        out.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
