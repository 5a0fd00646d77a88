// Stores for the tests: each in a folder of its own below $TURNOUT_WORK, published into by the
// command that $TURNOUT names.
#ifndef STORE_HPP
#define STORE_HPP

#include <initializer_list>
#include <string>
#include <string_view>

std::string setting(const char *variable);

// Runs the command and gives its exit status; what it prints goes to a file below $TURNOUT_WORK.
int run_turnout(std::initializer_list<std::string> arguments);

// A fresh store with this text published; its path. The name is that of the folder.
std::string store_with(std::string_view name, std::string_view document);

// Publishes a text into a store; false if it is refused.
bool publish(const std::string &store, std::string_view document);

// A file of Tests/C, whose documents these tests share.
std::string shared_document(std::string_view file);

void write_file(const std::string &path, std::string_view text);
std::string read_file(const std::string &path);

#endif // STORE_HPP
