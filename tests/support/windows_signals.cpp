#include "support/signals.hpp"

namespace support {

void handle_interruptions(void (*)(int)) {}
void interrupt(std::thread::native_handle_type) {}

}  // namespace support
