// swift-tools-version: 6.2
import PackageDescription

// A service of your own would say: .package(url: "https://…/turnout", from: "0.1.0")
let package = Package(
  name: "service",
  dependencies: [
    .package(name: "turnout", path: "../.."),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .executableTarget(
      name: "service",
      dependencies: [
        .product(name: "Turnout", package: "turnout"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ])
  ])
