/* SPDX-License-Identifier: Apache-2.0 */
/* Events as an edge sends them: read or refused; what is read says the same when written again. */
#include "model/event_json.h"
#include "model/heat.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const guint8 *input, gsize length) {
  g_autoptr(GError) error = NULL;
  IvEvent event, again;
  json_t *json = json_loadb((const char *)input, length, 0, NULL);
  if (json && iv_event_from_json(json, &event, &error)) {
    json_t *written = iv_event_to_json(&event);
    gboolean good = iv_event_from_json(written, &again, &error);
    g_assert_no_error(error);
    g_assert_true(good);
    json_t *twice = iv_event_to_json(&again);
    g_assert_true(json_equal(written, twice));
    json_decref(twice);
    IvHeatGrid grid;
    g_autoptr(GArray) cells = g_array_new(FALSE, FALSE, sizeof(IvHeatCell));
    if (!iv_heat_sample_read(&event, &grid, cells))
      for (guint i = 0; i < cells->len; i++)
        g_assert_cmpuint(g_array_index(cells, IvHeatCell, i).cell, <, grid.columns * grid.rows);
    json_decref(written);
  }
  json_decref(json);
  return 0;
}
