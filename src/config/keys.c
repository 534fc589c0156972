/* SPDX-License-Identifier: Apache-2.0 */
#include "config/keys.h"

#include <string.h>

#include "config/snapshot_kinds.h"

#define AT(type, field) offsetof(type, field)

static const char *const log_levels[] = {"error", "warning", "info", "debug", NULL};
static const char *const roles[] = {"general",    "entrance", "checkout",   "aisle",
                                    "high-value", "fitting",  "staff-only", NULL};
static const char *const analysed[] = {"auto", "main", "sub", "off", NULL};
static const char *const transports[] = {"tcp", "udp", NULL};
static const char *const forms[] = {
    "auto",    "nanodet", "yolox",  "yolox-decoded", "yolov5",      "yolov8", "yolov9",
    "yolov10", "yolov11", "rtdetr", "rtdetr-raw",    "rtdetr-flat", "dfine",  NULL};
static const char *const fits[] = {"auto", "stretch", "letterbox", NULL};
static const char *const providers[] = {"cpu", "cuda", "tensorrt", "openvino", NULL};
static const char *const recording_modes[] = {"off", "continuous", "events", NULL};
static const char *const camera_recordings[] = {"default", "off", "continuous", "events", NULL};
static const char *const archive_targets[] = {"off", "folder", "s3", NULL};
static const char *const archive_addressings[] = {"path", "host", NULL};
static const char *const archive_recordings[] = {"off", "all", "events", "held", NULL};
static const char *const archive_snapshots[] = {"off", "all", "held", NULL};
static const char *const unlimited[] = {"unlimited", NULL};
static const char *const automatic[] = {"auto", NULL};
static const char *const any[] = {"any", NULL};
static const char *const none[] = {"none", NULL};
static const char *const forever[] = {"forever", NULL};

G_STATIC_ASSERT(G_N_ELEMENTS(roles) == IV_ROLE_KINDS + 1);

#define S(field) AT(IvServerConfig, field)
static const IvKey server_keys[] = {
    {.name = "listen",
     .type = IV_KEY_ADDRESS,
     .offset = S(listen),
     .fallback = "127.0.0.1",
     .help = "Address the dashboard and the API are reached at: 127.0.0.1 is this machine only, "
             "0.0.0.0 every network this machine is in. Outside this machine put a reverse proxy "
             "with HTTPS in front."},
    {.name = "port",
     .type = IV_KEY_INTEGER,
     .offset = S(port),
     .fallback = "8090",
     .max = 65535,
     .help = "TCP port of dashboard and API; 0 takes any free one and prints it."},
    {.name = "data_dir",
     .type = IV_KEY_PATH,
     .offset = S(data_dir),
     .fallback = "inveye-data",
     .help = "Folder of the databases; made when it is not there."},
    {.name = "web_dir",
     .type = IV_KEY_PATH,
     .offset = S(web_dir),
     .fallback = "",
     .absent = "the one that came with the program",
     .help = "Folder of the built dashboard."},
    {.name = "log_level",
     .type = IV_KEY_CHOICE,
     .offset = S(log_level),
     .fallback = "info",
     .words = log_levels,
     .help = "What is logged: this and everything graver."},
};
#undef S

#define S(field) AT(IvStoreConfig, field)
static const IvKey store_keys[] = {
    {.name = "id",
     .type = IV_KEY_SLUG,
     .offset = S(id),
     .example = "high-street",
     .help = "Name of the store in addresses and in every stored row. Never give a used id to "
             "another store."},
    {.name = "name",
     .type = IV_KEY_TEXT,
     .offset = S(name),
     .fallback = "",
     .min = 1,
     .max = IV_NAME_MAX,
     .absent = "the id",
     .help = "Name shown to people."},
    {.name = "time_zone",
     .type = IV_KEY_TIME_ZONE,
     .offset = S(time_zone),
     .fallback = "UTC",
     .help = "The store's time zone, by its IANA name such as Europe/Berlin: hours and days of the "
             "figures are the store's own."},
};
#undef S

