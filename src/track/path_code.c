/* SPDX-License-Identifier: Apache-2.0 */
#include "track/path_code.h"

#define CHANCE_BITS 12
#define EVEN (1u << (CHANCE_BITS - 1))
#define ADAPT 4 /* the higher, the slower chances follow */
#define TOP (1u << 24)
#define SLACK 4 /* zeros that the encoder leaves out at the end */

static void models_init(IvPathModel *models) {
  for (guint c = 0; c < IV_PATH_CONTEXTS; c++) {
    IvPathModel *model = &models[c];
    for (guint i = 0; i < G_N_ELEMENTS(model->length); i++)
      model->length[i] = model->high[i] = EVEN;
    for (guint i = 0; i < G_N_ELEMENTS(model->next); i++)
      model->next[i] = EVEN;
    model->sign[0] = model->sign[1] = model->sign[2] = EVEN;
    model->last_sign = 0;
  }
}

static void adapt(guint16 *chance, gboolean bit) {
  if (bit)
    *chance = (guint16)(*chance - (*chance >> ADAPT));
  else
    *chance = (guint16)(*chance + (((1u << CHANCE_BITS) - *chance) >> ADAPT));
}

/* Fletcher's sum of 16 bits. */
static guint16 check_of(const guint8 *bytes, gsize n) {
  guint a = 1, b = 0;
  for (gsize i = 0; i < n; i++) {
    a = (a + bytes[i]) % 255;
    b = (b + a) % 255;
  }
  return (guint16)(b << 8 | a);
}

/* ---- writing ---- */

void iv_path_encoder_init(IvPathEncoder *encoder) {
  *encoder = (IvPathEncoder){.range = G_MAXUINT32};
  models_init(encoder->models);
  encoder->bytes = g_byte_array_new();
}

/* The highest byte of `low` goes out, unless a carry may still reach it: none reaches the first. */
static void shift(IvPathEncoder *encoder) {
  if (encoder->held == 0 || encoder->low < 0xff000000u || encoder->low > G_MAXUINT32) {
    guint8 carry = (guint8)(encoder->low >> 32);
    for (guint8 byte = encoder->cache; encoder->held > 0; encoder->held--, byte = 0xff) {
      guint8 out = (guint8)(byte + carry);
      g_byte_array_append(encoder->bytes, &out, 1);
    }
    encoder->cache = (guint8)(encoder->low >> 24);
  }
  encoder->held++;
  encoder->low = (encoder->low & 0x00ffffffu) << 8;
}

static void put_bit(IvPathEncoder *encoder, guint16 *chance, gboolean bit) {
  guint32 bound = (encoder->range >> CHANCE_BITS) * *chance;
  if (bit) {
    encoder->low += bound;
    encoder->range -= bound;
  } else {
    encoder->range = bound;
  }
  adapt(chance, bit);
  for (; encoder->range < TOP; encoder->range <<= 8)
    shift(encoder);
}

static void put_even(IvPathEncoder *encoder, gboolean bit) {
  guint16 chance = EVEN;
  put_bit(encoder, &chance, bit);
}

/* The number of bits below the leading one of value + 1, one by one; then those bits. */
void iv_path_put(IvPathEncoder *encoder, IvPathContext context, guint64 value) {
  IvPathModel *model = &encoder->models[context];
  guint n = (guint)g_bit_storage((gulong)(value + 1)) - 1;
  g_assert(n < IV_PATH_NUMBER_BITS);
  for (guint i = 0; i <= n; i++)
    put_bit(encoder, &model->length[i], i < n);
  for (guint i = n; i-- > 0;) {
    gboolean bit = ((value + 1) >> i) & 1;
    if (i + 1 == n)
      put_bit(encoder, &model->high[n], bit);
    else if (i + 2 == n)
      put_bit(encoder, &model->next[2 * n + (((value + 1) >> (i + 1)) & 1)], bit);
    else
      put_even(encoder, bit);
  }
}

void iv_path_put_signed(IvPathEncoder *encoder, IvPathContext context, gint64 value) {
  IvPathModel *model = &encoder->models[context];
  iv_path_put(encoder, context, (guint64)ABS(value));
  if (value == 0)
    return;
  put_bit(encoder, &model->sign[model->last_sign], value < 0);
  model->last_sign = value < 0 ? 1 : 2;
}

