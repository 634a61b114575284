// TensorFlow's collective operations in a context of their own: join the tasks, run one operation on a vector of
// float32, and ask whether a task answers. Vectors are in the memory of the host, so that any backend can use them.
#include <node_api.h>

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../../graph/native/status.h"
#include "../../native/js.h"
#include "loopback.h"
#include "tensorflow/c/c_api.h"
#include "tensorflow/c/c_api_experimental.h"
#include "tensorflow/c/eager/c_api.h"

namespace {

using native::Guard;
using native::Js;

// A process belongs to one cluster: TensorFlow cannot shut a server down, it lives as long as the process.
TFE_Context *joined = nullptr;

struct Bytes {
  void *data = nullptr;
  size_t length = 0;  // elements
};

Bytes View(napi_env env, const Js &js, napi_value value, napi_typedarray_type wanted) {
  Bytes bytes;
  napi_typedarray_type type;
  js.Check(napi_get_typedarray_info(env, value, &type, &bytes.length, &bytes.data, nullptr, nullptr));
  if (type != wanted) throw std::runtime_error("a typed array of another type is expected");
  return bytes;
}

// What is released at the end of its scope.
template <typename T, void (*Delete)(T *)>
struct Own {
  T *value = nullptr;
  ~Own() {
    if (value) Delete(value);
  }
};
using Tensor = Own<TF_Tensor, TF_DeleteTensor>;
using Handle = Own<TFE_TensorHandle, TFE_DeleteTensorHandle>;
using Op = Own<TFE_Op, TFE_DeleteOp>;
using Options = Own<TFE_ContextOptions, TFE_DeleteContextOptions>;

// Aborts the collective operations of this task unless it is gone before the time is over. Their own attribute for that
// keeps a sleeping thread for every operation until its time is over.
class Deadline {
 public:
  explicit Deadline(int64_t milliseconds)
      : thread_([this, milliseconds] {
          std::unique_lock<std::mutex> lock(mutex_);
          if (done_.wait_for(lock, std::chrono::milliseconds(milliseconds), [this] { return over_; })) return;
          Status status;
          TF_SetStatus(status.status, TF_DEADLINE_EXCEEDED, "the time is over");
          TFE_AbortCollectiveOps(joined, status.status);
        }) {}
  ~Deadline() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      over_ = true;
    }
    done_.notify_one();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable done_;
  bool over_ = false;
  std::thread thread_;  // the last member: it uses the others
};

// join(configuration, server, port): a ConfigProto and a ServerDef, serialised; a port that is not 0 is confined to the
// loopback interface. Returns whether it was.
napi_value Join(napi_env env, napi_callback_info info) {
  return Guard<3>(env, info, [env](const Js &js, napi_value *a) -> napi_value {
    if (joined) throw std::runtime_error("this process belongs to a cluster already");
    const Bytes config = View(env, js, a[0], napi_uint8_array), server = View(env, js, a[1], napi_uint8_array);
    Status status;
    Options options{TFE_NewContextOptions()};
    TFE_ContextOptionsSetConfig(options.value, config.data, config.length, status.status);
    status.Check("the configuration of a context");
    TFE_Context *context = TFE_NewContext(options.value, status.status);
    status.Check("a context");
    TFE_EnableCollectiveOps(context, server.data, server.length, status.status);
    if (status.Ok())
      joined = context;
    else
      TFE_DeleteContext(context);
    status.Check("the server of this task");
    const int64_t port = js.Int(a[2]);
    napi_value confined;
    js.Check(napi_get_boolean(env, port != 0 && ConfineToLoopback(static_cast<int>(port)), &confined));
    return confined;
  });
}

