// Directory assistance over HTTP: one question, one answer, on one connection that is kept.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ranking.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ranking {

struct Told {
  std::string address;
  std::string version;
};

class Directory {
public:
  explicit Directory(int port) : port(port) {}

  // Texts of the requests of these programs need no escaping in JSON.
  Told ask(const RankRequest &request) {
    const std::string body = R"({"use_case":")" + request.use_case() + R"(","unit":")" +
                             request.member() + R"(","context":{"country":")" + request.country() +
                             R"(","device":")" + request.device() + R"(","tenure_days":)" +
                             std::to_string(static_cast<int>(request.tenure_days())) +
                             R"(,"app_version":")" + request.app_version() + R"("}})";
    const std::string text = "POST /turnout/v1/resolve HTTP/1.1\r\nhost: directory\r\n"
                             "content-type: application/json\r\ncontent-length: " +
                             std::to_string(body.size()) + "\r\n\r\n" + body;
    if (socket < 0)
      open();
    if (::write(socket, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
      die("the directory takes no question");
    const std::string answer = read();
    return {value(answer, "address"), value(answer, "version")};
  }

private:
  void open() {
    socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    if (socket < 0 || connect(socket, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
      die("the directory does not listen");
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }

  std::string read() {
    std::string text;
    char bytes[8192];
    for (;;) {
      const ssize_t more = ::read(socket, bytes, sizeof bytes);
      if (more <= 0)
        die("the directory closed the connection");
      text.append(bytes, static_cast<std::size_t>(more));
      const std::size_t end = text.find("\r\n\r\n");
      const std::size_t length = text.find("\r\ncontent-length: ");
      if (end == std::string::npos || length == std::string::npos)
        continue;
      if (text.compare(0, 12, "HTTP/1.1 200") != 0)
        die("the directory answers " + text);
      if (text.size() >= end + 4 + std::strtoul(text.c_str() + length + 18, nullptr, 10))
        return text.substr(end + 4);
    }
  }

  // The text of a key of the answer, which names no key twice.
  static std::string value(const std::string &json, const std::string &key) {
    const std::string before = "\"" + key + "\":";
    std::size_t begin = json.find(before);
    begin = begin == std::string::npos ? begin : json.find('"', begin + before.size());
    if (begin == std::string::npos)
      die("the directory's answer has no " + key + ": " + json);
    return json.substr(begin + 1, json.find('"', begin + 1) - begin - 1);
  }

  const int port;
  int socket = -1;
};

} // namespace ranking