#define S(field) AT(IvDetectorConfig, field)
static const IvKey detector_keys[] = {
    {.name = "model",
     .type = IV_KEY_PATH,
     .offset = S(model),
     .fallback = "",
     .absent = "the packaged NanoDet",
     .help = "ONNX file of the person detector. Your own may be YOLOv5, v8, v9, v10, v11, YOLOX, "
             "NanoDet, RT-DETR or D-FINE."},
    {.name = "form",
     .type = IV_KEY_WORD,
     .offset = S(form),
     .fallback = "auto",
     .words = forms,
     .help = "Output form of the model; auto recognises it by names and shapes."},
    {.name = "fit",
     .type = IV_KEY_WORD,
     .offset = S(fit),
     .fallback = "auto",
     .words = fits,
     .help = "How a picture is fitted to the model's input; auto is what the form was trained "
             "with."},
    {.name = "size",
     .type = IV_KEY_SIZE,
     .offset = S(size),
     .fallback = "auto",
     .min = 32,
     .max = 2048,
     .unit = "pixels",
     .words = automatic,
     .help = "Input size of the model, WIDTHxHEIGHT, multiples of 32. auto follows the camera's "
             "aspect ratio (4:3 gives 320x256). Larger finds smaller people and costs more."},
    {.name = "score",
     .type = IV_KEY_NUMBER,
     .offset = S(score),
     .fallback = "auto",
     .min = 0.05,
     .max = 0.99,
     .words = automatic,
     .help = "Detections with a lower score are dropped. auto is tracker.low_score; with more, "
             "people are lost when something hides a part of them."},
    {.name = "nms",
     .type = IV_KEY_NUMBER,
     .offset = S(nms),
     .fallback = "auto",
     .min = 0.1,
     .max = 0.95,
     .words = automatic,
     .help = "Overlap (intersection over union) from which two boxes are one person; auto is what "
             "the form wants."},
    {.name = "provider",
     .type = IV_KEY_WORD,
     .offset = S(provider),
     .fallback = "cpu",
     .words = providers,
     .help = "Execution provider of ONNX Runtime; other than cpu needs a library built with it."},
    {.name = "library",
     .type = IV_KEY_PATH,
     .offset = S(library),
     .fallback = "",
     .absent = "the one of the set-up",
     .help = "Path of libonnxruntime.so."},
    {.name = "threads",
     .type = IV_KEY_INTEGER,
     .offset = S(threads),
     .fallback = "auto",
     .min = 1,
     .max = 64,
     .words = automatic,
     .help = "Pictures analysed at the same time; auto is one less than the processor has cores."},
};
#undef S

#define S(field) AT(IvTrackingConfig, field)
static const IvKey tracker_keys[] = {
    {.name = "high_score",
     .type = IV_KEY_NUMBER,
     .offset = S(high_score),
     .fallback = "0.45",
     .min = 0.05,
     .max = 0.99,
     .help = "Detections from this score on are matched first and may begin a track."},
    {.name = "low_score",
     .type = IV_KEY_NUMBER,
     .offset = S(low_score),
     .fallback = "0.25",
     .min = 0.05,
     .max = 0.99,
     .help = "Detections between this and high_score may only continue a track."},
    {.name = "lost_after",
     .type = IV_KEY_DURATION,
     .offset = S(lost_after),
     .fallback = "1 s",
     .min = 0.1,
     .max = 60,
     .help = "Who is unseen for longer is lost: zones are left at the last sight. May be found "
             "again."},
    {.name = "keep_lost",
     .type = IV_KEY_DURATION,
     .offset = S(keep_lost),
     .fallback = "4 s",
     .min = 0.2,
     .max = 120,
     .help = "Who is unseen for longer is given up; somebody who comes then is somebody new."},
};
#undef S

static const char *const bands[] = {"rank", "fixed", NULL};

#define S(field) AT(IvRulesConfig, field)
static const IvKey rules_keys[] = {
    {.name = "min_dwell",
     .type = IV_KEY_DURATION,
     .offset = S(min_dwell),
     .fallback = "2 s",
     .max = 60,
     .help = "Who is in a zone for a shorter time does not count as its visitor."},
    {.name = "engaged_dwell",
     .type = IV_KEY_DURATION,
     .offset = S(engaged_dwell),
     .fallback = "15 s",
     .min = 1,
     .max = 3600,
     .help = "Who stays in a zone this long counts as engaged."},
    {.name = "hysteresis",
     .type = IV_KEY_NUMBER,
     .offset = S(hysteresis),
     .fallback = "0.12",
     .max = 1,
     .unit = "of a person's height",
     .help = "Half width of the band around a counting line that must be left before a crossing "
             "counts: people who sway on the line count once."},
    {.name = "turn_back",
     .type = IV_KEY_DURATION,
     .offset = S(turn_back),
     .fallback = "2 s",
     .max = 60,
     .help = "Who leaves again within this time after coming in is no footfall."},
    {.name = "doorways",
     .type = IV_KEY_FLAG,
     .offset = S(doorways),
     .fallback = "false",
     .help = "Entrance lines lie in doorways beyond which the camera sees nobody: who comes into "
             "sight on one and walks in has come in, who walks towards it and is seen last on it "
             "has gone out."},
    {.name = "exit_grace",
     .type = IV_KEY_DURATION,
     .offset = S(exit_grace),
     .fallback = "500 ms",
     .max = 30,
     .help = "Who is out of a zone for a shorter time than this has not left it."},
    {.name = "wait_target",
     .type = IV_KEY_DURATION,
     .offset = S(wait_target),
     .fallback = "5 min",
     .min = 10,
     .max = 7200,
     .help = "Waits in a queue up to this are within the service level."},
    {.name = "queue_long",
     .type = IV_KEY_DURATION,
     .offset = S(queue_long),
     .fallback = "8 min",
     .min = 30,
     .max = 7200,
     .help = "A queue in which somebody waits longer, or would by estimate, is a long queue."},
    {.name = "reentry_window",
     .type = IV_KEY_DURATION,
     .offset = S(reentry_window),
     .fallback = "15 min",
     .max = 7200,
     .help = "Who comes back within this time goes on with the visit, and is no new footfall."},
    {.name = "engagement_bands",
     .type = IV_KEY_CHOICE,
     .offset = S(bands),
     .fallback = "rank",
     .words = bands,
     .help = "How zones get their band: by rank among the store's zones of their kind, or fixed "
             "(hot from 80 % engaged visitors on, high from 65 %, medium from 40 %)."},
};
#undef S

