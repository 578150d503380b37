#include <windows.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "support/child.hpp"
#include "support/program.hpp"

namespace support {
namespace {

void insist(bool done, const char* call) {
  if (done) return;
  std::fprintf(stderr, "%s: error %lu\n", call, GetLastError());
  std::abort();
}

// With ends of lines as C has them.
std::string read_all(HANDLE from) {
  std::string text;
  char buffer[4096];
  for (DWORD size = 0; ReadFile(from, buffer, sizeof buffer, &size, nullptr) && size > 0;) text.append(buffer, size);
  std::erase(text, '\r');
  return text;
}

std::wstring command_line(const std::string& name) {
  std::vector<wchar_t> path(32768);
  insist(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())) != 0, "GetModuleFileName");
  const std::string wanted = program::option + name;
  return L"\"" + std::wstring(path.data()) + L"\" " + std::wstring(wanted.begin(), wanted.end());
}

}  // namespace

void leave(int exit_code) noexcept {
  for (;;) TerminateProcess(GetCurrentProcess(), static_cast<UINT>(exit_code));
}

// There is no new process before the program is in it: `prepare` runs in this one.
ended run_program(const std::string& name, const std::function<void()>& prepare) {
  prepare();
  SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
  HANDLE reading = nullptr, writing = nullptr;
  insist(CreatePipe(&reading, &writing, &inherited, 0), "CreatePipe");
  insist(SetHandleInformation(reading, HANDLE_FLAG_INHERIT, 0), "SetHandleInformation");
  STARTUPINFOW start{};
  start.cb = sizeof start;
  start.dwFlags = STARTF_USESTDHANDLES;
  start.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
  start.hStdOutput = start.hStdError = writing;
  std::wstring command = command_line(name);
  PROCESS_INFORMATION child{};
  insist(CreateProcessW(nullptr, command.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &start, &child),
         "CreateProcess");
  CloseHandle(writing);
  CloseHandle(child.hThread);
  std::string output = read_all(reading);
  CloseHandle(reading);
  insist(WaitForSingleObject(child.hProcess, INFINITE) == WAIT_OBJECT_0, "WaitForSingleObject");
  DWORD exit_code = 0;
  insist(GetExitCodeProcess(child.hProcess, &exit_code), "GetExitCodeProcess");
  CloseHandle(child.hProcess);
  return {static_cast<int>(exit_code), 0, std::move(output)};
}

}  // namespace support
