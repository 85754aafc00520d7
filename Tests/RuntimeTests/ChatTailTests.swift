import Core
import Foundation
import TestSupport
import Testing

@testable import Runtime

@Suite struct ChatTailTests {
  @Test func `whole new lines are read, through cuts, replacement, halves and overlong lines`() throws {
    let folder = try Repository.temporaryDirectory("chat")
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appending(path: "chat.log")
    func append(_ text: String) throws {
      let file = try FileHandle(forWritingTo: url)
      try file.seekToEnd()
      try file.write(contentsOf: Data(text.utf8))
      try file.close()
    }
    try Data("old line\n".utf8).write(to: url)
    var tail = ChatTail(path: url.path)
    #expect(tail.read() == [], "what was there before the start is history")
    try append("You have slain")
    #expect(tail.read() == [])
    try append(" a rat!\r\nSecond\n\nThi")
    #expect(tail.read() == ["You have slain a rat!", "Second"])
    try append("rd\u{1B}[2J\n" + String(repeating: "x", count: 20_000) + "\nafter\n")
    #expect(tail.read() == ["Third?[2J", "after"])
    // Cut and begun anew.
    try Data("fresh\n".utf8).write(to: url)
    #expect(tail.read() == ["fresh"])
    // Another file at its place.
    try FileManager.default.moveItem(at: url, to: folder.appending(path: "chat.log.1"))
    #expect(tail.read() == [])
    try Data("replaced\n".utf8).write(to: url)
    #expect(tail.read() == ["replaced"])
    #expect(tail.read() == [])
    // A file that comes later is new from its first line on; a directory is none.
    var late = ChatTail(path: folder.appending(path: "late").path)
    #expect(late.read() == [])
    try Data("first\n".utf8).write(to: folder.appending(path: "late"))
    #expect(late.read() == ["first"])
    var directory = ChatTail(path: folder.path)
    #expect(directory.read() == [])
  }

  @Test func `lines wait for the tick that takes them, and the oldest give way`() throws {
    let folder = try Repository.temporaryDirectory("waiting")
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appending(path: "chat.log")
    let file = ChatLogFile(path: url.path)
    defer { file.stop() }
    try Data((0..<1000).map { "line \($0)\n" }.joined().utf8).write(to: url)
    var found: [FixedText] = []
    #expect(
      eventually {
        found += file.take()
        return found.last == "line 999"
      })
    #expect(found.count <= 1000 && found == (1000 - found.count..<1000).map { FixedText("line \($0)") })
    #expect(file.take() == [])
  }
}
