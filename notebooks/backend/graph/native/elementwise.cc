// One TensorFlow operation for a whole expression of elementwise operations, on one thread: intermediate arrays are
// neither written to memory nor dispatched.
#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "expression.h"
#include "status.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_tensor.h"

namespace elementwise {

void *Create(TF_OpKernelConstruction *construction) {
  Status status;
  int32_t length = 0, total = 0;
  TF_OpKernelConstruction_GetAttrSize(construction, "expression", &length, &total, status.status);
  std::vector<int64_t> code(std::max(length, 0));
  if (status.Ok())
    TF_OpKernelConstruction_GetAttrInt64List(construction, "expression", code.data(), length, status.status);
  auto expression = std::make_unique<Expression>();
  try {
    if (status.Ok()) {
      *expression = Read(code);
      Place(*expression);
    }
  } catch (const std::exception &) {
    TF_SetStatus(status.status, TF_INVALID_ARGUMENT, "the expression ends too early");
  }
  if (!status.Ok()) {
    TF_OpKernelConstruction_Failure(construction, status.status);
    return nullptr;
  }
  return expression.release();
}

void Compute(void *kernel, TF_OpKernelContext *context) {
  const Expression &e = *static_cast<Expression *>(kernel);
  Status status;
  std::vector<TF_Tensor *> tensors;
  std::vector<const float *> data;
  std::vector<float *> outputs;
  for (size_t i = 0; i < e.inputs.size() && status.Ok(); ++i) {
    TF_Tensor *tensor = nullptr;
    TF_GetInput(context, static_cast<int>(i), &tensor, status.status);
    if (!status.Ok()) break;
    tensors.push_back(tensor);
    data.push_back(static_cast<const float *>(TF_TensorData(tensor)));
  }
  for (size_t j = 0; j < e.outputs.size() && status.Ok(); ++j) {
    const auto &shape = e.shapes[j];
    TF_Tensor *tensor = TF_AllocateOutput(context, static_cast<int>(j), TF_FLOAT, shape.data(),
                                          static_cast<int>(shape.size()), e.size * sizeof(float), status.status);
    if (!status.Ok()) break;
    tensors.push_back(tensor);
    outputs.push_back(static_cast<float *>(TF_TensorData(tensor)));
  }
  if (status.Ok())
    Run(e, data, outputs);
  else
    TF_OpKernelContext_Failure(context, status.status);
  for (TF_Tensor *tensor : tensors) TF_DeleteTensor(tensor);
}

void Delete(void *kernel) { delete static_cast<Expression *>(kernel); }

// Registers the operation, once in a process.
std::string Register() {
  static std::string error;
  static std::once_flag once;
  std::call_once(once, [] {
    Status status;
    TF_OpDefinitionBuilder *op = TF_NewOpDefinitionBuilder("ScoreElementwise");
    TF_OpDefinitionBuilderAddInput(op, "inputs: n * float");
    TF_OpDefinitionBuilderAddOutput(op, "outputs: m * float");
    for (const char *attribute : {"n: int >= 1", "m: int >= 1", "expression: list(int)"})
      TF_OpDefinitionBuilderAddAttr(op, attribute);
    TF_OpDefinitionBuilderSetShapeInferenceFunction(
        op, [](TF_ShapeInferenceContext *context, TF_Status *s) { TF_ShapeInferenceContextSetUnknownShape(context, s); });
    TF_RegisterOpDefinition(op, status.status);
    if (status.Ok())
      TF_RegisterKernelBuilder("ScoreElementwise", TF_NewKernelBuilder("ScoreElementwise", "CPU", Create, Compute, Delete),
                               status.status);
    if (!status.Ok()) error = TF_Message(status.status);
  });
  return error;
}

}  // namespace elementwise
