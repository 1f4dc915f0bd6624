#include "search/terms.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstring>

#include "base/limits.h"
#include "protocol/names.h"

namespace yallchat {
namespace {

bool is_ascii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::size_t code_points(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

// Bytes will do: UTF-8 has no character within another.
bool contains(std::string_view text, std::string_view term) {
  return memmem(text.data(), text.size(), term.data(), term.size()) != nullptr;
}

// Of each beginning of the term the longest shorter one that it also ends with, in bytes.
std::vector<std::size_t> borders_of(std::string_view term) {
  std::vector<std::size_t> borders(term.size() + 1);
  std::size_t border = 0;
  for (std::size_t i = 1; i < term.size(); ++i) {
    while (border > 0 && term[i] != term[border]) border = borders[border];
    if (term[i] == term[border]) ++border;
    borders[i + 1] = border;
  }
  return borders;
}

// Adds a place, in bytes, behind those that begin no later; those that overlap are one.
void add_place(std::vector<Hit>& places, Hit place) {
  if (!places.empty() && place.from < places.back().to)
    places.back().to = std::max(places.back().to, place.to);
  else
    places.push_back(place);
}

// Adds every place of the term. In one pass (Knuth, Morris, Pratt): to begin anew behind each
// place's first byte takes the product of both lengths where a text repeats itself, and somebody
// would write such texts.
void add_places(std::string_view text, std::string_view term, std::vector<Hit>& places) {
  const std::vector<std::size_t> borders = borders_of(term);
  std::vector<Hit> of_term;
  std::size_t matched = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    while (matched == term.size() || (matched > 0 && text[i] != term[matched]))
      matched = borders[matched];
    if (text[i] == term[matched]) ++matched;
    if (matched == term.size()) add_place(of_term, {i + 1 - term.size(), i + 1});
  }
  places.insert(places.end(), of_term.begin(), of_term.end());
}

// The words and phrases of a query, one character after the other.
class Splitter {
 public:
  void add(UChar32 point, std::string_view bytes) {
    if (point == '"') {
      end_term();
      quoted_ = !quoted_;
    } else if (!quoted_ && u_isUWhiteSpace(point)) {
      end_term();
    } else {
      term_ += bytes;
      means_something_ |= !u_isUWhiteSpace(point);
    }
  }

  std::vector<std::string> take() {
    end_term();
    return std::move(terms_);
  }

 private:
  // A phrase of nothing but white space is none.
  void end_term() {
    if (means_something_ && std::find(terms_.begin(), terms_.end(), term_) == terms_.end()) {
      terms_.push_back(term_);
    }
    term_.clear();
    means_something_ = false;
  }

  std::vector<std::string> terms_;
  std::string term_;
  bool quoted_ = false;
  bool means_something_ = false;
};

}  // namespace

void fold(std::string_view text, std::string& folded) {
  folded.resize(text.size());
  if (is_ascii(text)) {
    std::transform(text.begin(), text.end(), folded.begin(), [](char c) {
      return static_cast<char>(c + (static_cast<unsigned char>(c - 'A') < 26 ? 'a' - 'A' : 0));
    });
    return;
  }
  folded.clear();
  for (std::size_t i = 0; i < text.size();) {
    UChar32 point;
    U8_NEXT_OR_FFFD(text.data(), i, text.size(), point);
    char bytes[U8_MAX_LENGTH];
    std::size_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, u_foldCase(point, U_FOLD_CASE_DEFAULT));
    folded.append(bytes, length);
  }
}

Result<Terms> Terms::parse(std::string_view words) {
  if (!is_utf8(words) || words.find('\0') != std::string_view::npos) {
    return Error{Errc::invalid, "the words are to be UTF-8, without NUL"};
  }
  std::string folded;
  fold(words, folded);
  Splitter splitter;
  for (std::size_t i = 0; i < folded.size();) {
    const std::size_t begin = i;
    UChar32 point;
    U8_NEXT_UNSAFE(folded.data(), i, point);
    splitter.add(point, std::string_view(folded).substr(begin, i - begin));
  }
  Terms terms;
  terms.terms_ = splitter.take();
  if (terms.terms_.empty()) return Error{Errc::invalid, "there is no word to look for"};
  if (terms.terms_.size() > limits::search_terms) {
    return Error{Errc::invalid, "these are more than " + std::to_string(limits::search_terms) +
                                    " words; put quotes around what belongs together"};
  }
  return terms;
}

bool Terms::are_in(std::string_view folded_body) const {
  return std::all_of(terms_.begin(), terms_.end(),
                     [&](const std::string& term) { return contains(folded_body, term); });
}

std::vector<Hit> Terms::hits(std::string_view folded_body) const {
  std::vector<Hit> places;  // in bytes
  for (const std::string& term : terms_) add_places(folded_body, term, places);
  std::sort(places.begin(), places.end(), [](Hit a, Hit b) { return a.from < b.from; });
  std::vector<Hit> hits;
  for (const Hit& place : places) add_place(hits, place);
  std::size_t bytes = 0;
  std::size_t points = 0;
  const auto point_at = [&](std::size_t to) {
    points += code_points(folded_body.substr(bytes, to - bytes));
    bytes = to;
    return points;
  };
  for (Hit& hit : hits) {
    hit.from = point_at(hit.from);
    hit.to = point_at(hit.to);
  }
  return hits;
}

}  // namespace yallchat
