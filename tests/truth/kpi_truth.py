#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The true figures of a simulated store, from the agents' script alone (standard library only).

Usage: kpi_truth.py SCRIPT [--reentry-minutes 15] [--min-dwell 2] [--turn-back 2] [--long-minutes 8]
                     [--out FILE]

It shares no code with the product, on purpose: docs/kpis.md says what a figure means, docs/simulator.md
what a fact means, and this program is a second reading of both. Staff count nowhere. Every figure
belongs to the period that its fact belongs to: a crossing its time, a visit its entry, a dwell its zone
entry, a wait or abandonment its join, a service its start, a sale its time. Joined is who was in the
area of the line for 5 s after coming to stand there (for 5 s and no less: the fifth counts); the length of a line is sampled each second. Periods are the hours and
days of the store's own time; an hour that comes twice is two hours.
"""
import argparse
import bisect
import collections
import itertools
import json
import math
import sys
import zoneinfo

import journeys_truth
import long_truth
import zone_truth
from sums import BUCKET, SECOND, Level, Periods, Sums, band, full_second, quantile, spread

JOIN_LEAST = 5 * SECOND     # queuing for less is passing through
ABANDON_LEAST = 10 * SECOND
ENGAGED_LEAST = 15 * SECOND
WAIT_TARGET = 5 * 60 * SECOND
BOUNCE_BELOW = 60 * SECOND
# Kinds of zones in which people stay because of what is there.
ENGAGING = {"product", "promotion", "fitting", "service", "checkout"}
OPEN_AFTER_SERVICE = 3 * 60 * SECOND
PAIRS_MAX = 50  # told, the most frequent first


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
    def __init__(self, header, reentry, min_dwell, turn_back, long_wait):
        self.header = header
        self.periods = Periods(header["t"], header["until"],
                               zoneinfo.ZoneInfo(header["time_zone"]))
        self.sums = Sums(self.periods)
        self.reentry, self.min_dwell, self.turn_back = reentry, min_dwell, turn_back
        self.long_wait = long_wait
        self.inside, self.waiting = Level(), collections.defaultdict(Level)
        self.zone_people = collections.defaultdict(Level)
        self.crossings = collections.defaultdict(list)
        self.stays = zone_truth.Stays(header.get("sight", False))
        self.join, self.out, self.service = {}, {}, {}
        self.engaging = {zone["id"] for zone in header["zones"] if zone["kind"] in ENGAGING}
        self.engaged = collections.defaultdict(list)  # beginnings of such stays, by agent
        self.staffed, self.open_spans = {}, collections.defaultdict(list)
        self.baskets = []
        self.journeys = journeys_truth.Journeys(header["zones"])
        self.at_line = {line["id"]: {"in": 0, "out": 0, "pass_bys": 0} for line in header["lines"]}
        self.entrances = {line["id"] for line in header["lines"] if line["kind"] == "entrance"}
        self.group_of = {lane["id"]: lane.get("group") for lane in header["lanes"]}
        self.standing = {}  # agent: (join, queue) of who has not left the line's area since
        self.long_lines = collections.defaultdict(lambda: long_truth.Line(0))
        for lane in header["lanes"]:
            self.long_lines[lane.get("group") or lane["id"]].n_self += lane["self_checkout"]

    # --- one method a fact ---

    def line_cross(self, fact):
        if fact["line"] not in self.entrances:
            return
        inwards = fact["dir"] == "in"
        self.at_line[fact["line"]]["in" if inwards else "out"] += 1
        self.sums.count(fact["t"], "traffic_in" if inwards else "traffic_out")
        self.inside.change(fact["t"], 1 if inwards else -1)
        self.crossings[fact["agent"]].append((fact["t"], inwards))

    def pass_by(self, fact):
        self.at_line[fact["line"]]["pass_bys"] += 1
        self.sums.count(fact["t"], "pass_bys")

    def zone_enter(self, fact):
        self.stays.enter(fact["agent"], fact["zone"], fact["t"])

    def zone_leave(self, fact):
        self.stays.leave(fact["agent"], fact["zone"], fact["t"])

    def sight_found(self, fact):
        self.stays.sight[fact["agent"]].found(fact["t"])

    def sight_lost(self, fact):
        self.stays.sight[fact["agent"]].lost(fact["t"])

    def queue_of(self, fact):
        return fact.get("group") or self.group_of.get(fact.get("lane")) or fact["lane"]

    def queue_join(self, fact):
        self.join[fact["agent"]] = self.standing[fact["agent"]] = (fact["t"], self.queue_of(fact))

    def leaves_line(self, agent, t):
        joined, queue = self.standing.pop(agent, (None, None))
        if joined is not None:
            self.long_lines[queue].stands(joined, t)

    def queue_out(self, fact):
        self.leaves_line(fact["agent"], fact["t"])
        if fact["agent"] in self.join:
            self.out[fact["agent"]] = fact["t"]

    def end_of_wait(self, agent, end):
        """(join, queue) when the one who waits was in the line's area long enough to have joined."""
        joined, queue = self.join.pop(agent, (None, None))
        stood_until = self.out.pop(agent, end)
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
            self.sums.count(joined, ("queue", queue, "in_target"), fact["t"] - joined <= WAIT_TARGET)
        self.service[fact["agent"]] = fact["t"]
        self.leaves_line(fact["agent"], fact["t"])

    def queue_left(self, fact):
        """Who has given up queues while he stands there: at the look before this one he still did."""
        end = fact["t"] - zone_truth.TICK
        joined, queue = self.end_of_wait(fact["agent"], end)
        if joined is not None and end - joined >= ABANDON_LEAST:
            self.sums.count(joined, ("queue", queue, "abandoned"))

    def queue_service_end(self, fact):
        start = self.service.pop(fact["agent"], None)
        if start is None:
            return
        self.journeys.services[fact["agent"]].append(start)
        seconds = (fact["t"] - start) / SECOND
        self.sums.gather(start, ("lane", fact["lane"], "service"), seconds)
        self.sums.gather(start, ("queue", self.queue_of(fact), "service"), seconds)
        self.open_spans[fact["lane"]].append((start, fact["t"] + OPEN_AFTER_SERVICE))
        self.long_lines[self.queue_of(fact)].serves(fact["lane"], start, fact["t"])

    def lane_open(self, fact):
        self.staffed[fact["lane"]] = fact["t"]

    def lane_close(self, fact):
        opened = self.staffed.pop(fact["lane"], None)
        if opened is not None:
            self.open_spans[fact["lane"]].append((opened, fact["t"]))
            self.long_lines[self.queue_of(fact)].manned(fact["lane"], opened, fact["t"])

    def receipt(self, fact):
        self.sums.count(fact["t"], ("receipts", fact["kind"]))
        if fact["kind"] == "sale":
            self.sums.count(fact["t"], "transactions")
            self.sums.count(fact["t"], "units", sum(item["units"] for item in fact["items"]))
            self.baskets.append({item["sku"] for item in fact["items"]})
            if fact.get("agent"):  # who has just been served pays; nobody else does
                self.journeys.paid[fact["agent"]].append(fact["t"])
                self.sums.count(fact["t"], "linked")
                self.sums.count(fact["t"], ("lane", fact["lane"], "linked"))
        if fact["kind"] in ("sale", "refund"):
            cents = round(fact["amount"] * 100)
            self.sums.count(fact["t"], "cents", cents if fact["kind"] == "sale" else -cents)
            self.sums.count(fact["t"], ("cents", fact["kind"]), cents)

    # --- stays in zones ---

    def stayed(self, agent, zone, stay):
        start, name = stay.start, lambda what: ("zone", zone, what)
        self.zone_people[zone].change(start, 1)
        if stay.end is None:
            return
        self.zone_people[zone].change(stay.end, -1)
        length = stay.end - start
        for least, what in ((self.min_dwell, "visitors"), (ENGAGED_LEAST, "engaged")):
            if length >= least:
                self.sums.mark(start, name(what), agent)
            if stay.least < least <= stay.most:  # as far as anybody could see it, maybe not, or maybe
                which = "unsure " if length >= least else "possible "
                self.sums.mark(start, name(which + what), agent)
                self.sums.count(start, name(which + what))
        if length >= self.min_dwell:
            self.journeys.stayed(agent, zone, start)
            self.sums.gather(start, name("dwell"), length / SECOND)
        if length >= ENGAGED_LEAST and zone in self.engaging:
            self.engaged[agent].append(start)

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
        self.journeys.visits.append((agent, entered, left, inside))
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
                self.long_lines[lane.get("group") or lane["id"]].manned(
                    lane["id"], self.staffed[lane["id"]], self.periods.until)
            self.open_spans[lane["id"]] = union(self.open_spans[lane["id"]])

    def finish(self):
        for agent in list(self.join):  # they wait on when the script ends
            self.end_of_wait(agent, self.periods.until)
        for agent in list(self.standing):
            self.leaves_line(agent, self.periods.until)
        self.finish_lanes()
        for agent, zone, stay in self.stays.seen():
            self.stayed(agent, zone, stay)
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
                "sales_per_visitor": get("cents") / 100 / footfall if footfall else None,
                "link_rate": get("linked") / n if n else None}

    def zones(self, key):
        return {zone["id"]: self.zone(zone["id"], key) for zone in self.header["zones"]}

    def zone(self, zone, key):
        """The bands: how many there are at least and at most, as far as anybody could see it."""
        people = lambda what: self.sums.sets[key, ("zone", zone, what)]
        band = lambda what: [len(people(what) - people("unsure " + what)),
                             len(people(what) | people("possible " + what))]
        visits = lambda which: self.sums.counts[key, ("zone", zone, which + "visitors")]
        dwell = spread(self.sums.lists[key, ("zone", zone, "dwell")])
        return {"visitors": len(people("visitors")), "engaged": len(people("engaged")),
                "visits_band": [dwell["n"] - visits("unsure "), dwell["n"] + visits("possible ")],
                "visitors_band": band("visitors"), "engaged_band": band("engaged"),
                "peak": self.zone_people[zone].over(*self.periods.bounds(key))[1], "dwell_s": dwell}

    def queues(self, key):
        names = dict.fromkeys(lane.get("group") or lane["id"] for lane in self.header["lanes"])
        result = {}
        for name in names:
            joined = self.sums.counts[key, ("queue", name, "joined")]
            in_target = self.sums.counts[key, ("queue", name, "in_target")]
            abandoned = self.sums.counts[key, ("queue", name, "abandoned")]
            mean, most = self.waiting[name].over(*self.periods.bounds(key))
            result[name] = {
                "joined": joined, "abandoned": abandoned,
                "abandonment_rate": abandoned / joined if joined else None,
                "in_target": in_target, "service_level": in_target / joined if joined else None,
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
        return {lane["id"]: self.lane(lane["id"], key) for lane in self.header["lanes"]}

    def lane(self, lane, key):
        services = self.sums.lists[key, ("lane", lane, "service")]
        linked, hours = self.sums.counts[key, ("lane", lane, "linked")], self.open_hours(lane, key)
        return {"served": len(services), "service_s": spread(services), "open_hours": hours,
                "served_per_open_hour": len(services) / hours if hours else None,
                "linked_share": linked / len(services) if services else None}

    def lengths(self):
        """Of each line the mean length of every 5 minutes, from the 5 minutes of the start on."""
        start = self.header["t"] - self.header["t"] % BUCKET
        return {name: [level.over(t, min(t + BUCKET, self.periods.until))[0]
                       for t in range(start, self.periods.until, BUCKET)]
                for name, level in sorted(self.waiting.items())}

    def longs(self):
        """[begin, end] of each time that a line was long, by line; the end is None while it is."""
        return {name: long_truth.spells(line, self.header["t"], self.periods.until, self.long_wait)
                for name, line in sorted(self.long_lines.items())}

    def insides(self):
        """People inside at the end of every 5 minutes."""
        start, levels = self.header["t"] - self.header["t"] % BUCKET, self.inside.levels()
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
                  "confidence": count / single[pair[0]],
                  "lift": count * n / (single[pair[0]] * single[pair[1]])}
                 for pair, count in both.items() if count >= least]
        return sorted(found, key=lambda pair: (-pair["count"], pair["skus"]))[:PAIRS_MAX]

    def peaks(self, hours):
        """Those whose footfall is above the 90th percentile of all, if there are ten."""
        limit = quantile(sorted(hour["footfall"] for hour in hours), .9)
        return [len(hours) >= 10 and hour["footfall"] > limit for hour in hours]

    def figures(self, key):
        start, end = self.periods.bounds(key)
        return {"start": start, "end": end,
                "local": self.periods.local(start).isoformat(timespec="minutes"),
                **self.traffic(key), **self.sales(key), "zones": self.zones(key),
                "queues": self.queues(key), "lanes": self.lanes(key)}

    def result(self):
        self.finish()
        hours = [self.figures(("hour", i)) for i in range(len(self.periods.hours))]
        for hour, peak in zip(hours, self.peaks(hours)):
            hour["peak"] = peak
        total, n = self.sums.counts, len(self.baskets)
        return {"store": self.header["store"], "seed": self.header["seed"],
                "time_zone": self.header["time_zone"], "currency": self.header["currency"],
                "queue_length_5min": self.lengths(), "inside_5min": self.insides(),
                "queue_long": self.longs(),
                "baskets": len(self.baskets), "pairs": self.pairs(),
                "items_per_basket": total[("total", 0), "units"] / n if n else None,
                "basket_value": total[("total", 0), ("cents", "sale")] / 100 / n if n else None,
                "lines": self.at_line, "journeys": self.journeys.result(),
                "total": self.figures(("total", 0)),
                "days": [self.figures(("day", i)) for i in range(len(self.periods.days))],
                "hours": hours}


