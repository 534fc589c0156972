/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Removes a bench's temporary folder and the files in it (no folders below). */
void iv_bench_folder_remove(const char *folder);
