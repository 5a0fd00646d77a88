// upstream NAME PORT...: model servers. Each reads the whole message and says who it is.
// SPDX-License-Identifier: Apache-2.0
#include "ranking.hpp"

#include <vector>

namespace {

class Model final : public ranking::Ranker::CallbackService {
public:
  explicit Model(std::string name) : name(std::move(name)) { SetMessageAllocatorFor_Rank(&arenas); }

  grpc::ServerUnaryReactor *Rank(grpc::CallbackServerContext *context,
                                 const ranking::RankRequest *request,
                                 ranking::RankReply *reply) override {
    reply->set_cluster(name);
    reply->set_payload(ranking::sum(*request));
    const auto version = context->client_metadata().find("x-turnout-version");
    if (version != context->client_metadata().end())
      reply->set_version(std::string(version->second.data(), version->second.size()));
    for (const ranking::Candidate &one : request->candidates())
      reply->add_scores(one.features_size() ? one.features(0) : one.named(0).value());
    grpc::ServerUnaryReactor *reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

private:
  const std::string name;
  ranking::Arenas arenas;
};

} // namespace

int main(int argc, char **argv) {
  std::vector<std::unique_ptr<Model>> models;
  std::vector<std::unique_ptr<grpc::Server>> servers;
  for (int i = 1; i + 1 < argc; i += 2) {
    models.push_back(std::make_unique<Model>(argv[i]));
    grpc::ServerBuilder builder;
    builder.AddListeningPort(std::string("127.0.0.1:") + argv[i + 1],
                             grpc::InsecureServerCredentials());
    builder.RegisterService(models.back().get());
    servers.push_back(builder.BuildAndStart());
    if (!servers.back())
      ranking::die(std::string("port ") + argv[i + 1] + " cannot be had");
  }
  if (servers.empty())
    ranking::die("usage: upstream NAME PORT...");
  servers.front()->Wait();
}
