#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The true groups of a simulated store, from its script and its customers' positions (standard
library only).

Usage: groups_truth.py SCRIPT POSITIONS [--out FILE]

It shares no code with the product, on purpose; docs/kpis.md says what a group is. Two customers who
came in over the same entrance line belong together when they crossed it within 1.5 s (in whole ms) and
1.5 m of each other, and for 5 s from the later crossing on stay within 2.5 m of each other and in the store. A group
is who is joined by such pairs; who came alone is a group of one; who turns back at once (out again
within 2 s) is in none. A group belongs to the period of its first crossing.

`parties` holds the same against who really came together: pairs of people of one party of the script
who crossed the same line, and how many of the pairs found are such.
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
CLOSE_T, CLOSE_MM = 1_500_000, 1500
MS = 1000                   # who follows 3 looks later is 1.5 s later: times are compared in whole ms
TOGETHER_T, TOGETHER_MM = 5 * SECOND, 2500
TURN_BACK = 2 * SECOND
STRETCH = 15 * 60 * SECOND  # offsets of time zones are multiples of it
SIZES = 5                   # 1, 2, 3, 4, and 5 or more

Entrant = collections.namedtuple("Entrant", "t line agent party left")


def entrants_of(facts, entrances):
    """Customers' ways in, in order of time, each with its next way out (infinite: none)."""
    ways_in, outs = [], collections.defaultdict(list)
    for fact in facts:
        if fact["fact"] != "line.cross" or fact["staff"] or fact["line"] not in entrances:
            continue
        if fact["dir"] == "in":
            ways_in.append(fact)
        else:
            outs[fact["agent"]].append(fact["t"])
    result = []
    for fact in ways_in:
        later = outs[fact["agent"]]
        i = bisect.bisect_right(later, fact["t"])
        result.append(Entrant(fact["t"], fact["line"], fact["agent"], fact["party"],
                              later[i] if i < len(later) else math.inf))
    return result


class Paths:
    """Where the people of interest were, for a while after each of their ways in."""

    def __init__(self, lines, entrants):
        lines = iter(lines)
        header = json.loads(next(lines))
        if header.get("fact") != "positions" or header.get("version") != 1:
            raise ValueError("the first line is no header of positions of version 1")
        self.start, self.tick = header["t"], header["tick_us"]
        self.wanted = collections.defaultdict(list)
        for entrant in entrants:
            self.wanted[entrant.agent].append(self.tick_of(entrant.t))
        self.ahead = (CLOSE_T + TOGETHER_T) // self.tick + 2
        self.places = {}
        self.told = {}
        for line in lines:
            self.take(line)
        for agent in list(self.told):
            self.stand(agent, max(self.wanted[agent]) + self.ahead)

    def tick_of(self, t):
        return (t - self.start) // self.tick

    def is_wanted(self, agent, tick):
        starts = self.wanted[agent]
        i = bisect.bisect_right(starts, tick)
        return i > 0 and tick <= starts[i - 1] + self.ahead

    def stand(self, agent, until):
        """It stood where it was told last, up to the tick `until`."""
        tick, place = self.told[agent]
        for start in self.wanted[agent]:
            for at in range(max(tick, start), min(until, start + self.ahead) + 1):
                self.places[agent, at] = place

    def take(self, line):
        words = line.split()
        tick = int(words[0])
        for word in words[1:]:
            gone = word.startswith("-")
            agent, _, place = word.lstrip("-").partition(":")
            agent = int(agent)
            if agent not in self.wanted:
                continue
            if agent in self.told:
                self.stand(agent, tick - 1)
            if gone:
                self.told.pop(agent, None)
                continue
            x, y = place.split(",")
            self.told[agent] = (tick, (int(x), int(y)))
            if self.is_wanted(agent, tick):
                self.places[agent, tick] = self.told[agent][1]

    def at(self, agent, t):
        """Straight between two ticks; None where it is not there."""
        tick, rest = divmod(t - self.start, self.tick)
        here, there = self.places.get((agent, tick)), self.places.get((agent, tick + 1))
        if rest == 0 or here is None or there is None:
            return here
        share = rest / self.tick
        return tuple(a + share * (b - a) for a, b in zip(here, there))

    def apart(self, a, b, t, u):
        """Millimetres between a at t and b at u; infinite where one is not there."""
        p, q = self.at(a, t), self.at(b, u)
        return math.hypot(p[0] - q[0], p[1] - q[1]) if p and q else math.inf


