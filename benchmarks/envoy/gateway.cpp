// gateway STORE PORT: the operator. It decodes each request to see whom it is for, decides by the
// library in its own process, encodes the request again and sends it on.
// SPDX-License-Identifier: Apache-2.0
#include "ranking.hpp"

namespace {

// One request on its way. The reply is the one that the server sends.
struct Passage {
  grpc::ClientContext context;
  grpc::ServerUnaryReactor *reactor;
};

class Gateway final : public ranking::Ranker::CallbackService {
public:
  explicit Gateway(const char *store) : destinations(store) {
    SetMessageAllocatorFor_Rank(&arenas);
  }

  grpc::ServerUnaryReactor *Rank(grpc::CallbackServerContext *context,
                                 const ranking::RankRequest *request,
                                 ranking::RankReply *reply) override {
    const ranking::Destinations::Destination destination = destinations.of(*request);
    auto *passage = new Passage;
    passage->reactor = context->DefaultReactor();
    passage->context.AddMetadata("x-turnout-version", destination.version);
    destination.stub->async()->Rank(&passage->context, request, reply,
                                    [passage](const grpc::Status &status) {
                                      passage->reactor->Finish(status);
                                      delete passage;
                                    });
    return passage->reactor;
  }

private:
  ranking::Destinations destinations;
  ranking::Arenas arenas;
};

} // namespace

int main(int argc, char **argv) {
  if (argc != 3)
    ranking::die("usage: gateway STORE PORT");
  Gateway gateway(argv[1]);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(std::string("127.0.0.1:") + argv[2], grpc::InsecureServerCredentials());
  builder.RegisterService(&gateway);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server)
    ranking::die(std::string("port ") + argv[2] + " cannot be had");
  server->Wait();
}
