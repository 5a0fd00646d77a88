import CTurnout
import Turnout
@c @implementation
public func turnout_abi_version() -> UInt32 { 1 }
