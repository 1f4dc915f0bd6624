// yallchatctl: what an operator asks of a running server.
#include <csignal>
#include <iostream>

#include "ctl/admin_client.h"
#include "ctl/options.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto parsed = yallchat::ctl::parse_options(argc, argv);
  if (const auto* const early = std::get_if<yallchat::ctl::EarlyExit>(&parsed)) {
    (early->code == 0 ? std::cout : std::cerr) << early->text << std::flush;
    return early->code;
  }
  return yallchat::ctl::run(std::get<yallchat::ctl::Options>(parsed));
}
