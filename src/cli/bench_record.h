/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

#include "base/timestamp.h"
#include "config/config.h"

/* The parts of `inveye bench record`. */

#define IV_BENCH_RECORD_FPS 15
#define IV_BENCH_RECORD_GOP (2 * IV_BENCH_RECORD_FPS)

/* `n` cameras c0, c1, ... that are recorded all the time. `urls`: of each, or NULL and one film for
 * all. */
IvConfig *iv_bench_record_config(guint n, char *const *urls, const char *film);

/* ---- what it costs, and whether all is there ---- */

typedef struct {
  guint64 sent, stored, in_files; /* pictures; in_files: as the files themselves say */
  guint64 lost;                   /* as the recorders counted */
  guint files, damaged;
  guint64 bytes;
  double cores; /* of the whole process, per camera, while all are recorded */
  double seconds;
} IvRecordCost;

/* Cameras of a farm are read and recorded, with their index, until each has sent `pictures`. */
gboolean iv_bench_record_cost(const char *film, const char *folder, guint cameras, guint pictures,
                              IvRecordCost *ret_cost, GError **error);

/* The same cameras by bare GStreamer: read, parsed, muxed in fragments, written. Cores a camera. */
gboolean iv_bench_record_bare(const char *film, const char *folder, guint cameras, guint pictures,
                              double *ret_cores, GError **error);

/* ---- killed ---- */

typedef struct {
  guint rounds, files;
  guint torn;        /* files with a torn end */
  guint damaged;     /* files that are not as written before that end */
  guint wrong_rows;  /* rows of the index that did not say what is on the disk, after the repair */
  guint64 pictures;  /* in whole fragments */
  IvTime worst_loss; /* from the end of what a camera has on the disk to the kill */
} IvRecordKills;

/* The program records four cameras and is killed at some moment; then the index is repaired as a
 * start does, and held against the files. `rounds` times, in the same folder. */
gboolean iv_bench_record_kill(const char *film, const char *folder, guint rounds,
                              IvRecordKills *ret_kills, GError **error);
