// A program of nodes from JavaScript as a TensorFlow function.
#pragma once

#include <string>
#include <vector>

#include "backend.h"
#include "../../native/js.h"
#include "status.h"

namespace compile {

struct Graph {
  TF_Graph *graph = TF_NewGraph();
  ~Graph() { TF_DeleteGraph(graph); }
};

inline void SetTensor(TFJSBackend *backend, TF_OperationDescription *op, const char *name, int64_t id, Status &status) {
  auto &handles = backend->*Get(Handles());
  auto found = handles.find(static_cast<int32_t>(id));
  if (found == handles.end()) throw std::runtime_error("constant refers to a deleted tensor");
  TF_Tensor *tensor = TFE_TensorHandleResolve(found->second, status.status);
  status.Check("reading a constant");
  TF_SetAttrTensor(op, name, tensor, status.status);
  TF_DeleteTensor(tensor);
  status.Check(name);
}

// Numbers and strings are told apart by TensorFlow's own codes for attribute types, as in the binding's executeOp.
inline void SetAttribute(const Js &js, TFJSBackend *backend, TF_OperationDescription *op, napi_value attribute) {
  const std::string text = js.String(js.Get(attribute, "name"));
  const char *name = text.c_str();
  napi_value value = js.Get(attribute, "value");
  const bool list = js.IsArray(value);
  Status status;
  switch (js.Int(js.Get(attribute, "type"))) {
    case TF_ATTR_STRING: {
      const std::string s = js.String(value);
      return TF_SetAttrString(op, name, s.data(), s.size());
    }
    case TF_ATTR_INT: {
      if (!list) return TF_SetAttrInt(op, name, js.Int(value));
      const auto v = js.List<int64_t>(value, &Js::Int);
      return TF_SetAttrIntList(op, name, v.data(), static_cast<int>(v.size()));
    }
    case TF_ATTR_FLOAT: {
      if (!list) return TF_SetAttrFloat(op, name, static_cast<float>(js.Double(value)));
      const auto v = js.List<float>(value, &Js::Double);
      return TF_SetAttrFloatList(op, name, v.data(), static_cast<int>(v.size()));
    }
    case TF_ATTR_BOOL: {
      if (!list) return TF_SetAttrBool(op, name, js.Bool(value));
      const auto v = js.List<unsigned char>(value, &Js::Bool);
      return TF_SetAttrBoolList(op, name, v.data(), static_cast<int>(v.size()));
    }
    case TF_ATTR_TYPE: {
      if (!list) return TF_SetAttrType(op, name, static_cast<TF_DataType>(js.Int(value)));
      const auto v = js.List<TF_DataType>(value, &Js::Int);
      return TF_SetAttrTypeList(op, name, v.data(), static_cast<int>(v.size()));
    }
    case TF_ATTR_SHAPE: {
      const auto v = js.List<int64_t>(value, &Js::Int);
      return TF_SetAttrShape(op, name, v.data(), static_cast<int>(v.size()));
    }
    case TF_ATTR_TENSOR:
      return SetTensor(backend, op, name, js.Int(value), status);
    case TF_ATTR_FUNC: {
      const std::string s = js.String(value);
      return TF_SetAttrFuncName(op, name, s.data(), s.size());
    }
    default:
      throw std::runtime_error("attribute " + text + " has an unknown type");
  }
}

inline TF_Output Reference(const Js &js, napi_value pair, const std::vector<TF_Operation *> &made) {
  const auto v = js.List<int>(pair, &Js::Int);
  if (v.size() != 2 || v[0] < 0 || v[0] >= static_cast<int>(made.size()))
    throw std::runtime_error("an input refers to a later node");
  return {made[v[0]], v[1]};
}

// An input is a pair [node, output], or an array of such pairs where the op takes a list.
inline void AddInput(const Js &js, TF_OperationDescription *op, napi_value input, const std::vector<TF_Operation *> &made) {
  const auto items = js.Array(input);
  if (items.empty() || !js.IsArray(items[0])) return TF_AddInput(op, Reference(js, input, made));
  std::vector<TF_Output> list;
  for (napi_value item : items) list.push_back(Reference(js, item, made));
  TF_AddInputList(op, list.data(), static_cast<int>(list.size()));
}

inline TF_Operation *AddNode(const Js &js, TFJSBackend *backend, TF_Graph *graph, napi_value node,
                      const std::vector<TF_Operation *> &made) {
  const std::string type = js.String(js.Get(node, "op"));
  const std::string name = "n" + std::to_string(made.size());
  TF_OperationDescription *op = TF_NewOperation(graph, type.c_str(), name.c_str());
  Status status;
  // A description can only be released by finishing it, so an error inside is kept until then.
  std::string error;
  try {
    for (napi_value input : js.Array(js.Get(node, "inputs"))) AddInput(js, op, input, made);
    for (napi_value attribute : js.Array(js.Get(node, "attributes"))) SetAttribute(js, backend, op, attribute);
  } catch (const std::exception &e) {
    error = e.what();
  }
  TF_Operation *finished = TF_FinishOperation(op, status.status);
  if (!error.empty()) throw std::runtime_error(type + ": " + error);
  status.Check(type);
  return finished;
}

inline void Define(const Js &js, TFJSBackend *backend, const std::string &name, napi_value program, bool xla,
            int64_t threads) {
  TFE_Context *context = ContextOf(backend, threads);
  Graph graph;
  std::vector<TF_Operation *> made;
  for (napi_value node : js.Array(js.Get(program, "nodes")))
    made.push_back(AddNode(js, backend, graph.graph, node, made));
  std::vector<TF_Output> inputs, outputs;
  for (napi_value item : js.Array(js.Get(program, "inputs"))) inputs.push_back(Reference(js, item, made));
  for (napi_value item : js.Array(js.Get(program, "outputs"))) outputs.push_back(Reference(js, item, made));
  Status status;
  TF_Function *function = TF_GraphToFunction(
      graph.graph, name.c_str(), 0, -1, nullptr, static_cast<int>(inputs.size()), inputs.data(),
      static_cast<int>(outputs.size()), outputs.data(), nullptr, nullptr, nullptr, status.status);
  status.Check("making a function");
  const char yes[] = {0x28, 0x01};  // AttrValue { b: true }
  if (xla) TF_FunctionSetAttrValueProto(function, "_XlaMustCompile", yes, sizeof yes, status.status);
  if (status.Ok()) TFE_ContextAddFunction(context, function, status.status);
  TF_DeleteFunction(function);
  status.Check("adding a function");
}

}  // namespace compile
