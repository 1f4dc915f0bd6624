// The wire form of protobuf's messages, written from values without message objects in between.
//
// It is what protobuf's serializer writes, byte for byte, if the fields of a message are given in
// the order of their numbers. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace yallchat {

class WireWriter {
 public:
  // Appends to out.
  explicit WireWriter(std::string& out) : out_(out) {}

  // Fields that read as zero, or empty, when they are absent: as such they are not written.
  void number(int field, std::uint64_t value) {
    if (value != 0) present_number(field, value);
  }
  void bytes(int field, std::string_view value) {
    if (!value.empty()) present_bytes(field, value);
  }
  // An sint64, which is short near zero on both sides.
  void signed_number(int field, std::int64_t value) {
    const auto twice = static_cast<std::uint64_t>(value) << 1;
    number(field, value < 0 ? ~twice : twice);
  }

  // Fields that are there whatever the value: an optional one that is set, one of a repeated.
  void present_number(int field, std::uint64_t value) { begin_field(field, varint, value); }
  void present_bytes(int field, std::string_view value) {
    begin_field(field, length_delimited, value.size());
    out_ += value;
  }

  // All of a repeated one of numbers, which are packed.
  void packed_ids(int field, const auto& ids) {
    if (ids.empty()) return;
    message(field, [&] {
      for (const auto id : ids) out_ += Varints(id.value).text();
    });
  }

  // write_fields: writes the message's fields with this writer.
  void message(int field, const auto& write_fields) {
    begin_field(field, length_delimited, 0);
    const std::size_t begin = out_.size();
    write_fields();
    set_length(begin);
  }

 private:
  enum WireType : unsigned { varint = 0, length_delimited = 2 };

  // One or two, to be appended at once: the string looks for room at each append.
  class Varints {
   public:
    explicit Varints(std::uint64_t value) { add(value); }
    Varints& add(std::uint64_t value) {
      for (; value >= 0x80; value >>= 7) bytes_[size_++] = static_cast<char>(value | 0x80);
      bytes_[size_++] = static_cast<char>(value);
      return *this;
    }
    std::string_view text() const { return {bytes_, size_}; }

   private:
    char bytes_[20];  // a varint has up to ten
    std::size_t size_ = 0;
  };

  void begin_field(int field, WireType type, std::uint64_t value) {
    out_ += Varints(static_cast<std::uint64_t>(field) << 3 | type).add(value).text();
  }

  // Of the message from begin to the end. begin_field left one byte for it: only a message of 128
  // bytes or more moves, and no field is looked at twice.
  void set_length(std::size_t begin) {
    const Varints varints(out_.size() - begin);
    const std::string_view length = varints.text();
    out_[begin - 1] = length.front();
    if (length.size() > 1) out_.insert(begin, length.substr(1));
  }

  std::string& out_;
};

}  // namespace yallchat
