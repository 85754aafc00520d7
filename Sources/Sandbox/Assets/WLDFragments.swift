// The fragments that a zone needs, one function each; numbers in comments are the format's own type codes.

extension WLDFile {
  /// Texture names, texture, use of it, and how it is drawn (0x03, 0x04, 0x05, 0x30).
  /// - Returns: the reference to the material.
  mutating func material(_ material: AssetMaterial, frames: Int = 1) -> UInt32 {
    var use: UInt32 = 0
    if !material.isInvisible {
      let bitmap = fragment(0x03, name: nil) {
        let name = Array((material.textureFile).utf8) + [0]
        $0.u32(0)
        $0.u16(UInt16(name.count))
        $0.append(WLDFile.coded(name))
      }
      let sprite = fragment(0x04, name: material.name + "_SPRITE") {
        $0.u32(0)
        $0.u32(1)
        $0.u32(bitmap)
      }
      use = fragment(0x05, name: nil) {
        $0.u32(sprite)
        $0.u32(0x50)
      }
    }
    return fragment(0x30, name: material.name + "_MDF") {
      $0.u32(2)
      $0.u32(material.isInvisible ? 0 : material.isTransparent ? 0x8000_0005 : 0x8000_0001)
      $0.u32(0x004E_4E4E)
      $0.f32(0, 0.75)
      $0.u32(use)
      $0.u32(0)
      $0.u32(0)
    }
  }

  /// The list of materials that a mesh's faces count in (0x31).
  mutating func palette(_ materials: [AssetMaterial], name: String) -> UInt32 {
    let references = materials.map { material($0) }
    return fragment(0x31, name: name + "_MP") {
      $0.u32(0)
      $0.u32(UInt32(references.count))
      for reference in references { $0.u32(reference) }
    }
  }

  /// A mesh (0x36). Faces are written clockwise, as the format wants them.
  mutating func mesh(_ mesh: AssetMesh, palette: UInt32, isObject: Bool) throws(AssetError) -> UInt32 {
    let quantised = try mesh.quantised()
    let version = version
    return fragment(0x36, name: mesh.name + "_DMSPRITEDEF") {
      $0.u32(isObject ? 0x0001_4003 : 0x0001_8003)
      $0.u32(palette)
      $0.u32(0)
      $0.u32(0)
      $0.u32(0)
      $0.point(quantised.center)
      for _ in 0..<3 { $0.u32(0) }
      $0.f32(quantised.radius)
      $0.point(quantised.low)
      $0.point(quantised.high)
      let count = UInt16(mesh.vertices.count)
      let counts: [UInt16] = [
        count, count, count, 0, UInt16(mesh.triangles.count), 0, UInt16(mesh.runs.count), 1, 0,
      ]
      for count in counts { $0.u16(count) }
      $0.u16(quantised.shift)
      for vertex in quantised.vertices {
        for part in vertex { $0.i16(part) }
      }
      for vertex in mesh.vertices {
        switch version {
        case .old:
          $0.i16(Int16(truncatingIfNeeded: Int(vertex.x * 8)))
          $0.i16(Int16(truncatingIfNeeded: Int(vertex.y * 8)))
        case .new:
          $0.f32(vertex.x / 32, vertex.y / 32)
        }
      }
      for normal in mesh.normals() {
        for part in normal { $0.u8(UInt8(bitPattern: part)) }
      }
      for triangle in mesh.triangles {
        $0.u16(triangle.isPassable ? 0x10 : 0)
        $0.u16(UInt16(triangle.a))
        $0.u16(UInt16(triangle.c))
        $0.u16(UInt16(triangle.b))
      }
      for run in mesh.runs {
        $0.u16(UInt16(run.count))
        $0.u16(run.material)
      }
      $0.u16(count)
      $0.u16(mesh.triangles.first?.material ?? 0)
    }
  }

  /// The tree of planes (0x21).
  mutating func regionTree(_ nodes: [RegionTree.Node]) {
    fragment(0x21, name: nil) {
      $0.u32(UInt32(nodes.count))
      for node in nodes {
        $0.f32(node.normal.x, node.normal.y, node.normal.z, node.distance)
        $0.u32(node.region)
        $0.u32(node.front)
        $0.u32(node.back)
      }
    }
  }

  /// One region (0x22), with the mesh that stands in it if there is one.
  mutating func region(number: Int, mesh: UInt32?, around center: AssetPoint, radius: Float) {
    fragment(0x22, name: "R" + padded(number, to: 6)) {
      $0.u32(mesh == nil ? 0x81 : 0x181)
      for _ in 0..<7 { $0.u32(0) }
      $0.u32(0)
      $0.u32(1)
      $0.u16(1)
      $0.u8(0)
      $0.point(center)
      $0.f32(radius)
      $0.u32(0)
      if let mesh { $0.u32(mesh) }
    }
  }

  /// What a set of regions is (0x29). `indices` count from 0.
  mutating func regionFlags(name: String, indices: [UInt32], text: String?) {
    fragment(0x29, name: name) {
      $0.u32(0)
      $0.u32(UInt32(indices.count))
      for index in indices { $0.u32(index) }
      let text = text.map { WLDFile.coded(Array($0.utf8) + [0]) } ?? []
      $0.u32(UInt32(text.count))
      $0.append(text)
    }
  }

  /// An object of the zone (0x15).
  mutating func placement(_ placement: AssetPlacement) {
    let actor = string(placement.model + "_ACTORDEF")
    fragment(0x15, name: nil) {
      $0.i32(actor)
      $0.u32(0x32E)
      $0.u32(0)
      $0.point(placement.position)
      $0.f32(placement.rotation, 0, 0)
      $0.u32(0)
      $0.f32(placement.scale, placement.scale)
      $0.u32(0)
      $0.u32(0)
    }
  }

  /// A model that objects name (0x36, 0x2D, 0x14).
  mutating func model(_ model: AssetModel) throws(AssetError) {
    let palette = palette(model.materials, name: model.name)
    let mesh = try mesh(
      AssetMesh(name: model.name, vertices: model.vertices, triangles: model.triangles), palette: palette,
      isObject: true)
    let instance = fragment(0x2D, name: nil) {
      $0.u32(mesh)
      $0.u32(0)
    }
    let callback = string("SPRITECALLBACK")
    fragment(0x14, name: model.name + "_ACTORDEF") {
      $0.u32(0)
      $0.i32(callback)
      $0.u32(1)
      $0.u32(1)
      $0.u32(0)
      $0.u32(1)
      $0.u32(0)
      $0.f32(1e30)
      $0.u32(instance)
      $0.u32(0)
    }
  }
}

/// Decimal digits with leading zeros.
func padded(_ number: Int, to width: Int) -> String {
  let digits = String(abs(number))
  let sign = number < 0 ? "-" : ""
  return sign + String(repeating: "0", count: max(0, width - digits.count - sign.count)) + digits
}
