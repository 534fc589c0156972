/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "model/receipt.h"

/* The map in sales.terminals: "POS-1=lane-1, POS-2=lane-2". */

#define IV_TERMINAL_MAP_MAX 200

typedef struct {
  char terminal[IV_TERMINAL_ID_MAX + 1];
  IvSlug lane;
} IvTerminalLane;

/* GArray of IvTerminalLane, empty for NULL or "". NULL with static text in `ret_fault`. */
GArray *iv_terminal_map_read(const char *text, const char **ret_fault);
