#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include "conformance/compiler.hpp"

namespace conformance {
namespace {

struct compilation {
  bool succeeded;
  std::string messages;
};

compilation compile(const std::string& code) {
  std::string folder = (std::filesystem::temp_directory_path() / "park_conformance_XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) std::perror("mkdtemp"), std::abort();
  const std::string source = folder + "/code.cpp";
  std::ofstream(source) << "#include <chrono>\n#include <cstddef>\n#include <cstdint>\n#include <utility>\n"
                           "#include \"conformance/subject.hpp\"\nnamespace code {\n"
                        << code << "\n}\n";

  std::string messages;
  std::FILE* const compiler = popen((PARK_CONFORMANCE_COMPILE " " + source + " 2>&1").c_str(), "r");
  if (compiler == nullptr) std::perror("popen"), std::abort();
  char line[4096];
  while (std::fgets(line, sizeof line, compiler) != nullptr) messages += line;
  const int status = pclose(compiler);
  std::remove(source.c_str());
  std::remove(folder.c_str());
  return {WIFEXITED(status) && WEXITSTATUS(status) == 0, messages};
}

}  // namespace

testing::AssertionResult compiles(const std::string& code) {
  const compilation done = compile(code);
  if (done.succeeded) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "does not compile: " << code << '\n' << done.messages;
}

testing::AssertionResult is_ill_formed(const std::string& code, const std::string& reasons) {
  const compilation done = compile(code);
  if (done.succeeded) return testing::AssertionFailure() << "compiles: " << code;
  if (std::regex_search(done.messages, std::regex(reasons))) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "does not compile, but not because of " << reasons << ": " << code << '\n'
                                     << done.messages;
}

}  // namespace conformance
