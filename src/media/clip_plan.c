/* SPDX-License-Identifier: Apache-2.0 */
#include "media/clip_plan.h"

#include <errno.h>
#include <unistd.h>

#include "media/mp4_box.h"
#include "media/mp4_scan.h"
#include "media/reorder.h"

#define MOOF_MAX (1024 * 1024)
#define TICKS_MIN                                                                                  \
  90000 /* a second: files that follow on from each other are placed this finely                   \
         */
/* Beyond the last picture wanted, so that one which is shown earlier than it is found. */
#define PICTURES_BEYOND (2u * IV_REORDER_MAX)

typedef struct {
  const IvClipRequest *request;
  IvClipPlan *plan;
  IvTime closed; /* how much time was left out of the playing time so far */
  gint64 shown;  /* ticks: the picture that is shown last of all */
  guint beyond;  /* pictures that are decoded at `to` or later */
} Planner;

/* The file in hand. */
typedef struct {
  guint16 index;
  int fd;
  IvTime start;
  IvMp4Scan scan;
  guint64 bytes;      /* to be read */
  gint64 base;        /* ticks of the clip at which the file's time 0 lies */
  gint64 leading;     /* ticks: what is shown before hangs on pictures that are not there... */
  gboolean drop_lead; /* ...up to the next keyframe */
} Source;

/* ---- reading ---- */

static gboolean fail(GError **error, const char *why) {
  g_set_error(error, IV_CLIP_ERROR, IV_CLIP_ERROR_SOURCE, "a recorded file cannot be read: %s",
              why);
  return FALSE;
}

