import Testing
import TurnoutCompiler

/// What of a document's addresses a proxy can dial.
@Suite struct DestinationAddressTests {
  @Test(arguments: [
    ("10.0.1.1:8080", DestinationAddress.address("10.0.1.1", 8080)),
    ("0.0.0.0:1", .address("0.0.0.0", 1)),
    ("255.255.255.255:65535", .address("255.255.255.255", 65535)),
    ("[::1]:9000", .address("::1", 9000)), ("[::]:9000", .address("::", 9000)),
    ("[2001:db8::a:1]:80", .address("2001:db8::a:1", 80)),
    ("[1:2:3:4:5:6:7:8]:80", .address("1:2:3:4:5:6:7:8", 80)),
    ("[::ffff:10.0.0.1]:80", .address("::ffff:10.0.0.1", 80)),
    ("[fe80::]:80", .address("fe80::", 80)),
    ("ranker:80", .name("ranker", 80)),
    ("ranker.prod.internal:8080", .name("ranker.prod.internal", 8080)),
    ("ranker.internal.:80", .name("ranker.internal.", 80)),
    ("_srv.a-b.c:80", .name("_srv.a-b.c", 80)),
    ("1a.example:80", .name("1a.example", 80)),
    ("unix:/run/ranker.sock", .pipe("/run/ranker.sock")),
  ])
  func anAddressIsWhatItLooksLike(_ text: String, _ address: DestinationAddress) {
    #expect(DestinationAddress(text) == address)
  }

  @Test(arguments: [
    "", ":", "ranker", "10.0.1.1", ":80", "ranker:", "ranker:0", "ranker:65536", "ranker:080000",
    "ranker:http", "ranker:+80", "10.0.1:80", "10.0.1.256:80", "10.0.1.01:80", "1.2.3.4.5:80",
    "[::1]", "[::1:80", "::1:80", "[]:80", "[1::2::3]:80", "[1:2:3:4:5:6:7]:80", "[12345::]:80",
    "[:::1]:80", "[fe80::1%eth0]:80", "[10.0.0.1]:80", "[1:2:3:4:5:6:7:8:9]:80",
    "http://ranker:80", "ranker:80/path", "a..b:80", "-:", "dns:///ranker:80", "ranker,other:80",
    "unix:run/ranker.sock", "unix:", "[::+1.2.3.4]:80", "[::1.2.3.+4]:80", "[::-0.1.1.1]:80",
  ])
  func whatNobodyCanDialIsNone(_ text: String) {
    #expect(DestinationAddress(text) == nil)
  }

  @Test func aSocketsPathHasItsLimit() {
    let name = String(repeating: "a", count: 106)
    #expect(DestinationAddress("unix:/" + name) != nil)
    #expect(DestinationAddress("unix:/" + name + "a") == nil)
  }
}
