/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/scene.h"

/* Shared by scene.c and scene_measures.c. `what` names it in the message. */
gboolean iv_scene_check_polygon(const char *what, const IvPoint *polygon, guint n, GError **error);
