// What the functions of an add-on take from JavaScript, with exceptions instead of status codes.
#pragma once

#include <node_api.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace native {

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

// Calls body with the arguments, and turns exceptions into JavaScript errors.
template <size_t N, typename Body>
napi_value Guard(napi_env env, napi_callback_info info, Body body) {
  size_t count = N;
  napi_value arguments[N];
  try {
    Js js(env);
    js.Check(napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr));
    if (count < N) throw std::runtime_error("too few arguments to a native function");
    return body(js, arguments);
  } catch (const std::exception &e) {
    napi_throw_error(env, nullptr, e.what());
    return nullptr;
  }
}

}  // namespace native
