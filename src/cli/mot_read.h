/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "eval/mot_file.h"

#define IV_MOT_FILE_MAX (512 * 1024 * 1024) /* bytes */

/* Reads a MOTChallenge file from disk (eval/mot_file.h says what is checked). NULL with one line
 * that names the file and what is wrong with it. */
GArray *iv_mot_read(const char *path, IvMotKind kind, GError **error);
