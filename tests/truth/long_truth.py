# SPDX-License-Identifier: Apache-2.0
"""When lines were long (QUEUE_LONG of docs/kpis.md), from what the script says of each line.

Looked at twice a second, as cameras do. The wait of a line at a moment is the longer of two: how long
the one has waited who waits longest, and the people in line x the mean of the services that ended in
the last 15 min / open lanes. People are in line from 5 s after they came to stand in it, when they have
joined, until they are out of its area. Over the limit for 30 s is long, from the moment it went over;
it is over when the wait is under 75 % of the limit. What a camera knows late counts late: a service
has ended 2 s after the customer stepped away and begun 3 s after he stepped up, a lane is manned after
15 s with somebody at the staff's place, and for 10 s after.
"""
import bisect

SECOND = 1_000_000
TICK = SECOND // 2
JOINED_AFTER = 5 * SECOND
RECENT = 15 * 60 * SECOND
LONG_AFTER = 30 * SECOND
CLEARS = .75
SERVICE_BEGUN, SERVICE_OVER = 3 * SECOND, 2 * SECOND
OPEN_AFTER_SERVICE = 3 * 60 * SECOND
MANNED_AFTER, MANNED_STILL = 15 * SECOND, 10 * SECOND


def tick_at(t):
    """The first look at or after t."""
    return -(-t // TICK) * TICK


class Line:
    """What is known of one line; all its times are those of looks."""

    def __init__(self, n_self):
        self.n_self = n_self  # lanes that are always open
        self.people, self.services, self.open = [], [], []

    def stands(self, joined, out):
        if joined + JOINED_AFTER < tick_at(out):
            self.people.append((joined + JOINED_AFTER, tick_at(out), joined))

    def serves(self, lane, start, end):
        self.services.append((end + SERVICE_OVER, end + RECENT + TICK, end - start))
        self.open.append((lane, start + SERVICE_BEGUN, end + OPEN_AFTER_SERVICE))

    def manned(self, lane, start, end):
        if end - start >= MANNED_AFTER:
            self.open.append((lane, tick_at(start) + MANNED_AFTER, tick_at(end) + MANNED_STILL))

    def moments(self):
        """Looks at which something changes, with what does: (t, what, by)."""
        changes = []
        for start, end, joined in self.people:
            changes += [(start, "person", (1, joined)), (end, "person", (-1, joined))]
        for start, end, length in self.services:
            changes += [(start, "service", (1, length)), (end, "service", (-1, length))]
        for lane, start, end in self.open:
            changes += [(start, "lane", (1, lane)), (end, "lane", (-1, lane))]
        return sorted(changes)


class State:
    def __init__(self, n_self):
        self.n_self, self.joins, self.n, self.seconds, self.lanes = n_self, [], 0, 0, {}

    def change(self, what, by, subject):
        if what == "person" and by > 0:
            bisect.insort(self.joins, subject)
        elif what == "person":
            self.joins.remove(subject)
        elif what == "service":
            self.n, self.seconds = self.n + by, self.seconds + by * subject
        else:
            self.lanes[subject] = self.lanes.get(subject, 0) + by

    def estimate(self):
        lanes = self.n_self + sum(n > 0 for n in self.lanes.values())
        return len(self.joins) * self.seconds / self.n / lanes if self.n and lanes else 0

    def wait(self, t, estimate):
        return max(estimate, t - self.joins[0] if self.joins else 0)


class Spells:
    """The looks at one line in order; `found` has (begin, end) of each long spell."""

    def __init__(self, limit):
        self.limit, self.since, self.is_long, self.found = limit, None, False, []

    def look(self, t, wait):
        if wait <= self.limit and not (self.is_long and wait >= CLEARS * self.limit):
            if self.is_long:
                self.found[-1][1] = t
            self.since, self.is_long = None, False
            return
        if self.since is None:
            self.since = t
        if not self.is_long and t - self.since >= LONG_AFTER:
            self.is_long = True
            self.found.append([self.since, None])


def spells(line, start, until, limit):
    """[begin, end] of each long spell; the end is None while it goes on."""
    state, looks, t = State(line.n_self), Spells(limit), tick_at(start)
    moments = line.moments()
    for i, (at, what, (by, subject)) in enumerate(moments + [(until, None, (0, None))]):
        estimate = state.estimate()
        # Between two changes only the longest wait grows: nothing to see while it is short.
        while t < min(at, until):
            if not looks.is_long and looks.since is None and state.wait(at, estimate) <= limit:
                t = max(t, tick_at(at))
                break
            looks.look(t, state.wait(t, estimate))
            t += TICK
        if i < len(moments) and at < until:
            state.change(what, by, subject)
    return looks.found
