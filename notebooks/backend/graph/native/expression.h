// An expression of elementwise operations, evaluated a chunk at a time, small enough to stay in the nearest cache.
// expression.ts writes the expressions.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "operations.h"

namespace elementwise {

constexpr int kChunk = 1024;

// An input as the result sees it: the flat index of the result, taken apart by sizes, times strides.
struct View {
  std::vector<int64_t> sizes, strides;
  bool Whole() const { return sizes.size() == 1 && strides[0] == 1; }
  // Within a block the values repeat after a period: the last axis, and the one before where that is stretched.
  int64_t Period() const { return sizes.empty() || strides.back() == 0 ? 1 : sizes.back(); }
  int64_t Block() const {
    if (sizes.empty()) return INT64_MAX;
    const size_t rank = sizes.size();
    if (strides[rank - 1] == 0) return sizes[rank - 1];
    return rank > 1 && strides[rank - 2] == 0 ? sizes[rank - 2] * sizes[rank - 1] : sizes[rank - 1];
  }
};

struct Operation {
  int64_t code, a, b;  // operands: inputs, then the results of earlier operations
};

struct Expression {
  int64_t size = 0;
  std::vector<View> inputs;
  std::vector<Operation> operations;
  std::vector<int64_t> outputs;  // values
  std::vector<std::vector<int64_t>> shapes;
  std::vector<int64_t> slot;  // of each operation: its buffer, or −1 − output
  int64_t slots = 0;
  int64_t chunk = kChunk;
};

inline Expression Read(const std::vector<int64_t> &code) {
  Expression e;
  size_t at = 0;
  auto next = [&] { return code.at(at++); };
  auto list = [&](int64_t n) {
    std::vector<int64_t> values(n);
    for (auto &value : values) value = next();
    return values;
  };
  e.size = next();
  e.inputs.resize(next());
  for (View &view : e.inputs) {
    const int64_t rank = next();
    view.sizes = list(rank);
    view.strides = list(rank);
  }
  e.operations.resize(next());
  for (Operation &o : e.operations) o = {next(), next(), next()};
  e.outputs.resize(next());
  for (int64_t &value : e.outputs) {
    value = next();
    e.shapes.push_back(list(next()));
  }
  return e;
}

// Gives every operation a place to write: an output, or a buffer that no later operation still reads.
inline void Place(Expression &e) {
  const int64_t inputs = e.inputs.size(), count = e.operations.size();
  std::vector<int64_t> last(inputs + count, -1);
  for (int64_t k = 0; k < count; ++k) last[e.operations[k].a] = last[e.operations[k].b] = k;
  e.slot.assign(count, -1);
  std::vector<bool> output(count, false);
  for (size_t j = e.outputs.size(); j-- > 0;) {
    e.slot[e.outputs[j] - inputs] = -1 - static_cast<int64_t>(j);
    output[e.outputs[j] - inputs] = true;
  }
  std::vector<int64_t> free;
  for (int64_t k = 0; k < count; ++k) {
    if (!output[k]) {
      if (free.empty()) free.push_back(e.slots++);
      e.slot[k] = free.back();
      free.pop_back();
    }
    for (int64_t operand : {e.operations[k].a, e.operations[k].b}) {
      const int64_t made = operand - inputs;
      if (made >= 0 && !output[made] && last[operand] == k) {
        free.push_back(e.slot[made]);
        last[operand] = -1;
      }
    }
  }
  // chunks hold whole periods, so that a stretched input looks the same in the next chunk
  int64_t period = 1;
  for (const View &view : e.inputs)
    if (!view.Whole() && view.Period() <= kChunk) period = std::max(period, view.Period());
  e.chunk = kChunk / period * period;
}

// Writes the values from..from + n of an input, as the result sees it.
inline void Stretch(const View &view, const float *data, int64_t from, int64_t n, float *out) {
  if (view.sizes.empty()) {
    std::fill_n(out, n, data[0]);
    return;
  }
  const int64_t inner = view.sizes.back(), stride = view.strides.back();
  for (int64_t done = 0; done < n;) {
    int64_t rest = (from + done) / inner, offset = 0;
    const int64_t column = (from + done) % inner, length = std::min(inner - column, n - done);
    for (size_t axis = view.sizes.size() - 1; axis-- > 0;) {
      offset += rest % view.sizes[axis] * view.strides[axis];
      rest /= view.sizes[axis];
    }
    if (stride == 0)
      std::fill_n(out + done, length, data[offset]);
    else
      std::memcpy(out + done, data + offset + column, length * sizeof(float));
    done += length;
  }
}

inline void Run(const Expression &e, const std::vector<const float *> &data, const std::vector<float *> &outputs) {
  const int64_t inputs = e.inputs.size();
  static thread_local std::vector<float> memory;
  memory.resize(std::max<size_t>(memory.size(), (inputs + e.slots) * kChunk));
  std::vector<const float *> value(inputs + e.operations.size());
  struct Filled {
    int64_t block = -1, phase = -1, length = 0;
  };
  std::vector<Filled> filled(inputs);
  for (int64_t from = 0; from < e.size; from += e.chunk) {
    const int64_t n = std::min(e.chunk, e.size - from);
    for (int64_t i = 0; i < inputs; ++i) {
      const View &view = e.inputs[i];
      if (view.Whole()) {
        value[i] = data[i] + from;
        continue;
      }
      float *buffer = &memory[i * kChunk];
      value[i] = buffer;
      const int64_t size = view.Block(), block = from / size, phase = from % view.Period();
      const bool within = (from + n - 1) / size == block;
      if (within && filled[i].block == block && filled[i].phase == phase && filled[i].length >= n) continue;
      Stretch(view, data[i], from, n, buffer);
      filled[i] = within ? Filled{block, phase, n} : Filled{};
    }
    for (size_t k = 0; k < e.operations.size(); ++k) {
      const Operation &o = e.operations[k];
      const int64_t slot = e.slot[k];
      float *out = slot < 0 ? outputs[-1 - slot] + from : &memory[(inputs + slot) * kChunk];
      Apply(o.code, n, out, value[o.a], value[o.b]);
      value[inputs + k] = out;
    }
  }
}

}  // namespace elementwise
