internal import Turnout

/// Routing documents on disk.
package enum Documents {
  private static let suffixes = [".yaml", ".yml", ".json"]
  /// What editors read beside the documents is none.
  private static let schemaSuffix = ".schema.json"

  /// The files of units that documents on disk name.
  package static let unitFiles = UnitFiles { path in
    Result { () throws(TurnoutError) in
      // Reading a pipe, a device or what the kernel makes up might never end, and would give other
      // units the next time.
      do throws(TurnoutError) {
        return try FileBytes.readRegular(path, atMost: Limits.unitFileBytesMax)
      } catch {
        guard error.status == .invalidArgument else { throw error }
        throw TurnoutError(
          .invalidArgument, "\(path) is not a regular file: units are read from a file of lines")
      }
    }
  }

  /// Reads files, and folders with all their `.yaml`, `.yml` and `.json` files but schemas: those of a
  /// folder in byte order, then those of its folders likewise. Hidden names are left out, links followed.
  /// What cannot be read comes back as a source with a `failure`; checking reports it.
  package static func load(paths: [String]) -> [Source] {
    var reading = Reading()
    for path in paths {
      do throws(TurnoutError) {
        if case .folder(let device, let inode) = try Folder.kind(of: path) {
          let count = reading.sources.count
          reading.readFolder(path, device: device, inode: inode)
          if reading.sources.count == count {
            reading.fail(path, .invalidArgument, "holds no .yaml, .yml or .json file")
          }
        } else {
          reading.readFile(path)
        }
      } catch {
        reading.sources.append(Source(name: path, bytes: [], failure: error))
      }
      if reading.isFull { break }
    }
    return reading.sources
  }

  private struct Reading {
    var sources: [Source] = []
    var isFull = false
    private var foldersRead: Set<Folder.Kind> = []
    private var filesRead: Set<String> = []
    private var bytesRead = 0

    mutating func readFile(_ path: String) {
      guard !isFull else { return }
      guard filesRead.insert(path).inserted else {
        return fail(path, .invalidArgument, "is a file that was read already")
      }
      guard sources.count < Limits.filesMax else {
        isFull = true
        return fail(path, .limitExceeded, "is one file too many: at most \(Limits.filesMax)")
      }
      do throws(TurnoutError) {
        let bytes = try FileBytes.read(path, atMost: Limits.fileBytesMax)
        bytesRead += bytes.count
        guard bytesRead <= Limits.totalBytesMax else {
          isFull = true
          return fail(
            path, .limitExceeded,
            "brings the documents above \(Limits.totalBytesMax) bytes in all")
        }
        sources.append(Source(name: path, bytes: bytes))
      } catch {
        sources.append(Source(name: path, bytes: [], failure: error))
      }
    }

    mutating func readFolder(_ path: String, device: UInt64, inode: UInt64) {
      guard !isFull else { return }
      guard foldersRead.insert(.folder(device: device, inode: inode)).inserted else {
        return fail(path, .invalidArgument, "leads to a folder that was read already")
      }
      let prefix = path.utf8.last == UInt8(ascii: "/") ? path : path + "/"
      do throws(TurnoutError) {
        var folders: [(path: String, device: UInt64, inode: UInt64)] = []
        for name in try Folder.names(in: path) {
          let isDocument =
            Documents.suffixes.contains { name.hasSuffix($0) }
            && !name.hasSuffix(Documents.schemaSuffix)
          do throws(TurnoutError) {
            switch try Folder.kind(of: prefix + name) {
            case .folder(let device, let inode): folders.append((prefix + name, device, inode))
            case .regularFile where isDocument: readFile(prefix + name)
            case .regularFile, .other: break
            }
          } catch {
            if isDocument { sources.append(Source(name: prefix + name, bytes: [], failure: error)) }
          }
        }
        for folder in folders {
          readFolder(folder.path, device: folder.device, inode: folder.inode)
        }
      } catch {
        sources.append(Source(name: path, bytes: [], failure: error))
      }
    }

    mutating func fail(_ path: String, _ status: Status, _ what: String) {
      sources.append(
        Source(name: path, bytes: [], failure: TurnoutError(status, "\(path) \(what)")))
    }
  }
}
