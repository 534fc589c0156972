/* SPDX-License-Identifier: Apache-2.0 */
/* Ways through the network: TCP where UDP is blocked, and Debian's coturn as STUN and TURN server.
 * What a firewall would keep away is kept away by taking its address out of offer and answer, or by
 * router.c. */
#include <arpa/inet.h>
#include <gst/gst.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "live/paths.h"
#include "media/clip.h"
#include "router.h"
#include "view.h"

#define USER "shop"
#define PASSWORD "p@ss:w/rd"
#define PASSWORD_CODED "p%40ss%3Aw%2Frd"
#define WRONG "not-the-one"
#define PICTURES 40 /* 2 s of them */
#define SOON (20 * IV_MS)
#define LATE (2 * IV_SECOND)

static char *dir, *clip;

/* ---- addresses in offers and answers ---- */

/* "a=candidate:1 1 UDP 2015363327 192.0.2.2 40001 typ host ..." */
enum { WORD_PROTOCOL = 2, WORD_ADDRESS = 4, WORD_PORT = 5, WORD_KIND = 7, WORDS = 8 };

static gboolean is_candidate(const char *line, const char *protocol, const char *kind) {
  g_auto(GStrv) words = g_strsplit(line, " ", -1);
  return g_str_has_prefix(line, "a=candidate:") && g_strv_length(words) >= WORDS &&
         g_ascii_strcasecmp(words[WORD_PROTOCOL], protocol) == 0 &&
         (!kind || strcmp(words[WORD_KIND], kind) == 0);
}

static struct sockaddr_in address_in(const char *line) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  g_auto(GStrv) words = g_strsplit(line, " ", -1);
  address.sin_port = htons((guint16)g_ascii_strtoull(words[WORD_PORT], NULL, 10));
  inet_pton(AF_INET, words[WORD_ADDRESS], &address.sin_addr);
  return address;
}

static char *moved(const char *line, const struct sockaddr_in *to) {
  char text[INET_ADDRSTRLEN];
  g_auto(GStrv) words = g_strsplit(line, " ", -1);
  g_free(words[WORD_ADDRESS]);
  g_free(words[WORD_PORT]);
  words[WORD_ADDRESS] = g_strdup(inet_ntop(AF_INET, &to->sin_addr, text, sizeof text));
  words[WORD_PORT] = g_strdup_printf("%u", ntohs(to->sin_port));
  return g_strjoinv(" ", words);
}

/* Only candidates of this protocol and kind (NULL = any) stay. With `to`: only the first IPv4 one,
 * which then stands at `to`; `ret_was` says where it stood. Returns how many stay. */
static guint keep(char **sdp, const char *protocol, const char *kind, const struct sockaddr_in *to,
                  struct sockaddr_in *ret_was) {
  guint n = 0;
  g_autoptr(GString) out = g_string_new(NULL);
  g_auto(GStrv) lines = g_strsplit(*sdp, "\r\n", -1);
  for (char **line = lines; *line; line++) {
    gboolean any = g_str_has_prefix(*line, "a=candidate:");
    gboolean fits = is_candidate(*line, protocol, kind) &&
                    (!to || (n == 0 && address_in(*line).sin_addr.s_addr != 0));
    if ((any && !fits) || (!**line && !line[1]))
      continue;
    g_autofree char *text = fits && to ? moved(*line, to) : g_strdup(*line);
    if (fits && to)
      *ret_was = address_in(*line);
    n += fits;
    g_string_append_printf(out, "%s\r\n", text);
  }
  g_free(*sdp);
  *sdp = g_string_free(g_steal_pointer(&out), FALSE);
  return n;
}

/* ---- coturn ---- */

typedef struct {
  GSubprocess *process;
  struct sockaddr_in address;
} Coturn;

static char *here_text(void) {
  char text[INET_ADDRSTRLEN];
  struct in_addr here = router_here();
  return g_strdup(inet_ntop(AF_INET, &here, text, sizeof text));
}

static guint free_port(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = router_here()};
  socklen_t size = sizeof address;
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint(bind(fd, (struct sockaddr *)&address, size), ==, 0);
  getsockname(fd, (struct sockaddr *)&address, &size);
  close(fd);
  return ntohs(address.sin_port);
}

