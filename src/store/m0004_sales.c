/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrations_list.h"

#define SALES_TABLE(name)                                                                          \
  "CREATE TABLE " name " ("                                                                        \
  " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL,"                                            \
  " terminal_no INTEGER NOT NULL, lane TEXT NOT NULL,"                                             \
  " transactions BIGINT NOT NULL, itemised BIGINT NOT NULL, items BIGINT NOT NULL,"                \
  " revenue_minor BIGINT NOT NULL, refunds BIGINT NOT NULL, refunds_minor BIGINT NOT NULL,"        \
  " voids BIGINT NOT NULL, no_sales BIGINT NOT NULL,"                                              \
  " PRIMARY KEY (store_no, bucket, terminal_no, lane)) WITHOUT ROWID;"

/* category: of the product when it was sold; '' = none */
#define CATEGORY_TABLE(name)                                                                       \
  "CREATE TABLE " name " ("                                                                        \
  " store_no INTEGER NOT NULL, bucket BIGINT NOT NULL, category TEXT NOT NULL,"                    \
  " items BIGINT NOT NULL, revenue_minor BIGINT NOT NULL, refunds_minor BIGINT NOT NULL,"          \
  " PRIMARY KEY (store_no, bucket, category)) WITHOUT ROWID;"

/* Sales. Money is whole minor units of the store's one currency, quantities are thousandths. A
 * receipt is there once by its key, and once by (terminal, receipt, time). */
const IvMigration iv_migration_0004_sales = {
    4, "sales",
    "ALTER TABLE stores ADD COLUMN currency TEXT NOT NULL DEFAULT '';"    /* '' = not known yet */
    "ALTER TABLE stores ADD COLUMN sales_from BIGINT NOT NULL DEFAULT 0;" /* older were deleted */

    "CREATE TABLE terminals ("
    " terminal_no INTEGER PRIMARY KEY,"
    " store_no INTEGER NOT NULL REFERENCES stores (store_no),"
    " id TEXT NOT NULL," /* as the point of sale names it */
    " name TEXT NOT NULL DEFAULT '',"
    " lane TEXT NOT NULL DEFAULT '',"          /* '' = not mapped */
    " imported_lane TEXT NOT NULL DEFAULT ''," /* what the file said when it was taken over */
    " UNIQUE (store_no, id));"

    "CREATE TABLE products ("
    " store_no INTEGER NOT NULL REFERENCES stores (store_no),"
    " sku TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " category TEXT NOT NULL," /* '' = none */
    " price BIGINT,"
    " PRIMARY KEY (store_no, sku)) WITHOUT ROWID;"

    "CREATE TABLE transactions ("
    " transaction_no INTEGER PRIMARY KEY,"
    " store_no INTEGER NOT NULL REFERENCES stores (store_no),"
    " ts BIGINT NOT NULL,"
    " terminal_no INTEGER NOT NULL REFERENCES terminals (terminal_no),"
    " receipt TEXT NOT NULL,"
    " kind TEXT NOT NULL,"
    " amount BIGINT NOT NULL,"
    " currency TEXT NOT NULL,"
    " items BIGINT,"         /* pieces; NULL = not told */
    " lane TEXT NOT NULL,"   /* of the terminal when it came; '' = not mapped */
    " source TEXT NOT NULL," /* api, csv */
    " key TEXT,"             /* the sender's; NULL = none */
    " digest BLOB NOT NULL," /* SHA-256 of what it says */
    " received_at BIGINT NOT NULL,"
    " UNIQUE (store_no, terminal_no, receipt, ts));"
    "CREATE UNIQUE INDEX transactions_by_key ON transactions (store_no, key)"
    " WHERE key IS NOT NULL;"
    "CREATE INDEX transactions_by_time ON transactions (store_no, ts, transaction_no);"
    "CREATE INDEX transactions_by_number ON transactions (store_no, receipt, ts);"

    "CREATE TABLE transaction_items ("
    " transaction_no INTEGER NOT NULL"
    "  REFERENCES transactions (transaction_no) ON DELETE CASCADE,"
    " line INTEGER NOT NULL,"
    " store_no INTEGER NOT NULL,"
    " sku TEXT NOT NULL,"
    " name TEXT," /* NULL = not told */
    " quantity_milli BIGINT NOT NULL,"
    " unit_price BIGINT NOT NULL,"
    " discount BIGINT NOT NULL,"
    " PRIMARY KEY (transaction_no, line)) WITHOUT ROWID;"
    "CREATE INDEX transaction_items_by_sku ON transaction_items (store_no, sku, transaction_no);"

    SALES_TABLE("kpi_5min_sales") CATEGORY_TABLE("kpi_5min_category")
    /* The same by UTC hours: what is asked of weeks reads a twelfth of the rows. */
    SALES_TABLE("kpi_hour_sales") CATEGORY_TABLE("kpi_hour_category")

        "CREATE VIEW daily_sales AS SELECT s.id AS store_id, d.day, s.currency,"
        " sum(k.transactions) AS transactions, sum(k.items) AS items,"
        " sum(k.revenue_minor - k.refunds_minor) AS revenue_minor, sum(k.refunds) AS refunds,"
        " sum(k.refunds_minor) AS refunds_minor, sum(k.voids) AS voids, sum(k.no_sales) AS no_sales"
        " FROM store_days d JOIN stores s ON s.store_no = d.store_no"
        " JOIN kpi_5min_sales k ON k.store_no = d.store_no"
        " AND k.bucket >= d.from_ts AND k.bucket < d.to_ts GROUP BY s.id, d.day;"};
