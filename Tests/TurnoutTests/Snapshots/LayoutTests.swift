import Foundation
import StatedStore
import Synchronization
import Testing

@testable import Turnout

/// What threads write lies in cache lines of its own, apart from what others read: processors fetch
/// them in pairs of 128 bytes.
@Suite struct LayoutTests {
  /// The 128 bytes that a byte at `offset` is in.
  private func pair(_ offset: Int) -> Int { offset / 128 }

  /// Where `write` changes blank memory, as offsets of its 8-byte words.
  private func offsets(_ write: (UInt) -> Void) throws -> [Int] {
    let bytes = 8192
    let start = try #require(Pages.map(bytes, wipedOnFork: false))
    defer { Pages.unmap(start, bytes) }
    write(start)
    return (0..<bytes / 8).filter {
      Cell<Word>(bits: start + UInt($0 * 8)).value.atomic.load(ordering: .relaxed) != 0
    }.map { $0 * 8 }
  }

  @Test func aLineIsTwoCacheLinesOfItsThread() throws {
    #expect(MemoryLayout<Line>.size == Line.bytes && Line.bytes == 128)
    let announced = try offsets {
      Cell<Line>(bits: $0).value.announced.store(7, ordering: .relaxed)
    }
    #expect(announced == [0])
    let counted = try offsets { start in
      let line = Cell<Line>(bits: start)
      for counter in Counter.allCases { line.value.counters.add(1, to: counter) }
    }
    #expect(counted.count == Counter.allCases.count)
    // The keeper looks at the first half, nobody but the thread at the second.
    #expect(counted.allSatisfy { (64..<128).contains($0) })
  }

  @Test func threadsAtOnceHaveLinesOfTheirOwn() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let core = try Cores.open(path: stage.store.directory, noThread: true)
    defer { core.close() }
    let count = 32
    let places = (0..<count).map { _ in Shared() }
    let ready = Shared()
    let threads = places.map { place in
      Thread {
        core.enter().leave()
        place.word.store(ThreadLine.current, ordering: .releasing)
        ready.word.add(1, ordering: .sequentiallyConsistent)
        // Nobody ends before all have a line.
        while ready.word.load(ordering: .sequentiallyConsistent) < count { usleep(100) }
      }
    }
    for thread in threads { thread.start() }
    #expect(eventually { ready.word.load(ordering: .sequentiallyConsistent) == count })
    let lines = places.map { $0.word.load(ordering: .acquiring) }
    #expect(Set(lines).count == count)
    #expect(lines.allSatisfy { $0 % 128 == 0 })
  }

  private final class Shared: Sendable {
    let word = Atomic<UInt>(0)
  }

  @Test func whoOpensAViewWritesWhereNoResolveOfTheEngineReads() throws {
    let read = try offsets { start in
      let core = CoreReference(bits: start)
      core.value.head.store(1, ordering: .relaxed)
      core.value.state.store(1, ordering: .relaxed)
    }
    let written = try offsets { start in
      let core = CoreReference(bits: start)
      core.value.viewsOpen.store(1, ordering: .relaxed)
      core.value.viewsEver.store(1, ordering: .relaxed)
    }
    #expect(read.count == 2 && written.count == 2)
    #expect(Set(read.map(pair)).isDisjoint(with: written.map(pair)))
  }

  @Test func theCountOfViewsLiesApartFromTheSnapshot() throws {
    let counted = try offsets { start in
      SnapshotReference(bits: start).pins.value.views.store(1, ordering: .relaxed)
    }
    let stripes = Int(Snapshot.stripesOffset)
    #expect(counted.count == 1)
    for offset in counted {
      #expect(pair(offset) > pair(MemoryLayout<Snapshot>.size - 1))
      #expect(pair(offset) < pair(stripes))
    }
    #expect(stripes % 128 == 0 && Stripe.bytes == 128)
  }

  @Test func eachViewIsWrittenDownInCacheLinesOfItsOwn() throws {
    let core = try #require(CoreReference.make())
    for index in [0, 1, 2, CoreReference.viewsMax - 1] {
      let slot = core.slot(index).bits
      #expect(slot % 128 == 0 && slot - core.slot(0).bits == UInt(index * 128))
    }
    #expect(MemoryLayout<ViewSlot>.size <= 128)
    #expect(core.slot(0).bits - core.bits >= UInt(MemoryLayout<CoreRecord>.size))
    #expect(core.slot(CoreReference.viewsMax - 1).bits + 128 <= core.identity.bits)
  }

  @Test func aHandleSharesNoCacheLineWithTheHostsMemory() throws {
    let stage = try Stage()
    try stage.store.publish(1)
    let handles = try (0..<8).map { _ in
      try Handle.openEngine(path: stage.store.directory, constants: .none, noThread: true)
    }
    let places = handles.map { unsafe UInt(bitPattern: $0.address) }
    #expect(places.allSatisfy { $0 % 128 == 0 })
    #expect(Handle.recordBytes >= MemoryLayout<HandleRecord>.size && Handle.recordBytes % 128 == 0)
    for handle in handles { _ = handle.close() }
  }
}
