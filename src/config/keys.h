/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"

/* The one table of configuration keys. Reading, checking, defaults, printing and the reference page
 * all go by it; a key is added here (and to its struct in config.h) and nowhere else. */

typedef enum {
  IV_KEY_FLAG,      /* gboolean: true, false */
  IV_KEY_INTEGER,   /* int */
  IV_KEY_NUMBER,    /* double */
  IV_KEY_DURATION,  /* IvTime: "2 s", "500 ms", "90 d" */
  IV_KEY_TEXT,      /* char *, min..max bytes */
  IV_KEY_SLUG,      /* IvSlug */
  IV_KEY_CHOICE,    /* int: index into words */
  IV_KEY_WORD,      /* const char *: one of words, static */
  IV_KEY_SIZE,      /* IvSize: "320x256", "auto" = 0x0; sides are multiples of 32 */
  IV_KEY_PATH,      /* char *: relative to the file's folder, "~/" allowed */
  IV_KEY_SOURCE,    /* char *: a camera's address or the path of a video file; secret */
  IV_KEY_RELAY,     /* char *: address of a STUN or TURN server, schemes are `words`; secret */
  IV_KEY_SECRET,    /* char *, min..max bytes: shown nowhere */
  IV_KEY_ADDRESS,   /* char *: IPv4 or IPv6 address in digits */
  IV_KEY_TIME_ZONE, /* char *: IANA name */
} IvKeyType;

typedef struct {
  const char *name;
  IvKeyType type;
  gsize offset;             /* in the section's struct */
  const char *fallback;     /* default, as a file would say it; NULL = required; "" = none */
  double min, max;          /* durations: seconds; texts: bytes */
  const char *unit;         /* for the reference page */
  const char *const *words; /* choices, NULL-terminated; for numbers and durations the one word that
                               may stand for 0 ("auto", "forever") */
  const char *absent;       /* what holds when fallback is "", for the reference page */
  const char *example;      /* for required keys: a value that would do */
  const char *help;
} IvKey;

typedef struct {
  const char *name;
  gboolean list;      /* a list of mappings (cameras) instead of one mapping */
  gboolean has_scene; /* a key "scene" beside the table's */
  gsize offset;       /* of the struct in IvConfig; of the pointer to the array for a list */
  const IvKey *keys;
  guint n_keys;
  const char *help;
} IvSection;

const IvSection *iv_sections(guint *ret_n);
const IvSection *iv_section(const char *name); /* NULL when there is none */

/* Reads `text` for `key` into the struct at `base` (whose texts it owns and replaces). `folder` is
 * what relative paths are relative to (NULL = working directory). The error says what is wrong and
 * what to do, without the value of a secret; the struct is untouched then. */
#define IV_VALUE_ERROR iv_value_error_quark()
GQuark iv_value_error_quark(void);
typedef enum { IV_VALUE_ERROR_INVALID } IvValueError;
gboolean iv_value_read(const IvKey *key, const char *text, const char *folder, gpointer base,
                       GError **error);

/* The value at `base` as a file would say it; secrets masked. "" for texts and paths that are none.
 * The caller frees. */
char *iv_value_print(const IvKey *key, gconstpointer base);

/* "0.5 to 30", "one of tcp, udp", ... for the reference page and for messages; the caller frees. */
char *iv_key_range(const IvKey *key);

/* Sets every key that has a default; texts at `base` must be NULL or owned. `folder` as above. */
void iv_section_defaults(const IvSection *section, const char *folder, gpointer base);

/* Frees the texts at `base`. */
void iv_section_clear(const IvSection *section, gpointer base);