/* Asks for a STUN binding, RFC 8489, and waits a moment. */
static gboolean answers(const struct sockaddr_in *server) {
  static const guint8 request[20] = {0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1};
  struct timeval moment = {.tv_usec = 100000};
  guint8 answer[256];
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment);
  gboolean yes = connect(fd, (const struct sockaddr *)server, sizeof *server) == 0 &&
                 send(fd, request, sizeof request, 0) == sizeof request &&
                 recv(fd, answer, sizeof answer, 0) >= 20;
  close(fd);
  return yes;
}

static void coturn_stop(Coturn *coturn) {
  if (!coturn->process)
    return;
  g_subprocess_force_exit(coturn->process);
  g_subprocess_wait(coturn->process, NULL, NULL);
  g_clear_object(&coturn->process);
}

static void die_with_us(gpointer user_data) {
  (void)user_data;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void coturn_start(Coturn *coturn, const char *program) {
  g_autoptr(GError) error = NULL;
  g_autofree char *port = g_strdup_printf("--listening-port=%u", free_port());
  g_autofree char *database = g_strdup_printf("--userdb=%s/turndb", dir);
  g_autofree char *process_file = g_strdup_printf("--pidfile=%s/pid", dir);
  g_autofree char *here = here_text();
  g_autofree char *listening = g_strconcat("--listening-ip=", here, NULL);
  g_autofree char *relay = g_strconcat("--relay-ip=", here, NULL);
  const char *argv[] = {program,
                        "-n",
                        listening,
                        relay,
                        port,
                        "--lt-cred-mech",
                        "--user=" USER ":" PASSWORD,
                        "--realm=inveye",
                        "--allow-loopback-peers",
                        "--no-tls",
                        "--no-dtls",
                        "--no-cli",
                        "--log-file=stdout",
                        database,
                        process_file,
                        NULL};
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_set_child_setup(launcher, die_with_us, NULL, NULL);
  coturn->process = g_subprocess_launcher_spawnv(launcher, argv, &error);
  g_assert_no_error(error);
  coturn->address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = router_here()};
  coturn->address.sin_port = htons((guint16)g_ascii_strtoull(strchr(port, '=') + 1, NULL, 10));
  wait_until(answers(&coturn->address));
}

/* FALSE when it is not installed, and the test is left out. */
static gboolean coturn_open(Coturn *coturn) {
  g_autofree char *program = g_find_program_in_path("turnserver");
  *coturn = (Coturn){0};
  if (program)
    coturn_start(coturn, program);
  else
    g_test_skip("coturn is not installed: tools/setup test, or the Debian package coturn");
  return program != NULL;
}

static char *turn_url(const Coturn *coturn, const char *password) {
  g_autofree char *here = here_text();
  return g_strdup_printf("turn://" USER ":%s@%s:%u", password, here,
                         ntohs(coturn->address.sin_port));
}

static IvWhep *make_whep(const char *stun, const char *turn) {
  IvWhepOptions options = {
      .viewers_max = 4, .camera_viewers_max = 4, .paths = {.stun = stun, .turn = turn}};
  return iv_whep_new(&options);
}

/* ---- TURN ---- */

static guint viewers_of(IvWhep *whep) {
  IvWhepStats stats;
  iv_whep_stats(whep, &stats);
  return stats.viewers;
}

static void watch_for_a_moment(IvWhep *whep, Camera *camera) {
  Viewer viewer;
  g_autoptr(GError) error = NULL;
  guint others = viewers_of(whep);
  viewer_start(&viewer);
  open_for(whep, &mia, camera->ingest, &viewer, &error);
  g_assert_no_error(error);
  wait_until(units_of(&viewer, NULL) >= 1);
  g_assert_true(iv_whep_close(whep, &mia, viewer.id));
  wait_until(viewers_of(whep) == others);
  viewer_clear(&viewer);
}

