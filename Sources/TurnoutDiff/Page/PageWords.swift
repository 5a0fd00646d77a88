import Turnout
import TurnoutCompiler

/// Names and figures as markup.
enum PageWords {
  /// A name that keeps its own direction of writing and may break anywhere.
  static func name(_ name: String) -> String { "<bdi>\(Markup.text(name))</bdi>" }

  static func percent(_ share: Share) -> String { RingShare.roundedPercent(share.positions) }

  static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    Numerals.count(number, noun, plural: plural)
  }

  static func grouped(_ number: Int) -> String { Numerals.grouped(number) }

  /// `ranker@v1`, or why there is no decision.
  static func title(_ destination: Destination) -> String {
    switch destination {
    case .endpoint(let endpoint): endpoint.target
    case .refusal(.unknownUseCase): "no such use case"
    case .refusal(.disabled): "disabled"
    case .refusal(.missingRequired): "refused: something required is missing"
    case .refusal(.unavailable): "refused: no cluster is up"
    case .refusal(let status): "refused: \(status.name)"
    }
  }

  /// The cluster and shard; nil of a refusal.
  static func place(_ destination: Destination) -> String? {
    guard let endpoint = destination.endpoint else { return nil }
    let place = endpoint.place
    return endpoint.routingKey == place ? place : "\(place), key \(endpoint.routingKey)"
  }

  /// Both, on one line.
  static func destination(_ destination: Destination) -> String {
    let title = "<b>\(name(title(destination)))</b>"
    guard let place = place(destination) else { return title }
    return "\(title) <span class=\"on\">on \(name(place))</span>"
  }

  /// A load in use cases, or in percent of the population.
  static func load(_ share: Share, _ basis: TableDifference.LoadBasis) -> String {
    switch basis {
    case .population: percent(share)
    case .useCases: hundredth(share.value)
    }
  }

  private static func hundredth(_ value: Double) -> String {
    guard value.isFinite, value >= 0, value < 1e15 else { return "\(value)" }
    if value > 0, value < 0.005 { return "< 0.01" }
    let hundredths = Int((value * 100).rounded())
    let rest = hundredths % 100
    return grouped(hundredths / 100) + (rest < 10 ? ".0" : ".") + String(rest)
  }

  /// `+20 %`, `−5.3 %`, `new`, `gone`.
  static func growth(_ load: LoadChange) -> String {
    if load.before.total == load.after.total { return "=" }
    guard let growth = load.growth else { return "new" }
    if load.after.total.isZero { return "gone" }
    let tenths = Int((min(abs(growth), 1e12) * 1_000).rounded())
    if tenths == 0 { return growth < 0 ? "> −0.1 %" : "< +0.1 %" }
    let digits = tenths % 10 == 0 || tenths >= 1_000 ? "" : ".\(tenths % 10)"
    return (growth < 0 ? "−" : "+") + grouped(tenths / 10) + digits + " %"
  }

  /// A part of a whole as the length of a bar.
  static func length(_ value: Double, of whole: Double) -> String {
    guard whole > 0, value > 0 else { return "0" }
    let tenths = max(2, Int((min(1, value / whole) * 1_000).rounded()))
    return "\(tenths / 10).\(tenths % 10)%"
  }
}
