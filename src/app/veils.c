/* SPDX-License-Identifier: Apache-2.0 */
#include "app/veils.h"

#include <math.h>

#include "base/clock.h"

#define CELLS 8     /* to a person's height: no face is left, whatever is averaged */
#define CELL_MIN 16 /* pixels */

typedef struct {
  IvVeil veil;
  IvStreamHold *source;
  IvMasks *masks;
  IvPeopleBoard *people;
  IvReencoder *reencoder;
  IvTime wanted_at; /* monotonic */
} Entry;

struct IvVeils {
  GMutex mutex; /* re-encoders are made and asked under it, not freed */
  GPtrArray *entries;
};

/* ---- painting, on the encoder's thread ---- */

static int cell_for(double height) {
  return MAX((int)ceil(height / CELLS), CELL_MIN);
}

void iv_veil_people(const IvCanvas *picture, gboolean is_known, const IvBox *boxes, guint n) {
  static const IvBox all = {0, 0, 1, 1};
  double height = picture->size.height;
  if (!is_known)
    iv_canvas_mosaic(picture, &all, cell_for(height));
  for (guint i = 0; is_known && i < n; i++)
    iv_canvas_mosaic(picture, &boxes[i], cell_for((double)iv_box_height(&boxes[i]) * height));
}

static IvPainted paint(const IvCanvas *picture, IvTime ts, IvTime arrived, gpointer user_data) {
  const Entry *entry = user_data;
  if (entry->veil == IV_VEIL_PEOPLE) {
    IvBox boxes[IV_COVER_MAX];
    guint n = 0;
    IvTime from = arrived > 0 ? arrived : iv_clock_monotonic();
    gboolean known = iv_people_board_cover(entry->people, ts, from + IV_VEIL_WAIT, boxes, &n);
    iv_veil_people(picture, known, boxes, n);
  }
  if (entry->veil != IV_VEIL_PLAIN)
    iv_masks_paint(entry->masks, picture);
  return IV_PAINTED;
}

/* ---- which there are ---- */

static void entry_free(gpointer p) {
  Entry *entry = p;
  iv_reencoder_free(entry->reencoder);
  iv_stream_hold_unref(entry->source);
  iv_masks_unref(entry->masks);
  g_clear_pointer(&entry->people, iv_people_board_unref);
  g_free(entry);
}

IvVeils *iv_veils_new(void) {
  IvVeils *veils = g_new0(IvVeils, 1);
  g_mutex_init(&veils->mutex);
  veils->entries = g_ptr_array_new_with_free_func(entry_free);
  return veils;
}

void iv_veils_free(IvVeils *veils) {
  if (!veils)
    return;
  g_ptr_array_unref(veils->entries);
  g_mutex_clear(&veils->mutex);
  g_free(veils);
}

static Entry *find(const IvVeils *veils, const IvUnitRing *source, IvVeil veil) {
  for (guint i = 0; i < veils->entries->len; i++) {
    Entry *entry = veils->entries->pdata[i];
    if (iv_stream_hold_ring(entry->source) == source && entry->veil == veil)
      return entry;
  }
  return NULL;
}

static Entry *begin(IvVeils *veils, const IvVeilSource *source, IvVeil veil, GError **error) {
  Entry *entry = g_new0(Entry, 1);
  entry->veil = veil;
  entry->source = iv_stream_hold_ref(source->hold);
  entry->masks = iv_masks_ref(source->masks);
  entry->people = source->people ? iv_people_board_ref(source->people) : NULL;
  IvReencoderConfig config = {
      .newest_only = veil != IV_VEIL_MASKS, .paint = paint, .user_data = entry};
  entry->reencoder = iv_reencoder_new(&config, iv_stream_hold_ring(source->hold), error);
  if (!entry->reencoder) {
    entry_free(entry);
    return NULL;
  }
  g_ptr_array_add(veils->entries, entry);
  return entry;
}

IvStreamHold *iv_veils_hold(IvVeils *veils, const IvVeilSource *source, IvVeil veil,
                            GError **error) {
  g_return_val_if_fail(source->people || veil != IV_VEIL_PEOPLE, NULL);
  IvStreamHold *hold = NULL;
  g_mutex_lock(&veils->mutex);
  Entry *entry = find(veils, iv_stream_hold_ring(source->hold), veil);
  if (!entry)
    entry = begin(veils, source, veil, error);
  if (entry) {
    entry->wanted_at = iv_clock_monotonic();
    hold = iv_stream_hold_new(iv_reencoder_ring(entry->reencoder), NULL, NULL);
  }
  g_mutex_unlock(&veils->mutex);
  return hold;
}

/* Of those that go, without the mutex the caller waits for their threads. */
static GPtrArray *take_idle(IvVeils *veils, IvTime now) {
  GPtrArray *idle = g_ptr_array_new_with_free_func(entry_free);
  for (guint i = veils->entries->len; i > 0; i--) {
    Entry *entry = veils->entries->pdata[i - 1];
    gboolean read = iv_unit_ring_n_readers(iv_reencoder_ring(entry->reencoder)) > 0;
    gboolean over = iv_unit_ring_is_closed(iv_stream_hold_ring(entry->source));
    if (read && !over)
      entry->wanted_at = now;
    else if (over || now - entry->wanted_at >= IV_VEIL_IDLE)
      g_ptr_array_add(idle, g_ptr_array_steal_index_fast(veils->entries, i - 1));
  }
  return idle;
}

void iv_veils_tend(IvVeils *veils) {
  g_mutex_lock(&veils->mutex);
  GPtrArray *idle = take_idle(veils, iv_clock_monotonic());
  g_mutex_unlock(&veils->mutex);
  g_ptr_array_unref(idle);
}

void iv_veils_stats(IvVeils *veils, const IvMasks *camera, IvVeilStats *ret_stats) {
  IvVeilStats sum = {0};
  g_mutex_lock(&veils->mutex);
  for (guint i = 0; i < veils->entries->len; i++) {
    IvReencoderStats stats;
    const Entry *entry = veils->entries->pdata[i];
    if (entry->masks != camera)
      continue;
    iv_reencoder_stats(entry->reencoder, &stats);
    sum.n++;
    sum.cpu_share += stats.cpu_share;
    sum.dropped += stats.dropped;
    sum.withheld += stats.withheld;
    if (stats.trouble[0])
      g_strlcpy(sum.trouble, stats.trouble, sizeof sum.trouble);
  }
  g_mutex_unlock(&veils->mutex);
  *ret_stats = sum;
}
