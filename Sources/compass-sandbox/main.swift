import Command
import Core
import Sandbox

let help = """
  compass-sandbox: the sandbox world as a program of its own.

  compass-sandbox client [options]     play it in a window
    --display :N            X display; else DISPLAY
    --seed N                what happens in the world (1)
    --zone NAME             where to start; else where the class starts
    --class NAME            what to play; else the first class
    --level N               at which level (5)
    --speed X               world seconds per second (1)
    --memory-layout 1|2     which build of the client's memory (1)
    --misbehave KIND        torn, cycle, garbage, freeze, partial or slow: break the memory now and then
    --key-log FILE          write key events and state hashes, one JSON object a line
    --chat-log FILE         append the chat as text
    --screenshot FILE.png   write the window at the end and on SIGUSR1
    --duration S            end by itself after S seconds

  compass-sandbox assets [--output DIR] [--wld old|new]
                            write zones as asset files, and the client's lists; else into Data/environments/sandbox

  compass-sandbox replay FILE          feed a key log to a fresh world; exit 0 when all hashes are equal, 1 when not

  --help, --version

  """

runProgram("compass-sandbox") {
  var arguments = Arguments(CommandLine.arguments.dropFirst())
  if arguments.flag("--help") || arguments.isEmpty {
    emit(help)
    return .success
  }
  if arguments.flag("--version") {
    emit("compass-sandbox \(Version.number)")
    return .success
  }
  do {
    switch try arguments.word("a command (client, assets or replay)") {
    case "client": return try playClient(&arguments)
    case "assets": return try writeAssets(&arguments)
    case "replay": return try replayKeys(&arguments)
    case let other: throw CommandError(.usage, "no command \"\(other)\"; there are client, assets and replay")
    }
  } catch let failure as SandboxFailure {
    throw CommandError(failure.exitCode, failure.description)
  } catch let failure as AssetError {
    throw CommandError(.cannotCreate, failure.description)
  }
}
