// Five functions beside those of the TensorFlow.js binding: define, run and remove a TensorFlow function, in the
// binding's own eager context or in one with fewer threads; read the definition of an op; and allow TensorFloat-32.
// The binding's two sources are compiled together with this file; `tfjs_binding.cc` is included so that its functions,
// static there, can be registered here.
#include <node_api.h>

#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "tsl/platform/tensor_float_32_utils.h"

#undef NAPI_MODULE
#define NAPI_MODULE(name, init)
#include "tfjs_binding.cc"

namespace compile {

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

struct Status {
  TF_Status *status = TF_NewStatus();
  ~Status() { TF_DeleteStatus(status); }
  void Check(const std::string &where) {
    if (TF_GetCode(status) != TF_OK) throw std::runtime_error(where + ": " + TF_Message(status));
  }
};

// Contexts by the threads that an operation may use; 0 is the binding's own. Tensors are in the memory of the host and
// pass from one to another. They are never deleted: programs may be running until the process ends.
TFE_Context *ContextOf(TFJSBackend *backend, int64_t threads) {
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
  if (TF_GetCode(status.status) == TF_OK) context = TFE_NewContext(options, status.status);
  TFE_DeleteContextOptions(options);
  status.Check("a context of " + std::to_string(threads) + " threads");
  return context;
}

struct Graph {
  TF_Graph *graph = TF_NewGraph();
  ~Graph() { TF_DeleteGraph(graph); }
};

// The JavaScript side, with exceptions instead of status codes.
class Js {
 public:
  explicit Js(napi_env env) : env_(env) {}
  void Check(napi_status status) const {
    if (status != napi_ok) throw std::runtime_error("malformed argument to a native function");
  }
  napi_value Get(napi_value object, const char *name) const {
    napi_value value;
    Check(napi_get_named_property(env_, object, name, &value));
    return value;
  }
  bool IsArray(napi_value value) const {
    bool is;
    Check(napi_is_array(env_, value, &is));
    return is;
  }
  std::vector<napi_value> Array(napi_value value) const {
    uint32_t length;
    Check(napi_get_array_length(env_, value, &length));
    std::vector<napi_value> items(length);
    for (uint32_t i = 0; i < length; ++i) Check(napi_get_element(env_, value, i, &items[i]));
    return items;
  }
  int64_t Int(napi_value value) const {
    int64_t number;
    Check(napi_get_value_int64(env_, value, &number));
    return number;
  }
  double Double(napi_value value) const {
    double number;
    Check(napi_get_value_double(env_, value, &number));
    return number;
  }
  bool Bool(napi_value value) const {
    bool flag;
    Check(napi_get_value_bool(env_, value, &flag));
    return flag;
  }
  std::string String(napi_value value) const {
    size_t length;
    Check(napi_get_value_string_utf8(env_, value, nullptr, 0, &length));
    std::string text(length + 1, '\0');
    Check(napi_get_value_string_utf8(env_, value, &text[0], length + 1, &length));
    text.resize(length);
    return text;
  }
  template <typename T, typename Convert>
  std::vector<T> List(napi_value value, Convert convert) const {
    std::vector<T> list;
    for (napi_value item : Array(value)) list.push_back(static_cast<T>((this->*convert)(item)));
    return list;
  }

