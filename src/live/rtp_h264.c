/* SPDX-License-Identifier: Apache-2.0 */
#include "live/rtp_h264.h"

#include <string.h>

#include "live/annexb.h"

#define VERSION 0x80 /* 2; no padding, no CSRC */
#define EXTENDED 0x10
#define MARKER 0x80
#define STAP_A 24
#define FU_A 28
#define FU_START 0x80
#define FU_END 0x40
#define TYPE 0x1f      /* of a NAL unit's first byte */
#define IMPORTANT 0x60 /* nal_ref_idc, likewise */
#define FORBIDDEN 0x80 /* likewise */
#define HEADER 12
#define EXTENSION 8 /* RFC 8285, one-byte header: its own four bytes, and four of one element */
#define PAYLOAD_MAX (IV_RTP_PACKET_MAX - HEADER - EXTENSION)
#define SOON_MOST 10 /* in 10 ms; with 0, Chromium shows pictures unevenly */
#define LENGTH 2     /* bytes before each NAL unit of a STAP-A */

typedef enum { EMPTY, ALONE, TOGETHER, PART } Content;

/* A packet that is being filled. */
typedef struct {
  IvRtpH264 *rtp;
  guint32 time;
  void (*take)(const guint8 *packet, gsize size, gpointer user_data);
  gpointer user_data;
  gboolean begun; /* a packet of the unit has gone */
  Content content;
  gsize size; /* of the payload */
  /* Room for the longest header, then the payload. */
  guint8 packet[IV_RTP_PACKET_MAX];
} Cut;

static guint8 *payload_of(Cut *cut) {
  return cut->packet + HEADER + EXTENSION;
}

static void put_u16(guint8 *at, guint value) {
  at[0] = (guint8)(value >> 8);
  at[1] = (guint8)value;
}

static void put_u32(guint8 *at, guint32 value) {
  put_u16(at, value >> 16);
  put_u16(at + 2, value & 0xffff);
}

static void put_soon(guint8 *at, guint8 number) {
  put_u16(at, 0xbede);
  put_u16(at + 2, 1); /* 32-bit words that follow */
  at[4] = (guint8)(number << 4 | 2);
  at[5] = 0;
  put_u16(at + 6, SOON_MOST);
}

static void send(Cut *cut, gboolean is_last) {
  IvRtpH264 *rtp = cut->rtp;
  gboolean extended = rtp->soon != 0 && !cut->begun;
  guint8 *head = cut->packet + (extended ? 0 : EXTENSION);
  head[0] = VERSION | (extended ? EXTENDED : 0);
  head[1] = (guint8)(rtp->payload | (is_last ? MARKER : 0));
  put_u16(head + 2, rtp->seq++);
  put_u32(head + 4, cut->time);
  put_u32(head + 8, rtp->ssrc);
  if (extended)
    put_soon(head + HEADER, rtp->soon);
  cut->take(head, (gsize)(payload_of(cut) + cut->size - head), cut->user_data);
  cut->begun = TRUE;
  cut->content = EMPTY;
}

static void flush(Cut *cut, gboolean is_last) {
  if (cut->content != EMPTY)
    send(cut, is_last);
}

/* The first one stands alone until a second one comes. */
static void make_stap(Cut *cut) {
  guint8 *payload = payload_of(cut);
  memmove(payload + 1 + LENGTH, payload, cut->size);
  payload[0] = (guint8)(STAP_A | (payload[1 + LENGTH] & (FORBIDDEN | IMPORTANT)));
  put_u16(payload + 1, (guint)cut->size);
  cut->size += 1 + LENGTH;
  cut->content = TOGETHER;
}

/* The header says the most important, and whether any is damaged. */
static void join(Cut *cut, const IvNal *nal) {
  guint8 *payload = payload_of(cut);
  guint8 important = MAX(payload[0] & IMPORTANT, nal->bytes[0] & IMPORTANT);
  payload[0] = (guint8)((payload[0] & ~IMPORTANT) | important | (nal->bytes[0] & FORBIDDEN));
  put_u16(payload + cut->size, (guint)nal->size);
  memcpy(payload + cut->size + LENGTH, nal->bytes, nal->size);
  cut->size += LENGTH + nal->size;
}

static gboolean has_room(const Cut *cut, const IvNal *nal) {
  gsize taken = cut->size + (cut->content == ALONE ? 1 + LENGTH : 0);
  return cut->content != PART && taken + LENGTH + nal->size <= PAYLOAD_MAX;
}

static void add_whole(Cut *cut, const IvNal *nal) {
  if (!has_room(cut, nal))
    flush(cut, FALSE);
  if (cut->content == ALONE)
    make_stap(cut);
  if (cut->content == TOGETHER) {
    join(cut, nal);
    return;
  }
  memcpy(payload_of(cut), nal->bytes, nal->size);
  cut->size = nal->size;
  cut->content = ALONE;
}

/* Its parts go at once but for the last one, of which it is not known yet whether it ends all. */
static void add_in_parts(Cut *cut, const IvNal *nal) {
  const gsize most = PAYLOAD_MAX - 2;
  guint8 *payload = payload_of(cut);
  for (gsize at = 1; at < nal->size; at += most) {
    gsize n = MIN(most, nal->size - at);
    flush(cut, FALSE);
    payload[0] = (guint8)((nal->bytes[0] & ~TYPE) | FU_A);
    payload[1] = (guint8)((nal->bytes[0] & TYPE) | (at == 1 ? FU_START : 0) |
                          (at + n == nal->size ? FU_END : 0));
    memcpy(payload + 2, nal->bytes + at, n);
    cut->size = 2 + n;
    cut->content = PART;
  }
}

void iv_rtp_h264_cut(IvRtpH264 *rtp, const guint8 *unit, gsize size, guint32 time,
                     void (*take)(const guint8 *packet, gsize size, gpointer user_data),
                     gpointer user_data) {
  Cut cut; /* its packet is not cleared */
  IvNal nal;
  gsize at = 0;
  cut.rtp = rtp;
  cut.time = time;
  cut.take = take;
  cut.user_data = user_data;
  cut.begun = FALSE;
  cut.content = EMPTY;
  cut.size = 0;
  while (iv_annexb_next(unit, size, &at, &nal)) {
    if (iv_annexb_part(IV_CODEC_H264, &nal) == IV_NAL_NEEDLESS)
      continue;
    if (nal.size > PAYLOAD_MAX)
      add_in_parts(&cut, &nal);
    else
      add_whole(&cut, &nal);
  }
  flush(&cut, TRUE);
}