#define DAYS(n) ((n)*86400.0)
#define S(field) AT(IvRecordingConfig, field)
static const IvKey recording_keys[] = {
    {.name = "mode",
     .type = IV_KEY_CHOICE,
     .offset = S(mode),
     .fallback = "off",
     .words = recording_modes,
     .help = "What cameras record that say nothing of their own: all the time, or from before to "
             "after somebody is seen or something happens. Nothing is decoded for it."},
    {.name = "folder",
     .type = IV_KEY_PATH,
     .offset = S(folder),
     .fallback = "",
     .absent = "recordings in server.data_dir",
     .help = "Folder of the recorded files; made when it is not there."},
    {.name = "segment",
     .type = IV_KEY_DURATION,
     .offset = S(segment),
     .fallback = "5 min",
     .min = 10,
     .max = 3600,
     .help = "About how long one file is; it is cut at a keyframe."},
    {.name = "pre_roll",
     .type = IV_KEY_DURATION,
     .offset = S(pre_roll),
     .fallback = "5 s",
     .max = 60,
     .help = "Mode events: recorded from so long before."},
    {.name = "post_roll",
     .type = IV_KEY_DURATION,
     .offset = S(post_roll),
     .fallback = "10 s",
     .min = 1,
     .max = 600,
     .help = "Mode events: recorded until so long after."},
    {.name = "keep",
     .type = IV_KEY_DURATION,
     .offset = S(keep),
     .fallback = "7 d",
     .min = 3600,
     .max = DAYS(3660),
     .words = forever,
     .help = "How long recordings are kept, the oldest are deleted first; those held as evidence "
             "or for an export stay."},
    {.name = "keep_gb",
     .type = IV_KEY_NUMBER,
     .offset = S(keep_gb),
     .fallback = "unlimited",
     .min = 0.01,
     .max = 1e6,
     .unit = "GB (10^9 bytes)",
     .words = unlimited,
     .help = "How much all recordings may take; then the oldest are deleted."},
    {.name = "reserve_gb",
     .type = IV_KEY_NUMBER,
     .offset = S(reserve_gb),
     .fallback = "2",
     .min = 0.01,
     .max = 1e6,
     .unit = "GB (10^9 bytes)",
     .help = "How much of the disk stays free, whatever fills it; for that the oldest recordings "
             "are deleted."},
    {.name = "exports_keep",
     .type = IV_KEY_DURATION,
     .offset = S(exports_keep),
     .fallback = "7 d",
     .min = 3600,
     .max = DAYS(3660),
     .words = forever,
     .help = "How long a saved clip can be downloaded; then its file is deleted."},
};
#undef S

#define S(field) AT(IvSnapshotConfig, field)
static const IvKey snapshot_keys[] = {
    {.name = "kinds",
     .type = IV_KEY_TEXT,
     .offset = S(kinds),
     .fallback = IV_SNAPSHOT_KINDS_DEFAULT,
     .min = 1,
     .max = IV_CONFIG_TEXT_MAX,
     .help = "Kinds of events (see [events.md](events.md)) of which a picture is kept, with "
             "commas between; none keeps no pictures. Each shows people: choose as few as you "
             "need."},
    {.name = "every",
     .type = IV_KEY_DURATION,
     .offset = S(every),
     .fallback = "10 s",
     .min = 1,
     .max = 86400,
     .help = "Of a camera and a kind, no picture is kept within this time after another one. What "
             "is left out is counted."},
    {.name = "keep",
     .type = IV_KEY_DURATION,
     .offset = S(keep),
     .fallback = "30 d",
     .min = 3600,
     .max = DAYS(3660),
     .words = forever,
     .help = "How long pictures of events are kept; those held as evidence stay."},
    {.name = "keep_gb",
     .type = IV_KEY_NUMBER,
     .offset = S(keep_gb),
     .fallback = "5",
     .min = 0.01,
     .max = 1e6,
     .unit = "GB (10^9 bytes)",
     .words = unlimited,
     .help = "How much they may take; then the oldest are deleted."},
};
#undef S