 private:
  napi_env env_;
};

void SetTensor(TFJSBackend *backend, TF_OperationDescription *op, const char *name, int64_t id, Status &status) {
  auto &handles = backend->*Get(Handles());
  auto found = handles.find(static_cast<int32_t>(id));
  if (found == handles.end()) throw std::runtime_error("constant refers to a deleted tensor");
  TF_Tensor *tensor = TFE_TensorHandleResolve(found->second, status.status);
  status.Check("reading a constant");
  TF_SetAttrTensor(op, name, tensor, status.status);
  TF_DeleteTensor(tensor);
  status.Check(name);
}

// Numbers and strings are told apart by TensorFlow's own codes for attribute types, as in the binding's executeOp.
void SetAttribute(const Js &js, TFJSBackend *backend, TF_OperationDescription *op, napi_value attribute) {
  const std::string text = js.String(js.Get(attribute, "name"));
  const char *name = text.c_str();
  napi_value value = js.Get(attribute, "value");
  const bool list = js.IsArray(value);
  Status status;
  switch (js.Int(js.Get(attribute, "type"))) {
    case TF_ATTR_STRING: {
      const std::string s = js.String(value);
      return TF_SetAttrString(op, name, s.data(), s.size());
    }
    case TF_ATTR_INT: {
      if (!list) return TF_SetAttrInt(op, name, js.Int(value));
      const auto v = js.List<int64_t>(value, &Js::Int);
      return TF_SetAttrIntList(op, name, v.data(), static_cast<int>(v.size()));
    }
    case TF_ATTR_FLOAT: {
      if (!list) return TF_SetAttrFloat(op, name, static_cast<float>(js.Double(value)));
      const auto v = js.List<float>(value, &Js::Double);
      return TF_SetAttrFloatList(op, name, v.data(), static_cast<int>(v.size()));
    }
    case TF_ATTR_BOOL: {
      if (!list) return TF_SetAttrBool(op, name, js.Bool(value));
      const auto v = js.List<unsigned char>(value, &Js::Bool);
      return TF_SetAttrBoolList(op, name, v.data(), static_cast<int>(v.size()));
    }
    case TF_ATTR_TYPE: {
      if (!list) return TF_SetAttrType(op, name, static_cast<TF_DataType>(js.Int(value)));
      const auto v = js.List<TF_DataType>(value, &Js::Int);
      return TF_SetAttrTypeList(op, name, v.data(), static_cast<int>(v.size()));
    }
    case TF_ATTR_SHAPE: {
      const auto v = js.List<int64_t>(value, &Js::Int);
      return TF_SetAttrShape(op, name, v.data(), static_cast<int>(v.size()));
    }
    case TF_ATTR_TENSOR:
      return SetTensor(backend, op, name, js.Int(value), status);
    case TF_ATTR_FUNC: {
      const std::string s = js.String(value);
      return TF_SetAttrFuncName(op, name, s.data(), s.size());
    }
    default:
      throw std::runtime_error("attribute " + text + " has an unknown type");
  }
}

TF_Output Reference(const Js &js, napi_value pair, const std::vector<TF_Operation *> &made) {
  const auto v = js.List<int>(pair, &Js::Int);
  if (v.size() != 2 || v[0] < 0 || v[0] >= static_cast<int>(made.size()))
    throw std::runtime_error("an input refers to a later node");
  return {made[v[0]], v[1]};
}

// An input is a pair [node, output], or an array of such pairs where the op takes a list.
void AddInput(const Js &js, TF_OperationDescription *op, napi_value input, const std::vector<TF_Operation *> &made) {
  const auto items = js.Array(input);
  if (items.empty() || !js.IsArray(items[0])) return TF_AddInput(op, Reference(js, input, made));
  std::vector<TF_Output> list;
  for (napi_value item : items) list.push_back(Reference(js, item, made));
  TF_AddInputList(op, list.data(), static_cast<int>(list.size()));
}

TF_Operation *AddNode(const Js &js, TFJSBackend *backend, TF_Graph *graph, napi_value node,
                      const std::vector<TF_Operation *> &made) {
  const std::string type = js.String(js.Get(node, "op"));
  const std::string name = "n" + std::to_string(made.size());
  TF_OperationDescription *op = TF_NewOperation(graph, type.c_str(), name.c_str());
  Status status;
  // A description can only be released by finishing it, so an error inside is kept until then.
  std::string error;
  try {
    for (napi_value input : js.Array(js.Get(node, "inputs"))) AddInput(js, op, input, made);
    for (napi_value attribute : js.Array(js.Get(node, "attributes"))) SetAttribute(js, backend, op, attribute);
  } catch (const std::exception &e) {
    error = e.what();
  }
  TF_Operation *finished = TF_FinishOperation(op, status.status);
  if (!error.empty()) throw std::runtime_error(type + ": " + error);
  status.Check(type);
  return finished;
}

void Define(const Js &js, TFJSBackend *backend, const std::string &name, napi_value program, bool xla,
            int64_t threads) {
  TFE_Context *context = ContextOf(backend, threads);
  Graph graph;
  std::vector<TF_Operation *> made;
  for (napi_value node : js.Array(js.Get(program, "nodes")))
    made.push_back(AddNode(js, backend, graph.graph, node, made));
  std::vector<TF_Output> inputs, outputs;
  for (napi_value item : js.Array(js.Get(program, "inputs"))) inputs.push_back(Reference(js, item, made));
  for (napi_value item : js.Array(js.Get(program, "outputs"))) outputs.push_back(Reference(js, item, made));
  Status status;
  TF_Function *function = TF_GraphToFunction(
      graph.graph, name.c_str(), 0, -1, nullptr, static_cast<int>(inputs.size()), inputs.data(),
      static_cast<int>(outputs.size()), outputs.data(), nullptr, nullptr, nullptr, status.status);
  status.Check("making a function");
  const char yes[] = {0x28, 0x01};  // AttrValue { b: true }
  if (xla) TF_FunctionSetAttrValueProto(function, "_XlaMustCompile", yes, sizeof yes, status.status);
  if (TF_GetCode(status.status) == TF_OK) TFE_ContextAddFunction(context, function, status.status);
  TF_DeleteFunction(function);
  status.Check("adding a function");
}

// Calls body with the arguments and turns exceptions into JavaScript errors, whole.
template <size_t N, typename Body>
napi_value Guard(napi_env env, napi_callback_info info, Body body) {
  size_t count = N;
  napi_value arguments[N];
  try {
    Js js(env);
    js.Check(napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr));
    TFJSBackend *backend = tfnodejs::GetTFJSBackend(env);
    if (count < N || !backend) throw std::runtime_error("too few arguments to a native function");
    return body(js, backend, arguments);
  } catch (const std::exception &e) {
    napi_throw_error(env, nullptr, e.what());
    return nullptr;
  }
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
    const bool ok = TF_GetCode(status.status) == TF_OK;
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
