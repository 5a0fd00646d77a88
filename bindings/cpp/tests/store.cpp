#include "store.hpp"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

std::string setting(const char *variable) {
  const char *value = std::getenv(variable);
  if (!value) {
    std::fprintf(stderr, "run Tests/Cpp/run, which sets %s\n", variable);
    std::abort();
  }
  return value;
}

int run_turnout(std::initializer_list<std::string> arguments) {
  std::vector<std::string> words{setting("TURNOUT")};
  words.insert(words.end(), arguments);
  std::vector<char *> pointers;
  for (std::string &word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const std::string output = setting("TURNOUT_WORK") + "/command.log";
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t child = 0;
  const int failure = posix_spawn(&child, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = -1;
  if (failure != 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
    return -1;
  if (WEXITSTATUS(status) != 0)
    std::fputs(read_file(output).c_str(), stderr);
  return WEXITSTATUS(status);
}

std::string store_with(std::string_view name, std::string_view document) {
  std::string store = setting("TURNOUT_WORK") + "/" + std::string(name);
  std::filesystem::remove_all(store);
  if (!publish(store, document))
    std::abort();
  return store;
}

bool publish(const std::string &store, std::string_view document) {
  const std::string path = store + ".yaml";
  write_file(path, document);
  return run_turnout({"publish", path, "--store", store}) == 0;
}

std::string shared_document(std::string_view file) {
  return read_file(setting("TURNOUT_ROOT") + "/Tests/C/" + std::string(file));
}

void write_file(const std::string &path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string read_file(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
