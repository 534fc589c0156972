/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/demo_cut.h"

/* The cut films in the cache: demo-<hash>/cam1.h264 ..., made once, complete or not there. */
typedef struct {
  char *folder;
  int fps_num, fps_den;
} IvDemoFilms;

/* Finds the cut of `video` (views and film as given) in `cache`, or makes it. Errors of
 * IV_DEMO_ERROR. */
gboolean iv_demo_cache_get(const char *cache, const IvDemoCut *cut, IvDemoFilms *ret_films,
                           GError **error);
void iv_demo_films_clear(IvDemoFilms *films);
