/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/scene_json.h"

/* What the readers of a scene's parts share (scene_parse.c, scene_measures.c): where one is in the
 * JSON, and how a fault is told. Inside this room; one thread. */

#define IV_READER_POINTER_MAX 256

/* Where the reader is: a JSON Pointer that grows and shrinks, and who hears of faults. */
typedef struct {
  IvSceneFault on_fault;
  gpointer user_data;
  guint faults;
  char at[IV_READER_POINTER_MAX];
} IvSceneReader;

void iv_reader_fault(IvSceneReader *reader, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Steps into `name` and returns the length to step back to. Only names that could be keys of ours
 * go into the pointer; anything else stays where it is (it might hold a secret). */
gsize iv_reader_enter(IvSceneReader *reader, const char *name);
gsize iv_reader_enter_item(IvSceneReader *reader, gsize index);
void iv_reader_leave(IvSceneReader *reader, gsize length);

/* A fault for something else than a mapping (then FALSE), and for each key that isn't known. */
gboolean iv_reader_is_object(IvSceneReader *reader, const json_t *json, const char *const *keys,
                             guint n);

/* The text under `key`, or `fallback` when there is none or (a fault) something else. */
const char *iv_reader_text(IvSceneReader *reader, const json_t *json, const char *key,
                           const char *fallback);

gboolean iv_reader_flag(IvSceneReader *reader, const json_t *json, const char *key);

/* A number from `min` to `max` under `key`, `fallback` when there is none or (a fault) another. */
double iv_reader_number(IvSceneReader *reader, const json_t *json, const char *key, double min,
                        double max, double fallback);

/* [x, y], shares of the picture; the reader stands at the point. */
void iv_reader_point(IvSceneReader *reader, const json_t *json, IvPoint *ret_point);

/* The list of points under `key`, which is there; returns how many. */
guint iv_reader_points(IvSceneReader *reader, const json_t *json, const char *key, guint min,
                       guint max, IvPoint *ret_points);

/* The list under `key`, NULL when there is none or it is no list of at most `max`. */
const json_t *iv_reader_list(IvSceneReader *reader, const json_t *json, const char *key, guint max);

/* scene_measures.c: what belongs to a floor in metres: calibration (read only), plan, walls and
 * obstacles; then all of it is judged. */
void iv_reader_calibration(IvSceneReader *reader, const json_t *json, IvScene *scene);
void iv_reader_measures(IvSceneReader *reader, const json_t *json, IvScene *scene);
