# SPDX-License-Identifier: Apache-2.0
"""Periods of the store's own time, what is summed up in them, and how values are spread."""
import bisect
import collections
import datetime
import math

SECOND = 1_000_000
BUCKET = 5 * 60 * SECOND
STRETCH = 15 * 60 * SECOND  # offsets of time zones are multiples of it


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


def in_whole_ms(limits):
    """The same where what is compared is known to the millisecond."""
    return limits and [limits[0] and limits[0] - .001, limits[1] and limits[1] + .001]


def spread(values):
    ordered = sorted(values)
    return {"n": len(ordered), "mean": sum(ordered) / len(ordered) if ordered else None,
            "median": quantile(ordered, .5), "p90": quantile(ordered, .9),
            "median_band": in_whole_ms(band(ordered, .5)),
            "p90_band": in_whole_ms(band(ordered, .9))}


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
        self.changes, self.before = [], None

    def change(self, t, by):
        self.changes.append((t, by))
        self.before = None

    def over(self, start, end):
        levels = self.levels()
        i = bisect.bisect_right(self.changes, (start, math.inf))
        level = levels[i]
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
        if self.before is None:
            self.changes.sort()
            self.before = [0]
            for _, by in self.changes:
                self.before.append(self.before[-1] + by)
        return self.before


def full_second(t):
    """The first second at which a change at t is seen by somebody who looks each second."""
    return -(-t // SECOND) * SECOND
