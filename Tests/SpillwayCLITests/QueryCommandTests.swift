import Foundation
import SpillwayTestSupport
import Testing

struct QueryCommandTests {
    @Test func groupsTimesFiltersAndPercentiles() throws {
        let directory = TemporaryDirectory()
        let store = "\(directory.path)/store"
        #expect(try CommandRun("replay", calmDay, "--store", store, "--scale", "0.002").status == 0)
        func query(_ arguments: String...) throws -> [[String: Any]] {
            try CommandRun(["query", "--store", store, "--format", "json"] + arguments).json()
        }
        func sum(_ rows: [[String: Any]]) -> Int {
            rows.reduce(0) { $0 + ($1["registrations"] as? Int ?? 0) }
        }

        let total = try query()
        #expect(total.count == 1 && total[0].keys.sorted() == ["registrations"] && sum(total) == 3000)

        let hours = try query("--by", "region,platform", "--every", "1h")
        #expect(hours[0].keys.sorted() == ["platform", "region", "registeredAt", "registrations"])
        #expect(sum(hours) == 3000)
        #expect(hours.allSatisfy { ($0["registeredAt"] as? String)?.hasSuffix(":00:00Z") == true })

        let time = try #require(hours[hours.count / 2]["registeredAt"] as? String)
        let parts = try [query("--until", time), query("--since", time)]
        #expect(sum(parts[0]) > 0 && sum(parts[1]) > 0 && sum(parts[0]) + sum(parts[1]) == 3000)

        let regions = try query("--by", "region")
        let asia = regions.filter { $0["region"] as? String == "Asia" }
        #expect(try sum(query("--where", "region=Asia")) == sum(asia))
        let some = try query("--by", "platform", "--where", "region=Asia", "--where", "region=Europe")
        #expect(sum(some) == sum(regions.filter { ["Asia", "Europe"].contains($0["region"] as? String) }))
        #expect(try sum(query("--where", "platform=fax")) == 0)

        let latencies = try #require(query("--percentiles", "50,99.9,100")[0]["latencyUs"] as? [String: Int])
        #expect(latencies.keys.sorted() == ["p100", "p50", "p99.9"])
        #expect((latencies["p50"] ?? 0) < (latencies["p99.9"] ?? 0))
        #expect((latencies["p99.9"] ?? 0) <= (latencies["p100"] ?? 0))
    }

    /// A row for each doubling, in order, also in charts.
    @Test func histogramsHaveARowForEachDoubling() throws {
        let directory = TemporaryDirectory()
        let store = "\(directory.path)/store"
        #expect(try CommandRun("replay", calmDay, "--store", store, "--scale", "0.002").status == 0)
        let query = ["query", "--store", store, "--histogram"]
        let rows: [[String: Any]] = try CommandRun(query + ["--format", "json"]).json()
        let ends = rows.compactMap { ($0["latencyUs"] as? [String: Int])?["below"] }
        #expect(ends.count == rows.count && ends.count > 4 && ends == ends.sorted() && Set(ends).count == ends.count)
        #expect(ends.allSatisfy { $0.nonzeroBitCount == 1 })
        let counts = rows.compactMap { $0["registrations"] as? Int }
        #expect(counts.reduce(0, +) == 3000)

        let chart = try CommandRun(query + ["--format", "chart"]).output
        let bars = chart.split(separator: "\n").filter { $0.contains(" ms") && $0.contains("│") }
        #expect(bars.count == rows.count)
        let lengths = bars.map { line in line.count { $0 == "█" } }
        #expect(lengths.first ?? 0 < lengths.max() ?? 0 && lengths.last ?? 0 < lengths.max() ?? 0)

        let byTime: [[String: Any]] = try CommandRun(
            query + ["--by", "region", "--every", "6h", "--format", "json"]
        ).json()
        #expect(byTime.reduce(0) { $0 + ($1["registrations"] as? Int ?? 0) } == 3000)
        for other in [["--percentiles", "50"], ["--show", "share"], ["--compare-to", "1M/d"]] {
            #expect(try CommandRun(query + other).status == 64)
        }
    }

    @Test func latenciesAndIdentitiesAreCompared() throws {
        let directory = TemporaryDirectory()
        let store = "\(directory.path)/store"
        #expect(try CommandRun("replay", calmDay, "--store", store, "--scale", "0.002").status == 0)
        func count(_ conditions: String...) throws -> Int {
            let arguments = conditions.flatMap { ["--where", $0] }
            let rows: [[String: Any]] = try CommandRun(["query", "--store", store, "--format", "json"] + arguments)
                .json()
            return rows[0]["registrations"] as? Int ?? -1
        }
        let slow = try count("latency>40ms")
        #expect(slow > 0 && slow < 3000)
        #expect(try count("latency<=40ms") == 3000 - slow)
        #expect(try count("identity>=0") == 3000)
        #expect(try count("identity<1000000000000") + count("identity>=1000000000000") == 3000)
        for condition in ["latency>soon", "latency", "identity>-1", "region>Asia", "latency<0ms"] {
            #expect(try CommandRun("query", "--store", store, "--where", condition).status == 64)
        }
        let contradiction = ["--where", "latency<1ms", "--where", "latency>2ms"]
        #expect(try CommandRun(["query", "--store", store] + contradiction).status == 64)
    }

