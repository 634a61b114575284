// A plugin's table of functions, its errors as exceptions, and its events.
#pragma once

#include <stdexcept>
#include <string>

#include "xla/pjrt/c/pjrt_c_api.h"

// Zeroed arguments of a function of the interface, with the size by which a plugin tells what its caller knows.
#define PJRT_ARGS(function, name)       \
  PJRT_##function##_Args name{};        \
  name.struct_size = PJRT_##function##_Args_STRUCT_SIZE

namespace pjrt {

// Throws the plugin's message, if there is one.
inline void Check(const PJRT_Api *api, PJRT_Error *error) {
  if (!error) return;
  PJRT_ARGS(Error_Message, message);
  message.error = error;
  api->PJRT_Error_Message(&message);
  const std::string text(message.message, message.message_size);
  PJRT_ARGS(Error_Destroy, destroy);
  destroy.error = error;
  api->PJRT_Error_Destroy(&destroy);
  throw std::runtime_error(text.empty() ? "the plugin failed without a message" : text);
}

inline void Destroy(const PJRT_Api *api, PJRT_Event *event) {
  PJRT_ARGS(Event_Destroy, destroy);
  destroy.event = event;
  Check(api, api->PJRT_Event_Destroy(&destroy));
}

// Waits for an event, which is then gone, and throws what it carries.
inline void Await(const PJRT_Api *api, PJRT_Event *event) {
  if (!event) return;
  PJRT_ARGS(Event_Await, await);
  await.event = event;
  PJRT_Error *error = api->PJRT_Event_Await(&await);
  Destroy(api, event);
  Check(api, error);
}

}  // namespace pjrt