/* Nothing reaches the viewer, or the server, but what comes from the relay's port. */
static void test_relay(void) {
  Coturn coturn;
  Camera camera;
  Viewer viewer;
  struct sockaddr_in at_viewer, at_relay;
  g_autoptr(GError) error = NULL;
  if (!coturn_open(&coturn))
    return;
  camera_open(&camera, clip);
  viewer_start(&viewer);
  g_autoptr(Router) wall = router_firewall_new();
  struct sockaddr_in address = router_address(wall);
  g_autofree char *turn = turn_url(&coturn, PASSWORD_CODED);
  g_autoptr(IvWhep) whep = make_whep(NULL, turn);
  g_assert_cmpuint(keep(&viewer.offer, "UDP", "host", &address, &at_viewer), ==, 1);
  g_autofree char *answer = ask_for(whep, &mia, camera.ingest, &viewer, viewer.offer, &error);
  g_assert_no_error(error);
  g_assert_null(strstr(answer, PASSWORD));
  g_assert_cmpuint(keep(&answer, "UDP", "relay", &address, &at_relay), ==, 1);
  router_gate(wall, &at_viewer, &at_relay);
  viewer_answer(&viewer, answer);
  wait_until(units_of(&viewer, NULL) >= PICTURES);
  g_assert_cmpuint(router_passed(wall), >=, PICTURES);
  g_test_message("%" G_GUINT64_FORMAT " datagrams by the relay, %" G_GUINT64_FORMAT " refused",
                 router_passed(wall), router_refused(wall));
  /* Who goes gives his relay back; libnice's warning of one that is left would be fatal here. */
  watch_for_a_moment(whep, &camera);
  g_assert_cmpuint(viewers_of(whep), ==, 1);
  /* The relay was the only way: without it nothing comes any more. */
  coturn_stop(&coturn);
  wait_until(viewers_of(whep) == 0);
  viewer_clear(&viewer);
  camera_close(&camera);
}

static GString *told;

static GLogWriterOutput listen_to_log(GLogLevelFlags level, const GLogField *fields, gsize n,
                                      gpointer user_data) {
  (void)level;
  (void)user_data;
  for (gsize i = 0; i < n; i++)
    if (strcmp(fields[i].key, "MESSAGE") == 0)
      g_string_append_printf(told, "%s\n", (const char *)fields[i].value);
  return G_LOG_WRITER_HANDLED;
}

static guint count_of(const char *text, const char *part) {
  guint n = 0;
  for (const char *at = text; (at = strstr(at, part)); at++)
    n++;
  return n;
}

/* Who is near enough sees video all the same; the log says it once, and never the password. */
static void wrong_password(const Coturn *coturn) {
  Camera camera;
  Viewer viewers[2];
  g_autoptr(GError) error = NULL;
  camera_open(&camera, clip);
  g_autofree char *turn = turn_url(coturn, WRONG);
  g_autoptr(IvWhep) whep = make_whep(NULL, turn);
  for (guint i = 0; i < G_N_ELEMENTS(viewers); i++) {
    viewer_start(&viewers[i]);
    open_for(whep, &mia, camera.ingest, &viewers[i], &error);
    g_assert_no_error(error);
  }
  wait_until(units_of(&viewers[0], NULL) >= 1);
  for (guint i = 0; i < G_N_ELEMENTS(viewers); i++)
    viewer_clear(&viewers[i]);
  camera_close(&camera);
}

