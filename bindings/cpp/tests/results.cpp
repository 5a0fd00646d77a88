// Statuses, errors and results, with exceptions and without.
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <turnout.hpp>

using namespace turnout;

namespace {

TEST(Results, EachStatusHasTheNameThatTheLibraryGivesIt) {
  EXPECT_EQ(name(Status::ok), "ok");
  EXPECT_EQ(name(Status::unknown_use_case), "unknown_use_case");
  EXPECT_EQ(name(Status::disabled), "disabled");
  EXPECT_EQ(name(Status::missing_required), "missing_required");
  EXPECT_EQ(name(Status::unavailable), "unavailable");
  EXPECT_EQ(name(Status::unknown_routing_key), "unknown_routing_key");
  EXPECT_EQ(name(Status::invalid_argument), "invalid_argument");
  EXPECT_EQ(name(Status::no_table), "no_table");
  EXPECT_EQ(name(Status::buffer_too_small), "buffer_too_small");
  EXPECT_EQ(name(Status::reentrant), "reentrant");
  EXPECT_EQ(name(Status::no_store), "no_store");
  EXPECT_EQ(name(Status::not_a_store), "not_a_store");
  EXPECT_EQ(name(Status::corrupt), "corrupt");
  EXPECT_EQ(name(Status::newer_format), "newer_format");
  EXPECT_EQ(name(Status::permission_denied), "permission_denied");
  EXPECT_EQ(name(Status::disk_full), "disk_full");
  EXPECT_EQ(name(Status::network_file_system), "network_file_system");
  EXPECT_EQ(name(Status::io_error), "io_error");
  EXPECT_EQ(name(Status::out_of_memory), "out_of_memory");
  EXPECT_EQ(name(Status::no_revision), "no_revision");
  EXPECT_EQ(name(Status::conflict), "conflict");
  EXPECT_EQ(name(Status::limit_exceeded), "limit_exceeded");
  EXPECT_EQ(name(Status::closed), "closed");
  EXPECT_EQ(name(static_cast<Status>(-1000)), "unknown_status");
}

TEST(Results, TheLibraryFitsItsHeader) {
  EXPECT_TRUE(abi_fits());
  EXPECT_FALSE(version().empty());
}

TEST(Results, AResultHoldsAValueOrAnError) {
  Result<std::unique_ptr<int>> good(std::make_unique<int>(7));
  ASSERT_TRUE(good);
  EXPECT_EQ(**good, 7);
  EXPECT_EQ(*good->get(), 7);
  EXPECT_EQ(good.status(), Status::ok);
  EXPECT_EQ(*std::move(good).value_or_throw(), 7);
  Result<std::unique_ptr<int>> bad{Error(Status::conflict)};
  EXPECT_FALSE(bad);
  EXPECT_EQ(bad.status(), Status::conflict);
  EXPECT_EQ(bad.error().message(), "conflict");
  try {
    (void)std::move(bad).value_or_throw();
    FAIL() << "no exception";
  } catch (const Failure &failure) {
    EXPECT_EQ(failure.status(), Status::conflict);
    EXPECT_STREQ(failure.what(), "conflict");
  }
}

TEST(Results, AStoreThatIsNotThereIsRefusedInWords) {
  const std::string path = "/nonexistent/store";
  const auto engine = Engine::open(path);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.status(), Status::no_store);
  EXPECT_NE(engine.error().message().find(path), std::string_view::npos);
  try {
    const Engine thrown(path);
    FAIL() << "no exception";
  } catch (const Failure &failure) {
    EXPECT_EQ(failure.status(), Status::no_store);
    EXPECT_EQ(failure.what(), engine.error().message());
  }
}

} // namespace
