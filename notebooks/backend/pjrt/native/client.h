// A client: the devices of one plugin, as this process sees them.
#pragma once

#include <memory>
#include <vector>

#include "plugin.h"

namespace pjrt {

// One option of a client, such as the share of a GPU's memory that it may take.
struct Option {
  std::string name;
  PJRT_NamedValue_Type type;
  std::string text;
  int64_t integer = 0;
  float real = 0;
  bool flag = false;
};

inline PJRT_NamedValue Named(const Option &option) {
  PJRT_NamedValue named{};
  named.struct_size = PJRT_NamedValue_STRUCT_SIZE;
  named.name = option.name.data();
  named.name_size = option.name.size();
  named.type = option.type;
  named.value_size = 1;
  switch (option.type) {
    case PJRT_NamedValue_kString:
      named.string_value = option.text.data();
      named.value_size = option.text.size();
      break;
    case PJRT_NamedValue_kFloat:
      named.float_value = option.real;
      break;
    case PJRT_NamedValue_kBool:
      named.bool_value = option.flag;
      break;
    default:
      named.int64_value = option.integer;
  }
  return named;
}

struct Client {
  const PJRT_Api *api;
  PJRT_Client *client = nullptr;
  std::vector<PJRT_Device *> devices;

  Client(const std::string &path, const std::vector<Option> &options) : api(Open(path)) {
    std::vector<PJRT_NamedValue> named;
    for (const Option &option : options) named.push_back(Named(option));
    PJRT_ARGS(Client_Create, create);
    create.create_options = named.data();
    create.num_options = named.size();
    Check(api, api->PJRT_Client_Create(&create));
    client = create.client;
    PJRT_ARGS(Client_AddressableDevices, list);
    list.client = client;
    Check(api, api->PJRT_Client_AddressableDevices(&list));
    devices.assign(list.addressable_devices, list.addressable_devices + list.num_addressable_devices);
    if (devices.empty()) throw std::runtime_error(path + " found no device");
  }
  Client(const Client &) = delete;
  ~Client() {
    if (!client) return;
    PJRT_ARGS(Client_Destroy, destroy);
    destroy.client = client;
    api->PJRT_Client_Destroy(&destroy);
  }

  PJRT_Device *Device(int64_t index) const {
    if (index < 0 || static_cast<size_t>(index) >= devices.size())
      throw std::runtime_error("device " + std::to_string(index) + " of " + std::to_string(devices.size()));
    return devices[index];
  }
  std::string Platform() const {
    PJRT_ARGS(Client_PlatformName, name);
    name.client = client;
    Check(api, api->PJRT_Client_PlatformName(&name));
    return {name.platform_name, name.platform_name_size};
  }
  std::string Version() const {
    PJRT_ARGS(Client_PlatformVersion, version);
    version.client = client;
    Check(api, api->PJRT_Client_PlatformVersion(&version));
    return {version.platform_version, version.platform_version_size};
  }
  std::string Kind(PJRT_Device *device) const {
    PJRT_ARGS(Device_GetDescription, description);
    description.device = device;
    Check(api, api->PJRT_Device_GetDescription(&description));
    PJRT_ARGS(DeviceDescription_Kind, kind);
    kind.device_description = description.device_description;
    Check(api, api->PJRT_DeviceDescription_Kind(&kind));
    return {kind.device_kind, kind.device_kind_size};
  }
  // Bytes in use and their peak; −1 where a plugin does not count.
  std::pair<int64_t, int64_t> Memory(PJRT_Device *device) const {
    PJRT_ARGS(Device_MemoryStats, stats);
    stats.device = device;
    PJRT_Error *error = api->PJRT_Device_MemoryStats(&stats);
    if (!error) return {stats.bytes_in_use, stats.peak_bytes_in_use_is_set ? stats.peak_bytes_in_use : -1};
    PJRT_ARGS(Error_Destroy, destroy);
    destroy.error = error;
    api->PJRT_Error_Destroy(&destroy);
    return {-1, -1};
  }
};

}  // namespace pjrt
