/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/frame.h"

/* Whether a camera still shows what it is there to show: from its decoded pictures, one a second.
 * The view is learned in the first minute, by day and by night (grey pictures) apart, and goes on
 * being learned as long as it is good; people and goods that move are no part of it.
 *
 * A state holds only after it was seen for a while without a break, and is left likewise. Of
 * something wrong nothing is learned, so it stays until the view comes back or is accepted. Pure:
 * reads no clock. One thread at a time; about 0.3 ms a second. */
typedef struct IvViewHealth IvViewHealth;

typedef enum {
  IV_VIEW_GOOD,
  IV_VIEW_FROZEN,    /* the same picture, bit by bit, again and again */
  IV_VIEW_BLACK,     /* no light, or a cap on the lens */
  IV_VIEW_COVERED,   /* the view is gone behind something */
  IV_VIEW_DEFOCUSED, /* the view is there, but blurred */
  IV_VIEW_MOVED,     /* another view: the camera was turned */
  IV_VIEW_STATES,
} IvViewState;

/* "good", "frozen", "black", "covered", "defocused", "moved". */
const char *iv_view_state_name(IvViewState state);

/* What it means and what to do, one line for people; "" for good. Static text. */
const char *iv_view_state_reason(IvViewState state);

IvViewHealth *iv_view_health_new(void);
void iv_view_health_free(IvViewHealth *health);

/* The next picture; TRUE when the state changed with it. */
gboolean iv_view_health_look(IvViewHealth *health, const IvFrame *frame);

IvViewState iv_view_health_state(const IvViewHealth *health);

/* What is seen from here on is the view: forgets what was learned. */
void iv_view_health_accept(IvViewHealth *health);

/* What was learned, to go on with after a restart: a camera that was turned meanwhile is told. For
 * the same machine; NULL when too little was learned. */
GBytes *iv_view_health_save(const IvViewHealth *health);

/* Takes over what iv_view_health_save gave, in place of what is known. FALSE, and nothing is
 * changed, when it is damaged or of another version. */
gboolean iv_view_health_load(IvViewHealth *health, GBytes *saved);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvViewHealth, iv_view_health_free)
