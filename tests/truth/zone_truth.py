# SPDX-License-Identifier: Apache-2.0
"""Who was in which zone from when to when, as far as anybody could see it.

Cameras look every half second, at those who are in some picture and not behind a wall; the script says
when somebody goes out of sight and is found again. What nobody can see no product can measure: who is
out of a zone, not seen at any look, and in it again has not left it, and who was in it without being
seen at any look has not been there. Where a stay was seen, its times are the true ones; how long it may
have been for those who look goes with it: the edge passed out of sight lies anywhere between two looks.
"""
import bisect
import collections
import math

TICK = 500_000
# Places are told in numbers of 24 bits, a few micrometres of a store: for who goes along an edge
# rather than over it, that is so much time.
EXACT = 50


def tick_at(t):
    """The first look at or after t."""
    return -(-t // TICK) * TICK


class Sight:
    """Looks at which one person was seen."""

    def __init__(self, always):
        self.begins, self.ends = ([-math.inf], []) if always else ([], [])

    def found(self, t):
        self.begins.append(tick_at(t))

    def lost(self, t):
        self.ends.append(tick_at(t))  # not seen at this one any more

    def spans(self, i):
        return self.begins[i], self.ends[i] if i < len(self.ends) else math.inf

    def whole(self, start, end):
        """Whether it was seen at all looks of that time, and at those next to it."""
        i = bisect.bisect_right(self.begins, start - TICK) - 1
        return i >= 0 and (i >= len(self.ends) or end + TICK < self.ends[i])

    def first(self, start, end):
        """The first look of [start, end) at which it was seen, or None."""
        for i in range(max(0, bisect.bisect_right(self.begins, start) - 1), len(self.begins)):
            begin, until = self.spans(i)
            look = max(tick_at(start), begin)
            if look >= end:
                return None
            if look < until:
                return look
        return None

    def last_before(self, t):
        """The last look before t at which it was seen, or None."""
        for i in range(bisect.bisect_left(self.begins, t) - 1, -1, -1):
            begin, until = self.spans(i)
            look = min(tick_at(t), until) - TICK
            if look >= begin:
                return look
        return None


class Stay:
    """`least` and `most`: how long it may have been for those who look."""

    def __init__(self, start, end, sight):
        self.start, self.end = start, end
        self.least = self.most = None
        if end is None:
            return
        if sight.whole(start, end):
            self.least, self.most = end - start - EXACT, end - start + EXACT
            return
        first, last = sight.first(start, end), sight.last_before(end)
        before, after = sight.last_before(start), sight.first(end, math.inf)
        sure_start = before is not None and first - before <= TICK
        sure_end = after is not None and after - last <= TICK
        self.least = ((end if sure_end else min(last, end)) - (start if sure_start else first)) - EXACT
        self.most = ((end if sure_end or after is None else after)
                     - (start if sure_start or before is None else before)) + EXACT


class Stays:
    def __init__(self, tells_sight):
        self.sight = collections.defaultdict(lambda: Sight(not tells_sight))
        self.spans = collections.defaultdict(list)  # by agent and zone: [enter, leave], in order

    def enter(self, agent, zone, t):
        self.spans[agent, zone].append([t, None])

    def leave(self, agent, zone, t):
        if self.spans[agent, zone] and self.spans[agent, zone][-1][1] is None:
            self.spans[agent, zone][-1][1] = t

    def joined(self, agent, spans):
        """The same without absences that nobody saw."""
        told, sight = [], self.sight[agent]
        for start, end in spans:
            if told and not sight.whole(told[-1][1], start) and sight.first(told[-1][1], start) is None:
                told[-1][1] = end
            else:
                told.append([start, end])
        return told

    def seen(self):
        """(agent, zone, stay) of each stay of which anything was seen; its end is None while it goes on."""
        for (agent, zone), spans in self.spans.items():
            sight = self.sight[agent]
            for start, end in self.joined(agent, spans):
                until = math.inf if end is None else end
                if sight.whole(start, until) or sight.first(start, until) is not None:
                    yield agent, zone, Stay(start, end, sight)