def belong(paths, a, b):
    if a.line != b.line or a.agent == b.agent or round(abs(a.t - b.t) / MS) * MS > CLOSE_T:
        return False
    if paths.apart(a.agent, b.agent, a.t, b.t) > CLOSE_MM:
        return False
    start = max(a.t, b.t)
    end = start + TOGETHER_T
    if min(a.left, b.left) <= end:
        return False
    first = paths.start + (paths.tick_of(start) + 1) * paths.tick
    times = itertools.chain((start, end), range(first, end, paths.tick))
    return all(paths.apart(a.agent, b.agent, t, t) <= TOGETHER_MM for t in times)


def pairs_of(entrants, is_pair, within):
    for i, a in enumerate(entrants):
        for j in range(i + 1, len(entrants)):
            if entrants[j].t - a.t > within:
                break
            if is_pair(a, entrants[j]):
                yield i, j


def join(n, pairs):
    """Sets of numbers that pairs join, each in order; in order of their first."""
    root = list(range(n))

    def find(i):
        while root[i] != i:
            i = root[i]
        return i

    for i, j in pairs:
        i, j = find(i), find(j)
        root[max(i, j)] = min(i, j)
    sets = collections.defaultdict(list)
    for i in range(n):
        sets[find(i)].append(i)
    return [sets[i] for i in sorted(sets)]


def periods_of(header):
    """Beginnings of the store's hours and days."""
    zone, hours, days = zoneinfo.ZoneInfo(header["time_zone"]), [], []
    last_hour = last_day = None
    start, until = header["t"], header["until"]
    for t in [start, *range(start - start % STRETCH + STRETCH, until, STRETCH)]:
        local = datetime.datetime.fromtimestamp(t // SECOND, zone)
        hour = (local.date(), local.hour, local.utcoffset())
        if hour != last_hour:
            hours.append(t)
        if local.date() != last_day:
            days.append(t)
        last_hour, last_day = hour, local.date()
    return hours, days


def tell(groups):
    """groups: sizes."""
    by_size = [0] * SIZES
    for size in groups:
        by_size[min(size, SIZES) - 1] += 1
    return {"groups": len(groups), "people": sum(groups), "by_size": by_size,
            "size_mean": sum(groups) / len(groups) if groups else None}


def by_period(starts, groups):
    sizes = [[] for _ in starts]
    for t, size in groups:
        sizes[max(0, bisect.bisect_right(starts, t) - 1)].append(size)
    return [tell(some) for some in sizes]


def compute(script, positions):
    script = iter(script)
    header = json.loads(next(script))
    entrances = {line["id"] for line in header["lines"] if line["kind"] == "entrance"}
    facts = (json.loads(line) for line in script if '"line.cross"' in line)
    entrants = [e for e in entrants_of(facts, entrances) if e.left - e.t > TURN_BACK]
    paths = Paths(positions, entrants)
    found = list(pairs_of(entrants, lambda a, b: belong(paths, a, b), CLOSE_T + MS))
    same = set(pairs_of(entrants, lambda a, b: a.party == b.party and a.line == b.line
                        and a.agent != b.agent, 60 * SECOND))
    groups = [(entrants[members[0]].t, len(members)) for members in join(len(entrants), found)]
    parties = [len(members) for members in join(len(entrants), same)]
    hours, days = periods_of(header)
    return {"total": tell([size for _, size in groups]), "hours": by_period(hours, groups),
            "days": by_period(days, groups),
            "parties": {**tell(parties), "pairs": len(same), "found": len(found),
                        "right": sum(pair in same for pair in found)}}


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("script")
    parser.add_argument("positions")
    parser.add_argument("--out", default="-")
    options = parser.parse_args(argv)
    with open(options.script, encoding="utf-8") as script, \
            open(options.positions, encoding="utf-8") as positions:
        result = compute(script, positions)
    with (sys.stdout if options.out == "-" else open(options.out, "w", encoding="utf-8")) as out:
        json.dump(result, out)
        out.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
