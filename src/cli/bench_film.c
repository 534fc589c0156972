/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/bench_film.h"

#include <gio/gio.h>
#include <gst/gst.h>

static gboolean run_to_end(GstElement *pipeline, GError **error) {
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  g_autoptr(GstMessage) message = gst_bus_timed_pop_filtered(bus, IV_BENCH_FILM_TIME * GST_USECOND,
                                                             GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  if (message && GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS)
    return TRUE;
  if (message)
    gst_message_parse_error(message, error, NULL);
  else
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                        "encoding the film takes too long");
  return FALSE;
}

gboolean iv_bench_film_make(const char *text, GError **error) {
  g_autoptr(GstElement) pipeline = gst_parse_launch(text, error);
  return pipeline && run_to_end(pipeline, error);
}
