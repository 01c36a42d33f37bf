import Glibc
import Testing

@testable import SpillwayPlatform

/// One at a time: signals are the process's.
@Suite(.serialized)
struct SignalTests {
    @Test(arguments: Signal.allCases)
    func theFirstSignalIsToldInsteadOfEndingTheProcess(signal: Signal) throws {
        let told = Monitor<[Signal]>([])
        let result = try Signal.watching({ signal in told.withLock(notify: true) { $0.append(signal) } }) {
            kill(getpid(), signal.number)
            return told.wait(until: { !$0.isEmpty }) { $0 }
        }
        #expect(result == [signal])
    }

    @Test func withoutASignalNothingIsTold() throws {
        let told = Monitor<[Signal]>([])
        for number in 0..<3 {
            #expect(try Signal.watching({ signal in told.withLock { $0.append(signal) } }, while: { number }) == number)
        }
        #expect(told.withLock { $0 }.isEmpty)
    }

    @Test func whatTheBodyThrowsIsThrown() {
        struct Failure: Error {}
        #expect(throws: Failure.self) { try Signal.watching({ _ in }, while: { throw Failure() }) }
    }

    @Test func ignoredSignalsStayIgnored() throws {
        let former = signal(SIGTERM, SIG_IGN)
        defer { signal(SIGTERM, former) }
        let told = Monitor<[Signal]>([])
        try Signal.watching({ signal in told.withLock { $0.append(signal) } }) { _ = kill(getpid(), SIGTERM) }
        #expect(told.withLock { $0 }.isEmpty)
    }
}
