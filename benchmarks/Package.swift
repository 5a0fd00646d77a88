// swift-tools-version: 6.2
import PackageDescription

/// Tools of the benchmarks, apart from the product: what they depend on never enters its graph.
let package = Package(
  name: "turnout-benchmarks",
  dependencies: [
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0")
  ],
  targets: [
    .executableTarget(
      name: "percentiles",
      dependencies: [.product(name: "Histogram", package: "hdrhistogram-swift")],
      path: "percentiles",
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)])
  ]
)
