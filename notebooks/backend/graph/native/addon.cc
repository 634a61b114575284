// Five functions beside those of the TensorFlow.js binding: define, run and remove a TensorFlow function, in the
// binding's own eager context or in one with fewer threads; read the definition of an op; and allow TensorFloat-32.
// The binding's two sources are compiled together with this file; `tfjs_binding.cc` is included so that its functions,
// static there, can be registered here.
#include <node_api.h>

#include <string>

#include "../../native/js.h"
#include "graph.h"
#include "status.h"
#include "tsl/platform/tensor_float_32_utils.h"

namespace elementwise {
std::string Register();
}

#undef NAPI_MODULE
#define NAPI_MODULE(name, init)
#include "tfjs_binding.cc"

namespace compile {

// Hands the body the backend as well.
template <size_t N, typename Body>
napi_value Guard(napi_env env, napi_callback_info info, Body body) {
  return native::Guard<N>(env, info, [env, &body](const Js &js, napi_value *arguments) -> napi_value {
    TFJSBackend *backend = tfnodejs::GetTFJSBackend(env);
    if (!backend) throw std::runtime_error("the binding has no backend");
    return body(js, backend, arguments);
  });
}

// defineFunction(name, { nodes, inputs, outputs }, xla, threads)
napi_value DefineFunction(napi_env env, napi_callback_info info) {
  return Guard<4>(env, info, [](const Js &js, TFJSBackend *backend, napi_value *a) -> napi_value {
    Define(js, backend, js.String(a[0]), a[1], js.Bool(a[2]), js.Int(a[3]));
    return nullptr;
  });
}

// runFunction(name, inputs, outputs, threads): the binding's executeOp in that context
napi_value RunFunction(napi_env env, napi_callback_info info) {
  return Guard<4>(env, info, [env](const Js &js, TFJSBackend *backend, napi_value *a) -> napi_value {
    napi_value no_attributes;
    js.Check(napi_create_array(env, &no_attributes));
    TFE_Context *own = backend->*Get(Context());
    backend->*Get(Context()) = ContextOf(backend, js.Int(a[3]));
    napi_value outputs = backend->ExecuteOp(env, a[0], no_attributes, a[1], a[2]);
    backend->*Get(Context()) = own;
    return outputs;
  });
}

// removeFunction(name, threads)
napi_value RemoveFunction(napi_env env, napi_callback_info info) {
  return Guard<2>(env, info, [](const Js &js, TFJSBackend *backend, napi_value *a) -> napi_value {
    Status status;
    TFE_ContextRemoveFunction(ContextOf(backend, js.Int(a[1])), js.String(a[0]).c_str(), status.status);
    status.Check("removing a function");
    return nullptr;
  });
}

// opDefinition(name): the op's OpDef, serialised
napi_value OpDefinition(napi_env env, napi_callback_info info) {
  return Guard<1>(env, info, [env](const Js &js, TFJSBackend *, napi_value *a) -> napi_value {
    Graph graph;
    Status status;
    TF_Buffer *buffer = TF_NewBuffer();
    TF_GraphGetOpDef(graph.graph, js.String(a[0]).c_str(), buffer, status.status);
    napi_value bytes = nullptr;
    const bool ok = status.Ok();
    const napi_status copied =
        ok ? napi_create_buffer_copy(env, buffer->length, buffer->data, nullptr, &bytes) : napi_ok;
    TF_DeleteBuffer(buffer);
    status.Check("op definition");
    js.Check(copied);
    return bytes;
  });
}

// allowTensorFloat32(allowed)
napi_value AllowTensorFloat32(napi_env env, napi_callback_info info) {
  return Guard<1>(env, info, [](const Js &js, TFJSBackend *, napi_value *a) -> napi_value {
    tsl::enable_tensor_float_32_execution(js.Bool(a[0]));
    return nullptr;
  });
}

napi_value Init(napi_env env, napi_value exports) {
  // TensorFlow rounds the factors of products to 10 bits on recent GPUs unless told not to; here float32 is float32.
  tsl::enable_tensor_float_32_execution(false);
  const std::string error = elementwise::Register();
  if (!error.empty()) napi_throw_error(env, nullptr, error.c_str());
  exports = tfnodejs::InitTFNodeJSBinding(env, exports);
  const napi_property_descriptor added[] = {
      {"defineFunction", nullptr, DefineFunction, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"runFunction", nullptr, RunFunction, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"removeFunction", nullptr, RemoveFunction, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"opDefinition", nullptr, OpDefinition, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"allowTensorFloat32", nullptr, AllowTensorFloat32, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  if (exports) napi_define_properties(env, exports, sizeof added / sizeof added[0], added);
  return exports;
}

}  // namespace compile

NAPI_MODULE_INIT() { return compile::Init(env, exports); }
