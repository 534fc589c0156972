/* SPDX-License-Identifier: Apache-2.0 */
#include "app/node_private.h"
#include "app/sales_folder.h"
#include "base/clock.h"

#define LOOK_SPAN (5 * IV_SECOND)

gpointer iv_node_sales_loop(gpointer user_data) {
  IvNode *node = user_data;
  g_autoptr(IvSalesFolder) folder = iv_sales_folder_new(node->config, node->store);
  g_mutex_lock(&node->mutex);
  while (!node->stopping) {
    g_mutex_unlock(&node->mutex);
    iv_sales_folder_look(folder, iv_clock_now());
    g_mutex_lock(&node->mutex);
    IvTime until = iv_clock_monotonic() + LOOK_SPAN;
    while (!node->stopping && g_cond_wait_until(&node->changed, &node->mutex, until))
      ;
  }
  g_mutex_unlock(&node->mutex);
  return NULL;
}
