internal import CFuzz
internal import FuzzTrials
internal import Glibc
internal import Turnout

@main struct Fuzz {
  static func main() {
    // SAFETY: the process's own arguments.
    exit(unsafe fuzz_run(CommandLine.argc, CommandLine.unsafeArgv, testOneInput))
  }
}

/// What the mutator needs to know of the format.
private let layout: fuzz_layout = {
  var layout = fuzz_layout()
  layout.section_table = Format.sectionTable
  layout.section_count = Section.allCases.count
  layout.digest_from = Format.digestFrom
  // SAFETY: the sections are fewer than the strides that there is room for, which is checked.
  unsafe withUnsafeMutableBytes(of: &layout.strides) { strides in
    for section in Section.allCases where (section.rawValue + 1) * 4 <= strides.count {
      unsafe strides.storeBytes(
        of: UInt32(section.stride), toByteOffset: section.rawValue * 4, as: UInt32.self)
    }
  }
  return layout
}()

/// libFuzzer's door to the mutator.
@c(LLVMFuzzerCustomMutator)
public func mutate(
  _ data: UnsafeMutablePointer<UInt8>?, _ size: Int, _ sizeMax: Int, _ seed: UInt32
) -> Int {
  guard let data = unsafe data else { return 0 }
  // SAFETY: libFuzzer gives `sizeMax` bytes of which `size` are filled.
  return unsafe withUnsafePointer(to: layout) { layout in
    unsafe fuzz_mutate_image(layout, data, size, sizeMax, seed)
  }
}

/// See ``TableTrial``.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ data: UnsafePointer<UInt8>, _ size: Int)
  -> CInt
{
  // A block of its own, so that the byte behind the image is poisoned. The image is read in place at
  // multiples of 64 in a store.
  let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
  defer { unsafe block.deallocate() }
  // SAFETY: the block has `size` bytes; libFuzzer gives as many.
  unsafe block.copyMemory(from: data, byteCount: size)
  let bytes = unsafe Bytes(UnsafeRawBufferPointer(start: block, count: size))
  _ = TableTrial.refusal(of: bytes)
  return 0
}
