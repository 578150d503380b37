#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "lot/cpus.hpp"
#include "lot/uncancelled.hpp"

namespace park::detail {
namespace {

using std::string_view;

constexpr std::size_t longest = 2048;  // of lines and paths; a path that is longer is that of no file

// A path, put together from pieces.
class joined_path {
 public:
  template <class... Pieces>
  explicit joined_path(Pieces... pieces) noexcept {
    (append(pieces), ...);
    text_[size_] = '\0';
  }

  int open() const noexcept { return fits_ ? ::open(text_, O_RDONLY | O_CLOEXEC) : -1; }

 private:
  void append(string_view piece) noexcept {
    fits_ = fits_ && piece.size() < longest - size_;
    if (fits_) std::memcpy(text_ + size_, piece.data(), piece.size()), size_ += piece.size();
  }

  char text_[longest];
  std::size_t size_ = 0;
  bool fits_ = true;
};

class opened_file {
 public:
  explicit opened_file(const joined_path& path) noexcept : descriptor_(path.open()) {}
  opened_file(const opened_file&) = delete;
  opened_file& operator=(const opened_file&) = delete;
  ~opened_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  // 0 at the end, and where there is no such file.
  std::size_t read(char* to, std::size_t most) const noexcept {
    const ssize_t size = descriptor_ < 0 ? 0 : ::read(descriptor_, to, most);
    return static_cast<std::size_t>(std::max<ssize_t>(0, size));
  }

 private:
  const int descriptor_;
};

// A text file, line by line. Of a line that is too long the first part is read alone.
class lines_of {
 public:
  explicit lines_of(const joined_path& path) noexcept : file_(path) {}

  // The next line, without its end, good until the next call. False at the end of the file.
  bool next(std::span<char>& line) noexcept {
    for (;;) {
      const std::size_t size = string_view(text_ + begin_, end_ - begin_).find('\n');
      const bool whole = size != string_view::npos;
      if (whole || end_ - begin_ == longest) {
        line = {text_ + begin_, whole ? size : longest};
        begin_ = whole ? begin_ + size + 1 : end_;
        if (!std::exchange(cut_, !whole)) return true;  // else it was the rest of a line too long
      } else if (!fill()) {
        line = {text_ + begin_, end_ - begin_};
        begin_ = end_;
        return !line.empty() && !cut_;
      }
    }
  }

