/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles of evidence in the archive become cases again, by what stands in their metadata. */
#include <jansson.h>

#include "app/archiver_adopt_private.h"
#include "evidence/bundle_peek.h"
#include "store/evidence.h"

#define HASH_PART (1024 * 1024)
#define METADATA_MAX (64 * 1024 * 1024)

typedef struct {
  IvArchive *archive;
  const char *key;
} Bundle;

/* In parts that are not too long for a request. */
static GBytes *read_bundle(guint64 at, gsize n, gpointer user_data, GError **error) {
  const Bundle *bundle = user_data;
  g_autoptr(GByteArray) all = g_byte_array_new();
  while (all->len < n) {
    g_autoptr(GBytes) part = iv_archive_get(bundle->archive, bundle->key, at + all->len,
                                            MIN(n - all->len, IV_ARCHIVE_GET_MAX), error);
    if (!part)
      return NULL;
    g_byte_array_append(all, g_bytes_get_data(part, NULL), (guint)g_bytes_get_size(part));
  }
  return g_byte_array_free_to_bytes(g_steal_pointer(&all));
}

/* Of an archive that does not tell it (a folder). */
static gboolean hash_bundle(const Bundle *bundle, IvArchiveInfo *info, GError **error) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  for (guint64 at = 0; at < info->bytes;) {
    gsize n = (gsize)MIN(HASH_PART, info->bytes - at);
    g_autoptr(GBytes) part = iv_archive_get(bundle->archive, bundle->key, at, n, error);
    if (!part)
      return FALSE;
    g_checksum_update(sum, g_bytes_get_data(part, NULL), (gssize)n);
    at += n;
  }
  g_strlcpy(info->sha256, g_checksum_get_string(sum), sizeof info->sha256);
  return TRUE;
}

static const char *text_of(const json_t *json, const char *name) {
  const char *text = json_string_value(json_object_get(json, name));
  return text ? text : "";
}

static gboolean read_time(const json_t *json, const char *name, IvTime *ret_time) {
  return iv_time_from_text(text_of(json, name), ret_time);
}

static gboolean read_metadata(const json_t *json, IvEvidence *e) {
  const json_t *about = json_object_get(json, "case");
  const char *event = text_of(json, "event_id");
  if (!iv_slug_set(&e->camera_id, text_of(json_object_get(json, "camera"), "id")) ||
      !read_time(json_object_get(json, "from"), "utc", &e->from) ||
      !read_time(json_object_get(json, "to"), "utc", &e->to) ||
      !read_time(about, "kept_at", &e->made) ||
      !read_time(json_object_get(json, "made"), "at", &e->bundled) || e->from < 0 ||
      e->to <= e->from || e->to - e->from > IV_EVIDENCE_SPAN_MAX)
    return FALSE;
  e->no = json_integer_value(json_object_get(about, "number"));
  e->title = g_strndup(text_of(about, "title"), IV_EVIDENCE_TITLE_MAX);
  e->note = g_strndup(text_of(about, "note"), IV_EVIDENCE_NOTE_MAX);
  e->made_by = g_strndup(text_of(about, "kept_by"), IV_NAME_MAX);
  e->has_event = event[0] && iv_uuid_from_text(event, &e->event_id);
  e->clips = (guint)json_array_size(json_object_get(json, "clips"));
  e->stills = (guint)json_array_size(json_object_get(json, "stills"));
  e->events = (guint)json_array_size(json_object_get(json, "events"));
  return e->title[0] && e->made_by[0];
}

static gboolean read_case(Bundle *bundle, IvArchiveInfo *info, IvEvidence *e, GError **error) {
  if (!iv_archive_head(bundle->archive, bundle->key, info, error))
    return FALSE;
  g_autoptr(GBytes) text =
      iv_bundle_peek(read_bundle, bundle, info->bytes, "metadata.json", METADATA_MAX, error);
  if (!text)
    return FALSE;
  gsize n;
  const char *bytes = g_bytes_get_data(text, &n);
  json_t *json = json_loadb(bytes, n, 0, NULL);
  gboolean fine = json && read_metadata(json, e);
  json_decref(json);
  if (!fine) {
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                        "its metadata are not those of a case");
    return FALSE;
  }
  if (!info->sha256[0] && !hash_bundle(bundle, info, error))
    return FALSE;
  e->bundle_bytes = info->bytes;
  e->bundle_sha256 = g_strdup(info->sha256);
  return TRUE;
}

