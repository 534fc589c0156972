/* SPDX-License-Identifier: Apache-2.0 */
#include "media/unit_buffer.h"

#include "media/plugins.h"

typedef struct {
  GstBuffer *buffer;
  GstMapInfo map;
} Mapped;

static void unmap(gpointer owner) {
  Mapped *mapped = owner;
  gst_buffer_unmap(mapped->buffer, &mapped->map);
  gst_buffer_unref(mapped->buffer);
  g_free(mapped);
}

gboolean iv_unit_map_buffer(IvEncodedUnit *unit, GstBuffer *buffer) {
  g_autofree Mapped *mapped = g_new0(Mapped, 1);
  if (gst_buffer_get_size(buffer) > IV_UNIT_BYTES_MAX ||
      !gst_buffer_map(buffer, &mapped->map, GST_MAP_READ))
    return FALSE;
  mapped->buffer = gst_buffer_ref(buffer);
  unit->bytes = mapped->map.data;
  unit->size = mapped->map.size;
  unit->release = unmap;
  unit->owner = g_steal_pointer(&mapped);
  return TRUE;
}

static void unref_caps(gpointer caps) {
  gst_caps_unref(caps);
}

void iv_unit_set_caps(IvEncodedUnit *unit, GstCaps *caps, guint generation) {
  const GstStructure *s = gst_caps_get_structure(caps, 0);
  unit->caps = gst_caps_ref(caps);
  unit->release_caps = unref_caps;
  unit->caps_generation = generation;
  unit->codec = iv_codec_of_caps(caps);
  gst_structure_get_int(s, "width", &unit->picture.width);
  gst_structure_get_int(s, "height", &unit->picture.height);
}

GstBuffer *iv_unit_to_buffer(IvEncodedUnit *unit) {
  GstBuffer *buffer = gst_buffer_new_wrapped_full(
      GST_MEMORY_FLAG_READONLY, (gpointer)unit->bytes, unit->size, 0, unit->size,
      iv_encoded_unit_ref(unit), (GDestroyNotify)iv_encoded_unit_unref);
  if (!unit->keyframe)
    GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  return buffer;
}
