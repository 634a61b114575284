// Plugins that cannot be used, by FAULT: 1 speaks an interface that is too old, 2 refuses its device, 3 lacks a symbol.
#include <cstring>

#include "xla/pjrt/c/pjrt_c_api.h"

#if FAULT == 3
extern "C" void of_another_library();
#endif

static const char kMessage[] = "no device answers";

static void Message(PJRT_Error_Message_Args *args) {
  args->message = kMessage;
  args->message_size = sizeof kMessage - 1;
}
static void Destroy(PJRT_Error_Destroy_Args *) {}
static PJRT_Error *Initialize(PJRT_Plugin_Initialize_Args *) { return nullptr; }
static PJRT_Error *Refuse(PJRT_Client_Create_Args *) {
  static int error;
  return reinterpret_cast<PJRT_Error *>(&error);
}

extern "C" const PJRT_Api *GetPjrtApi() {
#if FAULT == 3
  of_another_library();
#endif
  static PJRT_Api api;
  api.struct_size = PJRT_Api_STRUCT_SIZE;
  api.pjrt_api_version.major_version = PJRT_API_MAJOR;
  api.pjrt_api_version.minor_version = FAULT == 1 ? 3 : PJRT_API_MINOR;
  api.PJRT_Error_Message = Message;
  api.PJRT_Error_Destroy = Destroy;
  api.PJRT_Plugin_Initialize = Initialize;
  api.PJRT_Client_Create = Refuse;
  return &api;
}
