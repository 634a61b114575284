// TensorFlow's status, released at the end of its scope.
#pragma once

#include <stdexcept>
#include <string>

#include "tensorflow/c/tf_status.h"

struct Status {
  TF_Status *status = TF_NewStatus();
  ~Status() { TF_DeleteStatus(status); }
  bool Ok() const { return TF_GetCode(status) == TF_OK; }
  void Check(const std::string &where) const {
    if (!Ok()) throw std::runtime_error(where + ": " + TF_Message(status));
  }
};