#define S(field) AT(IvArchiveConfig, field)
static const IvKey archive_keys[] = {
    {.name = "target",
     .type = IV_KEY_CHOICE,
     .offset = S(target),
     .fallback = "off",
     .words = archive_targets,
     .help =
         "Where files are kept for longer: in a folder (another disk, a network share), or in a "
         "bucket of an S3-compatible service."},
    {.name = "folder",
     .type = IV_KEY_PATH,
     .offset = S(folder),
     .fallback = "",
     .absent = "none",
     .help = "Target folder: its path; made when it is not there."},
    {.name = "endpoint",
     .type = IV_KEY_TEXT,
     .offset = S(endpoint),
     .fallback = "",
     .min = 1,
     .max = 255,
     .absent = "none",
     .help = "Target s3: address of the service, https://HOST or https://HOST:PORT."},
    {.name = "region",
     .type = IV_KEY_TEXT,
     .offset = S(region),
     .fallback = "us-east-1",
     .min = 1,
     .max = 63,
     .help = "Target s3: region of the bucket. Services without regions take us-east-1."},
    {.name = "bucket",
     .type = IV_KEY_TEXT,
     .offset = S(bucket),
     .fallback = "",
     .min = 3,
     .max = 63,
     .absent = "none",
     .help = "Target s3: the bucket; it must be there. Give it no versions: a deleted file would "
             "stay in it."},
    {.name = "prefix",
     .type = IV_KEY_TEXT,
     .offset = S(prefix),
     .fallback = "inveye",
     .min = 1,
     .max = 128,
     .help = "What the names of all files begin with; one for each installation."},
    {.name = "addressing",
     .type = IV_KEY_CHOICE,
     .offset = S(addressing),
     .fallback = "path",
     .words = archive_addressings,
     .help = "Target s3: the bucket stands in the path (https://HOST/BUCKET), or in the host "
             "(https://BUCKET.HOST), as AWS wants it of new buckets."},
    {.name = "access_key",
     .type = IV_KEY_SECRET,
     .offset = S(access_key),
     .fallback = "",
     .min = 1,
     .max = 128,
     .absent = "none",
     .help = "Target s3: id of the access key, as ${file:PATH} or ${NAME}."},
    {.name = "secret_key",
     .type = IV_KEY_SECRET,
     .offset = S(secret_key),
     .fallback = "",
     .min = 1,
     .max = 256,
     .absent = "none",
     .help = "Target s3: the secret of that key. Keep it out of this file with ${file:PATH} or "
             "${NAME}; it is shown nowhere."},
    {.name = "ca_file",
     .type = IV_KEY_PATH,
     .offset = S(ca_file),
     .fallback = "",
     .absent = "those that the system trusts",
     .help = "Target s3: certificates (PEM) that the service's own is checked against."},
    {.name = "recordings",
     .type = IV_KEY_CHOICE,
     .offset = S(recordings),
     .fallback = "all",
     .words = archive_recordings,
     .help = "Which recordings go there: all, those in which something happened at the camera, or "
             "those that are held (as evidence)."},
    {.name = "snapshots",
     .type = IV_KEY_CHOICE,
     .offset = S(snapshots),
     .fallback = "all",
     .words = archive_snapshots,
     .help = "Which pictures of events go there: all, or those that are held (as evidence)."},
    {.name = "evidence",
     .type = IV_KEY_FLAG,
     .offset = S(evidence),
     .fallback = "true",
     .help = "Whether bundles of evidence go there; they are there until their case is released."},
    {.name = "cameras",
     .type = IV_KEY_TEXT,
     .offset = S(cameras),
     .fallback = "",
     .min = 1,
     .max = IV_CONFIG_TEXT_MAX,
     .absent = "all",
     .help = "Whose: ids, with commas between them. What is held goes there whatever camera it is "
             "of."},
    {.name = "after",
     .type = IV_KEY_DURATION,
     .offset = S(after),
     .fallback = "0 s",
     .max = DAYS(365),
     .help = "A file goes there so long after it ended."},
    {.name = "keep_local",
     .type = IV_KEY_FLAG,
     .offset = S(keep_local),
     .fallback = "true",
     .help = "true: what is archived stays on this machine too, as recording.keep says; false: it "
             "is deleted here once it is stored and verified there."},
    {.name = "keep",
     .type = IV_KEY_DURATION,
     .offset = S(keep),
     .fallback = "30 d",
     .min = DAYS(1),
     .max = DAYS(3660),
     .words = forever,
     .help = "How long files are kept in the archive; those that are held stay."},
    {.name = "bandwidth_mbit",
     .type = IV_KEY_NUMBER,
     .offset = S(bandwidth_mbit),
     .fallback = "unlimited",
     .min = 0.1,
     .max = 1e5,
     .unit = "Mbit/s",
     .words = unlimited,
     .help = "How fast all uploads together may be."},
    {.name = "hours",
     .type = IV_KEY_TEXT,
     .offset = S(hours),
     .fallback = "",
     .min = 1,
     .max = 11,
     .absent = "always",
     .help = "When files may go there, in the store's time: 22:00-06:00. An upload that was begun "
             "is ended."},
};
#undef S

