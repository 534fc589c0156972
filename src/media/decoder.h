/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gst/gst.h>

#include "media/frame_gate.h"
#include "model/unit_ring.h"

/* Turns the units of a ring into frames: a reader of the ring like any other, in a small pipeline
 * of its own, so that its failure doesn't break the connection to the camera. */
typedef struct IvDecoder IvDecoder;

typedef struct {
  IvUnitRing *ring;
  const GstCaps *caps; /* of the units to come */
  IvFrameGate *gate;
  gboolean live; /* FALSE for files: every unit is decoded and nothing is dropped */
  /* A due frame, reference passed; decoder's thread. */
  void (*on_frame)(IvFrame *frame, gpointer user_data);
  /* It ended or failed: look; decoder's thread. */
  void (*on_news)(gpointer user_data);
  gpointer user_data;
} IvDecoderSetup;

/* Starts at once, with the GOP at hand. */
IvDecoder *iv_decoder_new(const IvDecoderSetup *setup, GError **error);

/* Stops and waits for its thread; what isn't decoded yet is dropped. */
void iv_decoder_free(IvDecoder *decoder);

/* Stops reading, at once; a writer that waits for room goes on. */
void iv_decoder_cancel(IvDecoder *decoder);

/* No more units come: decode what is queued, then iv_decoder_is_over. */
void iv_decoder_finish(IvDecoder *decoder);

/* TRUE when every frame was handed out, or it failed. */
gboolean iv_decoder_is_over(IvDecoder *decoder);

/* Why it failed, NULL if it didn't; caller frees. */
char *iv_decoder_failure(IvDecoder *decoder);

/* Units left out because it was too slow. */
guint64 iv_decoder_dropped(IvDecoder *decoder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvDecoder, iv_decoder_free)
