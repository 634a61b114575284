// Values on a device.
#pragma once

#include "client.h"

namespace pjrt {

struct Buffer {
  const std::shared_ptr<Client> owner;
  PJRT_Buffer *buffer;

  Buffer(std::shared_ptr<Client> client, PJRT_Buffer *made) : owner(std::move(client)), buffer(made) {}
  Buffer(const Buffer &) = delete;
  ~Buffer() { Release(); }

  void Release() {
    if (!buffer) return;
    PJRT_ARGS(Buffer_Destroy, destroy);
    destroy.buffer = buffer;
    buffer = nullptr;
    owner->api->PJRT_Buffer_Destroy(&destroy);
  }
  PJRT_Buffer *Held() const {
    if (!buffer) throw std::runtime_error("a buffer that was released");
    return buffer;
  }
};

// Copies host values, in the order of memory, before it returns.
inline std::unique_ptr<Buffer> Upload(const std::shared_ptr<Client> &client, PJRT_Device *device, const void *data,
                                      PJRT_Buffer_Type type, const std::vector<int64_t> &shape) {
  PJRT_ARGS(Client_BufferFromHostBuffer, upload);
  upload.client = client->client;
  upload.data = data;
  upload.type = type;
  upload.dims = shape.data();
  upload.num_dims = shape.size();
  upload.host_buffer_semantics = PJRT_HostBufferSemantics_kImmutableOnlyDuringCall;
  upload.device = device;
  Check(client->api, client->api->PJRT_Client_BufferFromHostBuffer(&upload));
  auto made = std::make_unique<Buffer>(client, upload.buffer);
  Await(client->api, upload.done_with_host_buffer);
  return made;
}

// Begins to copy a buffer to the host, in the order of memory: a device may keep its axes in another one.
inline PJRT_Event *Download(const Buffer &from, void *to, size_t bytes) {
  const PJRT_Api *api = from.owner->api;
  PJRT_ARGS(Buffer_Dimensions, dimensions);
  dimensions.buffer = from.Held();
  Check(api, api->PJRT_Buffer_Dimensions(&dimensions));
  std::vector<int64_t> order(dimensions.num_dims);
  for (size_t i = 0; i < order.size(); ++i) order[i] = order.size() - 1 - i;
  PJRT_Buffer_MemoryLayout layout{};
  layout.struct_size = PJRT_Buffer_MemoryLayout_STRUCT_SIZE;
  layout.type = PJRT_Buffer_MemoryLayout_Type_Tiled;
  layout.tiled.struct_size = PJRT_Buffer_MemoryLayout_Tiled_STRUCT_SIZE;
  layout.tiled.minor_to_major = order.data();
  layout.tiled.minor_to_major_size = order.size();
  PJRT_ARGS(Buffer_ToHostBuffer, copy);
  copy.src = from.Held();
  copy.host_layout = &layout;
  copy.dst = to;
  copy.dst_size = bytes;
  Check(api, api->PJRT_Buffer_ToHostBuffer(&copy));
  return copy.event;
}

}  // namespace pjrt