#define S(field) AT(IvRetentionConfig, field)
static const IvKey retention_keys[] = {
    {.name = "events",
     .type = IV_KEY_DURATION,
     .offset = S(events),
     .fallback = "90 d",
     .min = DAYS(1),
     .max = DAYS(3660),
     .words = forever,
     .help = "How long single events are kept."},
    {.name = "samples",
     .type = IV_KEY_DURATION,
     .offset = S(samples),
     .fallback = "30 d",
     .min = DAYS(1),
     .max = DAYS(3660),
     .words = forever,
     .help = "How long the cameras' samples of each minute are kept."},
    {.name = "kpis",
     .type = IV_KEY_DURATION,
     .offset = S(kpis),
     .fallback = "1095 d",
     .min = DAYS(1),
     .max = DAYS(3660),
     .words = forever,
     .help = "How long the figures of each five minutes are kept."},
    {.name = "audit_log",
     .type = IV_KEY_DURATION,
     .offset = S(audit_log),
     .fallback = "365 d",
     .min = DAYS(1),
     .max = DAYS(3660),
     .words = forever,
     .help = "How long the record of who changed what is kept."},
    {.name = "sales",
     .type = IV_KEY_DURATION,
     .offset = S(sales),
     .fallback = "730 d",
     .min = DAYS(1),
     .max = DAYS(3660),
     .words = forever,
     .help = "How long receipts and their lines are kept; their five-minute figures are kept as "
             "kpis says."},
    {.name = "trajectories",
     .type = IV_KEY_DURATION,
     .offset = S(trajectories),
     .fallback = "35 d",
     .min = DAYS(1),
     .max = DAYS(3660),
     .words = forever,
     .help = "How long it is kept where each tracked person walked in the picture, nameless, for "
             "`inveye replay`; see [replay.md](replay.md)."},
};
#undef S

#define S(field) AT(IvSalesConfig, field)
static const IvKey sales_keys[] = {
    {.name = "currency",
     .type = IV_KEY_TEXT,
     .offset = S(currency),
     .fallback = "",
     .min = 3,
     .max = 3,
     .absent = "that of the first receipt",
     .help = "Currency of the store's receipts, three capital letters such as EUR. A store has "
             "one."},
    {.name = "terminals",
     .type = IV_KEY_TEXT,
     .offset = S(terminals),
     .fallback = "",
     .min = 1,
     .max = IV_CONFIG_TEXT_MAX,
     .absent = "none",
     .help = "Which terminal of the point of sale stands at which lane: TERMINAL=lane, "
             "TERMINAL=lane. The API can change it, which then holds until it changes here."},
    {.name = "csv_folder",
     .type = IV_KEY_PATH,
     .offset = S(csv_folder),
     .fallback = "",
     .absent = "none",
     .help = "Folder into which the point of sale puts CSV files of receipts; see sales.md. A file "
             "is read once and moved to done/ or failed/ in it."},
    {.name = "csv_map",
     .type = IV_KEY_TEXT,
     .offset = S(csv_map),
     .fallback = "",
     .min = 1,
     .max = IV_CONFIG_TEXT_MAX,
     .absent = "columns are named as fields",
     .help = "Names of the columns in these files: COLUMN=field, COLUMN=field."},
};
#undef S

#define S(field) AT(IvSimulateConfig, field)
static const IvKey simulate_keys[] = {
    {.name = "scenario",
     .type = IV_KEY_PATH,
     .offset = S(scenario),
     .fallback = "",
     .absent = "none: real cameras",
     .help =
         "Scenario file of a store that is acted out. Its store, cameras and terminals take the "
         "place of those in this file."},
    {.name = "seed",
     .type = IV_KEY_INTEGER,
     .offset = S(seed),
     .fallback = "1",
     .max = G_MAXINT32,
     .help = "Seed of all chance: the same scenario and seed give the same days."},
};
#undef S

static const char *const blur_rules[] = {"by-role", "everybody", "nobody", NULL};