 private:
  bool fill() noexcept {
    std::memmove(text_, text_ + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    const std::size_t size = file_.read(text_ + end_, longest - end_);
    end_ += size;
    return size > 0;
  }

  const opened_file file_;
  char text_[longest];
  std::size_t begin_ = 0, end_ = 0;  // what has been read and not yet given
  bool cut_ = false;                 // the line that was given last has not been read to its end
};

string_view view(std::span<char> text) noexcept { return {text.data(), text.size()}; }

// Cuts the piece before the first `end`, or all, off the front of `rest`.
std::span<char> cut(std::span<char>& rest, char end) noexcept {
  const std::size_t size = std::min(view(rest).find(end), rest.size());
  const std::span<char> piece = rest.first(size);
  rest = rest.subspan(std::min(size + 1, rest.size()));
  return piece;
}

bool lists(std::span<char> commas, string_view wanted) noexcept {
  while (!commas.empty()) {
    if (view(cut(commas, ',')) == wanted) return true;
  }
  return false;
}

string_view without_slash(string_view path) noexcept {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

// proc(5): in mountinfo a space is \040, and so on. Replaces them in place.
string_view unescaped(std::span<char> field) noexcept {
  const auto is_octal = [](char digit) { return digit >= '0' && digit <= '7'; };
  std::size_t size = 0;
  for (std::size_t next = 0; next < field.size(); ++next) {
    const std::span<char> digits = field.subspan(next + 1);
    char letter = field[next];
    if (letter == '\\' && digits.size() >= 3 && std::all_of(digits.begin(), digits.begin() + 3, is_octal)) {
      letter = static_cast<char>((digits[0] - '0') * 64 + (digits[1] - '0') * 8 + (digits[2] - '0'));
      next += 3;
    }
    field[size++] = letter;
  }
  return view(field.first(size));
}

// A mounted cgroup hierarchy that can limit CPU time.
struct hierarchy {
  string_view mount_point;
  string_view root;  // the cgroup that the mount point shows
  bool version2;
};

// proc(5), /proc/[pid]/mountinfo: id parent device root mount-point options [tag...] - type source super-options
std::optional<hierarchy> hierarchy_of(std::span<char> mount) noexcept {
  for (int skipped = 0; skipped < 3; ++skipped) cut(mount, ' ');
  const std::span<char> root = cut(mount, ' '), mount_point = cut(mount, ' ');
  while (!mount.empty() && view(cut(mount, ' ')) != "-") {
  }
  const string_view type = view(cut(mount, ' '));
  cut(mount, ' ');
  const bool version2 = type == "cgroup2";
  if (!version2 && !(type == "cgroup" && lists(mount, "cpu"))) return std::nullopt;
  return hierarchy{unescaped(mount_point), unescaped(root), version2};
}

// proc(5), cgroups(7), /proc/[pid]/cgroup: id:controllers:path, where version 2 is 0::path. The path is good as long as `memberships`.
string_view own_cgroup(lines_of& memberships, bool version2) noexcept {
  for (std::span<char> line; memberships.next(line);) {
    cut(line, ':');
    const std::span<char> controllers = cut(line, ':');
    if (line.empty()) continue;
    if (version2 ? controllers.empty() : lists(controllers, "cpu")) return view(line);
  }
  return "/";
}

// The first two numbers of a file; 0 where there is none, as in "max 100000".
std::array<long long, 2> numbers_in(const joined_path& path) noexcept {
  std::array<long long, 2> numbers{};
  char text[64];
  const opened_file file(path);
  const char* next = text;
  const char* const end = text + file.read(text, sizeof text);
  for (long long& number : numbers) {
    const auto [stopped, error] = std::from_chars(next, end, number);
    if (error != std::errc() || stopped == end) break;
    next = stopped + 1;
  }
  return numbers;
}

// The limit that one cgroup's own files set.
std::optional<double> own_quota(string_view root, const hierarchy& mounted, string_view below) noexcept {
  const auto numbers = [&](string_view file) {
    return numbers_in(joined_path(root, mounted.mount_point, below, file));
  };
  const auto [quota, period] = mounted.version2
                                   ? numbers("/cpu.max")
                                   : std::array{numbers("/cpu.cfs_quota_us")[0], numbers("/cpu.cfs_period_us")[0]};
  if (quota <= 0 || period <= 0) return std::nullopt;
  return static_cast<double>(quota) / static_cast<double>(period);
}

}  // namespace

unsigned affinity_cpus() noexcept {
  cpu_set_t mask[16];  // of 16384 CPUs: the kernel refuses a mask that is smaller than its own
  if (sched_getaffinity(0, sizeof mask, mask) == 0) {
    return static_cast<unsigned>(std::max(1, CPU_COUNT_S(sizeof mask, mask)));
  }
  return std::max(1u, std::thread::hardware_concurrency());
}

std::optional<double> cgroup_quota_cpus(string_view root) noexcept {
  const uncancelled guard;  // open, read and close are cancellation points
  std::optional<double> least;
  lines_of mounts(joined_path(root, "/proc/self/mountinfo"));
  for (std::span<char> line; mounts.next(line);) {
    const std::optional<hierarchy> mounted = hierarchy_of(line);
    if (!mounted) continue;
    lines_of memberships(joined_path(root, "/proc/self/cgroup"));
    string_view below = without_slash(own_cgroup(memberships, mounted->version2));
    // Inside a container the mount may show a cgroup below the hierarchy's top; paths start where it does. Seen from a cgroup
    // namespace a mount of what lies above it has a root of "/..".
    const bool above = mounted->root == "/.." || mounted->root.starts_with("/../");
    const string_view top = above ? "" : without_slash(mounted->root);
    if (!below.starts_with(top)) continue;  // a mount that shows only others
    below.remove_prefix(top.size());
    if (!below.empty() && !below.starts_with('/')) continue;  // ... with a like name
    for (;;) {
      if (const auto quota = own_quota(root, *mounted, below)) least = std::min(least.value_or(*quota), *quota);
      if (below.empty()) break;
      below = below.substr(0, below.rfind('/'));
    }
  }
  return least;
}

}  // namespace park::detail
