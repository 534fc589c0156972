/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Numbers in as few bits as they need: a binary range coder whose chances adapt to what it is
 * given, number by number in a context of its own. Two bytes of check stand before the coded ones.
 * Inside this room; pure. */

/* What a number is about; the chances are kept apart. */
typedef enum {
  IV_PATH_C_META,
  IV_PATH_C_ID,
  IV_PATH_C_HEAD,
  IV_PATH_C_START,
  IV_PATH_C_TOLD,
  IV_PATH_C_END,
  IV_PATH_C_FIRST,
  IV_PATH_C_MORE,
  IV_PATH_C_STEP,
  IV_PATH_C_X,
  IV_PATH_C_Y,
  IV_PATH_C_H,
  IV_PATH_C_CLOCK_STEP,
  IV_PATH_C_CLOCK_MS,
  IV_PATH_CONTEXTS,
} IvPathContext;

#define IV_PATH_NUMBER_BITS 62

typedef struct {
  guint16 length[IV_PATH_NUMBER_BITS + 1]; /* chance that a number of so many bits has more */
  guint16 high[IV_PATH_NUMBER_BITS + 1];   /* of the highest bit below the leading one */
  guint16 next[2 * (IV_PATH_NUMBER_BITS + 1)];
  guint16 sign[3]; /* by that of the last */
  guint last_sign;
} IvPathModel;

typedef struct {
  IvPathModel models[IV_PATH_CONTEXTS];
  GByteArray *bytes;
  guint64 low;
  guint32 range;
  guint8 cache;
  guint64 held; /* bytes that a carry may still change */
} IvPathEncoder;

void iv_path_encoder_init(IvPathEncoder *encoder);
void iv_path_put(IvPathEncoder *encoder, IvPathContext context, guint64 value);
void iv_path_put_signed(IvPathEncoder *encoder, IvPathContext context, gint64 value);
/* The bytes; the caller frees. */
GByteArray *iv_path_encoder_end(IvPathEncoder *encoder);

typedef struct {
  IvPathModel models[IV_PATH_CONTEXTS];
  const guint8 *at, *end;
  guint32 range, code;
  guint missing; /* bytes read behind the end */
  gboolean bad;  /* set once something cannot be; numbers are 0 from then on */
} IvPathDecoder;

void iv_path_decoder_init(IvPathDecoder *decoder, const guint8 *bytes, gsize n);
guint64 iv_path_get(IvPathDecoder *decoder, IvPathContext context, guint64 max);
gint64 iv_path_get_signed(IvPathDecoder *decoder, IvPathContext context, gint64 max);