static void test_wrong_password(void) {
  Coturn coturn;
  if (g_test_subprocess()) { /* the log of a process is taken over once */
    told = g_string_new(NULL);
    g_log_set_writer_func(listen_to_log, NULL, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    coturn = (Coturn){.address = {.sin_port = htons((guint16)g_ascii_strtoull(
                                      g_getenv("COTURN_PORT"), NULL, 10))}};
    wrong_password(&coturn);
    g_assert_cmpuint(count_of(told->str, "the user and the password"), ==, 1);
    g_assert_nonnull(strstr(told->str, "turn://" USER ":***@"));
    g_assert_null(strstr(told->str, WRONG));
    return;
  }
  if (!coturn_open(&coturn))
    return;
  g_autofree char *port = g_strdup_printf("%u", ntohs(coturn.address.sin_port));
  g_setenv("COTURN_PORT", port, TRUE);
  g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  coturn_stop(&coturn);
  g_test_trap_assert_passed();
}

/* ---- STUN ---- */

static void test_stun(void) {
  Coturn coturn;
  Camera camera;
  Viewer viewer;
  guint n = 0;
  g_autoptr(GError) error = NULL;
  if (!coturn_open(&coturn))
    return;
  camera_open(&camera, clip);
  viewer_start(&viewer);
  g_autoptr(Router) nat = router_nat_new(&coturn.address);
  g_autofree char *here = here_text();
  g_autofree char *stun =
      g_strdup_printf("stun://%s:%u", here, ntohs(router_address(nat).sin_port));
  g_autoptr(IvWhep) whep = make_whep(stun, NULL);
  g_autofree char *answer = ask_for(whep, &mia, camera.ingest, &viewer, viewer.offer, &error);
  g_assert_no_error(error);
  g_auto(GStrv) lines = g_strsplit(answer, "\r\n", -1);
  for (char **line = lines; *line; line++)
    if (is_candidate(*line, "UDP", "srflx")) {
      struct sockaddr_in outside = address_in(*line);
      g_assert_cmpuint(outside.sin_addr.s_addr, ==, router_here().s_addr);
      g_assert_true(router_gave_port(nat, ntohs(outside.sin_port)));
      n++;
    }
  g_assert_cmpuint(n, >=, 1);
  viewer_answer(&viewer, answer);
  wait_until(units_of(&viewer, NULL) >= 1);
  viewer_clear(&viewer);
  camera_close(&camera);
  coturn_stop(&coturn);
}

/* ---- TCP ---- */

/* No datagram has an address to go to. */
static void test_tcp_only(void) {
  Camera camera;
  Viewer viewer;
  g_autoptr(GError) error = NULL;
  camera_open(&camera, clip);
  viewer_start(&viewer);
  g_autoptr(IvWhep) whep = make_whep(NULL, NULL);
  g_assert_cmpuint(keep(&viewer.offer, "TCP", NULL, NULL, NULL), >=, 1);
  g_autofree char *answer = ask_for(whep, &mia, camera.ingest, &viewer, viewer.offer, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(keep(&answer, "TCP", NULL, NULL, NULL), >=, 1);
  viewer_answer(&viewer, answer);
  wait_until(units_of(&viewer, NULL) >= PICTURES);
  viewer_clear(&viewer);
  camera_close(&camera);
}

/* ---- what is told ---- */

static void check_fault(const IvWhepPaths *paths, const char *answer, IvTime took,
                        const char *part) {
  const char *fault = iv_paths_fault(paths, answer, took);
  if (part)
    g_assert_nonnull(strstr(fault ?: "", part));
  else
    g_assert_cmpstr(fault, ==, NULL);
}

static void test_faults(void) {
  const IvWhepPaths none = {0}, stun = {.stun = "stun://s"}, turn = {.turn = "turn://u:p@t"};
  static const char host[] = "a=candidate:1 1 UDP 1 192.0.2.2 1 typ host\r\n";
  static const char outside[] = "a=candidate:1 1 UDP 1 192.0.2.2 1 typ srflx raddr\r\n";
  static const char relay[] = "a=candidate:1 1 UDP 1 192.0.2.2 1 typ relay raddr\r\n";
  check_fault(&none, host, LATE, NULL);
  check_fault(&stun, host, SOON, NULL); /* its address is public */
  check_fault(&stun, host, LATE, "live.stun does not answer");
  check_fault(&stun, outside, LATE, NULL);
  check_fault(&turn, host, SOON, "live.turn gives no way");
  check_fault(&turn, outside, LATE, "live.turn gives no way");
  check_fault(&turn, relay, LATE, NULL);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gst_init(NULL, NULL);
  dir = g_dir_make_tmp("inveye-live-XXXXXX", NULL);
  clip = g_build_filename(dir, "cam.mp4", NULL);
  ClipSpec spec = {.size = {320, 240}, .fps = 20, .n = 40, .gop = 10};
  g_assert_true(clip_write(clip, &spec));
  g_test_add_func("/live/paths/faults", test_faults);
  g_test_add_func("/live/paths/tcp_only", test_tcp_only);
  g_test_add_func("/live/paths/relay", test_relay);
  g_test_add_func("/live/paths/wrong_password", test_wrong_password);
  g_test_add_func("/live/paths/stun", test_stun);
  int result = g_test_run();
  clip_remove_dir(dir);
  g_free(clip);
  g_free(dir);
  return result;
}
