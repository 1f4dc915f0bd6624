// Finds how far a channel's history may go, when it is limited by age or size.
//
// Whole chunks are looked at: their sizes from the newest back, their times from the oldest on.
// What is damaged counts as being as old as what comes after it. Owner: the history reader, on its
// thread, with its connection.
#pragma once

#include "store/sqlite.h"
#include "store/store.h"

namespace yallchat {

class HistoryFloor {
 public:
  int prepare(const SqliteConnection& connection);

  // As Store::find_floor says. Holds a snapshot for the call only.
  FloorFound find(const FloorQuery& query);

 private:
  void by_size(const FloorQuery& query, FloorFound& found);
  void by_age(const FloorQuery& query, FloorFound& found);

  Statement begin_;
  Statement end_;
  Statement sizes_;
  Statement times_;
};

}  // namespace yallchat
