// A compiled program: made of StableHLO or of what an earlier process has serialised, and run.
#pragma once

#include "buffer.h"

namespace pjrt {

struct Program {
  const std::shared_ptr<Client> owner;
  PJRT_LoadedExecutable *executable;
  size_t outputs = 0;

  Program(std::shared_ptr<Client> client, PJRT_LoadedExecutable *made) : owner(std::move(client)), executable(made) {
    const PJRT_Api *api = owner->api;
    WithExecutable([&](PJRT_Executable *bare) {
      PJRT_ARGS(Executable_NumOutputs, count);
      count.executable = bare;
      Check(api, api->PJRT_Executable_NumOutputs(&count));
      outputs = count.num_outputs;
    });
  }
  Program(const Program &) = delete;
  ~Program() { Release(); }

  void Release() {
    if (!executable) return;
    PJRT_ARGS(LoadedExecutable_Destroy, destroy);
    destroy.executable = executable;
    executable = nullptr;
    owner->api->PJRT_LoadedExecutable_Destroy(&destroy);
  }
  PJRT_LoadedExecutable *Held() const {
    if (!executable) throw std::runtime_error("a program that was released");
    return executable;
  }

  template <typename Use>
  void WithExecutable(Use use) const {
    const PJRT_Api *api = owner->api;
    PJRT_ARGS(LoadedExecutable_GetExecutable, get);
    get.loaded_executable = Held();
    Check(api, api->PJRT_LoadedExecutable_GetExecutable(&get));
    struct Bare {
      const PJRT_Api *api;
      PJRT_Executable *executable;
      ~Bare() {
        PJRT_ARGS(Executable_Destroy, destroy);
        destroy.executable = executable;
        api->PJRT_Executable_Destroy(&destroy);
      }
    } bare{api, get.executable};
    use(bare.executable);
  }
};

// options: a serialised CompileOptionsProto
inline std::unique_ptr<Program> Compile(const std::shared_ptr<Client> &client, std::string text,
                                        const std::string &options) {
  static const char format[] = "mlir";
  PJRT_Program program{};
  program.struct_size = PJRT_Program_STRUCT_SIZE;
  program.code = &text[0];
  program.code_size = text.size();
  program.format = format;
  program.format_size = sizeof format - 1;
  PJRT_ARGS(Client_Compile, compile);
  compile.client = client->client;
  compile.program = &program;
  compile.compile_options = options.data();
  compile.compile_options_size = options.size();
  Check(client->api, client->api->PJRT_Client_Compile(&compile));
  return std::make_unique<Program>(client, compile.executable);
}

inline std::string Serialise(const Program &program) {
  const PJRT_Api *api = program.owner->api;
  std::string bytes;
  program.WithExecutable([&](PJRT_Executable *bare) {
    PJRT_ARGS(Executable_Serialize, serialise);
    serialise.executable = bare;
    Check(api, api->PJRT_Executable_Serialize(&serialise));
    bytes.assign(serialise.serialized_bytes, serialise.serialized_bytes_size);
    serialise.serialized_executable_deleter(serialise.serialized_executable);
  });
  return bytes;
}

inline std::unique_ptr<Program> Load(const std::shared_ptr<Client> &client, const char *bytes, size_t size) {
  PJRT_ARGS(Executable_DeserializeAndLoad, load);
  load.client = client->client;
  load.serialized_executable = bytes;
  load.serialized_executable_size = size;
  Check(client->api, client->api->PJRT_Executable_DeserializeAndLoad(&load));
  return std::make_unique<Program>(client, load.loaded_executable);
}

using Row = std::vector<PJRT_Buffer *>;

// Starts a program and returns before it is done: its results are buffers that what reads them waits for.
// kept: positions of arguments that must not be given to the program, though it could reuse their memory
inline Row Execute(const Program &program, const Row &given, const std::vector<int64_t> &kept) {
  const PJRT_Api *api = program.owner->api;
  Row made(program.outputs);
  PJRT_Buffer *const *arguments = given.data();
  PJRT_Buffer **results = made.data();
  PJRT_ExecuteOptions options{};
  options.struct_size = PJRT_ExecuteOptions_STRUCT_SIZE;
  options.non_donatable_input_indices = kept.data();
  options.num_non_donatable_input_indices = kept.size();
  PJRT_ARGS(LoadedExecutable_Execute, execute);
  execute.executable = program.Held();
  execute.options = &options;
  execute.argument_lists = &arguments;
  execute.num_devices = 1;
  execute.num_args = given.size();
  execute.output_lists = &results;
  Check(api, api->PJRT_LoadedExecutable_Execute(&execute));
  return made;
}

}  // namespace pjrt
