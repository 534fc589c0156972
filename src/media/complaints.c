/* SPDX-License-Identifier: Apache-2.0 */
#include "media/complaints.h"

#include <gst/gst.h>

#define CATEGORY "libav"

static _Thread_local guint complaints;

static void on_log(GstDebugCategory *category, GstDebugLevel level, G_GNUC_UNUSED const gchar *file,
                   G_GNUC_UNUSED const gchar *function, G_GNUC_UNUSED gint line,
                   G_GNUC_UNUSED GObject *object, G_GNUC_UNUSED GstDebugMessage *message,
                   G_GNUC_UNUSED gpointer user_data) {
  if (level == GST_LEVEL_ERROR && g_str_equal(gst_debug_category_get_name(category), CATEGORY))
    complaints++;
}

void iv_complaints_listen(void) {
  if (g_getenv("GST_DEBUG") == NULL) /* else what we make audible would be printed too */
    gst_debug_remove_log_function(gst_debug_log_default);
  gst_debug_add_log_function(on_log, NULL, NULL);
  gst_debug_set_active(TRUE);
  gst_debug_set_threshold_for_name(CATEGORY, GST_LEVEL_ERROR);
}

guint iv_complaints_take(void) {
  guint n = complaints;
  complaints = 0;
  return n;
}
