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

After the door people are where cameras see them, which look every half second, and on the straight way
in between; who is not seen any more is with those he was with at last. Places are in whole mm, so
whether a pair is nearer than a limit cannot be told to less: `..._band` says between which numbers the
figures lie.

`parties` holds the same against who really came together: pairs of people of one party of the script
who crossed the same line, and how many of the pairs found are such.
"""
import argparse
import bisect
import collections
import datetime
import functools
import json
import math
import sys
import zoneinfo

import zone_truth

SECOND = 1_000_000
CLOSE_T, CLOSE_MM = 1_500_000, 1500
MS = 1000                   # who follows 3 looks later is 1.5 s later: times are compared in whole ms
TOGETHER_T, TOGETHER_MM = 5 * SECOND, 2500
TURN_BACK = 2 * SECOND
STRETCH = 15 * 60 * SECOND  # offsets of time zones are multiples of it
SIZES = 5                   # 1, 2, 3, 4, and 5 or more
TOLD_MM = 1                 # places are told so exactly

Entrant = collections.namedtuple("Entrant", "t line agent party left")


def sights_of(facts, header):
    """By agent, at which looks it was seen."""
    sights = collections.defaultdict(lambda: zone_truth.Sight(not header.get("sight", False)))
    for fact in facts:
        if fact["fact"] == "sight.found":
            sights[fact["agent"]].found(fact["t"])
        elif fact["fact"] == "sight.lost":
            sights[fact["agent"]].lost(fact["t"])
    return sights


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


class Trail:
    """Where somebody who came in is known to have been: at the door, and at looks after it."""

    def __init__(self, paths, sight, entrant):
        self.t, self.places = [entrant.t], [paths.at(entrant.agent, entrant.t)]
        tick = paths.tick_of(entrant.t)
        for tick in range(tick + 1, tick + paths.ahead + 1):
            t, place = paths.start + tick * paths.tick, paths.places.get((entrant.agent, tick))
            if place and sight.first(t, t + 1) is not None:
                self.t.append(t)
                self.places.append(place)

    def at(self, t):
        """Straight between two of them; t lies within."""
        i = bisect.bisect_right(self.t, t) - 1
        if self.t[i] == t or i + 1 == len(self.t):
            return self.places[i]
        share = (t - self.t[i]) / (self.t[i + 1] - self.t[i])
        return tuple(a + share * (b - a) for a, b in zip(self.places[i], self.places[i + 1]))


def apart(p, q):
    return math.hypot(p[0] - q[0], p[1] - q[1])


def judge(trails, a, b):
    """(whether they belong together, whether that is sure)."""
    if a.line != b.line or a.agent == b.agent or round(abs(a.t - b.t) / MS) * MS > CLOSE_T:
        return False, True
    start = max(a.t, b.t)
    if min(a.left, b.left) <= start + TOGETHER_T:
        return False, True
    p, q = trails(a), trails(b)
    end, furthest = min(start + TOGETHER_T, p.t[-1], q.t[-1]), 0
    if end >= start:
        times = {start, end, *(t for t in p.t + q.t if start < t < end)}
        furthest = max(apart(p.at(t), q.at(t)) for t in times)
    door = apart(p.places[0], q.places[0])
    near = lambda more: door <= CLOSE_MM + more and furthest <= TOGETHER_MM + more
    return near(0), near(-TOLD_MM) == near(TOLD_MM)


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


def band(number, others):
    """Between which numbers it lies, when each of the others may be instead."""
    return [number + sum(min(0, other - number) for other in others),
            number + sum(max(0, other - number) for other in others)]


def with_bands(told, others):
    """others: the same with one unsure pair judged the other way, for each."""
    groups = band(told["groups"], [other["groups"] for other in others])
    sizes = [band(n, [other["by_size"][i] for other in others]) for i, n in enumerate(told["by_size"])]
    means = [told["people"] / n if n else told["size_mean"] for n in reversed(groups)]
    return {**told, "groups_band": groups, "by_size_bands": sizes, "size_mean_band": means}


def compute(script, positions):
    script = iter(script)
    header = json.loads(next(script))
    entrances = {line["id"] for line in header["lines"] if line["kind"] == "entrance"}
    facts = [json.loads(line) for line in script if '"line.cross"' in line or '"sight.' in line]
    entrants = [e for e in entrants_of(facts, entrances) if e.left - e.t > TURN_BACK]
    paths, sights = Paths(positions, entrants), sights_of(facts, header)
    trails = functools.lru_cache(1000)(lambda e: Trail(paths, sights[e.agent], e))
    unsure = []

    def is_pair(a, b):
        belongs, sure = judge(trails, a, b)
        if not sure:
            unsure.append((a, b))
        return belongs

    found = set(pairs_of(entrants, is_pair, CLOSE_T + MS))
    same = set(pairs_of(entrants, lambda a, b: a.party == b.party and a.line == b.line
                        and a.agent != b.agent, 60 * SECOND))
    numbers = {entrant: i for i, entrant in enumerate(entrants)}
    sized = lambda pairs: [(entrants[members[0]].t, len(members))
                           for members in join(len(entrants), sorted(pairs))]
    groups = sized(found)
    others = [sized(found ^ {(numbers[a], numbers[b])}) for a, b in unsure]
    parties = [len(members) for members in join(len(entrants), same)]
    hours, days = periods_of(header)
    in_days = [by_period(days, other) for other in others]
    return {"total": with_bands(tell([size for _, size in groups]),
                                [tell([size for _, size in other]) for other in others]),
            "hours": by_period(hours, groups), "unsure": len(unsure),
            "days": [with_bands(day, [other[i] for other in in_days])
                     for i, day in enumerate(by_period(days, groups))],
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
