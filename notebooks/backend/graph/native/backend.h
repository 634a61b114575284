// What the add-on needs of the TensorFlow.js binding's own backend, and contexts beside that backend's own.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include "../../native/js.h"
#include "status.h"
#include "tfjs_backend.h"

namespace compile {

using native::Js;
using tfnodejs::TFJSBackend;

// The context and the table of tensors are private members of the backend. An explicit instantiation may name
// private members, which is the standard's own way around that: the sources stay as they were published.
template <typename Tag, typename Tag::type member>
struct Open {
  friend typename Tag::type Get(Tag) { return member; }
};
struct Context {
  using type = TFE_Context *TFJSBackend::*;
  friend type Get(Context);
};
template struct Open<Context, &TFJSBackend::tfe_context_>;
struct Handles {
  using type = std::unordered_map<int32_t, TFE_TensorHandle *> TFJSBackend::*;
  friend type Get(Handles);
};
template struct Open<Handles, &TFJSBackend::tfe_handle_map_>;

// Contexts by the threads that an operation may use; 0 is the binding's own. Tensors are in the memory of the host and
// pass from one to another. They are never deleted: programs may be running until the process ends.
inline TFE_Context *ContextOf(TFJSBackend *backend, int64_t threads) {
  static std::map<int64_t, TFE_Context *> contexts;
  if (threads == 0) return backend->*Get(Context());
  if (threads < 0 || threads > 127) throw std::runtime_error("threads must be between 0 and 127");
  TFE_Context *&context = contexts[threads];
  if (context) return context;
  Status status;
  TFE_ContextOptions *options = TFE_NewContextOptions();
  // ConfigProto { device_count { key: "GPU" value: 0 } intra_op_parallelism_threads: threads }
  const char config[] = {0x0a, 0x07, 0x0a, 0x03, 'G', 'P', 'U', 0x10, 0x00, 0x10, static_cast<char>(threads)};
  TFE_ContextOptionsSetConfig(options, config, sizeof config, status.status);
  if (status.Ok()) context = TFE_NewContext(options, status.status);
  TFE_DeleteContextOptions(options);
  status.Check("a context of " + std::to_string(threads) + " threads");
  return context;
}

}  // namespace compile