    @Test func measuresBaselinesAndReadingAreShown() throws {
        let directory = TemporaryDirectory()
        let store = "\(directory.path)/store"
        #expect(try CommandRun("replay", calmDay, "--store", store, "--scale", "0.002").status == 0)
        func rows(_ arguments: String...) throws -> [[String: Any]] {
            try CommandRun(["query", "--store", store, "--format", "json"] + arguments).json()
        }
        let all = try rows("--show", "share,running-total,first-last,peak-second,peak-minute")[0]
        let keys = ["first", "last", "peakMinute", "peakSecond", "registrations", "runningTotal", "share"]
        #expect(all.keys.sorted() == keys)
        #expect(all["share"] as? Double == 1 && all["runningTotal"] as? Int == 3000)
        let peak = try #require(all["peakMinute"] as? [String: Any])
        #expect((peak["registrations"] as? Int ?? 0) > 1 && peak["time"] is String)

        let norm = try rows("--by", "region", "--compare-to", "1500/d")
        #expect(norm.count == 7 && norm[0].keys.sorted() == ["baseline", "ratio", "region", "registrations"])
        #expect(try rows("--compare-to", store)[0]["ratio"] as? Double == 1)
        #expect(try rows("--compare-to", "2001-01-01")[0]["baseline"] as? Int == 0)
        #expect(try CommandRun("query", "--store", store, "--compare-to", "\(directory.path)/absent").status != 0)
        #expect(try CommandRun("query", "--store", store, "--show", "median").status == 64)

        let days = try rows("--every", "1d", "--time-zone", "Asia/Kolkata")
        #expect(days.allSatisfy { ($0["registeredAt"] as? String)?.hasSuffix("T18:30:00Z") == true })
        #expect(try CommandRun("query", "--store", store, "--time-zone", "Mars/Olympus").status != 0)

        let explained = try CommandRun("query", "--store", store, "--by", "region", "--explain", "--format", "csv")
        #expect(explained.output.hasPrefix("region,registrations"))
        #expect(explained.errors.contains("0 read"))
    }

    @Test func resultsGoWhereTheyAreSent() throws {
        let directory = TemporaryDirectory()
        let store = "\(directory.path)/store"
        #expect(try CommandRun("replay", calmDay, "--store", store, "--scale", "0.001").status == 0)
        func query(_ arguments: String...) throws -> CommandRun {
            try CommandRun(["query", "--store", store, "--by", "region"] + arguments)
        }
        let lines = try query("--format", "csv").output.split(separator: "\r\n")
        #expect(lines.first == "region,registrations" && lines.count == 8)

        // The readers that it is for are met in SpillwayInteropTests.
        let stream = "\(directory.path)/regions.arrows"
        #expect(try query("--output", stream).status == 0)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: stream))
        #expect(
            bytes.prefix(4) == Data([255, 255, 255, 255]) && bytes.suffix(8) == Data([255, 255, 255, 255, 0, 0, 0, 0]))

        let file = "\(directory.path)/regions.ndjson"
        let written = try query("--output", file)
        #expect(written.status == 0 && written.output.isEmpty)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == query("--format", "ndjson").output)

        let nowhere = try query("--output", "\(directory.path)/no/file.csv")
        #expect(nowhere.status == 74 && nowhere.errors.contains("no/"))
        let unknown = try query("--format", "xlsx")
        #expect(unknown.status == 64 && unknown.errors.contains("markdown"))
    }

    @Test func resultsAreDrawn() throws {
        let directory = TemporaryDirectory()
        let store = "\(directory.path)/store"
        #expect(try CommandRun("replay", calmDay, "--store", store, "--scale", "0.001").status == 0)
        func query(_ arguments: String...) throws -> CommandRun {
            try CommandRun(["query", "--store", store] + arguments)
        }
        let chart = try query("--by", "region", "--every", "1h", "--format", "chart")
        #expect(chart.output.contains("Registrations by region and hour") && !chart.output.contains("\u{1b}"))

        let files = ["svg", "html"].map { "\(directory.path)/day.\($0)" }
        let drawn = try query("--by", "region", "--plot", files[0], "--plot", files[1])
        #expect(drawn.status == 0 && drawn.output.contains("Total"))
        for file in files { #expect(try String(contentsOfFile: file, encoding: .utf8).contains("</svg>")) }

        let single = try query("--format", "chart")
        #expect(single.status == 64 && single.errors.contains("--by"))
        let picture = try query("--by", "region", "--plot", "day.png")
        #expect(picture.status == 64 && picture.errors.contains(".svg or .html"))
    }

    @Test func lookupAndFiles() throws {
        let directory = TemporaryDirectory()
        let store = "\(directory.path)/store"
        #expect(try CommandRun("replay", calmDay, "--store", store, "--scale", "0.001").status == 0)
        let found = try CommandRun(
            "lookup", "--store", store, "--format", "json", "+5511912345678", "18446744073709551615"
        )
        .json([[String: Any]].self)
        #expect(found.map { $0["found"] as? Bool } == [false, false])
        #expect(found[1]["identity"] as? UInt64 == .max)

        let files = try CommandRun("files", "--store", store, "--format", "json").json([String].self)
        #expect(!files.isEmpty)
        #expect(files.allSatisfy { FileManager.default.fileExists(atPath: "\(store)/\($0)") })
        let paths = try CommandRun("files", "--store", store).output.split(separator: "\n")
        #expect(paths.map(String.init) == files.map { "\(store)/\($0)" })
    }
}