void SetAttribute(const Js &js, TFE_Op *op, napi_value attribute, Status &status) {
  const std::string text = js.String(js.Get(attribute, "name"));
  const char *name = text.c_str();
  napi_value value = js.Get(attribute, "value");
  switch (js.Int(js.Get(attribute, "type"))) {
    case TF_ATTR_STRING: {
      const std::string s = js.String(value);
      return TFE_OpSetAttrString(op, name, s.data(), s.size());
    }
    case TF_ATTR_INT: {
      if (!js.IsArray(value)) return TFE_OpSetAttrInt(op, name, js.Int(value));
      const auto v = js.List<int64_t>(value, &Js::Int);
      return TFE_OpSetAttrIntList(op, name, v.data(), static_cast<int>(v.size()));
    }
    case TF_ATTR_FLOAT:
      return TFE_OpSetAttrFloat(op, name, static_cast<float>(js.Double(value)));
    case TF_ATTR_TYPE:
      return TFE_OpSetAttrType(op, name, static_cast<TF_DataType>(js.Int(value)));
    case TF_ATTR_SHAPE: {
      const auto v = js.List<int64_t>(value, &Js::Int);
      TFE_OpSetAttrShape(op, name, v.data(), static_cast<int>(v.size()), status.status);
      return status.Check(text);
    }
    default:
      throw std::runtime_error("attribute " + text + " has an unknown type");
  }
}

// A vector of JavaScript as the input of an operation; an empty one is none.
void AddInput(TFE_Op *op, const Bytes &vector, Handle &handle, Status &status) {
  if (vector.length == 0) return;
  const int64_t shape[] = {static_cast<int64_t>(vector.length)};
  const size_t bytes = vector.length * sizeof(float);
  Tensor tensor{TF_AllocateTensor(TF_FLOAT, shape, 1, bytes)};
  if (!tensor.value) throw std::runtime_error("no memory for a vector");
  std::memcpy(TF_TensorData(tensor.value), vector.data, bytes);
  handle.value = TFE_NewTensorHandle(tensor.value, status.status);
  status.Check("a vector");
  TFE_OpAddInput(op, handle.value, status.status);
  status.Check("an input");
}

napi_value Vector(napi_env env, const Js &js, TF_Tensor *tensor) {
  const size_t bytes = TF_TensorByteSize(tensor);
  void *data;
  napi_value buffer, vector;
  js.Check(napi_create_arraybuffer(env, bytes, &data, &buffer));
  std::memcpy(data, TF_TensorData(tensor), bytes);
  js.Check(napi_create_typedarray(env, napi_float32_array, bytes / sizeof(float), buffer, 0, &vector));
  return vector;
}

// run(op, device, attributes, vector, milliseconds): waits so long for the result, a vector
napi_value Run(napi_env env, napi_callback_info info) {
  return Guard<5>(env, info, [env](const Js &js, napi_value *a) -> napi_value {
    if (!joined) throw std::runtime_error("this process belongs to no cluster");
    Status status;
    const std::string name = js.String(a[0]);
    Op op{TFE_NewOp(joined, name.c_str(), status.status)};
    status.Check(name);
    TFE_OpSetDevice(op.value, js.String(a[1]).c_str(), status.status);
    status.Check(name);
    for (napi_value attribute : js.Array(a[2])) SetAttribute(js, op.value, attribute, status);
    Handle input, output;
    AddInput(op.value, View(env, js, a[3], napi_float32_array), input, status);
    int outputs = 1;
    {
      Deadline deadline(js.Int(a[4]));
      TFE_Execute(op.value, &output.value, &outputs, status.status);
    }
    status.Check(name);
    Tensor result{TFE_TensorHandleResolve(output.value, status.status)};
    status.Check(name);
    return Vector(env, js, result.value);
  });
}

// health(task, milliseconds): what is wrong with a task, or an empty text
napi_value Health(napi_env env, napi_callback_info info) {
  return Guard<2>(env, info, [env](const Js &js, napi_value *a) -> napi_value {
    if (!joined) throw std::runtime_error("this process belongs to no cluster");
    Status status;
    TFE_CollectiveOpsCheckPeerHealth(joined, js.String(a[0]).c_str(), js.Int(a[1]), status.status);
    const std::string wrong = status.Ok() ? "" : TF_Message(status.status);
    napi_value text;
    js.Check(napi_create_string_utf8(env, wrong.data(), wrong.size(), &text));
    return text;
  });
}

}  // namespace

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"join", nullptr, Join, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"run", nullptr, Run, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"health", nullptr, Health, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof functions[0], functions);
  return exports;
}