#define S(field) AT(IvPrivacyConfig, field)
static const IvKey privacy_keys[] = {
    {.name = "mask_live",
     .type = IV_KEY_FLAG,
     .offset = S(mask_live),
     .fallback = "true",
     .help =
         "The masks of a camera are black in its live video too. A camera with masks is then "
         "encoded anew while somebody watches. Analysis and single pictures are masked always."},
    {.name = "mask_recordings",
     .type = IV_KEY_FLAG,
     .offset = S(mask_recordings),
     .fallback = "true",
     .help = "The masks of a camera are black in its recordings too, before anything is stored. A "
             "camera with masks is then encoded anew while it records; false saves that, and what "
             "lies under a mask is stored."},
    {.name = "blur_live",
     .type = IV_KEY_CHOICE,
     .offset = S(blur_live),
     .fallback = "by-role",
     .words = blur_rules,
     .help = "Who sees people only as mosaics in live video: those whose role may not see people "
             "(regional, installer, viewer), everybody, or nobody."},
    {.name = "blur_pictures",
     .type = IV_KEY_CHOICE,
     .offset = S(blur_pictures),
     .fallback = "by-role",
     .words = blur_rules,
     .help = "The same of single pictures."},
    {.name = "blur_recordings",
     .type = IV_KEY_CHOICE,
     .offset = S(blur_recordings),
     .fallback = "by-role",
     .words = blur_rules,
     .help = "The same of recordings and what is exported of them. Recordings can't be shown "
             "blurred yet, so who may see people only as mosaics is refused."},
};
#undef S

static const char *const stun_schemes[] = {"stun", NULL};
static const char *const turn_schemes[] = {"turn", "turns", NULL};

#define S(field) AT(IvNetworkConfig, field)
static const IvKey network_keys[] = {
    {.name = "host_connections",
     .type = IV_KEY_INTEGER,
     .offset = S(host_connections),
     .fallback = "unlimited",
     .min = 1,
     .max = 1000,
     .words = unlimited,
     .help = "How many streams are read at once from one host. A recorder (NVR) with many channels "
             "takes only so many connections; what is beyond waits, and its camera says so."},
};
#undef S

#define S(field) AT(IvLiveConfig, field)
static const IvKey live_keys[] = {
    {.name = "viewers",
     .type = IV_KEY_INTEGER,
     .offset = S(viewers),
     .fallback = "64",
     .min = 1,
     .max = 256,
     .help = "How many live views may be open at once, over all cameras. More are refused with a "
             "message, and the dashboard shows still pictures instead."},
    {.name = "camera_viewers",
     .type = IV_KEY_INTEGER,
     .offset = S(camera_viewers),
     .fallback = "50",
     .min = 1,
     .max = 60,
     .help = "How many of them may be of one camera."},
    {.name = "port_min",
     .type = IV_KEY_INTEGER,
     .offset = S(port_min),
     .fallback = "any",
     .min = 1024,
     .max = 65535,
     .words = any,
     .help =
         "First port of the video's own connections (UDP, and TCP where UDP is blocked). Give a "
         "range, with port_max, to open in a firewall; two ports a viewer and address of this "
         "machine."},
    {.name = "port_max",
     .type = IV_KEY_INTEGER,
     .offset = S(port_max),
     .fallback = "any",
     .min = 1024,
     .max = 65535,
     .words = any,
     .help = "Last port of that range."},
    {.name = "stun",
     .type = IV_KEY_RELAY,
     .offset = S(stun),
     .fallback = "",
     .words = stun_schemes,
     .absent = "none",
     .help =
         "STUN server that tells this machine its address outside, stun://HOST:PORT; needed when "
         "browsers reach it through a router's forwarded ports."},
    {.name = "turn",
     .type = IV_KEY_RELAY,
     .offset = S(turn),
     .fallback = "",
     .words = turn_schemes,
     .absent = "none",
     .help = "TURN server that passes the video on where no direct way is open, "
             "turn://USER:PASSWORD@HOST:PORT. Keep the password out of this file with ${file:PATH} "
             "or ${NAME}."},
};
#undef S

