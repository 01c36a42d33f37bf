import ArgumentParser
import Foundation
import Spillway
import SpillwayPlatform

/// `spillway-bench fill`: what `recover` kills. Not for people.
struct Fill: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fill a store, say so, and keep it open until the end of standard input.", shouldDisplay: false)

    /// What it says.
    static let isFilled = "filled\n"

    @Argument var store: String
    @Option var trace: String
    @Option var registrations: Int

    func run() throws {
        let engine = try Engine.open(at: store)
        try StoreFilling.fill(engine, from: trace, registrations: registrations)
        try Terminal.write(Self.isFilled, to: .output)
        _ = FileHandle.standardInput.readDataToEndOfFile()
        try engine.close()
    }
}
