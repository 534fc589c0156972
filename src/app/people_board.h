/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/detection.h"
#include "model/track.h"

/* Where people were seen by one camera lately, for pictures in which they must not be recognised:
 * of a picture of any moment it says which parts are to be covered, or that it is not known. Shares
 * of the picture. Reference counted; any thread; one mutex, under which nothing else is locked. */
typedef struct IvPeopleBoard IvPeopleBoard;

#define IV_COVER_MAX 512
#define IV_COVER_HOLD IV_SECOND /* a box stays covered for so long after it was last seen */

IvPeopleBoard *iv_people_board_new(void);
IvPeopleBoard *iv_people_board_ref(IvPeopleBoard *board);
void iv_people_board_unref(IvPeopleBoard *board);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvPeopleBoard, iv_people_board_unref)

/* The picture of `ts` was analysed. */
void iv_people_board_see(IvPeopleBoard *board, IvTime ts, const IvDetection *detections, guint n);

/* The picture of `ts` may be analysed: until it is, nothing after it is known. Then either see, or
 * one of the next two, follows. */
void iv_people_board_expect(IvPeopleBoard *board, IvTime ts);

/* It was like the one before and needn't be analysed. */
void iv_people_board_pass(IvPeopleBoard *board, IvTime ts);

/* It is left out: nobody knows what was in it. */
void iv_people_board_withdraw(IvPeopleBoard *board, IvTime ts);

/* The living tracks as of `ts`, those that are unseen for a while among them. */
void iv_people_board_follow(IvPeopleBoard *board, IvTime ts, const IvTrackPoint *tracks, guint n);

/* Nothing is known any more: the camera is gone, or other. Where it is not looked at from now on
 * (`looks` FALSE) nobody waits for what will never be known. */
void iv_people_board_clear(IvPeopleBoard *board, gboolean looks);

/* What is to be covered in the picture of `ts`, with a margin: whoever was seen shortly before it,
 * in it, and in the next picture that was analysed. Waits for that one until `deadline` (monotonic;
 * 0 = doesn't wait). FALSE when it is not known: then all of the picture is to be covered. */
gboolean iv_people_board_cover(IvPeopleBoard *board, IvTime ts, IvTime deadline,
                               IvBox ret_boxes[IV_COVER_MAX], guint *ret_n);

/* A box with the margin with which it is covered. */
IvBox iv_cover_box(const IvBox *box);

/* Nobody waits any more, now and later. */
void iv_people_board_close(IvPeopleBoard *board);
