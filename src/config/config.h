/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/log.h"
#include "base/timestamp.h"
#include "model/scene.h"

/* What the configuration file says, checked and completed with defaults. One tree of plain structs
 * that owns everything in it; immutable after loading, so any thread may read it. Which keys exist,
 * with range, default and help, stands once in keys.c; docs/configuration.md is printed from it. */

#define IV_CONFIG_CAMERAS_MAX 128
#define IV_CONFIG_TEXT_MAX 2048 /* bytes of one value after expansion */
#define IV_RESTREAM_PASSWORD_MIN 8

typedef struct {
  char *listen;         /* address to bind */
  int port;             /* 0 = any free one */
  char *data_dir;       /* absolute, or relative to the working directory */
  char *web_dir;        /* NULL = the dashboard that came with the program */
  IvLogLevel log_level; /* this and what is graver is logged */
} IvServerConfig;

typedef struct {
  IvSlug id;
  char *name;
  char *time_zone; /* IANA name that GTimeZone knows */
} IvStoreConfig;

/* Words are static text. NULL paths mean what the set-up put into the cache. */
typedef struct {
  char *model;
  const char *form; /* "auto", "nanodet", "yolox", ... */
  const char *fit;  /* "auto", "stretch", "letterbox" */
  IvSize size;      /* 0x0 = automatic */
  double score;     /* 0..1; weaker detections are dropped; 0 = the tracker's low_score */
  double nms;       /* 0..1; 0 = what the form wants */
  const char *provider;
  char *library;
  int threads; /* inference workers; 0 = cores - 1, at least 1 */
} IvDetectorConfig;

/* As IvTrackerConfig (track/tracker_config.h). */
typedef struct {
  double high_score, low_score;
  IvTime lost_after, keep_lost;
} IvTrackingConfig;

typedef struct {
  IvTime min_dwell;      /* a zone visit shorter than this is none */
  IvTime engaged_dwell;  /* from here on the visitor is engaged */
  double hysteresis;     /* half-band of a line as a share of the track's median box height */
  IvTime turn_back;      /* out within this time after in: not counted as footfall */
  gboolean doorways;     /* nobody is seen beyond the entrance lines */
  IvTime exit_grace;     /* shorter absences do not end a zone visit */
  IvTime wait_target;    /* waits up to this are within the service level */
  IvTime reentry_window; /* back within this goes on with the visit */
  int bands;             /* of zones' engagement: 0 by rank, 1 by fixed limits */
  IvTime queue_long;     /* a longer wait, present or estimated, makes a queue long */
} IvRulesConfig;

/* How long rows are kept; 0 = for ever. */
typedef struct {
  IvTime events;
  IvTime samples; /* camera samples, many per hour */
  IvTime kpis;    /* 5-minute buckets */
  IvTime audit_log;
  IvTime sales;        /* receipts and their lines */
  IvTime trajectories; /* where people walked, per track */
} IvRetentionConfig;

/* What is recorded, and for how long it is kept. */
typedef enum { IV_RECORDING_OFF, IV_RECORDING_CONTINUOUS, IV_RECORDING_EVENTS } IvRecordingMode;

typedef struct {
  int mode;     /* IvRecordingMode, of cameras that say nothing of their own */
  char *folder; /* NULL = "recordings" in the data folder */
  IvTime segment, pre_roll, post_roll;
  IvTime keep;         /* 0 = for ever */
  double keep_gb;      /* 0 = no limit */
  double reserve_gb;   /* of the disk: stays free */
  IvTime exports_keep; /* clips that were saved; 0 = for ever */
} IvRecordingConfig;

/* Pictures that are kept of events. */
typedef struct {
  char *kinds;    /* of events: config/snapshot_kinds.h */
  IvTime every;   /* at the least between two of a camera and kind */
  IvTime keep;    /* 0 = for ever */
  double keep_gb; /* 0 = no limit */
} IvSnapshotConfig;

/* Where files are kept for longer than on this machine (src/archive). NULL texts = not set. */
typedef enum { IV_ARCHIVE_OFF, IV_ARCHIVE_FOLDER, IV_ARCHIVE_S3 } IvArchiveTarget;
typedef enum { IV_ARCHIVE_BY_PATH, IV_ARCHIVE_BY_HOST } IvArchiveAddressing;
typedef enum {
  IV_ARCHIVE_RECORDINGS_OFF,
  IV_ARCHIVE_RECORDINGS_ALL,
  IV_ARCHIVE_RECORDINGS_EVENTS,
  IV_ARCHIVE_RECORDINGS_HELD,
} IvArchiveRecordings;
typedef enum {
  IV_ARCHIVE_SNAPSHOTS_OFF,
  IV_ARCHIVE_SNAPSHOTS_ALL,
  IV_ARCHIVE_SNAPSHOTS_HELD,
} IvArchiveSnapshots;

typedef struct {
  int target;                                /* IvArchiveTarget */
  char *folder;                              /* of IV_ARCHIVE_FOLDER */
  char *endpoint, *region, *bucket, *prefix; /* of IV_ARCHIVE_S3; prefix of both */
  int addressing;                            /* IvArchiveAddressing */
  char *access_key, *secret_key;             /* secrets: shown nowhere */
  char *ca_file;                             /* NULL = the system's */
  char *cameras;                             /* "a, b"; NULL = all */
  int recordings;                            /* IvArchiveRecordings */
  int snapshots;                             /* IvArchiveSnapshots */
  gboolean evidence;                         /* bundles too */
  IvTime after;                              /* so long after its end a file may go */
  gboolean keep_local;                       /* FALSE: what is archived is deleted here at once */
  IvTime keep;                               /* in the archive; 0 = for ever */
  double bandwidth_mbit;                     /* 0 = as fast as it goes */
  char *hours;                               /* config/hours.h; NULL = always */
} IvArchiveConfig;