#define S(field) AT(IvRestreamConfig, field)
static const IvKey restream_keys[] = {
    {.name = "enabled",
     .type = IV_KEY_FLAG,
     .offset = S(enabled),
     .fallback = "false",
     .help = "true: other programs (VLC, Frigate, Home Assistant, recorders) read the cameras from "
             "here, rtsp://HOST:8554/CAMERA, and rtsp://HOST:8554/CAMERA/sub the sub stream. Needs "
             "a password."},
    {.name = "address",
     .type = IV_KEY_ADDRESS,
     .offset = S(address),
     .fallback = "127.0.0.1",
     .help = "Address they are reached at: 127.0.0.1 is this machine only, 0.0.0.0 every network "
             "this machine is in. The password is never sent, but the pictures are not encrypted."},
    {.name = "port",
     .type = IV_KEY_INTEGER,
     .offset = S(port),
     .fallback = "8554",
     .max = 65535,
     .help = "TCP port; 0 takes any free one and logs it."},
    {.name = "user",
     .type = IV_KEY_TEXT,
     .offset = S(user),
     .fallback = "inveye",
     .min = 1,
     .max = 64,
     .help =
         "The name that other programs log in with. It is an account of its own, not one of the "
         "dashboard."},
    {.name = "password",
     .type = IV_KEY_SECRET,
     .offset = S(password),
     .fallback = "",
     .min = IV_RESTREAM_PASSWORD_MIN,
     .max = 128,
     .absent = "none",
     .help = "Its password, 8 characters or more, without blanks. Keep it out of this file with "
             "${file:PATH} or "
             "${NAME}; it is shown nowhere."},
    {.name = "see_people",
     .type = IV_KEY_FLAG,
     .offset = S(see_people),
     .fallback = "false",
     .help = "true: the account may recognise people, so cameras without masks are passed on as "
             "they are; false: it sees people as privacy.blur_live says of a role that may not, "
             "and each stream that is read is encoded anew."},
    {.name = "clients",
     .type = IV_KEY_INTEGER,
     .offset = S(clients),
     .fallback = "64",
     .min = 1,
     .max = 256,
     .help = "How many streams may be read at once, over all cameras; more are refused."},
    {.name = "camera_clients",
     .type = IV_KEY_INTEGER,
     .offset = S(camera_clients),
     .fallback = "16",
     .min = 1,
     .max = 48,
     .help = "How many of them may be of one camera."},
};
#undef S

#define S(field) AT(IvFloorPlanConfig, field)
static const IvKey floor_plan_keys[] = {
    {.name = "width_m",
     .type = IV_KEY_NUMBER,
     .offset = S(width_m),
     .fallback = "none",
     .min = IV_PLAN_SIDE_MIN,
     .max = IV_PLAN_SIDE_MAX,
     .unit = "metres",
     .words = none,
     .help = "How wide the plan is, from left to right. Places on the plan are metres from its top "
             "left corner."},
    {.name = "height_m",
     .type = IV_KEY_NUMBER,
     .offset = S(height_m),
     .fallback = "none",
     .min = IV_PLAN_SIDE_MIN,
     .max = IV_PLAN_SIDE_MAX,
     .unit = "metres",
     .words = none,
     .help = "How high the plan is, from top to bottom."},
    {.name = "image",
     .type = IV_KEY_PATH,
     .offset = S(image),
     .fallback = "",
     .absent = "none",
     .help = "PNG or JPEG picture of the plan, cut so that its edges are those of the plan; it is "
             "shown under what is drawn, and stretched to the plan's size."},
};
#undef S

#define S(field) AT(IvCameraConfig, field)
static const IvKey camera_keys[] = {
    {.name = "id",
     .type = IV_KEY_SLUG,
     .offset = S(id),
     .example = "entrance",
     .help = "Name of the camera in addresses and in every stored row; unique. Never give a used "
             "id to another camera."},
    {.name = "name",
     .type = IV_KEY_TEXT,
     .offset = S(name),
     .fallback = "",
     .min = 1,
     .max = IV_NAME_MAX,
     .absent = "the id",
     .help = "Name shown to people."},
    {.name = "number",
     .type = IV_KEY_INTEGER,
     .offset = S(number),
     .fallback = "auto",
     .min = 1,
     .max = 9999,
     .words = automatic,
     .help = "Number shown to people, unique; auto is the lowest free one."},
    {.name = "role",
     .type = IV_KEY_CHOICE,
     .offset = S(role),
     .fallback = "general",
     .words = roles,
     .help = "What the camera watches."},
    {.name = "url",
     .type = IV_KEY_SOURCE,
     .offset = S(url),
     .example = "rtsp://192.168.1.20/stream1",
     .help = "Address of the stream, rtsp://user:password@host/path (http:// for motion JPEG), or "
             "path of a video file. Keep "
             "the password out of this file with ${file:PATH} or ${NAME}."},
    {.name = "sub_url",
     .type = IV_KEY_SOURCE,
     .offset = S(sub_url),
     .fallback = "",
     .absent = "the camera has one stream",
     .help =
         "Address of the camera's second, smaller stream of the same picture. Recording and full "
         "screen take the main stream (url), grids the sub stream."},
    {.name = "analyse",
     .type = IV_KEY_CHOICE,
     .offset = S(analyse),
     .fallback = "auto",
     .words = analysed,
     .help =
         "Which of the two streams is analysed, and so always read; auto is the sub stream where "
         "there is one. The other one is read only while it is recorded or watched. off: the "
         "camera is recorded and watched, but nothing is counted; its lines and zones are told as "
         "not covered."},
    {.name = "live_transcode",
     .type = IV_KEY_FLAG,
     .offset = S(live_transcode),
     .fallback = "false",
     .help = "true: H.265, and H.264 with B-frames, are encoded anew for live view while somebody "
             "watches, once for all viewers; takes up to a core for each such stream."},
    {.name = "transport",
     .type = IV_KEY_CHOICE,
     .offset = S(udp),
     .fallback = "tcp",
     .words = transports,
     .help = "How the stream travels. udp only in a network without loss."},
    {.name = "fps",
     .type = IV_KEY_NUMBER,
     .offset = S(fps),
     .fallback = "5",
     .min = 0.5,
     .max = 30,
     .unit = "pictures a second",
     .help = "How many pictures a second are analysed; under 4 people may be mixed up."},
    {.name = "enabled",
     .type = IV_KEY_FLAG,
     .offset = S(enabled),
     .fallback = "true",
     .help = "false: the camera is known and shown, but not read."},
    {.name = "motion_gate",
     .type = IV_KEY_FLAG,
     .offset = S(motion_gate),
     .fallback = "true",
     .help = "Skip the analysis of pictures in which nothing moves (they are counted)."},
    {.name = "recording",
     .type = IV_KEY_CHOICE,
     .offset = S(recording),
     .fallback = "default",
     .words = camera_recordings,
     .help = "What this camera records; default is as in recording.mode."},
    {.name = "realtime",
     .type = IV_KEY_FLAG,
     .offset = S(realtime),
     .fallback = "true",
     .help = "Video files only: read at the speed of a camera; false is as fast as possible."},
    {.name = "loop",
     .type = IV_KEY_FLAG,
     .offset = S(loop),
     .fallback = "false",
     .help = "Video files only: start again at the end."},
};
#undef S

