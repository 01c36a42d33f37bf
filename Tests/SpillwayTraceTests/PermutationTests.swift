import Testing

@testable import SpillwayTrace

struct PermutationTests {
    @Test func permutesEverySmallDomain() {
        for domain in UInt64(1)...300 {
            let permutation = FeistelPermutation(domain: domain, key: domain &* 77)
            let image = Set((0..<domain).map { permutation[$0] })
            #expect(image.count == Int(domain) && image.allSatisfy { $0 < domain })
        }
    }

    @Test(arguments: [10_000, 65_537, 99_991] as [UInt64])
    func permutesLargerDomains(domain: UInt64) {
        let permutation = FeistelPermutation(domain: domain, key: 5)
        var isTaken = [Bool](repeating: false, count: Int(domain))
        for index in 0..<domain { isTaken[Int(permutation[index])] = true }
        #expect(!isTaken.contains(false))
    }

    @Test func keysChooseAnotherOrder() {
        let (a, b) = (FeistelPermutation(domain: 1000, key: 1), FeistelPermutation(domain: 1000, key: 2))
        #expect((0..<1000).filter { a[$0] == b[$0] }.count < 20)
    }

    /// The gaps between sorted values of a random sample are geometric: their squares average to twice the square
    /// of their mean. A regular pattern, as an affine map makes it, is far below.
    @Test(arguments: [7_370_000_000, 1 << 40 - 1] as [UInt64])
    func looksRandom(domain: UInt64) {
        let permutation = FeistelPermutation(domain: domain, key: 9)
        let values = (0..<20_000 as Range<UInt64>).map { permutation[$0] }.sorted()
        #expect(values.allSatisfy { $0 < domain })
        let gaps = zip(values.dropFirst(), values).map { Double($0 - $1) }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let square = gaps.reduce(0) { $0 + $1 * $1 } / Double(gaps.count)
        #expect(abs(mean / (Double(domain) / 20_000) - 1) < 0.01)
        #expect((1.85...2.15).contains(square / (mean * mean)))
    }
}