/* Sales of the points of sale. NULL = not set. */
typedef struct {
  char *currency;   /* ISO 4217 */
  char *terminals;  /* which terminal stands at which lane: config/terminal_map.h */
  char *csv_folder; /* receipts are taken from the files that are put there */
  char *csv_map;    /* "COLUMN=field, COLUMN=field": names of their columns */
} IvSalesConfig;

/* Live video (WebRTC). NULL = none. */
typedef struct {
  int viewers, camera_viewers; /* the most at once, in all and of one camera */
  int port_min, port_max;      /* UDP and TCP of the media; 0 = any */
  char *stun;                  /* stun://HOST[:PORT] */
  char *turn; /* turn[s]://USER:PASSWORD@HOST[:PORT] with its password; print it through iv_url_mask
               */
} IvLiveConfig;

/* The cameras' streams for other programs, by RTSP. */
typedef struct {
  gboolean enabled;
  char *address; /* to bind */
  int port;      /* 0 = any free one */
  char *user;
  char *password;              /* secret: shown nowhere; NULL = not set, then it is not enabled */
  gboolean see_people;         /* the account has the right people.see */
  int clients, camera_clients; /* the most at once, in all and of one camera */
} IvRestreamConfig;

/* How cameras are reached. */
typedef struct {
  int host_connections; /* streams pulled at once from one host; 0 = any number */
} IvNetworkConfig;

/* In whose pictures people are made unrecognisable. */
typedef enum {
  IV_BLUR_BY_ROLE, /* of those whose role may not see people */
  IV_BLUR_EVERYBODY,
  IV_BLUR_NOBODY,
} IvBlurRule;

typedef struct {
  gboolean mask_live, mask_recordings;
  int blur_live, blur_pictures, blur_recordings; /* IvBlurRule */
} IvPrivacyConfig;

/* The store's floor plan. */
typedef struct {
  double width_m, height_m; /* 0 = not set */
  char *image;              /* path of a PNG or JPEG, checked; NULL = none */
  IvScene *scene;           /* of IV_FLOOR_PLAN_ID, version 1 unless given; NULL = no plan */
} IvFloorPlanConfig;

/* product.md A4 */
typedef enum {
  IV_ROLE_GENERAL,
  IV_ROLE_ENTRANCE,
  IV_ROLE_CHECKOUT,
  IV_ROLE_AISLE,
  IV_ROLE_HIGH_VALUE,
  IV_ROLE_FITTING,
  IV_ROLE_STAFF_ONLY,
  IV_ROLE_KINDS,
} IvCameraRole;

/* Which of a camera's streams is analysed; auto is the sub stream where there is one; off: none,
 * the camera is only recorded and watched. */
typedef enum {
  IV_ANALYSE_AUTO,
  IV_ANALYSE_MAIN,
  IV_ANALYSE_SUB,
  IV_ANALYSE_OFF,
} IvAnalysedStream;

typedef struct {
  IvSlug id;
  char *name;
  int number; /* as printed on the camera, 1..9999, unique */
  IvCameraRole role;
  char *url;     /* rtsp[s]:// address WITH its password, or a video file's path; print it only
                    through iv_url_mask */
  char *sub_url; /* likewise of its second, smaller stream; NULL = it has one stream */
  int analyse;   /* IvAnalysedStream */
  gboolean live_transcode; /* what browsers can't play live is encoded anew for them */
  gboolean udp;            /* RTP over UDP instead of TCP */
  double fps;              /* analysed frames a second, 0.5..30 */
  gboolean enabled;        /* FALSE: known, shown, not read */
  gboolean motion_gate;
  int recording;     /* IvRecordingMode + 1; 0 = as in recording.mode */
  gboolean realtime; /* files only: read at the speed of a camera, else as fast as possible */
  gboolean loop;     /* files only: start again at the end */
  IvScene *scene;    /* camera_id and hash set, version 1 unless given; NULL = file says nothing */
} IvCameraConfig;

/* A store that is acted out instead of cameras that are read. */
typedef struct {
  char *scenario; /* path of its file; NULL = real cameras */
  int seed;
} IvSimulateConfig;

typedef struct {
  char *path; /* of the file; "" when read from text */
  IvServerConfig server;
  IvStoreConfig store;
  IvDetectorConfig detector;
  IvTrackingConfig tracker;
  IvRulesConfig rules;
  IvRetentionConfig retention;
  IvRecordingConfig recording;
  IvSnapshotConfig snapshots;
  IvArchiveConfig archive;
  IvSalesConfig sales;
  IvLiveConfig live;
  IvRestreamConfig restream;
  IvNetworkConfig network;
  IvPrivacyConfig privacy;
  IvFloorPlanConfig floor_plan;
  IvSimulateConfig simulate;
  guint n_cameras;
  IvCameraConfig *cameras;
} IvConfig;

/* Every key at its default: store id "store", no cameras. Never NULL. */
IvConfig *iv_config_new(void);
void iv_config_free(IvConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvConfig, iv_config_free)

/* NULL when no camera has this id; borrowed. */
const IvCameraConfig *iv_config_camera(const IvConfig *config, const char *camera_id);

/* Its pictures are looked at; FALSE: it is only recorded and watched, and nothing is decoded. */
gboolean iv_config_analyses(const IvCameraConfig *camera);

/* Its sub stream is the one that is analysed. */
gboolean iv_config_analyses_sub(const IvCameraConfig *camera);

/* "general", "entrance", ... static text. */
const char *iv_camera_role_name(IvCameraRole role);
