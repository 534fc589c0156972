/* SPDX-License-Identifier: Apache-2.0 */
#include "app/evidence_desk.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/evidence_private.h"
#include "base/clock.h"

#define KEY_FILE "evidence.key"
#define LOOK_SPAN (2 * IV_SECOND) /* between two looks at cases that wait */
#define IDLE_SPAN (30 * IV_SECOND)
#define GATHER_SHARE 0.5 /* of the work */

/* ---- the key ---- */

static const IvSignKey *sign_key(IvEvidenceDesk *desk, GError **error) {
  g_mutex_lock(&desk->mutex);
  if (!desk->key)
    desk->key = iv_sign_key_open(desk->key_path, error);
  const IvSignKey *key = desk->key;
  g_mutex_unlock(&desk->mutex);
  return key;
}

static IvPublicKey public_of(const IvSignKey *key) {
  IvPublicKey public_key;
  G_STATIC_ASSERT(sizeof public_key.bytes == IV_SIGN_PUBLIC_BYTES);
  memcpy(public_key.bytes, iv_sign_key_public(key), sizeof public_key.bytes);
  return public_key;
}

gboolean iv_evidence_desk_key(IvEvidenceDesk *desk, char **ret_pem, char **ret_fingerprint,
                              GError **error) {
  const IvSignKey *key = sign_key(desk, error);
  if (!key)
    return FALSE;
  IvPublicKey public_key = public_of(key);
  *ret_pem = iv_public_key_to_pem(&public_key);
  *ret_fingerprint = iv_public_key_fingerprint(&public_key);
  return TRUE;
}

static void sign(const void *text, gsize n, guint8 *ret_signature, gpointer key) {
  iv_sign_key_sign(key, text, n, ret_signature);
}

/* ---- files ---- */

static char *path_of(const IvEvidenceDesk *desk, gint64 no) {
  g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT ".zip", no);
  return g_build_filename(desk->folder, name, NULL);
}

int iv_evidence_desk_open(const IvEvidenceDesk *desk, gint64 no) {
  g_autofree char *path = path_of(desk, no);
  return g_open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
}

void iv_evidence_desk_discard(const IvEvidenceDesk *desk, gint64 no) {
  g_autofree char *path = path_of(desk, no);
  g_unlink(path);
}

/* ---- progress ---- */

double iv_evidence_desk_progress(IvEvidenceDesk *desk, gint64 no) {
  g_mutex_lock(&desk->mutex);
  double progress = desk->making == no ? desk->progress : -1;
  g_mutex_unlock(&desk->mutex);
  return progress;
}

static void set_progress(IvEvidenceDesk *desk, gint64 no, double progress) {
  g_mutex_lock(&desk->mutex);
  desk->making = no;
  desk->progress = progress;
  g_mutex_unlock(&desk->mutex);
}

static gboolean told_gathered(double share, gpointer user_data) {
  IvEvidenceDesk *desk = user_data;
  g_mutex_lock(&desk->mutex);
  desk->progress = share * GATHER_SHARE;
  g_mutex_unlock(&desk->mutex);
  return !g_atomic_int_get(&desk->stop);
}

/* ---- writing the bundle ---- */

typedef struct {
  IvEvidenceDesk *desk;
  IvBundle *bundle;
  guint64 total, done; /* bytes */
} Packing;

static gboolean told_packed(guint64 bytes, gpointer user_data) {
  Packing *p = user_data;
  p->done += bytes;
  double share = (double)p->done / (double)MAX(p->total, 1);
  g_mutex_lock(&p->desk->mutex);
  p->desk->progress = GATHER_SHARE + (1 - GATHER_SHARE) * MIN(share, 1);
  g_mutex_unlock(&p->desk->mutex);
  return !g_atomic_int_get(&p->desk->stop);
}

static guint64 total_bytes(const IvEvidenceParts *parts) {
  guint64 sum = 0;
  for (guint i = 0; i < parts->clips->len; i++)
    sum += g_array_index(parts->clips, IvEvidenceClip, i).info.bytes;
  for (guint i = 0; i < parts->stills->len; i++)
    sum += iv_snapshot_bytes(&g_array_index(parts->stills, IvSnapshot, i));
  return sum;
}

