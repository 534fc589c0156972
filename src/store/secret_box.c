/* SPDX-License-Identifier: Apache-2.0 */
#include "store/secret_box.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES

G_DEFINE_QUARK(iv - secret - box - error - quark, iv_secret_box_error)

struct IvSecretBox {
  guint8 key[KEY_BYTES];
};

static gboolean fail_key(GError **error, const char *path, const char *what, const char *why) {
  g_set_error(error, IV_SECRET_BOX_ERROR, IV_SECRET_BOX_ERROR_KEY, "key file %s: %s%s", path, what,
              why);
  return FALSE;
}

static gboolean write_all(int fd, const guint8 *data, gsize n) {
  while (n > 0) {
    gssize done = write(fd, data, n);
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return FALSE;
    data += done;
    n -= (gsize)done;
  }
  return fsync(fd) == 0;
}

/* Under another name first: a machine that dies meanwhile leaves no half a key. */
static gboolean make_key(const char *path, GError **error) {
  guint8 key[KEY_BYTES];
  g_autofree char *fresh = g_strconcat(path, ".new", NULL);
  unlink(fresh);
  int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail_key(error, path, "cannot be made: ", g_strerror(errno));
  crypto_aead_xchacha20poly1305_ietf_keygen(key);
  gboolean fine = write_all(fd, key, sizeof key);
  int why = errno;
  sodium_memzero(key, sizeof key);
  close(fd);
  /* link refuses to replace a key that somebody else made meanwhile. */
  if (fine && link(fresh, path) != 0) {
    fine = errno == EEXIST;
    why = errno;
  }
  unlink(fresh);
  return fine || fail_key(error, path, "cannot be made: ", g_strerror(why));
}

static gboolean read_key(IvSecretBox *box, int fd, const char *path, GError **error) {
  struct stat info;
  if (fstat(fd, &info) != 0)
    return fail_key(error, path, "cannot be read: ", g_strerror(errno));
  if (info.st_mode & 077)
    return fail_key(error, path, "others on this machine can read it; run chmod 600 on it", "");
  if (info.st_size != KEY_BYTES || read(fd, box->key, KEY_BYTES) != KEY_BYTES)
    return fail_key(error, path,
                    "is not a key; put back the one from the backup, or move it away and enter the "
                    "cameras' addresses again",
                    "");
  return TRUE;
}

IvSecretBox *iv_secret_box_open(const char *path, GError **error) {
  g_autoptr(IvSecretBox) box = g_new0(IvSecretBox, 1);
  if (sodium_init() < 0) {
    fail_key(error, path, "libsodium cannot start", "");
    return NULL;
  }
  sodium_mlock(box, sizeof *box);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) {
    if (!make_key(path, error))
      return NULL;
    fd = open(path, O_RDONLY | O_CLOEXEC);
  }
  if (fd < 0) {
    fail_key(error, path, "cannot be read: ", g_strerror(errno));
    return NULL;
  }
  gboolean fine = read_key(box, fd, path, error);
  close(fd);
  return fine ? g_steal_pointer(&box) : NULL;
}

void iv_secret_box_free(IvSecretBox *box) {
  if (!box)
    return;
  sodium_munlock(box, sizeof *box); /* wipes it */
  g_free(box);
}

GBytes *iv_secret_box_seal(const IvSecretBox *box, const char *context, const char *secret) {
  gsize n = strlen(secret);
  guint8 *sealed = g_malloc(NONCE_BYTES + n + TAG_BYTES);
  unsigned long long length = 0;
  randombytes_buf(sealed, NONCE_BYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_BYTES, &length, (const guint8 *)secret,
                                             n, (const guint8 *)context, strlen(context), NULL,
                                             sealed, box->key);
  return g_bytes_new_take(sealed, NONCE_BYTES + (gsize)length);
}

char *iv_secret_box_unseal(const IvSecretBox *box, const char *context, GBytes *sealed,
                           GError **error) {
  gsize n;
  const guint8 *data = g_bytes_get_data(sealed, &n);
  unsigned long long length = 0;
  char *secret = NULL;
  if (n >= NONCE_BYTES + TAG_BYTES && n <= NONCE_BYTES + TAG_BYTES + IV_SECRET_MAX) {
    secret = g_malloc0(n - NONCE_BYTES - TAG_BYTES + 1);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            (guint8 *)secret, &length, NULL, data + NONCE_BYTES, n - NONCE_BYTES,
            (const guint8 *)context, strlen(context), data, box->key) == 0)
      return secret;
    g_free(secret);
  }
  g_set_error_literal(error, IV_SECRET_BOX_ERROR, IV_SECRET_BOX_ERROR_SEALED,
                      "was sealed with another key file; enter it again");
  return NULL;
}

void iv_secret_free(char *secret) {
  if (secret)
    sodium_memzero(secret, strlen(secret));
  g_free(secret);
}
