/* SPDX-License-Identifier: Apache-2.0 */
/* What stands beside the pictures of a bundle: metadata for programs, a README for people. */
#include <string.h>

#include "app/evidence_private.h"
#include "kpi/calendar.h"

#define FORMAT_VERSION 1

char *iv_evidence_clip_name(guint index) {
  return g_strdup_printf("clip-%u.mp4", index + 1);
}

char *iv_evidence_still_name(const IvSnapshot *still, IvSnapshotFile file) {
  static const char *const folders[IV_SNAPSHOT_FILES] = {"stills", "stills-with-boxes",
                                                         "thumbnails"};
  const char *name = strrchr(still->path, '/');
  return g_strdup_printf("%s/%.10s-%s.jpg", folders[file], still->path,
                         name ? name + 1 : still->path);
}

/* ---- times ---- */

/* "2026-03-29 12:00:00.250 +02:00", by the store's clock; the caller frees. */
static char *local_text(const IvEvidenceDesk *desk, IvTime time) {
  g_autoptr(GTimeZone) zone = iv_calendar_zone(desk->options.time_zone);
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time / IV_SECOND);
  g_autoptr(GDateTime) local = zone && utc ? g_date_time_to_timezone(utc, zone) : NULL;
  if (!local)
    return g_strdup("");
  g_autofree char *day = g_date_time_format(local, "%Y-%m-%d %H:%M:%S"),
                  *offset = g_date_time_format(local, "%:z");
  return g_strdup_printf("%s.%03d %s", day, (int)(time % IV_SECOND / IV_MS), offset);
}

static json_t *time_json(const IvEvidenceDesk *desk, IvTime time) {
  char utc[IV_TIME_TEXT_MAX];
  g_autofree char *local = local_text(desk, time);
  return json_pack("{ss ss}", "utc", iv_time_to_text(time, utc), "local", local);
}

static json_t *plain_time(IvTime time) {
  char text[IV_TIME_TEXT_MAX];
  return json_string(iv_time_to_text(time, text));
}

/* ---- metadata ---- */

static json_t *clips_json(const IvEvidenceDesk *desk, const IvEvidenceParts *parts) {
  json_t *list = json_array();
  for (guint i = 0; i < parts->clips->len; i++) {
    const IvClipInfo *info = &g_array_index(parts->clips, IvEvidenceClip, i).info;
    g_autofree char *name = iv_evidence_clip_name(i);
    json_array_append_new(list,
                          json_pack("{ss so so ss s{si si} si sI}", "file", name, "from",
                                    time_json(desk, info->start), "to", time_json(desk, info->end),
                                    "codec", iv_codec_name(info->codec), "size", "w",
                                    info->size.width, "h", info->size.height, "pictures",
                                    (int)info->pictures, "bytes", (json_int_t)info->bytes));
  }
  return list;
}

static json_t *stills_json(const IvEvidenceDesk *desk, const IvEvidenceParts *parts) {
  json_t *list = json_array();
  for (guint i = parts->stills->len; i > 0; i--) { /* oldest first */
    const IvSnapshot *still = &g_array_index(parts->stills, IvSnapshot, i - 1);
    char id[IV_UUID_TEXT_MAX];
    g_autofree char *clean = iv_evidence_still_name(still, IV_SNAPSHOT_CLEAN);
    g_autofree char *marked = iv_evidence_still_name(still, IV_SNAPSHOT_MARKED);
    g_autofree char *small = iv_evidence_still_name(still, IV_SNAPSHOT_THUMBNAIL);
    iv_uuid_to_text(&still->event_id, id);
    json_array_append_new(list, json_pack("{ss ss ss ss ss so so}", "file", clean, "with_boxes",
                                          marked, "thumbnail", small, "event_id", id, "kind",
                                          still->kind, "event_time", time_json(desk, still->moment),
                                          "taken", time_json(desk, still->frame_ts)));
  }
  return list;
}

char *iv_evidence_metadata(IvEvidenceDesk *desk, const IvEvidenceParts *parts, IvTime now) {
  const IvEvidence *about = parts->about;
  const IvEvidenceDeskOptions *options = &desk->options;
  char id[IV_UUID_TEXT_MAX];
  iv_uuid_to_text(&about->event_id, id);
  json_t *camera =
      options->describe ? options->describe(about->camera_id.text, options->user_data) : NULL;
  json_t *json = json_pack(
      "{si s{sI ss ss ss so} s{ss ss ss} so so so so so so so so s{ss ss}}", "format",
      FORMAT_VERSION, "case", "number", (json_int_t)about->no, "title", about->title, "note",
      about->note, "kept_by", about->made_by, "kept_at", plain_time(about->made), "store", "id",
      options->store_id, "name", options->store_name, "time_zone", options->time_zone, "camera",
      camera ? camera : json_pack("{ss}", "id", about->camera_id.text), "event_id",
      about->has_event ? json_string(id) : json_null(), "from", time_json(desk, about->from), "to",
      time_json(desk, about->to), "clips", clips_json(desk, parts), "stills",
      stills_json(desk, parts), "left_out", json_incref(parts->left_out), "events",
      json_incref(parts->events), "made", "software", "InvEye " INVEYE_VERSION, "at", "");
  json_object_set_new(json_object_get(json, "made"), "at", plain_time(now));
  char *text = json_dumps(json, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
  json_decref(json);
  char *out = g_strconcat(text, "\n", NULL);
  free(text);
  return out;
}

/* ---- README ---- */

char *iv_evidence_readme(IvEvidenceDesk *desk, const IvEvidenceParts *parts,
                         const char *fingerprint) {
  const IvEvidence *about = parts->about;
  g_autofree char *from = local_text(desk, about->from), *to = local_text(desk, about->to);
  return g_strdup_printf(
      "Evidence %" G_GINT64_FORMAT " of %s\n"
      "%s\n\n"
      "Camera:   %s\n"
      "From:     %s (%s)\n"
      "To:       %s\n"
      "Kept by:  %s\n\n"
      "What is in here\n"
      "  clip-*.mp4         what was recorded, byte by byte (not encoded again for this); it may\n"
      "                     begin some seconds earlier. More than one where something is missing\n"
      "  stills             pictures of what happened; stills-with-boxes: the same with what the\n"
      "                     program saw; thumbnails: the same, small\n"
      "  metadata.json      times, camera, clock, events\n"
      "  SHA256SUMS         checksums of all these files\n"
      "  SHA256SUMS.sig     signature of the checksums (Ed25519)\n"
      "  public-key.pem     the key it is checked with\n\n"
      "How to check that nothing was changed\n"
      "With any Linux, macOS with OpenSSL 3, or Windows with WSL, in this folder:\n\n"
      "  sha256sum -c SHA256SUMS\n"
      "      every file must be OK\n\n"
      "  openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin \\\n"
      "      -in SHA256SUMS -sigfile SHA256SUMS.sig\n"
      "      must say: Signature Verified Successfully\n\n"
      "  openssl pkey -pubin -in public-key.pem -outform DER | sha256sum\n"
      "      must show the fingerprint that the shop's operator tells (in InvEye: Evidence). When\n"
      "      this was made it was\n"
      "      %s\n"
      "      Ask for it by another way than the one by which this file came: whoever changes the\n"
      "      files could sign them with a key of their own.\n\n"
      "The same in one step, with InvEye: inveye evidence verify FILE.zip\n",
      about->no, desk->options.store_name, about->title, about->camera_id.text, from,
      desk->options.time_zone, to, about->made_by, fingerprint);
}
