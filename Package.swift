// swift-tools-version: 6.2
import PackageDescription

// Whoever only links the engine says `traits: []` on its `.package` line: then nothing below that
// carries this condition is resolved, and the engine's only dependency is liblz4.
let tools: TargetDependencyCondition? = .when(traits: ["Tools"])

let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

let package = Package(
    name: "Spillway",
    products: [
        .library(name: "Spillway", targets: ["Spillway"]),
        .library(name: "SpillwayTrace", targets: ["SpillwayTrace"]),
        .executable(name: "spillway", targets: ["SpillwayCLI"]),
        .executable(name: "spillway-bench", targets: ["SpillwayBench"]),
        // For the package Benchmarks/SpillwayMicro alone; no promise to anybody else.
        .library(name: "_SpillwayStages", targets: ["SpillwayStages"]),
        .executable(name: "spillway-stages", targets: ["SpillwayStageRunner"]),
    ],
    traits: [
        .default(enabledTraits: ["Tools"]),
        .trait(
            name: "Tools",
            description: "Traces, the command line and the benchmarks, with the packages they need."),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(
            name: "CSnappy", pkgConfig: "snappy", providers: [.apt(["libsnappy-dev"])]),
        .target(name: "CSpillwayKernels"),
        .target(name: "CSpillwayPlatform"),
        .target(
            name: "SpillwayPlatform", dependencies: ["CSpillwayPlatform"], swiftSettings: swiftSettings),
        .target(
            name: "SpillwayModel", dependencies: ["SpillwayPlatform"],
            swiftSettings: swiftSettings),
        .target(
            name: "SpillwayParquet",
            dependencies: ["SpillwayPlatform", "CSpillwayKernels", "CLZ4"],
            swiftSettings: swiftSettings),
        .target(
            name: "SpillwayStore",
            dependencies: ["SpillwayModel", "SpillwayParquet", "SpillwayPlatform", "CSpillwayKernels"],
            swiftSettings: swiftSettings),
        .target(
            name: "SpillwayEngine",
            dependencies: ["SpillwayStore", "SpillwayModel", "SpillwayPlatform", "CSpillwayKernels"],
            swiftSettings: swiftSettings),
        .target(
            name: "SpillwayQuery",
            dependencies: ["SpillwayStore", "SpillwayModel", "SpillwayParquet", "SpillwayPlatform"],
            swiftSettings: swiftSettings),
        // What other programs write. Apart from SpillwayParquet, so that the engine links no codec but LZ4.
        .target(
            name: "SpillwayInterchange",
            dependencies: ["SpillwayParquet", "SpillwayPlatform", "CLZ4", "CSnappy", "CZlib", "CZstd"],
            swiftSettings: swiftSettings),
        .target(
            name: "SpillwayTrace",
            dependencies: [
                "SpillwayInterchange", "SpillwayStore", "SpillwayModel", "SpillwayParquet", "SpillwayPlatform",
                .product(name: "Yams", package: "Yams", condition: tools),
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "Spillway",
            dependencies: [
                "SpillwayModel", "SpillwayEngine", "SpillwayPlatform", "SpillwayQuery", "SpillwayStore",
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "SpillwayConsole", dependencies: ["SpillwayPlatform"], swiftSettings: swiftSettings),
        // Charts as SVG, HTML and text; knows nothing of registrations.
        .target(name: "SpillwayPlot", dependencies: ["SpillwayConsole"], swiftSettings: swiftSettings),
        // Apache Arrow's streams of tables; knows nothing of registrations.
        .target(name: "SpillwayArrow", swiftSettings: swiftSettings),
        // Histograms of latencies, and the files that HdrHistogram's tools read.
        .target(
            name: "SpillwayLatency",
            dependencies: [
                "SpillwayPlatform", "CZlib",
                .product(name: "Histogram", package: "hdrhistogram-swift", condition: tools),
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "SpillwayProgram",
            dependencies: [
                "SpillwayEngine", "SpillwayQuery", "SpillwayTrace", "SpillwayStore", "SpillwayPlatform",
                .product(
                    name: "ArgumentParser", package: "swift-argument-parser", condition: tools),
            ],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "SpillwayCLI",
            dependencies: [
                "SpillwayArrow", "SpillwayConsole", "SpillwayLatency", "SpillwayPlot", "SpillwayProgram",
                "SpillwayEngine", "SpillwayQuery", "SpillwayTrace", "SpillwayStore", "SpillwayModel",
                "SpillwayPlatform",
                .product(
                    name: "ArgumentParser", package: "swift-argument-parser", condition: tools),
                .product(name: "Histogram", package: "hdrhistogram-swift", condition: tools),
                .product(name: "Logging", package: "swift-log", condition: tools),
            ],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "SpillwayBench",
            dependencies: [
                "Spillway", "SpillwayConsole", "SpillwayEngine", "SpillwayLatency", "SpillwayProgram",
                "SpillwayTrace", "SpillwayParquet", "SpillwayPlatform", "CLZ4", "CZlib",
                .product(
                    name: "ArgumentParser", package: "swift-argument-parser", condition: tools),
                .product(name: "Histogram", package: "hdrhistogram-swift", condition: tools),
            ],
            path: "Benchmarks/SpillwayBench",
            swiftSettings: swiftSettings),
        .target(
            name: "SpillwayStages",
            dependencies: [
                "SpillwayTestSupport", "SpillwayEngine", "SpillwayQuery", "SpillwayStore", "SpillwayModel",
                "SpillwayParquet", "SpillwayPlatform",
            ],
            path: "Benchmarks/Stages", swiftSettings: swiftSettings),
        .executableTarget(
            name: "SpillwayStageRunner", dependencies: ["SpillwayStages"], path: "Benchmarks/StageRunner",
            swiftSettings: swiftSettings),
        .target(
            name: "SpillwayTestSupport", dependencies: ["SpillwayStore", "SpillwayParquet", "SpillwayPlatform"],
            path: "Tests/SpillwayTestSupport", swiftSettings: swiftSettings),
        .target(
            name: "SpillwayFuzzTargets",
            dependencies: [
                "SpillwayQuery", "SpillwayTrace", "SpillwayStore", "SpillwayParquet", "SpillwayModel",
                "SpillwayPlatform",
            ],
            path: "Tests/Fuzz/Targets", swiftSettings: swiftSettings),
        .testTarget(
            name: "SpillwayFuzzTests", dependencies: ["SpillwayFuzzTargets", "SpillwayPlatform"],
            path: "Tests/Fuzz/Regression", swiftSettings: swiftSettings),
        .target(
            name: "SpillwaySimulation",
            dependencies: [
                "SpillwayTestSupport", "SpillwayEngine", "SpillwayStore", "SpillwayModel", "SpillwayParquet",
                "SpillwayPlatform",
            ],
            path: "Tests/Simulation/SpillwaySimulation", swiftSettings: swiftSettings),
        .executableTarget(
            name: "spillway-simulate",
            dependencies: [
                "SpillwaySimulation", "SpillwayPlatform",
                .product(
                    name: "ArgumentParser", package: "swift-argument-parser", condition: tools),
            ],
            path: "Tests/Simulation/spillway-simulate", swiftSettings: swiftSettings),
        .testTarget(
            name: "SpillwaySimulationTests",
            dependencies: [
                "SpillwaySimulation", "SpillwayTestSupport", "SpillwayEngine", "SpillwayStore", "SpillwayModel",
                "SpillwayPlatform",
            ],
            path: "Tests/Simulation/SpillwaySimulationTests", swiftSettings: swiftSettings),
        .testTarget(
            name: "SpillwayModelTests", dependencies: ["SpillwayModel"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "SpillwayParquetTests",
            dependencies: ["SpillwayTestSupport", "SpillwayParquet", "SpillwayPlatform", "CSpillwayKernels"],
            resources: [.copy("Fixtures")],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "SpillwayQueryTests",
            dependencies: [
                "SpillwayTestSupport", "SpillwayQuery", "SpillwayEngine", "SpillwayStore", "SpillwayModel",
                "SpillwayParquet", "SpillwayPlatform",
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "SpillwayCLITests",
            dependencies: [
                "SpillwayTestSupport", "SpillwayCLI", "SpillwayConsole", "SpillwayLatency", "SpillwayPlot",
                "SpillwayEngine", "SpillwayQuery", "SpillwayStore", "SpillwayTrace", "SpillwayModel",
                "SpillwayPlatform",
                .product(name: "Histogram", package: "hdrhistogram-swift", condition: tools),
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "SpillwayBenchTests",
            dependencies: [
                "SpillwayTestSupport", "SpillwayBench", "SpillwayConsole", "SpillwayLatency", "SpillwayProgram",
                "SpillwayEngine",
                "SpillwayModel",
                "SpillwayPlatform", "CZlib",
                .product(name: "Histogram", package: "hdrhistogram-swift", condition: tools),
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "SpillwayStagesTests", dependencies: ["SpillwayStages"], swiftSettings: swiftSettings),
        .testTarget(
            name: "SpillwayPlatformTests", dependencies: ["SpillwayTestSupport", "SpillwayPlatform"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "SpillwayStoreTests",
            dependencies: [
                "SpillwayTestSupport", "SpillwaySimulation", "SpillwayStore", "SpillwayModel", "SpillwayParquet",
                "SpillwayPlatform",
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "SpillwayEngineTests",
            dependencies: [
                "SpillwayTestSupport", "SpillwaySimulation", "SpillwayEngine", "SpillwayStore", "SpillwayModel",
                "SpillwayParquet",
                "SpillwayPlatform",
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "SpillwayInteropTests",
            dependencies: [
                "SpillwayArrow", "SpillwayTestSupport", "SpillwayEngine", "SpillwayQuery", "SpillwayStore",
                "SpillwayModel",
                "SpillwayParquet",
                "SpillwayPlatform",
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "SpillwayCrashTests",
            dependencies: [
                "SpillwayTestSupport", "SpillwayCLI", "SpillwayTrace", "SpillwayQuery", "SpillwayStore",
                "SpillwayModel", "SpillwayParquet", "SpillwayPlatform",
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "SpillwayTraceTests",
            dependencies: [
                "SpillwayTestSupport", "SpillwayInterchange", "SpillwayEngine", "SpillwayStore", "SpillwayTrace",
                "SpillwayModel", "SpillwayParquet", "SpillwayPlatform", "CZlib",
            ],
            exclude: ["Fixtures/make", "Fixtures/make-csv"],
            resources: [.copy("Fixtures/recordings")],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "SpillwayInterchangeTests",
            dependencies: [
                "SpillwayTestSupport", "SpillwayInterchange", "SpillwayParquet", "SpillwayPlatform", "CZlib",
            ],
            swiftSettings: swiftSettings),
        .testTarget(name: "SpillwayArrowTests", dependencies: ["SpillwayArrow"], swiftSettings: swiftSettings),
        .testTarget(name: "SpillwayPlotTests", dependencies: ["SpillwayPlot"], swiftSettings: swiftSettings),
    ]
)

// Links libFuzzer's run-time, so that only `make fuzz` builds it.
if Context.environment["SPILLWAY_FUZZER"] != nil {
    package.targets += [
        .target(name: "CSpillwayFuzzer", path: "Tests/Fuzz/CFuzzer"),
        .executableTarget(
            name: "SpillwayFuzzer", dependencies: ["SpillwayFuzzTargets", "CSpillwayFuzzer"],
            path: "Tests/Fuzz/Fuzzer", swiftSettings: swiftSettings),
    ]
}
