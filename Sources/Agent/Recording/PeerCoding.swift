import Core
import Telemetry

// Notes of the party, whole: they are few and short. The same bytes travel over the board that agents share.

extension ByteWriter {
  mutating func put(peers: [PeerNote]) {
    put(UInt64(peers.count))
    for peer in peers { put(peer: peer) }
  }

  public mutating func put(peer: PeerNote) {
    put(peer.id)
    put(peer.name)
    put(UInt64(peer.zone.raw))
    put(peer.position)
    put(peer.pet)
    put(peer.target)
    put(peer.claim)
    put(peer.needsHelp)
  }
}

extension ByteReader {
  mutating func peers() throws(ByteFault) -> [PeerNote] {
    var peers: [PeerNote] = []
    for _ in 0..<(try count(ofSize: 32)) { peers.append(try peer()) }
    return peers
  }

  public mutating func peer() throws(ByteFault) -> PeerNote {
    PeerNote(
      id: try entity(), name: try name(), zone: try zone(), position: try position(), pet: try entityIfAny(),
      target: try entityIfAny(), claim: try value(PeerNote.Claim.self), needsHelp: try flag())
  }
}
