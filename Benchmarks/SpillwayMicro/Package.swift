// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that whoever links the engine does not resolve the harness.
// SwiftPM tells packages by their directories' names: this one's must not be that of a clone.
let package = Package(
    name: "SpillwayMicroBenchmarks",
    dependencies: [
        .package(name: "Spillway", path: "../..", traits: []),
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "StageBenchmarks",
            dependencies: [
                .product(name: "_SpillwayStages", package: "Spillway"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/StageBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
    ])
