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
    --players N             N players in one world (2 to 8): starts a server, and for each player a client with a
                            window, a display and a memory of its own; says their process ids on stdout
    --display :A,:B,…       the displays of these, since only one window of a display has the keyboard
    --server PORT           join the world of a server on this machine  [--player I]  which of its players to be (0…)

  compass-sandbox server [--players N] [--port P] [--seed, --zone, --class, --level, --speed, --key-log, --duration]
                            the world alone, for clients that join it; says its port on stdout. It begins when all
                            players have come, and goes on when one leaves

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
    switch try arguments.word("a command (client, server, assets or replay)") {
    case "client": return try playClient(&arguments)
    case "server": return try serveParty(&arguments)
    case "assets": return try writeAssets(&arguments)
    case "replay": return try replayKeys(&arguments)
    case let other: throw CommandError(.usage, "no command \"\(other)\"; there are client, server, assets and replay")
    }
  } catch let failure as SandboxFailure {
    throw CommandError(failure.exitCode, failure.description)
  } catch let failure as AssetError {
    throw CommandError(.cannotCreate, failure.description)
  }
}
