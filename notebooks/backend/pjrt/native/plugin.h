// Opens a plugin: a shared library with one function, which returns the table of all others.
#pragma once

#include <dlfcn.h>

#include <cstddef>

#include "api.h"

namespace pjrt {

// Before this version of the interface some of the functions used here had other arguments.
constexpr int kOldestMinor = 54;

// The last of the functions used here, as they stand in the table: one that is shorter lacks some of them.
constexpr size_t kNeeded = offsetof(PJRT_Api, PJRT_Buffer_ReadyEvent) + sizeof(void *);

// A library is never closed again: plugins leave threads behind.
inline const PJRT_Api *Open(const std::string &path) {
  dlerror();
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) throw std::runtime_error(dlerror());
  using Get = const PJRT_Api *(*)();
  const Get get = reinterpret_cast<Get>(dlsym(library, "GetPjrtApi"));
  if (!get) throw std::runtime_error(path + " is no PJRT plugin: it has no function GetPjrtApi");
  const PJRT_Api *api = get();
  if (!api) throw std::runtime_error(path + " returned no interface");
  const int major = api->pjrt_api_version.major_version, minor = api->pjrt_api_version.minor_version;
  const std::string version = std::to_string(major) + "." + std::to_string(minor);
  if (major != PJRT_API_MAJOR || minor < kOldestMinor || api->struct_size < kNeeded)
    throw std::runtime_error(path + " speaks PJRT " + version + ", and " + std::to_string(PJRT_API_MAJOR) + "." +
                             std::to_string(kOldestMinor) + " or later of " + std::to_string(PJRT_API_MAJOR) +
                             " is needed");
  PJRT_ARGS(Plugin_Initialize, initialize);
  Check(api, api->PJRT_Plugin_Initialize(&initialize));
  return api;
}

}  // namespace pjrt
