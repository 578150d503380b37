#include <latch>
#include <meeting.hpp>
#include <park/overlay.hpp>  // does not compile unless std::latch is park's
#include <string_view>

int main(int argc, char** argv) {
  std::latch none(0);
  none.wait();
  return argc == 2 && std::string_view(argv[1]) == meet() ? 0 : 1;
}
