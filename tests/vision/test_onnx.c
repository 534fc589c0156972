/* SPDX-License-Identifier: Apache-2.0 */
/* Models through the real ONNX Runtime: small files made here, and the real ones where they are. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/shared_data.h"
#include "tests/vision/onnx_writer.h"
#include "tests/vision/picture.h"
#include "vision/onnx.h"
#include "vision/ort.h"

static char *folder; /* for this program's files */

/* FALSE (and the test is skipped) where the library has not been fetched. */
static gboolean have_runtime(void) {
  g_autofree char *path = iv_cache_path("onnxruntime/libonnxruntime.so");
  if (g_file_test(path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_test_skip("ONNX Runtime is not in the cache; run tools/setup");
  return FALSE;
}

static char *path_of(const char *name) {
  return g_build_filename(folder, name, NULL);
}

/* ---- models */

/* A model of one fixed output, whatever the picture. */
static char *constant_model(const char *file, const char *input_shape, const char *output_shape,
                            const float *values) {
  g_autoptr(IvOnnxWriter) w = iv_onnx_writer_new();
  iv_onnx_writer_input(w, "images", IV_ONNX_FLOAT, input_shape);
  iv_onnx_writer_constant(w, "rows", IV_ONNX_FLOAT, output_shape, values);
  iv_onnx_writer_node(w, "Identity", "rows", "output0");
  iv_onnx_writer_output(w, "output0", IV_ONNX_FLOAT, output_shape);
  char *path = path_of(file);
  iv_onnx_writer_save(w, path);
  return path;
}

/* YOLOv8's shape at 64x32, one class, one person: centre (16, 16), 8 x 24 pixels. */
static char *yolov8_model(const char *file) {
  float channels[5][42] = {{0}};
  static const float values[] = {16, 16, 8, 24, 0.8f};
  for (int i = 0; i < 5; i++)
    channels[i][9] = values[i];
  return constant_model(file, "1,3,32,64", "1,5,42", channels[0]);
}

/* YOLOv10's shape; the box tells the picture's mean colour: (0, 0) to (10 + 20 R, 10 + 20 B), score
 * G, with the planes as the network gets them. */
static char *colour_model(const char *file) {
  static const gint64 plane_axes[] = {2, 3}, join_axis[] = {2}, shape3[] = {1, 1, 3};
  static const float matrix[] = {20, 0, 0, 0, 0, 0, 1, 0, 0, 20, 0, 0}; /* rows R, G, B */
  static const float offset[] = {10, 10, 0, 0}, corner[] = {0, 0};
  g_autoptr(IvOnnxWriter) w = iv_onnx_writer_new();
  iv_onnx_writer_input(w, "images", IV_ONNX_FLOAT, "1,3,H,W");
  iv_onnx_writer_node_with(w, "ReduceMean", "images", "mean", "axes", plane_axes, 2);
  iv_onnx_writer_constant(w, "shape3", IV_ONNX_INT64, "3", shape3);
  iv_onnx_writer_node(w, "Reshape", "mean,shape3", "mean3");
  iv_onnx_writer_constant(w, "matrix", IV_ONNX_FLOAT, "3,4", matrix);
  iv_onnx_writer_node(w, "MatMul", "mean3,matrix", "scaled");
  iv_onnx_writer_constant(w, "offset", IV_ONNX_FLOAT, "4", offset);
  iv_onnx_writer_node(w, "Add", "scaled,offset", "tail");
  iv_onnx_writer_constant(w, "corner", IV_ONNX_FLOAT, "1,1,2", corner);
  iv_onnx_writer_node_with(w, "Concat", "corner,tail", "output0", "axis", join_axis, 0);
  iv_onnx_writer_output(w, "output0", IV_ONNX_FLOAT, "1,1,6");
  char *path = path_of(file);
  iv_onnx_writer_save(w, path);
  return path;
}

/* RT-DETR as its authors export it: one box, (0.25, 0.5) to (0.5, 1) times orig_target_sizes. */
static char *rtdetr_model(const char *file) {
  static const gint64 to_float[] = {IV_ONNX_FLOAT}, join_axis[] = {1}, label[] = {0};
  static const float box[] = {0.25f, 0.5f, 0.5f, 1}, score[] = {0.9f};
  g_autoptr(IvOnnxWriter) w = iv_onnx_writer_new();
  iv_onnx_writer_input(w, "images", IV_ONNX_FLOAT, "N,3,32,64");
  iv_onnx_writer_input(w, "orig_target_sizes", IV_ONNX_INT64, "N,2");
  iv_onnx_writer_node_with(w, "Cast", "orig_target_sizes", "sizes", "to", to_float, 0);
  iv_onnx_writer_node_with(w, "Concat", "sizes,sizes", "corners", "axis", join_axis, 0);
  iv_onnx_writer_constant(w, "box", IV_ONNX_FLOAT, "1,1,4", box);
  iv_onnx_writer_node(w, "Mul", "box,corners", "boxes");
  iv_onnx_writer_constant(w, "label", IV_ONNX_INT64, "1,1", label);
  iv_onnx_writer_node(w, "Identity", "label", "labels");
  iv_onnx_writer_constant(w, "score", IV_ONNX_FLOAT, "1,1", score);
  iv_onnx_writer_node(w, "Identity", "score", "scores");
  iv_onnx_writer_output(w, "labels", IV_ONNX_INT64, "1,1");
  iv_onnx_writer_output(w, "boxes", IV_ONNX_FLOAT, "1,1,4");
  iv_onnx_writer_output(w, "scores", IV_ONNX_FLOAT, "1,1");
  char *path = path_of(file);
  iv_onnx_writer_save(w, path);
  return path;
}

/* ---- running them */

static IvOnnxConfig config_of(const char *model) {
  IvOnnxConfig config = iv_onnx_config_default();
  config.model = model;
  return config;
}

static IvOnnxModel *open_good(const IvOnnxConfig *config) {
  g_autoptr(GError) error = NULL;
  IvOnnxModel *model = iv_onnx_model_open(config, &error);
  g_assert_no_error(error);
  return model;
}

/* The only detection in `frame`. */
static IvDetection detect_one(IvDetector *detector, const IvFrame *frame) {
  g_autoptr(GError) error = NULL;
  IvDetection found[IV_DETECTIONS_MAX];
  guint n = 0;
  g_assert_true(iv_detector_detect(detector, frame, found, IV_DETECTIONS_MAX, &n, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(n, ==, 1);
  return found[0];
}

static void check_box(const IvDetection *d, double x0, double y0, double x1, double y1) {
  g_assert_cmpfloat_with_epsilon(d->box.x0, x0, 1e-3);
  g_assert_cmpfloat_with_epsilon(d->box.y0, y0, 1e-3);
  g_assert_cmpfloat_with_epsilon(d->box.x1, x1, 1e-3);
  g_assert_cmpfloat_with_epsilon(d->box.y1, y1, 1e-3);
}

/* A square picture lies in the middle 32 of 64 columns. */
static void test_letterbox_and_stretch(void) {
  if (!have_runtime())
    return;
  g_autofree char *path = yolov8_model("letterbox.onnx");
  IvOnnxConfig config = config_of(path);
  g_autoptr(IvOnnxModel) boxed = open_good(&config);
  config.fit = "stretch";
  g_autoptr(IvOnnxModel) stretched = open_good(&config);
  g_assert_cmpstr(iv_onnx_model_form(boxed), ==, "yolov8");
  g_assert_true(g_str_has_prefix(iv_onnx_model_version(boxed), "letterbox-"));
  g_autoptr(IvFrame) frame = iv_test_picture(IV_PIXELS_RGB, (IvSize){100, 100});
  g_autoptr(IvDetector) a = iv_onnx_detector_new(boxed);
  g_autoptr(IvDetector) b = iv_onnx_detector_new(stretched);
  IvDetection in_box = detect_one(a, frame), in_full = detect_one(b, frame);
  check_box(&in_box, -4 / 32.0, 4 / 32.0, 4 / 32.0, 28 / 32.0);
  check_box(&in_full, 12 / 64.0, 4 / 32.0, 20 / 64.0, 28 / 32.0);
}

/* The picture arrives in the order of colours, scale and size that the form wants. */
static void test_picture_arrives(void) {
  if (!have_runtime())
    return;
  g_autofree char *path = colour_model("colour.onnx");
  IvOnnxConfig config = config_of(path);
  config.fit = "stretch";
  g_autoptr(IvOnnxModel) model = open_good(&config);
  g_assert_cmpstr(iv_onnx_model_form(model), ==, "yolov10");
  g_autoptr(IvDetector) detector = iv_onnx_detector_new(model);
  static const IvSize sizes[] = {{64, 48}, {160, 90}, {64, 48}};
  for (gsize k = 0; k < G_N_ELEMENTS(sizes); k++) {
    g_autoptr(IvFrame) frame = iv_test_picture(IV_PIXELS_RGB, sizes[k]);
    for (int i = 0; i < sizes[k].width * sizes[k].height; i++)
      memcpy(iv_test_plane(frame, 0) + 3 * i, (guint8[]){255, 153, 51}, 3);
    IvDetection found = detect_one(detector, frame);
    IvSize size = iv_onnx_model_size(model, sizes[k]);
    g_assert_cmpfloat_with_epsilon(found.score, 0.6, 1e-3);
    check_box(&found, 0, 0, 30.0 / size.width, 14.0 / size.height);
  }
}

static void test_target_sizes(void) {
  if (!have_runtime())
    return;
  g_autofree char *path = rtdetr_model("rtdetr.onnx");
  IvOnnxConfig config = config_of(path);
  g_autoptr(IvOnnxModel) model = open_good(&config);
  g_assert_cmpstr(iv_onnx_model_form(model), ==, "rtdetr");
  g_autoptr(IvDetector) detector = iv_onnx_detector_new(model);
  g_autoptr(IvFrame) frame = iv_test_picture(IV_PIXELS_NV12, (IvSize){50, 40});
  IvDetection found = detect_one(detector, frame);
  check_box(&found, 0.25, 0.5, 0.5, 1);
}

/* ---- what is refused, and what the message says */

static void check_refused(const IvOnnxConfig *config, IvDetectorError code, const char *says) {
  g_autoptr(GError) error = NULL;
  g_assert_null(iv_onnx_model_open(config, &error));
  g_assert_error(error, IV_DETECTOR_ERROR, (gint)code);
  if (!strstr(error->message, says))
    g_error("\"%s\" does not say \"%s\"", error->message, says);
  g_assert_null(strchr(error->message, '\n'));
}

static void test_bad_files(void) {
  if (!have_runtime())
    return;
  IvOnnxConfig config = config_of("/nowhere/model.onnx");
  check_refused(&config, IV_DETECTOR_ERROR_MODEL, "/nowhere/model.onnx: cannot be opened");
  config.model = folder;
  check_refused(&config, IV_DETECTOR_ERROR_MODEL, "is not a file");
  g_autofree char *empty = path_of("empty.onnx"), *broken = path_of("broken.onnx"),
                  *large = path_of("large.onnx");
  g_assert_true(g_file_set_contents(empty, "", 0, NULL));
  config.model = empty;
  check_refused(&config, IV_DETECTOR_ERROR_MODEL, "is empty");
  g_assert_true(g_file_set_contents(broken, "this is no model", -1, NULL));
  config.model = broken;
  check_refused(&config, IV_DETECTOR_ERROR_MODEL, "fetch or export it again");
  g_assert_true(g_file_set_contents(large, "x", 1, NULL));
  g_assert_cmpint(truncate(large, (off_t)IV_ONNX_MODEL_BYTES_MAX + 1), ==, 0);
  config.model = large;
  check_refused(&config, IV_DETECTOR_ERROR_MODEL, "larger than 1024 MiB");
}

static void test_cut_short(void) {
  if (!have_runtime())
    return;
  g_autofree char *path = yolov8_model("short.onnx"), *bytes = NULL;
  gsize length;
  g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
  g_assert_true(g_file_set_contents(path, bytes, (gssize)(length / 2), NULL));
  IvOnnxConfig config = config_of(path);
  check_refused(&config, IV_DETECTOR_ERROR_MODEL, "fetch or export it again");
}

static void test_unknown_form(void) {
  if (!have_runtime())
    return;
  static const float zeros[1 * 7 * 11 * 2] = {0};
  g_autofree char *path = constant_model("unknown.onnx", "1,3,64,64", "1,7,11,2", zeros);
  IvOnnxConfig config = config_of(path);
  check_refused(&config, IV_DETECTOR_ERROR_MODEL, "output0 1x7x11x2 float for a 64x64 picture");
  check_refused(&config, IV_DETECTOR_ERROR_MODEL, "yolov8 (1x(4+C)xN");
  check_refused(&config, IV_DETECTOR_ERROR_MODEL, "name it as the detector's form");
  config.form = "yolox";
  check_refused(&config, IV_DETECTOR_ERROR_CONFIG, "are not of the form 'yolox'");
  config.form = "yolo";
  check_refused(&config, IV_DETECTOR_ERROR_CONFIG, "choose one of auto, nanodet, rtdetr");
}

static void test_bad_settings(void) {
  if (!have_runtime())
    return;
  g_autofree char *fixed = yolov8_model("fixed.onnx"), *free_size = colour_model("free.onnx");
  IvOnnxConfig config = config_of(fixed);
  config.size = (IvSize){320, 256};
  check_refused(&config, IV_DETECTOR_ERROR_CONFIG, "takes 64x32 only");
  config.model = free_size;
  config.size = (IvSize){320, 250};
  check_refused(&config, IV_DETECTOR_ERROR_CONFIG, "multiples of 32");
  config.size = (IvSize){0, 0};
  config.fit = "crop";
  check_refused(&config, IV_DETECTOR_ERROR_CONFIG, "auto, stretch, letterbox");
  config.fit = NULL;
  config.min_score = 1.5f;
  check_refused(&config, IV_DETECTOR_ERROR_CONFIG, "from 0 to 1");
}

static void test_providers(void) {
  if (!have_runtime())
    return;
  g_autofree char *path = yolov8_model("provider.onnx");
  IvOnnxConfig config = config_of(path);
  config.provider = "abacus";
  check_refused(&config, IV_DETECTOR_ERROR_CONFIG, "choose one of cpu, cuda, tensorrt, openvino");
  config.provider = "cpu";
  g_autoptr(IvOnnxModel) model = open_good(&config);
  g_assert_nonnull(model);
  config.provider = "openvino";
  g_autoptr(GError) error = NULL;
  g_autoptr(IvOnnxModel) other = iv_onnx_model_open(&config, &error);
  if (other) {
    g_test_skip("this library has OpenVINO, so nothing can be missed");
    return;
  }
  g_assert_error(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_CONFIG);
  g_assert_nonnull(strstr(error->message, "CPUExecutionProvider"));
}

static void test_bad_library(void) {
  IvOnnxConfig config = iv_onnx_config_default();
  g_autofree char *path = path_of("any.onnx"), *text = path_of("libtext.so");
  g_assert_true(g_file_set_contents(path, "x", 1, NULL));
  g_assert_true(g_file_set_contents(text, "not a library", -1, NULL));
  config.model = path;
  config.library = "/nowhere/libonnxruntime.so";
  check_refused(&config, IV_DETECTOR_ERROR_RUNTIME, "/nowhere/libonnxruntime.so");
  config.library = text;
  check_refused(&config, IV_DETECTOR_ERROR_RUNTIME, "cannot be loaded");
  config.library = "libm.so.6";
  check_refused(&config, IV_DETECTOR_ERROR_RUNTIME, "is not an ONNX Runtime library");
}

static void test_bad_inputs(void) {
  if (!have_runtime())
    return;
  g_autoptr(IvOnnxWriter) w = iv_onnx_writer_new();
  iv_onnx_writer_input(w, "images", IV_ONNX_FLOAT16, "1,3,32,32");
  iv_onnx_writer_node(w, "Identity", "images", "output0");
  iv_onnx_writer_output(w, "output0", IV_ONNX_FLOAT16, "1,3,32,32");
  g_autofree char *path = path_of("half.onnx");
  iv_onnx_writer_save(w, path);
  IvOnnxConfig config = config_of(path);
  check_refused(&config, IV_DETECTOR_ERROR_MODEL, "cannot feed its input 'images'");
}

/* ---- sizes */

static void check_size(int w, int h, int want_w, int want_h) {
  IvSize size = iv_onnx_size_for((IvSize){w, h});
  g_assert_cmpint(size.width, ==, want_w);
  g_assert_cmpint(size.height, ==, want_h);
}

static void test_automatic_size(void) {
  check_size(768, 576, 320, 256);
  check_size(640, 480, 320, 256);
  check_size(1920, 1080, 384, 224);
  check_size(3840, 2160, 384, 224);
  check_size(1080, 1920, 224, 384);
  check_size(1000, 1000, 288, 288);
  IvSize wide = iv_onnx_size_for((IvSize){4000, 500});
  g_assert_cmpint(wide.width % 32 + wide.height % 32, ==, 0);
  g_assert_cmpint(wide.width / wide.height, >=, 6);
}

/* ---- real models, where they are */

static void test_yolox_file(void) {
  g_autofree char *path = iv_test_shared_path("data/models/yolox_nano_416.onnx");
  if (!path) {
    g_test_skip("shared data is not there");
    return;
  }
  if (!have_runtime())
    return;
  IvOnnxConfig config = config_of(path);
  g_autoptr(IvOnnxModel) model = open_good(&config);
  g_assert_cmpstr(iv_onnx_model_form(model), ==, "yolox");
  IvSize size = iv_onnx_model_size(model, (IvSize){640, 480});
  g_assert_cmpint(size.width, ==, 416);
  g_assert_cmpint(size.height, ==, 416);
}

static void test_unknown_file(void) {
  g_autofree char *path = iv_test_shared_path("data/models/fastestdet_352.onnx");
  if (!path) {
    g_test_skip("shared data is not there");
    return;
  }
  if (!have_runtime())
    return;
  IvOnnxConfig config = config_of(path);
  check_refused(&config, IV_DETECTOR_ERROR_MODEL, "1x85x22x22 float for a 352x352 picture");
}

static gpointer detect_empty(gpointer data) {
  g_autoptr(IvDetector) detector = iv_onnx_detector_new(data);
  g_autoptr(IvFrame) frame = iv_test_picture(IV_PIXELS_I420, (IvSize){320, 240});
  memset(iv_test_plane(frame, 0), 128, 320 * 240);
  IvDetection found[IV_DETECTIONS_MAX];
  guint n = 1;
  for (int i = 0; i < 3; i++)
    g_assert_true(iv_detector_detect(detector, frame, found, IV_DETECTIONS_MAX, &n, NULL));
  return GUINT_TO_POINTER(n);
}

/* One session serves several workers at once; a grey wall holds nobody. */
static void test_default_model(void) {
  g_autofree char *path = iv_cache_path("models/nanodet.onnx");
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_test_skip("the default model is not in the cache; run tools/setup");
    return;
  }
  if (!have_runtime())
    return;
  IvOnnxConfig config = iv_onnx_config_default();
  g_autoptr(IvOnnxModel) model = open_good(&config);
  g_assert_cmpstr(iv_onnx_model_form(model), ==, "nanodet");
  GThread *threads[2];
  for (guint i = 0; i < 2; i++)
    threads[i] = g_thread_new("worker", detect_empty, model);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpuint(GPOINTER_TO_UINT(g_thread_join(threads[i])), ==, 0);
}

static void remove_folder(void) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *path = path_of(name);
    g_unlink(path);
  }
  g_rmdir(folder);
  g_free(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  folder = g_dir_make_tmp("inveye-onnx-XXXXXX", NULL);
  g_test_add_func("/vision/onnx/letterbox", test_letterbox_and_stretch);
  g_test_add_func("/vision/onnx/picture", test_picture_arrives);
  g_test_add_func("/vision/onnx/target-sizes", test_target_sizes);
  g_test_add_func("/vision/onnx/bad-files", test_bad_files);
  g_test_add_func("/vision/onnx/cut-short", test_cut_short);
  g_test_add_func("/vision/onnx/unknown-form", test_unknown_form);
  g_test_add_func("/vision/onnx/bad-settings", test_bad_settings);
  g_test_add_func("/vision/onnx/providers", test_providers);
  g_test_add_func("/vision/onnx/bad-library", test_bad_library);
  g_test_add_func("/vision/onnx/bad-inputs", test_bad_inputs);
  g_test_add_func("/vision/onnx/automatic-size", test_automatic_size);
  g_test_add_func("/vision/onnx/yolox-file", test_yolox_file);
  g_test_add_func("/vision/onnx/unknown-file", test_unknown_file);
  g_test_add_func("/vision/onnx/default-model", test_default_model);
  int status = g_test_run();
  remove_folder();
  return status;
}
