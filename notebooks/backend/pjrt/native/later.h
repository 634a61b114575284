// A promise that is kept when a copy from the device is done; the event loop goes on until then.
#pragma once

#include "buffer.h"
#include "handle.h"

namespace pjrt {

class Later {
 public:
  // The array is kept alive until its values are there; the promise gives it back.
  static napi_value Promise(napi_env env, const Js &js, const Buffer &from, napi_value array) {
    auto later = std::make_unique<Later>();
    napi_value promise, name;
    js.Check(napi_create_promise(env, &later->deferred_, &promise));
    js.Check(napi_create_reference(env, array, 1, &later->array_));
    js.Check(napi_create_string_utf8(env, "pjrt read", NAPI_AUTO_LENGTH, &name));
    js.Check(napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, later.get(), Settle,
                                             &later->settle_));
    later->api_ = from.owner->api;
    const Bytes bytes = BytesOf(env, js, array);
    PJRT_Error *error = nullptr;
    try {
      later->event_ = Download(from, bytes.data, bytes.size);
      PJRT_ARGS(Event_OnReady, ready);
      ready.event = later->event_;
      ready.callback = Done;
      ready.user_arg = later.get();
      error = later->api_->PJRT_Event_OnReady(&ready);
    } catch (const std::exception &e) {
      later->message_ = e.what();
      Call(later.release());
      return promise;
    }
    if (error) Done(error, later.get());
    later.release();
    return promise;
  }

 private:
  static void Call(Later *self) { napi_call_threadsafe_function(self->settle_, nullptr, napi_tsfn_nonblocking); }

  // On a thread of the plugin.
  static void Done(PJRT_Error *error, void *data) {
    auto *self = static_cast<Later *>(data);
    try {
      Check(self->api_, error);
    } catch (const std::exception &e) {
      self->message_ = e.what();
    }
    Call(self);
  }

  static void Settle(napi_env env, napi_value, void *context, void *) {
    std::unique_ptr<Later> self(static_cast<Later *>(context));
    if (self->event_) Destroy(self->api_, self->event_);
    if (env) {
      napi_value array, text, error;
      napi_get_reference_value(env, self->array_, &array);
      napi_delete_reference(env, self->array_);
      if (self->message_.empty()) {
        napi_resolve_deferred(env, self->deferred_, array);
      } else {
        napi_create_string_utf8(env, self->message_.data(), self->message_.size(), &text);
        napi_create_error(env, nullptr, text, &error);
        napi_reject_deferred(env, self->deferred_, error);
      }
    }
    napi_release_threadsafe_function(self->settle_, napi_tsfn_release);
  }

  const PJRT_Api *api_ = nullptr;
  PJRT_Event *event_ = nullptr;
  napi_deferred deferred_;
  napi_ref array_;
  napi_threadsafe_function settle_;
  std::string message_;
};

}  // namespace pjrt
