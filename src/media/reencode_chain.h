/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gst/gst.h>

#include "media/reencoder.h"

/* Inside of media/reencoder.h: one GStreamer pipeline from units to units. It lives until it fails
 * or the source's codec changes. */
typedef struct IvReencodeChain IvReencodeChain;

typedef struct {
  const IvReencoderConfig *config; /* borrowed */
  const GstCaps *caps;             /* of the units to come */
  double fps;                      /* of the source, about */
  guint bitrate;                   /* bits a second to begin with */
  IvTime from; /* pictures captured before are decoded only; IV_TIME_NONE = none */
  /* A unit with all but `seq`, reference passed; the encoder's thread. */
  void (*on_unit)(IvEncodedUnit *unit, gpointer user_data);
  /* It wants a unit, or failed: look; any thread. */
  void (*on_news)(gpointer user_data);
  gpointer user_data;
} IvReencodeSetup;

IvReencodeChain *iv_reencode_chain_new(const IvReencodeSetup *setup, GError **error);

/* Stops and waits for its threads. */
void iv_reencode_chain_free(IvReencodeChain *chain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvReencodeChain, iv_reencode_chain_free)

/* TRUE when it has room for another unit. */
gboolean iv_reencode_chain_is_hungry(IvReencodeChain *chain);

/* One thread; does not wait. */
void iv_reencode_chain_push(IvReencodeChain *chain, IvEncodedUnit *unit);

void iv_reencode_chain_set_bitrate(IvReencodeChain *chain, guint bitrate);

/* Why it failed, NULL if it didn't; caller frees. */
char *iv_reencode_chain_failure(IvReencodeChain *chain);

typedef struct {
  guint64 withheld, errors;
  IvTime cpu_time;
} IvReencodeCounts;
void iv_reencode_chain_counts(IvReencodeChain *chain, IvReencodeCounts *ret_counts);
