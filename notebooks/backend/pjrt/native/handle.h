// C++ objects as values of JavaScript, deleted with them.
#pragma once

#include <memory>

#include "../../native/js.h"

namespace pjrt {

using native::Guard;
using native::Js;

// What a value of JavaScript holds, with its type, since those values do not say what they are.
template <typename T>
struct Handle {
  static const char kType;
  const char *type = &kType;
  T held;
  explicit Handle(T value) : held(std::move(value)) {}
};
template <typename T>
const char Handle<T>::kType = 0;

template <typename T>
napi_value Wrap(napi_env env, const Js &js, T value) {
  auto handle = std::make_unique<Handle<T>>(std::move(value));
  napi_value out;
  const napi_finalize drop = [](napi_env, void *data, void *) { delete static_cast<Handle<T> *>(data); };
  js.Check(napi_create_external(env, handle.get(), drop, nullptr, &out));
  handle.release();
  return out;
}

template <typename T>
T &Unwrap(napi_env env, const Js &js, napi_value value) {
  void *data;
  js.Check(napi_get_value_external(env, value, &data));
  auto *handle = static_cast<Handle<T> *>(data);
  if (handle->type != &Handle<T>::kType) throw std::runtime_error("a handle of another kind");
  return handle->held;
}

// The memory of a typed array.
struct Bytes {
  void *data;
  size_t size;
};

inline Bytes BytesOf(napi_env env, const Js &js, napi_value array) {
  napi_typedarray_type type;
  size_t length;
  void *data;
  js.Check(napi_get_typedarray_info(env, array, &type, &length, &data, nullptr, nullptr));
  const bool wide = type == napi_float64_array || type == napi_bigint64_array || type == napi_biguint64_array;
  const bool word = type == napi_float32_array || type == napi_int32_array || type == napi_uint32_array;
  const bool half = type == napi_int16_array || type == napi_uint16_array;
  return {data, length * (wide ? 8 : word ? 4 : half ? 2 : 1)};
}

}  // namespace pjrt