gboolean iv_clip_read(int fd, guint64 offset, guint8 *bytes, gsize n, GError **error) {
  for (gsize done = 0; done < n;) {
    gssize got = pread(fd, bytes + done, n - done, (off_t)(offset + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return fail(error, got < 0 ? g_strerror(errno) : "it is shorter than it was");
    done += (gsize)got;
  }
  return TRUE;
}

gboolean iv_clip_go_on(const IvClipRequest *request, GError **error) {
  if (!g_cancellable_is_cancelled(request->cancellable))
    return TRUE;
  g_set_error_literal(error, IV_CLIP_ERROR, IV_CLIP_ERROR_CANCELLED, "it was given up");
  return FALSE;
}

int iv_clip_open(const IvClipRequest *request, guint source, GError **error) {
  int fd = request->open_source(source, request->user_data);
  if (fd < 0)
    fail(error, g_strerror(errno));
  return fd;
}

static GBytes *read_stsd(const Source *source, GError **error) {
  gsize n = (gsize)MIN(source->scan.init_bytes, MOOF_MAX);
  g_autofree guint8 *bytes = g_malloc(n);
  if (!iv_clip_read(source->fd, 0, bytes, n, error))
    return NULL;
  IvMp4Bytes moov, stsd;
  if (iv_mp4_find_box((IvMp4Bytes){bytes, bytes + n}, IV_MP4_TYPE('m', 'o', 'o', 'v'), &moov) &&
      iv_mp4_find_stsd(moov, &stsd))
    return g_bytes_new(stsd.at, (gsize)(stsd.end - stsd.at));
  fail(error, "it does not say what its pictures are");
  return NULL;
}

/* ---- times ---- */

/* value * to / from, to the nearest; `from` and `to` below 2^31. */
static gint64 scale(gint64 value, gint64 to, gint64 from) {
  gint64 whole = value / from, rest = value % from;
  if (rest < 0) {
    rest += from;
    whole--;
  }
  return whole * to + (rest * to + from / 2) / from;
}

static gint64 to_ticks(const Planner *p, const Source *source, gint64 ticks) {
  return scale(ticks, p->plan->timescale, source->scan.timescale);
}

/* Capture time of what is shown at this tick of the clip, as the file in hand tells. */
static IvTime to_time(const Planner *p, const Source *source, gint64 shown) {
  gint64 first = source->base + to_ticks(p, source, source->scan.first_shown);
  return source->start + scale(shown - first, IV_SECOND, p->plan->timescale);
}

/* ---- pictures ---- */

static gboolean is_leading(Source *source, gint64 shown, gboolean keyframe, gboolean first) {
  if (keyframe && !first)
    source->drop_lead = FALSE;
  return source->drop_lead && shown < source->leading;
}

/* Decode times rise, whatever two files' clocks say. */
static void add_picture(Planner *p, Source *source, IvClipPicture picture, gint64 shown) {
  GArray *all = p->plan->pictures;
  if (all->len > 0) {
    gint64 before = g_array_index(all, IvClipPicture, all->len - 1).decoded;
    picture.decoded = MAX(picture.decoded, before + 1);
  }
  picture.later = (gint32)(shown - picture.decoded);
  p->beyond += to_time(p, source, picture.decoded) >= p->request->to;
  p->shown = all->len > 0 ? MAX(p->shown, shown) : shown;
  g_array_append_val(all, picture);
}

static void add_run(Planner *p, Source *source, const IvMp4Run *run, guint64 offset,
                    gboolean first) {
  gint64 decoded = (gint64)run->decoded;
  for (guint32 i = 0; i < run->n; i++) {
    IvMp4Sample sample = iv_mp4_run_sample(run, i);
    gint64 shown = source->base + to_ticks(p, source, decoded + sample.later);
    IvClipPicture picture = {.decoded = source->base + to_ticks(p, source, decoded),
                             .bytes = sample.bytes,
                             .duration = (guint32)to_ticks(p, source, sample.duration),
                             .source = source->index,
                             .keyframe = sample.keyframe ? 1 : 0,
                             .offset = offset};
    if (!is_leading(source, shown, sample.keyframe, first && i == 0))
      add_picture(p, source, picture, shown);
    decoded += sample.duration;
    offset += sample.bytes;
  }
}

static guint64 payload_of(const IvMp4Run *run) {
  guint64 sum = 0;
  for (guint32 i = 0; i < run->n; i++)
    sum += iv_mp4_run_sample(run, i).bytes;
  return sum;
}

/* A fragment is a moof, and an mdat with its pictures and nothing else. */
static gboolean add_fragment(Planner *p, Source *source, const IvMp4Fragment *fragment,
                             gboolean first, GError **error) {
  guint8 head[IV_MP4_HEAD];
  if (!iv_clip_read(source->fd, fragment->offset, head, sizeof head, error))
    return FALSE;
  guint32 length = iv_mp4_be32(head);
  if (length < IV_MP4_HEAD || length > MIN(fragment->size, MOOF_MAX))
    return fail(error, "it is not as it was written");
  g_autofree guint8 *moof = g_malloc(length);
  if (!iv_clip_read(source->fd, fragment->offset, moof, length, error))
    return FALSE;
  IvMp4Run run;
  if (!iv_mp4_run_open((IvMp4Bytes){moof + IV_MP4_HEAD, moof + length}, &run) ||
      payload_of(&run) != fragment->size - length - IV_MP4_HEAD)
    return fail(error, "it is not as it was written");
  add_run(p, source, &run, fragment->offset + length + IV_MP4_HEAD, first);
  return TRUE;
}

/* ---- files ---- */

/* The last keyframe at or before `from`, else the first one; n = there is none. */
static guint first_of(const GArray *fragments, guint n, IvTime from) {
  guint first = n;
  for (guint i = 0; i < n; i++) {
    const IvMp4Fragment *fragment = &g_array_index(fragments, IvMp4Fragment, i);
    if (fragment->keyframe && (first == n || fragment->start <= from))
      first = i;
  }
  return first;
}

static guint n_fragments(const Source *source) {
  const GArray *all = source->scan.fragments;
  guint n = all->len;
  while (n > 0) {
    const IvMp4Fragment *last = &g_array_index(all, IvMp4Fragment, n - 1);
    if (last->offset + last->size <= source->bytes)
      break;
    n--;
  }
  return n;
}

static IvTime end_of(const Source *source, guint n) {
  IvTime end = 0;
  for (guint i = 0; i < n; i++) {
    const IvMp4Fragment *fragment = &g_array_index(source->scan.fragments, IvMp4Fragment, i);
    end = MAX(end, fragment->start + fragment->length);
  }
  return source->start + end;
}

static void begin_clip(Planner *p, Source *source, GBytes *stsd, IvTime taken) {
  IvClipPlan *plan = p->plan;
  plan->stsd = g_bytes_ref(stsd);
  plan->timescale = source->scan.timescale;
  if (plan->timescale < TICKS_MIN)
    plan->timescale *= (TICKS_MIN + plan->timescale - 1) / plan->timescale;
  plan->info.start = plan->info.end = taken;
  plan->info.codec = source->scan.codec;
  plan->info.size = source->scan.size;
  source->drop_lead = TRUE;
}

/* What lies between the clip so far and the next file; FALSE = the clip ends here. */
static gboolean pass_gap(Planner *p, Source *source, IvTime taken) {
  IvClipInfo *info = &p->plan->info;
  IvTime gap = taken - info->end;
  /* Two clocks may differ by a hair; but what was shown is not shown again. */
  gboolean back = taken - info->start - p->closed <= scale(p->shown, IV_SECOND, p->plan->timescale);
  source->drop_lead = back || gap > IV_CLIP_GAP / 10;
  if (!back && gap <= IV_CLIP_GAP)
    return TRUE;
  if (p->request->stop_at_gap) {
    info->how = IV_CLIP_UNTIL_GAP;
    info->rest = taken;
    return FALSE;
  }
  IvClipGap told = {info->end, taken, info->end - info->start - p->closed};
  g_array_append_val(info->gaps, told);
  p->closed += gap;
  return TRUE;
}

/* Sets the file's place in the clip; FALSE = the clip ends before it. */
static gboolean place(Planner *p, Source *source, GBytes *stsd, IvTime taken) {
  IvClipPlan *plan = p->plan;
  if (!plan->stsd) {
    begin_clip(p, source, stsd, taken);
  } else if (!g_bytes_equal(plan->stsd, stsd)) {
    plan->info.how = IV_CLIP_UNTIL_KIND;
    plan->info.rest = taken;
    return FALSE;
  } else if (!pass_gap(p, source, taken)) {
    return FALSE;
  }
  IvTime at = source->start - plan->info.start - p->closed; /* its first picture, playing time */
  source->base =
      scale(at, plan->timescale, IV_SECOND) - to_ticks(p, source, source->scan.first_shown);
  source->leading = scale(taken - plan->info.start - p->closed, plan->timescale, IV_SECOND);
  return TRUE;
}

/* Ticks: where the last of the pictures from `first` on ends that are shown before `shown_to`;
 * G_MININT64 = there is none. It lasts as long as the one before; what its file says of a single
 * one is of decoding. */
static gint64 shown_until(const IvClipPlan *plan, guint first, gint64 shown_to) {
  gint64 newest = G_MININT64, before = G_MININT64;
  guint32 duration = 0;
  for (guint i = first; i < plan->pictures->len; i++) {
    const IvClipPicture *picture = &g_array_index(plan->pictures, IvClipPicture, i);
    gint64 shown = picture->decoded + picture->later;
    if (shown >= shown_to || shown <= before)
      continue;
    before = shown > newest ? newest : shown;
    duration = shown > newest ? picture->duration : duration;
    newest = MAX(newest, shown);
  }
  if (newest == G_MININT64)
    return newest;
  gboolean close_by = before != G_MININT64 && newest - before <= plan->timescale;
  return newest + (close_by ? newest - before : duration);
}

/* The end of what is in the clip of this file and will stay there. */
static void note_end(Planner *p, const Source *source, guint first) {
  IvClipPlan *plan = p->plan;
  IvTime to = p->request->to - plan->info.start - p->closed;
  gint64 end = shown_until(plan, first, scale(to, plan->timescale, IV_SECOND));
  if (end != G_MININT64)
    plan->info.end = to_time(p, source, end);
}

/* ret_more: FALSE = the clip is full. */
static gboolean add_fragments(Planner *p, Source *source, guint i, guint n, gboolean *ret_more,
                              GError **error) {
  guint first = p->plan->pictures->len;
  *ret_more = TRUE;
  for (guint begun = i; i < n && p->beyond < PICTURES_BEYOND; i++) {
    const IvMp4Fragment *fragment = &g_array_index(source->scan.fragments, IvMp4Fragment, i);
    if (p->plan->pictures->len + fragment->samples > IV_CLIP_PICTURES_MAX) {
      p->plan->info.how = IV_CLIP_UNTIL_FULL;
      p->plan->info.rest = source->start + fragment->start;
      *ret_more = FALSE;
      break;
    }
    if (!add_fragment(p, source, fragment, i == begun, error))
      return FALSE;
    if (!iv_clip_go_on(p->request, error))
      return FALSE;
  }
  note_end(p, source, first);
  return TRUE;
}

static gboolean add_source(Planner *p, Source *source, gboolean *ret_more, GError **error) {
  guint n = n_fragments(source);
  IvTime from = p->plan->stsd ? 0 : p->request->from - source->start;
  guint first = first_of(source->scan.fragments, n, from);
  if (first == n || source->scan.timescale == 0)
    return TRUE;
  IvTime taken = source->start + g_array_index(source->scan.fragments, IvMp4Fragment, first).start;
  if (taken >= p->request->to || end_of(source, n) <= p->request->from)
    return TRUE;
  g_autoptr(GBytes) stsd = read_stsd(source, error);
  if (!stsd)
    return FALSE;
  *ret_more = place(p, source, stsd, taken);
  return !*ret_more || add_fragments(p, source, first, n, ret_more, error);
}

static gboolean take_source(Planner *p, guint i, gboolean *ret_more, GError **error) {
  Source source = {.index = (guint16)i, .start = p->request->sources[i].start};
  g_autoptr(GError) failure = NULL;
  source.fd = iv_clip_open(p->request, i, error);
  if (source.fd < 0)
    return FALSE;
  gboolean fine = iv_mp4_scan(source.fd, &source.scan, &failure);
  if (fine) {
    source.bytes = p->request->sources[i].bytes;
    if (source.bytes == 0)
      source.bytes = source.scan.whole_bytes;
    fine = add_source(p, &source, ret_more, error);
    iv_mp4_scan_clear(&source.scan);
  } else {
    fail(error, failure->message);
  }
  close(source.fd);
  return fine;
}

/* ---- the end ---- */

/* Pictures of which those before `to` are made stay, and those between them: a picture that is
 * missing in the middle would be a jump. `shown_to`: ticks. */
static void cut_end(IvClipPlan *plan, gint64 shown_to) {
  guint n = 0;
  gint64 newest = G_MININT64;
  for (guint i = 0; i < plan->pictures->len; i++) {
    const IvClipPicture *picture = &g_array_index(plan->pictures, IvClipPicture, i);
    gint64 shown = picture->decoded + picture->later;
    if (shown >= shown_to && shown >= newest)
      continue;
    for (; n <= i; n++) {
      const IvClipPicture *kept = &g_array_index(plan->pictures, IvClipPicture, n);
      newest = MAX(newest, kept->decoded + kept->later);
    }
  }
  g_array_set_size(plan->pictures, n);
}

static void sum_up(Planner *p) {
  IvClipPlan *plan = p->plan;
  for (guint i = 0; i < plan->pictures->len; i++) {
    const IvClipPicture *picture = &g_array_index(plan->pictures, IvClipPicture, i);
    plan->payload += picture->bytes;
  }
  plan->length = shown_until(plan, 0, G_MAXINT64);
  plan->info.pictures = plan->pictures->len;
  plan->info.length = scale(plan->length, IV_SECOND, plan->timescale);
  plan->info.end = plan->info.start + p->closed + plan->info.length;
}

gboolean iv_clip_plan_make(const IvClipRequest *request, IvClipPlan *ret_plan, GError **error) {
  g_auto(IvClipPlan)
      plan = {.pictures = g_array_new(FALSE, FALSE, sizeof(IvClipPicture)),
              .info = {.gaps = g_array_new(FALSE, FALSE, sizeof(IvClipGap)), .rest = IV_TIME_NONE}};
  Planner p = {.request = request, .plan = &plan};
  gboolean more = TRUE;
  guint n = MIN(request->n_sources, IV_CLIP_SOURCES_MAX);
  for (guint i = 0; more && i < n && p.beyond < PICTURES_BEYOND; i++)
    if (!take_source(&p, i, &more, error))
      return FALSE;
  if (plan.pictures->len > 0)
    cut_end(&plan, scale(request->to - plan.info.start - p.closed, plan.timescale, IV_SECOND));
  if (plan.pictures->len == 0) {
    g_set_error_literal(error, IV_CLIP_ERROR, IV_CLIP_ERROR_NOTHING,
                        "nothing was recorded in this time");
    return FALSE;
  }
  sum_up(&p);
  *ret_plan = plan;
  plan = (IvClipPlan){.stsd = NULL};
  return TRUE;
}

guint iv_clip_run(const IvClipPlan *plan, guint first, guint64 *ret_bytes) {
  const IvClipPicture *at = &g_array_index(plan->pictures, IvClipPicture, first);
  guint n = 1;
  *ret_bytes = at->bytes;
  for (; first + n < plan->pictures->len; n++) {
    const IvClipPicture *next = at + n;
    if (next->source != at->source || next->offset != at->offset + *ret_bytes)
      break;
    *ret_bytes += next->bytes;
  }
  return n;
}

void iv_clip_info_clear(IvClipInfo *info) {
  g_clear_pointer(&info->gaps, g_array_unref);
}

void iv_clip_plan_clear(IvClipPlan *plan) {
  g_clear_pointer(&plan->stsd, g_bytes_unref);
  g_clear_pointer(&plan->pictures, g_array_unref);
  iv_clip_info_clear(&plan->info);
}