static gboolean pack_clips(Packing *p, const IvEvidenceParts *parts, GError **error) {
  for (guint i = 0; i < parts->clips->len; i++) {
    const IvEvidenceClip *clip = &g_array_index(parts->clips, IvEvidenceClip, i);
    g_autofree char *name = iv_evidence_clip_name(i);
    if (!iv_bundle_add_file(p->bundle, name, clip->fd, clip->info.bytes, told_packed, p, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean pack_still(Packing *p, const IvSnapshot *still, IvSnapshotFile file,
                           GError **error) {
  g_autofree char *name = iv_evidence_still_name(still, file);
  g_autoptr(GBytes) bytes = iv_fetcher_picture(p->desk->options.fetcher, still, file, error);
  gsize n = 0;
  if (!bytes) {
    g_prefix_error(error,
                   "%s was there, but not any more while the bundle was made: ", still->path);
    return FALSE;
  }
  const void *at = g_bytes_get_data(bytes, &n);
  told_packed(n, p);
  return iv_bundle_add_bytes(p->bundle, name, at, n, error);
}

static gboolean pack_stills(Packing *p, const IvEvidenceParts *parts, GError **error) {
  for (guint i = 0; i < parts->stills->len; i++)
    for (int file = 0; file < IV_SNAPSHOT_FILES; file++)
      if (!pack_still(p, &g_array_index(parts->stills, IvSnapshot, i), (IvSnapshotFile)file, error))
        return FALSE;
  return TRUE;
}

static gboolean pack_texts(Packing *p, const IvEvidenceParts *parts, const IvPublicKey *key,
                           IvTime now, GError **error) {
  g_autofree char *fingerprint = iv_public_key_fingerprint(key);
  g_autofree char *readme = iv_evidence_readme(p->desk, parts, fingerprint);
  g_autofree char *metadata = iv_evidence_metadata(p->desk, parts, now);
  return iv_bundle_add_bytes(p->bundle, "README.txt", readme, strlen(readme), error) &&
         iv_bundle_add_bytes(p->bundle, "metadata.json", metadata, strlen(metadata), error);
}

static gboolean pack(IvEvidenceDesk *desk, const IvEvidenceParts *parts, const char *path,
                     IvTime now, GError **error) {
  const IvSignKey *key = sign_key(desk, error);
  if (!key)
    return FALSE;
  IvPublicKey public_key = public_of(key);
  g_autofree char *folder = g_strdup_printf("evidence-%" G_GINT64_FORMAT, parts->about->no);
  g_autoptr(IvBundle) bundle = iv_bundle_new(path, folder, now / IV_SECOND, error);
  Packing p = {desk, bundle, total_bytes(parts), 0};
  return bundle && pack_texts(&p, parts, &public_key, now, error) && pack_clips(&p, parts, error) &&
         pack_stills(&p, parts, error) &&
         iv_bundle_finish(bundle, &public_key, sign, (gpointer)key, error);
}

/* Of a file as large as it may be; the caller frees. */
static char *sum_of(const char *path, guint64 *ret_bytes) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  g_autofree guint8 *chunk = g_malloc(IV_ZIP_CHUNK);
  int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
  *ret_bytes = 0;
  for (gssize n; fd >= 0 && (n = read(fd, chunk, IV_ZIP_CHUNK)) > 0; *ret_bytes += (guint64)n)
    g_checksum_update(sum, chunk, n);
  if (fd >= 0)
    close(fd);
  return g_strdup(g_checksum_get_string(sum));
}

/* ---- a case ---- */

typedef struct {
  IvEvidenceDesk *desk;
  IvEvidence *about;
  gboolean fits;
} Job;

static gboolean hold_again(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  return iv_evidence_hold(sql, job->desk->options.store_id, job->about, error);
}

static gboolean settle(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_evidence_settle(sql, job->about, &job->fits, error);
}

static gboolean make_bundle(IvEvidenceDesk *desk, IvEvidence *about, const char *path,
                            GError **error) {
  g_auto(IvEvidenceParts) parts = {.about = about};
  Job job = {desk, about, FALSE};
  IvTime now = iv_clock_now();
  if (g_mkdir_with_parents(desk->folder, 0700) != 0) {
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "cannot make %s: %s",
                desk->folder, g_strerror(errno));
    return FALSE;
  }
  if (!iv_store_write(desk->options.store, hold_again, &job, error) ||
      !iv_evidence_gather(desk, &parts, told_gathered, desk, error) ||
      !pack(desk, &parts, path, now, error))
    return FALSE;
  about->clips = parts.clips->len;
  about->stills = parts.stills->len;
  about->events = (guint)json_array_size(parts.events);
  about->bundled = now;
  return TRUE;
}

/* Puts the new bundle in its place, and the row says so. */
static void finish(IvEvidenceDesk *desk, IvEvidence *about, const char *fresh, gboolean made) {
  g_autoptr(GError) error = NULL;
  Job job = {desk, about, FALSE};
  g_autofree char *path = path_of(desk, about->no);
  if (made) {
    about->bundle_sha256 = sum_of(fresh, &about->bundle_bytes);
    about->state = IV_EVIDENCE_READY;
    g_rename(fresh, path);
  } else {
    about->state = IV_EVIDENCE_FAILED;
    g_unlink(fresh);
  }
  if (!iv_store_write(desk->options.store, settle, &job, &error))
    g_warning("evidence %" G_GINT64_FORMAT ": %s", about->no, error->message);
  else if (!job.fits)
    g_unlink(path); /* it was released meanwhile */
}

static void make(IvEvidenceDesk *desk, IvEvidence *about) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = path_of(desk, about->no), *fresh = g_strconcat(path, ".new", NULL);
  g_clear_pointer(&about->bundle_sha256, g_free);
  set_progress(desk, about->no, 0);
  gboolean made = make_bundle(desk, about, fresh, &error);
  gboolean stopped = g_atomic_int_get(&desk->stop) ||
                     g_error_matches(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_STOPPED);
  if (stopped && !made) {
    g_unlink(fresh); /* it waits for the next start */
  } else {
    if (!made) {
      g_warning("evidence %" G_GINT64_FORMAT ": %s", about->no, error->message);
      g_free(about->trouble);
      about->trouble = g_strdup(error->message);
    }
    finish(desk, about, fresh, made);
  }
  set_progress(desk, 0, 0);
}

/* ---- the thread ---- */

/* TRUE: some wait still. */
static gboolean look(IvEvidenceDesk *desk) {
  g_autoptr(GError) error = NULL;
  gboolean waits = FALSE;
  g_autoptr(GArray) cases =
      iv_evidence_list(desk->options.store, desk->options.store_id, G_MAXINT64, TRUE,
                       IV_EVIDENCE_LIMIT_MAX, IV_TIME_NONE, &error);
  if (!cases) {
    g_warning("evidence: %s", error->message);
    return FALSE;
  }
  for (guint i = 0; i < cases->len && !g_atomic_int_get(&desk->stop); i++) {
    IvEvidence *about = &g_array_index(cases, IvEvidence, i);
    if (iv_clock_now() < about->to + IV_EVIDENCE_SETTLE)
      waits = TRUE;
    else
      make(desk, about);
  }
  return waits;
}

static gpointer run(gpointer user_data) {
  IvEvidenceDesk *desk = user_data;
  while (!g_atomic_int_get(&desk->stop)) {
    gboolean waits = look(desk);
    IvTime until = iv_clock_monotonic() + (waits ? LOOK_SPAN : IDLE_SPAN);
    g_mutex_lock(&desk->mutex);
    while (!desk->woken && !g_atomic_int_get(&desk->stop) &&
           g_cond_wait_until(&desk->changed, &desk->mutex, until))
      ;
    desk->woken = FALSE;
    g_mutex_unlock(&desk->mutex);
  }
  return NULL;
}

void iv_evidence_desk_wake(IvEvidenceDesk *desk) {
  g_mutex_lock(&desk->mutex);
  desk->woken = TRUE;
  g_cond_signal(&desk->changed);
  g_mutex_unlock(&desk->mutex);
}

/* ---- life ---- */

IvEvidenceDesk *iv_evidence_desk_new(const IvEvidenceDeskOptions *options) {
  IvEvidenceDesk *desk = g_new0(IvEvidenceDesk, 1);
  g_mutex_init(&desk->mutex);
  g_cond_init(&desk->changed);
  desk->options = *options;
  desk->options.store_id = g_strdup(options->store_id);
  desk->options.store_name =
      g_strdup(options->store_name ? options->store_name : options->store_id);
  desk->options.time_zone = g_strdup(options->time_zone ? options->time_zone : "UTC");
  desk->options.data_dir = g_strdup(options->data_dir);
  desk->folder = g_build_filename(options->data_dir, IV_EVIDENCE_FOLDER, NULL);
  desk->key_path = g_build_filename(options->data_dir, KEY_FILE, NULL);
  return desk;
}

void iv_evidence_desk_start(IvEvidenceDesk *desk) {
  desk->thread = g_thread_new("evidence", run, desk);
}

void iv_evidence_desk_free(IvEvidenceDesk *desk) {
  if (!desk)
    return;
  g_atomic_int_set(&desk->stop, 1);
  iv_evidence_desk_wake(desk);
  if (desk->thread)
    g_thread_join(desk->thread);
  iv_sign_key_free(desk->key);
  g_free((gpointer)desk->options.store_id);
  g_free((gpointer)desk->options.store_name);
  g_free((gpointer)desk->options.time_zone);
  g_free((gpointer)desk->options.data_dir);
  g_free(desk->folder);
  g_free(desk->key_path);
  g_mutex_clear(&desk->mutex);
  g_cond_clear(&desk->changed);
  g_free(desk);
}