/* The value between low and low + range that ends in the most zeros. */
static void round_off(IvPathEncoder *encoder) {
  for (guint k = 32; k-- > 0;) {
    guint64 mask = (G_GUINT64_CONSTANT(1) << k) - 1;
    guint64 round = (encoder->low + mask) & ~mask;
    if (round - encoder->low < encoder->range) {
      encoder->low = round;
      return;
    }
  }
}

GByteArray *iv_path_encoder_end(IvPathEncoder *encoder) {
  round_off(encoder);
  for (guint i = 0; i < 5; i++)
    shift(encoder);
  GByteArray *coded = encoder->bytes, *all = g_byte_array_new();
  for (guint i = 0; i < SLACK && coded->len > 0 && coded->data[coded->len - 1] == 0; i++)
    g_byte_array_set_size(coded, coded->len - 1);
  guint16 check = check_of(coded->data, coded->len);
  const guint8 head[] = {(guint8)(check >> 8), (guint8)check};
  g_byte_array_append(all, head, sizeof head);
  g_byte_array_append(all, coded->data, coded->len);
  g_byte_array_unref(coded);
  encoder->bytes = NULL;
  return all;
}

/* ---- reading ---- */

static guint8 next_byte(IvPathDecoder *decoder) {
  if (decoder->at < decoder->end)
    return *decoder->at++;
  decoder->missing++;
  decoder->bad |= decoder->missing > SLACK;
  return 0;
}

void iv_path_decoder_init(IvPathDecoder *decoder, const guint8 *bytes, gsize n) {
  *decoder = (IvPathDecoder){.range = G_MAXUINT32, .at = bytes, .end = bytes + n};
  models_init(decoder->models);
  guint check = n < 2 ? 0 : (guint)bytes[0] << 8 | bytes[1];
  if (n < 2 || check_of(bytes + 2, n - 2) != check) {
    decoder->bad = TRUE;
    return;
  }
  decoder->at = bytes + 2;
  for (guint i = 0; i < 4; i++)
    decoder->code = decoder->code << 8 | next_byte(decoder);
}

static gboolean get_bit(IvPathDecoder *decoder, guint16 *chance) {
  guint32 bound = (decoder->range >> CHANCE_BITS) * *chance;
  gboolean bit = decoder->code >= bound;
  if (bit) {
    decoder->code -= bound;
    decoder->range -= bound;
  } else {
    decoder->range = bound;
  }
  adapt(chance, bit);
  for (; decoder->range < TOP; decoder->range <<= 8)
    decoder->code = decoder->code << 8 | next_byte(decoder);
  return bit;
}

static gboolean get_even(IvPathDecoder *decoder) {
  guint16 chance = EVEN;
  return get_bit(decoder, &chance);
}

guint64 iv_path_get(IvPathDecoder *decoder, IvPathContext context, guint64 max) {
  IvPathModel *model = &decoder->models[context];
  guint n = 0;
  guint64 value = 1;
  while (!decoder->bad && n < IV_PATH_NUMBER_BITS && get_bit(decoder, &model->length[n]))
    n++;
  for (guint i = n; i-- > 0 && !decoder->bad;) {
    gboolean bit;
    if (i + 1 == n)
      bit = get_bit(decoder, &model->high[n]);
    else if (i + 2 == n)
      bit = get_bit(decoder, &model->next[2 * n + (value & 1)]);
    else
      bit = get_even(decoder);
    value = value << 1 | (bit ? 1 : 0);
  }
  decoder->bad |= n >= IV_PATH_NUMBER_BITS || value - 1 > max;
  return decoder->bad ? 0 : value - 1;
}

gint64 iv_path_get_signed(IvPathDecoder *decoder, IvPathContext context, gint64 max) {
  IvPathModel *model = &decoder->models[context];
  gint64 value = (gint64)iv_path_get(decoder, context, (guint64)max);
  if (value == 0 || decoder->bad)
    return 0;
  gboolean is_negative = get_bit(decoder, &model->sign[model->last_sign]);
  model->last_sign = is_negative ? 1 : 2;
  return is_negative ? -value : value;
}