typedef struct {
  IvAdoption *x;
  IvEvidence *evidence;
  const char *key;
  gboolean fresh, strange;
} CaseJob;

static gboolean put_case(IvSql *sql, gpointer arg, GError **error) {
  CaseJob *job = arg;
  IvEvidence *e = job->evidence;
  const char *store_id = job->x->a->store_id;
  g_autoptr(GError) wrong = NULL;
  if (!iv_evidence_adopt(sql, store_id, e, &job->fresh, &wrong)) {
    job->strange = g_error_matches(wrong, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND);
    if (!job->strange)
      g_propagate_error(error, g_steal_pointer(&wrong));
    return job->strange;
  }
  IvArchivedFile file = {.kind = IV_ARCHIVED_EVIDENCE,
                         .source_no = e->no,
                         .key = (char *)job->key,
                         .bytes = e->bundle_bytes,
                         .end = e->to,
                         .archived = job->x->now};
  g_strlcpy(file.sha256, e->bundle_sha256, sizeof file.sha256);
  return iv_archived_add(sql, store_id, &file, error);
}

static gboolean adopt_case(IvAdoption *x, const char *key, GError **error) {
  IvArchiver *a = x->a;
  Bundle bundle = {a->archive, key};
  IvArchiveInfo info = {0};
  g_autoptr(GError) wrong = NULL;
  g_auto(IvEvidence) e = {.released = IV_TIME_NONE};
  CaseJob job = {.x = x, .evidence = &e, .key = key};
  gboolean known = FALSE, unused = FALSE;
  if (!iv_archived_is_known(a->store, a->store_id, key, "", &known, &unused, error))
    return FALSE;
  x->sums.cases_known += known;
  if (known)
    return TRUE;
  if (read_case(&bundle, &info, &e, &wrong)) {
    if (!iv_store_write(a->store, put_case, &job, error))
      return FALSE;
    x->sums.cases += job.fresh;
    x->sums.cases_unreadable += job.strange;
    return TRUE;
  }
  if (iv_adoption_is_fatal(wrong)) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  g_warning("archive: %s is left alone: %s", key, wrong->message);
  x->sums.cases_unreadable++;
  return TRUE;
}

gboolean iv_adopt_cases(IvAdoption *x, const GPtrArray *keys, GError **error) {
  for (guint i = 0; i < keys->len; i++)
    if (!adopt_case(x, g_ptr_array_index(keys, i), error) ||
        !iv_adoption_tell(x, IV_ADOPT_CASES, error))
      return FALSE;
  return TRUE;
}

typedef struct {
  const char *store_id;
  const IvEvidence *evidence;
} HoldJob;

static gboolean hold_case(IvSql *sql, gpointer arg, GError **error) {
  const HoldJob *job = arg;
  return iv_evidence_hold(sql, job->store_id, job->evidence, error);
}

/* What was found belongs to them too. */
gboolean iv_adopt_hold_cases(const IvAdoption *x, GError **error) {
  IvArchiver *a = x->a;
  for (gint64 before = G_MAXINT64;;) {
    g_autoptr(GArray) rows = iv_evidence_list(a->store, a->store_id, before, FALSE,
                                              IV_EVIDENCE_LIMIT_MAX, IV_TIME_NONE, error);
    for (guint i = 0; rows && i < rows->len; i++) {
      const IvEvidence *row = &g_array_index(rows, IvEvidence, i);
      HoldJob job = {a->store_id, row};
      before = row->no;
      if (row->state != IV_EVIDENCE_RELEASED && !iv_store_write(a->store, hold_case, &job, error))
        return FALSE;
    }
    if (!rows || rows->len < IV_EVIDENCE_LIMIT_MAX)
      return rows != NULL;
  }
}
