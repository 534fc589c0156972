/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "vision/detector.h"

/* The detector options that every verb with a --video shares. */
typedef struct {
  char *model, *library, *form, *fit, *provider, *size;
  double score; /* < 0 = default */
} IvDetectorOptions;

/* Entries for GOption; append them to a verb's own. NULL-terminated, valid while `options` is. */
GOptionEntry *iv_detector_option_entries(IvDetectorOptions *options, const GOptionEntry *own);

/* "320x256" as --size takes it. */
gboolean iv_detector_options_read_size(const char *text, IvSize *ret_size, GError **error);

/* Makes the detector these options ask for. */
IvDetector *iv_detector_options_open(const IvDetectorOptions *options, GError **error);

void iv_detector_options_clear(IvDetectorOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvDetectorOptions, iv_detector_options_clear)
