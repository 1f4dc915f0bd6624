// Grapheme clusters: what people take for one character, and how many columns it takes on a
// terminal.
//
// An emoji of several code points has 2, as has what a variation selector makes one. For anything
// else the columns of the code points are summed up, as terminals do. Where terminals disagree, the
// wider counts: of what is narrower than was thought, some columns stay empty, but what is wider
// would reach into what is beside it. A cluster longer than limits::cluster_code_points is cut:
// what marks pile up beyond is not shown. Text is UTF-8; a byte that is none counts as a character
// of its own. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace yallchat::screen {

struct Cluster {
  std::string_view text;  // into what was taken apart
  int width = 0;          // mostly 0, 1 or 2
};

std::vector<Cluster> clusters(std::string_view text);
int text_width(std::string_view text);
// As many clusters from the beginning as take no more than so many columns, each as it is shown.
std::string fitting(std::string_view text, int width);

// The ends of the cluster that begins at, and the beginning of the one that ends at, in bytes.
std::size_t next_cluster(std::string_view text, std::size_t at);
std::size_t previous_cluster(std::string_view text, std::size_t at);

// As much from the beginning as has no more than so many bytes, and no half of a code point.
std::string_view first_bytes(std::string_view text, std::size_t bytes);

// The form in which two texts are compared without minding case or width (NFKC, case folded). Ends
// at a NUL; what is no UTF-8 stays as it is.
std::string folded(std::string_view text);

}  // namespace yallchat::screen