HANDLERS = {"line.cross": Truth.line_cross, "pass_by": Truth.pass_by,
            "zone.enter": Truth.zone_enter, "zone.leave": Truth.zone_leave,
            "sight.found": Truth.sight_found, "sight.lost": Truth.sight_lost,
            "queue.join": Truth.queue_join, "queue.out": Truth.queue_out,
            "lane.open": Truth.lane_open, "lane.close": Truth.lane_close,
            "queue.served": Truth.queue_served,
            "queue.left": Truth.queue_left, "queue.service_end": Truth.queue_service_end,
            "receipt": Truth.receipt}


def compute(lines, reentry_minutes=15, min_dwell=2, turn_back=2, long_minutes=8):
    """The figures of a script, given as lines of JSON; the first is its header."""
    lines = iter(lines)
    header = json.loads(next(lines))
    if header.get("fact") != "script" or header.get("version") != 1:
        raise ValueError("the first line is no header of a script of version 1")
    truth = Truth(header, int(reentry_minutes * 60 * SECOND), int(min_dwell * SECOND),
                  int(turn_back * SECOND), int(long_minutes * 60 * SECOND))
    for line in lines:
        handler = HANDLERS.get(line[line.index('"fact"') + len('"fact"'):].split('"', 2)[1])
        if not handler:
            continue
        fact = json.loads(line)
        if not fact.get("staff"):
            handler(truth, fact)
    return truth.result()


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("script")
    parser.add_argument("--reentry-minutes", type=float, default=15)
    parser.add_argument("--min-dwell", type=float, default=2, help="seconds")
    parser.add_argument("--turn-back", type=float, default=2, help="seconds")
    parser.add_argument("--long-minutes", type=float, default=8, help="wait that makes a line long")
    parser.add_argument("--out", default="-")
    options = parser.parse_args(argv)
    with (sys.stdin if options.script == "-" else open(options.script, encoding="utf-8")) as script:
        result = compute(script, options.reentry_minutes, options.min_dwell, options.turn_back,
                         options.long_minutes)
    with (sys.stdout if options.out == "-" else open(options.out, "w", encoding="utf-8")) as out:
        json.dump(result, out, indent=1)
        out.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
