/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"
#include "store/store.h"

/* The drop folder of sales.csv_folder: each *.csv file in it is read once and moved to done/, or to
 * failed/ with a file NAME.txt that has a line for each bad receipt. One thread. */
typedef struct IvSalesFolder IvSalesFolder;

#define IV_SALES_FOLDER_FILES_MAX 1000 /* looked at in one go; the rest comes next time */

/* `config` and `store` must outlive it. */
IvSalesFolder *iv_sales_folder_new(const IvConfig *config, IvStore *store);
void iv_sales_folder_free(IvSalesFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvSalesFolder, iv_sales_folder_free)

/* Looks once. A file is read when it has not changed since the look before, so that one which is
 * still being written waits; a file that came by renaming waits too. Files that the database could
 * not take stay for the next look. Returns how many files were moved. */
guint iv_sales_folder_look(IvSalesFolder *folder, IvTime now);
