package struct Image: Sendable { package var base: UInt }
