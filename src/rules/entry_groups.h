/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"
#include "model/scene.h"

/* Who came in together over an entrance line (kpis.md, "groups"). Two entrants of one line belong
 * together when they crossed it within 1.5 s (in whole ms) and 1.5 m of each other and walk on
 * together: from the later crossing on they stay within 2.5 m of each other for 5 s, and neither
 * goes out again. Who belongs to one of a group belongs to the group.
 *
 * Where one of the two is not seen for the whole 5 s (he leaves the picture, his track breaks),
 * what was seen decides: at a door that a camera sees no way on from, who crosses together is
 * together. Two who are known to be the same visitor, or are of the same track, are no company.
 *
 * Metres are those of the plan or of the floor where the camera is calibrated; else a metre is 0.59
 * of the person's height. Pure; one thread at a time. */
typedef struct IvEntryGroups IvEntryGroups;

#define IV_ENTRY_GROUP_MAX 32           /* people; more begin another group */
#define IV_ENTRY_GROUPS_WAITING_MAX 256 /* entrants; with more the oldest stays alone */

/* Limits of the definition. */
#define IV_ENTRY_GROUP_CLOSE (3 * IV_SECOND / 2)
#define IV_ENTRY_GROUP_CLOSE_M 1.5
#define IV_ENTRY_GROUP_TOGETHER (5 * IV_SECOND)
#define IV_ENTRY_GROUP_TOGETHER_M 2.5

typedef struct {
  guint line; /* index in the scene */
  guint64 tracklet_id, visitor;
  IvTime ts;           /* of the crossing's event */
  IvTime before, here; /* of the sights before and after the line, at `from` and `to`; before:
                          IV_TIME_NONE = no such, `ts` is what is known */
  IvPoint from, to;
  IvPoint at;   /* where the line was crossed, share of the picture */
  float height; /* of the person there, pixels */
} IvEntry;

typedef struct {
  guint line;
  IvTime first, last;                    /* crossings */
  guint size;                            /* from 2 */
  guint64 visitor;                       /* of the first; 0 = not known */
  guint64 tracklets[IV_ENTRY_GROUP_MAX]; /* in order of crossing */
  IvTime crossings[IV_ENTRY_GROUP_MAX];  /* the same: when */
} IvEntryGroup;

/* `scene` must outlive it. */
IvEntryGroups *iv_entry_groups_new(const IvScene *scene);
void iv_entry_groups_free(IvEntryGroups *groups);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvEntryGroups, iv_entry_groups_free)

/* Somebody crossed an entrance line inward; outward. In any order of time, but not more than a
 * second later than what `now` of iv_entry_groups_next has been told. */
void iv_entry_groups_enter(IvEntryGroups *groups, const IvEntry *entry);
void iv_entry_groups_leave(IvEntryGroups *groups, guint line, guint64 tracklet_id, IvTime ts);

/* A track's point, in order of its time. O(entrants of the last seconds). */
void iv_entry_groups_see(IvEntryGroups *groups, guint64 tracklet_id, IvTime ts, IvPoint share);

/* The same from elsewhere: where a visitor is on the floor plan, whose metres are those of a
 * calibrated camera. Takes him on where the camera does not see him, and is believed where it does.
 * Nothing happens where the camera is not calibrated. */
void iv_entry_groups_see_on_floor(IvEntryGroups *groups, guint64 visitor, IvTime ts,
                                  IvPlanPoint at);

/* The next group that is complete at `now` (7.5 s after its last one came in); FALSE = none is. Who
 * came alone is let go without a word. IV_TIME_NONE asks for what is known at the end. */
gboolean iv_entry_groups_next(IvEntryGroups *groups, IvTime now, IvEntryGroup *ret_group);