#define SECTION(key, field, table, about)                                                          \
  {                                                                                                \
    .name = key, .offset = AT(IvConfig, field), .keys = table, .n_keys = G_N_ELEMENTS(table),      \
    .help = about                                                                                  \
  }

static const IvSection sections[] = {
    SECTION("server", server, server_keys, "Dashboard, API and storage of this machine."),
    SECTION("store", store, store_keys, "The store whose cameras these are."),
    SECTION("detector", detector, detector_keys, "How people are found in a picture."),
    SECTION("tracker", tracker, tracker_keys, "How people are followed from picture to picture."),
    SECTION("rules", rules, rules_keys, "When something that people do counts."),
    SECTION("retention", retention, retention_keys,
            "How long rows are kept; forever keeps them until the disk is full."),
    SECTION("recording", recording, recording_keys,
            "Recording of the cameras' pictures: see [recording.md](recording.md)."),
    SECTION("snapshots", snapshots, snapshot_keys,
            "Pictures that are kept of events: see [evidence.md](evidence.md)."),
    SECTION("archive", archive, archive_keys,
            "Files that are kept for longer, elsewhere: see [archive.md](archive.md)."),
    SECTION("sales", sales, sales_keys, "What the points of sale tell: see [sales.md](sales.md)."),
    SECTION("live", live, live_keys, "Live video in the dashboard: see [live.md](live.md)."),
    SECTION("restream", restream, restream_keys,
            "The cameras' streams for other programs, by RTSP: see "
            "[live.md](live.md#other-programs)."),
    SECTION("network", network, network_keys,
            "How cameras are reached: see [cameras.md](cameras.md)."),
    SECTION("privacy", privacy, privacy_keys,
            "What must not be seen, and by whom: see [privacy.md](privacy.md)."),
    SECTION("simulate", simulate, simulate_keys,
            "A simulated store instead of cameras: see [simulator.md](simulator.md). All that is "
            "shown of it is marked as simulated, and it needs a data folder of its own."),
    {.name = "floor_plan",
     .has_scene = TRUE,
     .offset = AT(IvConfig, floor_plan),
     .keys = floor_plan_keys,
     .n_keys = G_N_ELEMENTS(floor_plan_keys),
     .help = "The store from above: see [calibration.md](calibration.md). What is drawn on it is "
             "counted from the people that calibrated cameras see together."},
    {.name = "cameras",
     .list = TRUE,
     .has_scene = TRUE,
     .offset = AT(IvConfig, cameras),
     .keys = camera_keys,
     .n_keys = G_N_ELEMENTS(camera_keys),
     .help = "One entry for each camera."},
};

const IvSection *iv_sections(guint *ret_n) {
  *ret_n = G_N_ELEMENTS(sections);
  return sections;
}

const IvSection *iv_section(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
    if (strcmp(sections[i].name, name) == 0)
      return &sections[i];
  return NULL;
}

gboolean iv_config_analyses(const IvCameraConfig *camera) {
  return camera->analyse != IV_ANALYSE_OFF;
}

gboolean iv_config_analyses_sub(const IvCameraConfig *camera) {
  return camera->sub_url && camera->analyse != IV_ANALYSE_MAIN && iv_config_analyses(camera);
}

const char *iv_camera_role_name(IvCameraRole role) {
  return roles[role];
}
