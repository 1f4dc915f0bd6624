#include "log_files.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "log/format.h"

namespace yallchat {
namespace {

constexpr std::size_t operations = 11;      // see log_files.h
constexpr std::uint64_t most_segments = 8;  // each takes 4 KiB at least

// Takes values off the program; zeros when there is nothing more.
class Program {
 public:
  explicit Program(std::string_view bytes) : bytes_(bytes) {}

  bool done() const { return bytes_.empty(); }
  std::size_t number() { return static_cast<unsigned char>(character()); }
  std::size_t place() {
    const std::size_t high = number();
    return high * 256 + number();
  }
  std::int64_t difference() { return static_cast<signed char>(character()); }
  char character() {
    const auto taken = text(1);
    return taken.empty() ? '\0' : taken[0];
  }
  std::string_view text(std::size_t length) {
    const auto taken = bytes_.substr(0, length);
    bytes_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::string_view bytes_;
};

// Carries a program out.
class LogWriter {
 public:
  LogScript run(Program program) {
    script_.opened_after = Index(program.number() % 32);
    while (!program.done() && sequence_ < most_segments) step(program);
    end_segment();
    script_.sound = script_.sound && Index(last_) >= script_.opened_after;
    return std::move(script_);
  }

 private:
  void step(Program& program) {
    const std::size_t operation = program.number() % operations;
    if (operation < 6) need_segment();
    switch (operation) {
      case 0: return write(payload(program.number() + 1));
      case 1: {
        const std::string entry = payload(program.number() + 1);
        const std::uint64_t number = moved(last_ + 1, program.difference());
        odd(frame(id_, number, moved(last_, program.difference()), entry));
        if (number == last_ + 1) ++last_;
        return;
      }
      case 2: {
        std::string bytes = frame(id_, last_ + 1, last_, payload(program.number() + 1));
        const std::size_t at = program.number() % bytes.size();
        bytes[at] ^= program.character();
        return odd(bytes);
      }
      case 3: return odd(std::string(program.text(program.number())));
      case 4: {
        const std::string bytes = frame(id_, last_ + 1, last_, payload(50));
        return odd(bytes.substr(0, bytes.size() - program.number() % 80));
      }
      case 5: return odd(frame(id_ + 1, last_ + 1, last_, payload(program.number() + 1)));
      case 6:
        need_segment();
        segment_.append((program.number() + 1) * frame_alignment, '\0');
        at_end_ = true;
        return;
      case 7: return write(payload(program.number() == 7 && long_entries_++ == 0 ? 300'000 : 300));
      case 8: {
        const std::int64_t further = program.difference();
        script_.sound = script_.sound && further == 0;
        last_ = moved(last_, further);
        return begin_segment(last_ + 1);
      }
      case 9: {
        if (last_ == 0) return;
        const std::string copy = last_payload_;
        begin_segment(last_--);
        return write(copy);
      }
      default: break;
    }
    damage(program);
  }

  // What happens to a file afterwards; to the one that is written, when it is written.
  void damage(Program& program) {
    script_.sound = false;
    end_segment();
    auto& files = script_.files;
    if (files.empty()) return;
    const auto file =
        std::next(files.begin(), static_cast<std::ptrdiff_t>(program.number() % files.size()));
    std::string& content = file->second;
    switch (program.number() % 3) {
      case 0: {
        const std::size_t at = program.place();
        if (!content.empty()) content[at % content.size()] ^= program.character();
        break;
      }
      case 1: content.resize(std::min(program.place(), content.size())); break;
      default: files.erase(file);
    }
  }

  static std::uint64_t moved(std::uint64_t number, std::int64_t by) {
    return static_cast<std::uint64_t>(
        std::max<std::int64_t>(static_cast<std::int64_t>(number) + by, 0));
  }
  // Made of their number and size only, so that a program is short and two entries differ.
  std::string payload(std::size_t size) const {
    std::string text = std::to_string(last_ + 1) + ":";
    text.append(size, static_cast<char>('a' + size % 26));
    text.resize(size);
    return text;
  }
  static std::string frame(std::uint64_t id, std::uint64_t number, std::uint64_t synced,
                           std::string_view entry) {
    std::string bytes(frame_bytes(entry.size()), '\0');
    encode_frame(id, Index(number), Index(synced), entry, bytes);
    return bytes;
  }

  void begin_segment(std::uint64_t first) {
    end_segment();
    ++sequence_;
    id_ = 0x9E3779B97F4A7C15ULL * (sequence_ + 1);
    segment_ = encode_segment_header({id_, sequence_, Index(first)});
    at_end_ = false;
    entries_ = 0;
    open_ = true;
  }
  void end_segment() {
    if (!open_) return;
    script_.files[segment_name(sequence_)] = segment_;
    script_.sound = script_.sound && entries_ > 0;
    open_ = false;
  }
  void need_segment() {
    if (!open_) begin_segment(last_ + 1);
  }
  void write(const std::string& entry) {
    need_segment();
    script_.sound = script_.sound && !at_end_;
    segment_ += frame(id_, last_ + 1, last_, entry);
    ++last_;
    ++entries_;
    last_payload_ = entry;
  }
  // What no server writes in this place.
  void odd(const std::string& bytes) {
    script_.sound = false;
    segment_ += bytes;
    segment_.resize((segment_.size() + frame_alignment - 1) / frame_alignment * frame_alignment);
  }

  LogScript script_;
  std::uint64_t sequence_ = 0;
  std::uint64_t id_ = 0;
  std::string segment_;
  bool open_ = false;    // the segment is not among the files yet
  bool at_end_ = false;  // zeros stand behind its last frame
  std::size_t entries_ = 0;
  std::size_t long_entries_ = 0;
  std::uint64_t last_ = 0;
  std::string last_payload_;
};

// --- The second reader, from docs/formats/log.md alone ---

std::uint32_t castagnoli(std::string_view bytes, std::uint32_t seed = 0) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> rows{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      rows[i] = i;
      for (int bit = 0; bit < 8; ++bit)
        rows[i] = rows[i] >> 1 ^ (rows[i] % 2 == 1 ? 0x82F63B78U : 0U);
    }
    return rows;
  }();
  std::uint32_t crc = ~seed;
  for (const char c : bytes) crc = crc >> 8 ^ table[(crc ^ static_cast<unsigned char>(c)) & 0xFF];
  return ~crc;
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (auto at = bytes.rbegin(); at != bytes.rend(); ++at)
    value = value << 8 | static_cast<unsigned char>(*at);
  return value;
}

bool is_header(std::string_view file) {
  return file.size() >= 4096 && file.starts_with("YALLLOG\n") &&
         little_endian(file.substr(8, 4)) == 1 &&
         little_endian(file.substr(12, 4)) ==
             castagnoli(file.substr(16, 24), castagnoli(file.substr(0, 12)));
}

void add_frame(std::uint64_t id, std::string_view bytes, FrameSet& frames) {
  if (bytes.size() < 32 || little_endian(bytes.substr(0, 4)) != id >> 32) return;
  const std::uint64_t length = little_endian(bytes.substr(8, 8));
  if (length == 0 || length > 1024 * 1024) return;
  const std::size_t size = (32 + length + 7) / 8 * 8;
  if (size > bytes.size()) return;
  const auto seed = static_cast<std::uint32_t>(id);
  if (little_endian(bytes.substr(4, 4)) != castagnoli(bytes.substr(8, size - 8), seed)) return;
  frames.emplace(little_endian(bytes.substr(16, 8)), bytes.substr(32, length));
}

}  // namespace

LogScript read_log_script(std::string_view bytes) {
  if (!bytes.starts_with('\xFF')) return LogWriter().run(Program(bytes));
  LogScript script;
  script.files[segment_name(1)] = bytes.substr(1);
  script.sound = false;
  return script;
}

FrameSet frames_in(const LogFiles& files) {
  FrameSet frames;
  for (const auto& [name, file] : files) {
    const std::string_view content = file;
    if (!is_header(content)) continue;
    const std::uint64_t id = little_endian(content.substr(16, 8));
    for (std::size_t at = 4096; at < content.size(); at += 8)
      add_frame(id, content.substr(at), frames);
  }
  return frames;
}

}  // namespace yallchat
