// swift-tools-version: 6.2
import PackageDescription

/// The same rules for every Swift target.
let rules: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "turnout",
  products: [
    .library(name: "Turnout", targets: ["Turnout"]),
    .library(name: "TurnoutLibrary", type: .dynamic, targets: ["TurnoutLibrary"]),
    .executable(name: "TurnoutCommand", targets: ["TurnoutCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Floor 0: C.
    .systemLibrary(
      name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
    // A header and nothing to link: pkg-config would bring libxxhash.so back in.
    .systemLibrary(name: "CXXHash", providers: [.apt(["libxxhash-dev"])]),
    .systemLibrary(name: "CTurnout", path: "Include"),
    .target(name: "CThread"),
    .target(name: "CEnvironment"),

    // Floor 1: the engine and its Swift API.
    .target(
      name: "Turnout", dependencies: ["CLMDB", "CXXHash", "CTurnout", "CThread"],
      swiftSettings: rules),

    // Floor 2: document → table; the C face.
    .target(
      name: "TurnoutCompiler", dependencies: ["Turnout", .product(name: "Yams", package: "Yams")],
      swiftSettings: rules),
    .target(name: "TurnoutC", dependencies: ["Turnout", "CTurnout"], swiftSettings: rules),

    // Between the two: what becomes of requests where one table takes the place of another.
    .target(
      name: "TurnoutDiff", dependencies: ["Turnout", "TurnoutCompiler"], swiftSettings: rules),

    // Floor 3: programs.
    .executableTarget(
      name: "TurnoutCommand",
      dependencies: [
        "Turnout", "TurnoutCompiler", "TurnoutDiff",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: rules),

    // A leaf that carries the link flags of libturnout.so and nothing else: on a target that
    // tests depend on, they would break the tests' own linking.
    .target(
      name: "TurnoutLibrary", dependencies: ["TurnoutC", "CEnvironment"], swiftSettings: rules,
      linkerSettings: [
        .unsafeFlags(
          [
            "-static-stdlib",
            "-Xlinker", "--version-script=\(Context.packageDirectory)/Include/turnout.map",
            "-Xlinker", "-z", "-Xlinker", "nodelete",
          ], .when(platforms: [.linux]))
      ]),

    .testTarget(
      name: "TurnoutTests",
      dependencies: [
        "Turnout", "TurnoutCompiler", "CProbe", "StatedStore", "SnapshotProbe", "StoreProbe",
      ],
      swiftSettings: rules),
    .testTarget(
      name: "TurnoutCompilerTests", dependencies: ["Turnout", "TurnoutCompiler", "FuzzTrials"],
      swiftSettings: rules),
    .testTarget(
      name: "TurnoutDiffTests", dependencies: ["Turnout", "TurnoutCompiler", "TurnoutDiff"],
      swiftSettings: rules),
    .testTarget(
      name: "TurnoutCommandTests", dependencies: ["TurnoutCommand"], swiftSettings: rules),
    .testTarget(name: "TidyTests", swiftSettings: rules),

    // What tests run in processes of their own.
    .target(name: "CProbe", path: "Tests/Probes/CProbe"),
    .target(
      name: "StatedStore", dependencies: ["Turnout"], path: "Tests/Probes/StatedStore",
      swiftSettings: rules),
    .executableTarget(
      name: "SnapshotProbe", dependencies: ["Turnout", "StatedStore", "CProbe"],
      path: "Tests/Probes/SnapshotProbe", swiftSettings: rules),
    // What the fuzzers do, and the test of what they once found.
    .target(
      name: "FuzzTrials", dependencies: ["Turnout", "TurnoutCompiler"], path: "Tests/Fuzz/Trials",
      swiftSettings: rules),
    .executableTarget(
      name: "StoreProbe", dependencies: ["Turnout", "CProbe"], path: "Tests/Probes/StoreProbe",
      swiftSettings: rules),
  ]
)

// What only `make fuzz` builds, with the sanitizers that it links.
if Context.environment["TURNOUT_FUZZ"] != nil {
  let linked: [LinkerSetting] = [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]
  let parsed: [SwiftSetting] = [.unsafeFlags(["-parse-as-library"])]
  package.targets += [
    .target(name: "CFuzz", path: "Tests/Fuzz/CFuzz"),
    .executableTarget(
      name: "FuzzTable", dependencies: ["Turnout", "FuzzTrials", "CFuzz"], path: "Tests/Fuzz/Table",
      swiftSettings: rules + parsed, linkerSettings: linked),
    .executableTarget(
      name: "FuzzDocuments", dependencies: ["FuzzTrials", "CFuzz"],
      path: "Tests/Fuzz/Documents", swiftSettings: rules + parsed, linkerSettings: linked),
  ]
}
