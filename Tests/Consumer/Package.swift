// swift-tools-version: 6.2
import PackageDescription

// A package of somebody who links the engine and nothing else: see the check beside it.
let package = Package(
    name: "Consumer",
    dependencies: [.package(name: "Spillway", path: "../..", traits: [])],
    targets: [
        .executableTarget(
            name: "Consumer", dependencies: [.product(name: "Spillway", package: "Spillway")])
    ])
