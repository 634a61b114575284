// TensorFlow's libraries log while the dynamic linker still runs their initialisers, before
// TF_CPP_MIN_LOG_LEVEL is read, so that every notebook would open with oneDNN and CUDA notices on stderr.
// capture() sends file descriptor 2 into an unnamed temporary file, release() restores it and returns the text:
// nothing is thrown away, the backend report quotes it when loading fails.
#include <node_api.h>
#include <stdio.h>
#include <unistd.h>

#include <string>

namespace {

FILE* sink = nullptr;
int saved = -1;

napi_value Capture(napi_env, napi_callback_info) {
  if (sink != nullptr) return nullptr;
  sink = tmpfile();
  if (sink == nullptr) return nullptr;
  fflush(stderr);
  saved = dup(STDERR_FILENO);
  dup2(fileno(sink), STDERR_FILENO);
  return nullptr;
}

napi_value Release(napi_env env, napi_callback_info) {
  std::string text;
  if (sink != nullptr) {
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(sink);
    char buffer[4096];
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, sink)) > 0;) text.append(buffer, n);
    fclose(sink);
    sink = nullptr;
  }
  napi_value result = nullptr;
  napi_create_string_utf8(env, text.data(), text.size(), &result);
  return result;
}

napi_value Init(napi_env env, napi_value exports) {
  napi_property_descriptor functions[] = {
      {"capture", nullptr, Capture, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"release", nullptr, Release, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  napi_define_properties(env, exports, 2, functions);
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
