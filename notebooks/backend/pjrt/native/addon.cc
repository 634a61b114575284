// What JavaScript sees of PJRT: a client of a plugin's devices, buffers there, and programs.
#include <node_api.h>

#include "handle.h"
#include "later.h"
#include "program.h"

namespace pjrt {

using Owner = std::shared_ptr<Client>;
using Held = std::unique_ptr<Buffer>;
using Compiled = std::unique_ptr<Program>;

void Set(napi_env env, const Js &js, napi_value object, const char *name, const std::string &text) {
  napi_value value;
  js.Check(napi_create_string_utf8(env, text.data(), text.size(), &value));
  js.Check(napi_set_named_property(env, object, name, value));
}

void Set(napi_env env, const Js &js, napi_value object, const char *name, int64_t number) {
  napi_value value;
  js.Check(napi_create_int64(env, number, &value));
  js.Check(napi_set_named_property(env, object, name, value));
}

Option OptionOf(const Js &js, napi_value from) {
  Option option;
  option.name = js.String(js.Get(from, "name"));
  const std::string type = js.String(js.Get(from, "type"));
  const napi_value value = js.Get(from, "value");
  if (type == "string") {
    option.type = PJRT_NamedValue_kString;
    option.text = js.String(value);
  } else if (type == "float") {
    option.type = PJRT_NamedValue_kFloat;
    option.real = static_cast<float>(js.Double(value));
  } else if (type == "bool") {
    option.type = PJRT_NamedValue_kBool;
    option.flag = js.Bool(value);
  } else {
    option.type = PJRT_NamedValue_kInt64;
    option.integer = js.Int(value);
  }
  return option;
}

// createClient(path, [{ name, type, value }])
napi_value CreateClient(napi_env env, napi_callback_info info) {
  return Guard<2>(env, info, [env](const Js &js, napi_value *a) {
    std::vector<Option> options;
    for (napi_value option : js.Array(a[1])) options.push_back(OptionOf(js, option));
    return Wrap<Owner>(env, js, std::make_shared<Client>(js.String(a[0]), options));
  });
}

// describe(client): { platform, version, interface, devices: [kind] }
napi_value Describe(napi_env env, napi_callback_info info) {
  return Guard<1>(env, info, [env](const Js &js, napi_value *a) {
    const Client &client = *Unwrap<Owner>(env, js, a[0]);
    const PJRT_Api_Version &version = client.api->pjrt_api_version;
    napi_value out, devices;
    js.Check(napi_create_object(env, &out));
    Set(env, js, out, "platform", client.Platform());
    Set(env, js, out, "version", client.Version());
    Set(env, js, out, "interface", std::to_string(version.major_version) + "." + std::to_string(version.minor_version));
    js.Check(napi_create_array(env, &devices));
    for (size_t i = 0; i < client.devices.size(); ++i) {
      const std::string kind = client.Kind(client.devices[i]);
      napi_value text;
      js.Check(napi_create_string_utf8(env, kind.data(), kind.size(), &text));
      js.Check(napi_set_element(env, devices, i, text));
    }
    js.Check(napi_set_named_property(env, out, "devices", devices));
    return out;
  });
}

// memory(client, device): { used, peak } in bytes, −1 where the plugin does not count
napi_value Memory(napi_env env, napi_callback_info info) {
  return Guard<2>(env, info, [env](const Js &js, napi_value *a) {
    const Client &client = *Unwrap<Owner>(env, js, a[0]);
    const auto [used, peak] = client.Memory(client.Device(js.Int(a[1])));
    napi_value out;
    js.Check(napi_create_object(env, &out));
    Set(env, js, out, "used", used);
    Set(env, js, out, "peak", peak);
    return out;
  });
}

// upload(client, device, values, type, shape)
napi_value UploadValues(napi_env env, napi_callback_info info) {
  return Guard<5>(env, info, [env](const Js &js, napi_value *a) {
    const Owner &client = Unwrap<Owner>(env, js, a[0]);
    const auto type = static_cast<PJRT_Buffer_Type>(js.Int(a[3]));
    const std::vector<int64_t> shape = js.List<int64_t>(a[4], &Js::Int);
    return Wrap<Held>(env, js,
                      Upload(client, client->Device(js.Int(a[1])), BytesOf(env, js, a[2]).data, type, shape));
  });
}

// read(buffer, array): waits for the values
napi_value Read(napi_env env, napi_callback_info info) {
  return Guard<2>(env, info, [env](const Js &js, napi_value *a) {
    const Buffer &buffer = *Unwrap<Held>(env, js, a[0]);
    const Bytes to = BytesOf(env, js, a[1]);
    Await(buffer.owner->api, Download(buffer, to.data, to.size));
    return a[1];
  });
}

// readLater(buffer, array): a promise of the array
napi_value ReadLater(napi_env env, napi_callback_info info) {
  return Guard<2>(env, info, [env](const Js &js, napi_value *a) {
    return Later::Promise(env, js, *Unwrap<Held>(env, js, a[0]), a[1]);
  });
}

// release(buffer), dispose(program)
template <typename Owned>
napi_value Release(napi_env env, napi_callback_info info) {
  return Guard<1>(env, info, [env](const Js &js, napi_value *a) -> napi_value {
    Unwrap<Owned>(env, js, a[0])->Release();
    return nullptr;
  });
}

// compile(client, StableHLO, options)
napi_value CompileText(napi_env env, napi_callback_info info) {
  return Guard<3>(env, info, [env](const Js &js, napi_value *a) {
    const Bytes options = BytesOf(env, js, a[2]);
    return Wrap<Compiled>(env, js,
                          Compile(Unwrap<Owner>(env, js, a[0]), js.String(a[1]),
                                  std::string(static_cast<const char *>(options.data), options.size)));
  });
}

// serialise(program): bytes that load takes
napi_value SerialiseProgram(napi_env env, napi_callback_info info) {
  return Guard<1>(env, info, [env](const Js &js, napi_value *a) {
    const std::string bytes = Serialise(*Unwrap<Compiled>(env, js, a[0]));
    napi_value out;
    js.Check(napi_create_buffer_copy(env, bytes.size(), bytes.data(), nullptr, &out));
    return out;
  });
}

// load(client, bytes)
napi_value LoadProgram(napi_env env, napi_callback_info info) {
  return Guard<2>(env, info, [env](const Js &js, napi_value *a) {
    const Bytes bytes = BytesOf(env, js, a[1]);
    return Wrap<Compiled>(env, js,
                          Load(Unwrap<Owner>(env, js, a[0]), static_cast<const char *>(bytes.data), bytes.size));
  });
}

// execute(program, [buffer], kept): [buffer]
napi_value ExecuteProgram(napi_env env, napi_callback_info info) {
  return Guard<3>(env, info, [env](const Js &js, napi_value *a) {
    const Program &program = *Unwrap<Compiled>(env, js, a[0]);
    Row arguments;
    for (napi_value buffer : js.Array(a[1])) arguments.push_back(Unwrap<Held>(env, js, buffer)->Held());
    const Row made = Execute(program, arguments, js.List<int64_t>(a[2], &Js::Int));
    napi_value out;
    js.Check(napi_create_array_with_length(env, made.size(), &out));
    for (size_t i = 0; i < made.size(); ++i)
      js.Check(napi_set_element(env, out, i,
                                Wrap<Held>(env, js, std::make_unique<Buffer>(program.owner, made[i]))));
    return out;
  });
}

napi_value Init(napi_env env, napi_value exports) {
  const struct {
    const char *name;
    napi_callback function;
  } functions[] = {
      {"createClient", CreateClient}, {"describe", Describe},       {"memory", Memory},
      {"upload", UploadValues},       {"read", Read},               {"readLater", ReadLater},
      {"release", Release<Held>},     {"compile", CompileText},     {"serialise", SerialiseProgram},
      {"load", LoadProgram},          {"dispose", Release<Compiled>},  {"execute", ExecuteProgram},
  };
  for (const auto &[name, function] : functions) {
    const napi_property_descriptor property = {name,    nullptr, function,     nullptr,
                                               nullptr, nullptr, napi_default, nullptr};
    napi_define_properties(env, exports, 1, &property);
  }
  return exports;
}

}  // namespace pjrt

NAPI_MODULE_INIT() { return pjrt::Init(env, exports); }
